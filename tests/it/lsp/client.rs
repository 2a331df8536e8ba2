//! A scripted client: sends the messages of a test, and waits for the answers with a timeout.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// Long enough for a machine under load.
const LIMIT: Duration = Duration::from_secs(60);

pub(super) struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Messages that arrived while the test waited for others.
    seen: Vec<Value>,
    next_id: i32,
}

impl Client {
    /// Starts the program and sends nothing.
    pub(super) fn uninitialized() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let stdin = child.stdin.take();
        Client { child, stdin, messages, seen: Vec::new(), next_id: 1 }
    }

    /// Starts the program and initializes it with these parameters. Returns the capabilities in its answer.
    pub(super) fn initialized(params: Value) -> (Self, Value) {
        let mut client = Client::uninitialized();
        let answer = client.request("initialize", params).expect("an answer");
        client.notify("initialized", json!({}));
        (client, answer["capabilities"].clone())
    }

    /// Starts the program for x86_64 rules, independent of this machine.
    pub(super) fn new() -> Self {
        let options = json!({"arch": "x86_64", "docs": "https://docs.invalid/"});
        Client::initialized(json!({"capabilities": {}, "initializationOptions": options})).0
    }

    pub(super) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let stdin = self.stdin.as_mut().expect("it is open");
        write!(stdin, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("it is written");
        stdin.flush().expect("it is written");
    }

    pub(super) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and waits for the answer.
    pub(super) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.messages.recv_timeout(LIMIT).expect("an answer in time");
            if message["id"] != id || !message["method"].is_null() {
                self.seen.push(message);
                continue;
            }
            return match message.get("error") {
                Some(error) => Err(error.clone()),
                None => Ok(message["result"].clone()),
            };
        }
    }

    /// Sends a request that must fail. Returns the code of the error.
    pub(super) fn refusal(&mut self, method: &str, params: Value) -> i64 {
        let error = self.request(method, params).expect_err("a refusal");
        error["code"].as_i64().expect("a number")
    }

    /// Waits for a message from the server that is not an answer.
    pub(super) fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.seen.iter().position(&is_it) {
            return self.seen.remove(at);
        }
        loop {
            let message = self.messages.recv_timeout(LIMIT).expect("a message in time");
            if is_it(&message) {
                return message;
            }
            self.seen.push(message);
        }
    }

    /// Waits for the diagnostics of one version of a document.
    pub(super) fn diagnostics(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let message = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["version"] == version
        });
        message["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    pub(super) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "audit", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub(super) fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    /// Returns the hover text at a position.
    pub(super) fn hover(&mut self, uri: &str, (line, character): (usize, usize)) -> Option<String> {
        let position = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": uri}, "position": position});
        let hover = self.request("textDocument/hover", params).expect("an answer");
        hover["contents"]["value"].as_str().map(str::to_owned)
    }

    /// Returns the completion items at a position.
    pub(super) fn complete(&mut self, uri: &str, (line, character): (usize, usize)) -> Vec<Value> {
        let position = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": uri}, "position": position});
        let items = self.request("textDocument/completion", params).expect("an answer");
        items.as_array().cloned().unwrap_or_default()
    }

    /// Returns the code actions for a range.
    pub(super) fn actions(&mut self, uri: &str, range: &Value, only: Option<&str>) -> Vec<Value> {
        let mut context = json!({"diagnostics": []});
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let params = json!({"textDocument": {"uri": uri}, "range": range, "context": context});
        let actions = self.request("textDocument/codeAction", params).expect("an answer");
        actions.as_array().expect("a list").clone()
    }

    /// Closes the input of the program and waits until it ends.
    pub(super) fn end(mut self) -> ExitStatus {
        self.stdin = None;
        // The output ends when the program ends.
        while self.messages.recv_timeout(LIMIT).is_ok() {}
        self.child.wait().expect("it ends")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok(),
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length?];
    stdout.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Returns the range between two positions.
pub(super) fn range(start: (usize, usize), end: (usize, usize)) -> Value {
    let position =
        |(line, character): (usize, usize)| json!({"line": line, "character": character});
    json!({"start": position(start), "end": position(end)})
}

/// Returns the only diagnostic with a code.
pub(super) fn only<'d>(diagnostics: &'d [Value], code: &str) -> &'d Value {
    let found: Vec<_> = with_code(diagnostics, code).collect();
    assert_eq!(found.len(), 1, "{code}: {diagnostics:#?}");
    found[0]
}

pub(super) fn with_code<'d>(
    diagnostics: &'d [Value],
    code: &str,
) -> impl Iterator<Item = &'d Value> {
    diagnostics.iter().filter(move |diagnostic| diagnostic["code"] == code)
}

/// Returns the text with a list of edits applied. Columns are UTF-16 code units. Shares no code with the server.
pub(super) fn edited(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let number = |name: &str| usize::try_from(position[name].as_u64().unwrap()).unwrap();
        let line: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
        let mut units = 0;
        let next = text[line..].char_indices().find(|(_, char)| {
            units += char.len_utf16();
            units > number("character")
        });
        next.map_or(text.len(), |(at, _)| line + at)
    };
    let mut edits: Vec<_> = edits.as_array().expect("a list").iter().collect();
    edits.sort_by_key(|edit| offset(&edit["range"]["start"]));
    let mut result = String::new();
    let mut end = 0;
    for edit in edits {
        let start = offset(&edit["range"]["start"]);
        assert!(start >= end, "the edits overlap");
        result += &text[end..start];
        result += edit["newText"].as_str().expect("text");
        end = offset(&edit["range"]["end"]);
    }
    result + &text[end..]
}
