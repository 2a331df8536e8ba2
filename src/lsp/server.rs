//! Which message is answered how. Knows nothing of pipes: messages come in, and messages go out.

use gen_lsp_types::{
    CodeActionOptions, CodeActionParams, CompletionOptions, CompletionParams,
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DocumentFormattingParams, DocumentRangeFormattingParams, DocumentSymbolParams, HoverParams,
    InitializeResult, MessageType, PublishDiagnosticsParams, Save, ServerCapabilities, ServerInfo,
    ShowMessageParams, TextDocumentContentChangeEvent, TextDocumentPositionParams,
    TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
};
use lsp_server::{ErrorCode, Message, Notification, Request, Response, ResponseError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Surroundings;
use super::actions::{self, FIX_ALL};
use super::buffer::Buffer;
use super::completion::completion;
use super::diagnostics::diagnostics;
use super::formatting::formatting;
use super::hover::{self, hover};
use super::options::Options;
use super::symbols::symbols;
use super::workspace::{FileSet, Workspace};
use crate::catalog::Arch;

/// How far the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing but `initialize` is taken.
    New,
    /// Everything is.
    Running,
    /// Nothing but `exit` is.
    ShutDown,
}

/// A language server, apart from how messages reach it.
pub struct Server<'h> {
    workspace: Workspace<'h>,
    phase: Phase,
    /// Whether something has changed since the diagnostics were published.
    is_behind: bool,
    /// What was last said of the configuration.
    fault: Option<String>,
}

type Answer = Result<Value, ResponseError>;

impl<'h> Server<'h> {
    /// A server that has not been greeted yet.
    pub fn new(surroundings: &'h dyn Surroundings) -> Self {
        Server {
            workspace: Workspace::new(surroundings),
            phase: Phase::New,
            is_behind: false,
            fault: None,
        }
    }

    /// Takes a message in, and returns what it brings about, but for diagnostics.
    pub fn receive(&mut self, message: Message) -> Vec<Message> {
        match message {
            Message::Request(request) => vec![self.request(request).into()],
            Message::Notification(notification) if self.phase == Phase::Running => {
                self.notification(notification)
            }
            Message::Notification(_) | Message::Response(_) => Vec::new(),
        }
    }

    /// Whether there are diagnostics to be published.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Whether it has been asked to shut down.
    pub fn is_shut_down(&self) -> bool {
        self.phase == Phase::ShutDown
    }

    /// The diagnostics of every open document.
    pub fn publish(&mut self) -> Vec<Message> {
        self.is_behind = false;
        let mut messages = Vec::new();
        let mut fault = None;
        for (uri, document) in self.workspace.documents() {
            let Some(linted) = self.workspace.linted(&uri) else { continue };
            fault = fault.or_else(|| linted.fault.clone());
            let Some(file) = linted.set.index_of(&uri) else { continue };
            let diagnostics = diagnostics(&linted, file, &self.workspace.options);
            let params =
                PublishDiagnosticsParams { uri, version: Some(document.version), diagnostics };
            messages.push(notification("textDocument/publishDiagnostics", params));
        }
        if let Some(fault) = fault.as_ref().filter(|_| fault != self.fault) {
            messages.push(warning(fault.clone()));
        }
        self.fault = fault;
        messages
    }

    fn request(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let answer = match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => self.initialize(&params),
            (Phase::New, _) => {
                Err(error(ErrorCode::ServerNotInitialized, "`initialize` has not been sent"))
            }
            (Phase::Running, "initialize") => {
                Err(error(ErrorCode::InvalidRequest, "`initialize` has been sent before"))
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            (Phase::Running, method) => self.question(method, params),
            (Phase::ShutDown, _) => Err(error(ErrorCode::InvalidRequest, "`shutdown` was sent")),
        };
        Response { id, response_result: answer }
    }

    fn initialize(&mut self, params: &Value) -> Answer {
        if !params.is_object() {
            return Err(error(ErrorCode::InvalidParams, "`initialize` needs parameters"));
        }
        self.workspace.options = Options::read(params);
        self.phase = Phase::Running;
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        json(InitializeResult {
            capabilities: self.capabilities(),
            server_info: Some(ServerInfo { name: env!("CARGO_PKG_NAME").to_owned(), version }),
        })
    }

    fn capabilities(&self) -> ServerCapabilities {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::Bool(true)),
            ..TextDocumentSyncOptions::default()
        };
        let triggers = ["-", " ", ",", "=", "("].map(str::to_owned).to_vec();
        ServerCapabilities {
            position_encoding: Some(self.workspace.options.encoding.kind()),
            text_document_sync: Some(sync.into()),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(triggers),
                ..CompletionOptions::default()
            }),
            hover_provider: Some(true.into()),
            document_symbol_provider: Some(true.into()),
            document_formatting_provider: Some(true.into()),
            document_range_formatting_provider: Some(true.into()),
            code_action_provider: Some(
                CodeActionOptions {
                    code_action_kinds: Some(vec!["quickfix".into(), FIX_ALL.into()]),
                    ..CodeActionOptions::default()
                }
                .into(),
            ),
            ..ServerCapabilities::default()
        }
    }

    fn question(&self, method: &str, params: Value) -> Answer {
        match method {
            "textDocument/hover" => answer(params, |params: HoverParams| {
                self.hover(&params.text_document_position_params)
            }),
            "textDocument/completion" => answer(params, |params: CompletionParams| {
                self.completion(&params.text_document_position_params)
            }),
            "textDocument/formatting" => answer(params, |params: DocumentFormattingParams| {
                self.with(&params.text_document.uri, |buffer, encoding| {
                    formatting(buffer, None, encoding)
                })
            }),
            "textDocument/rangeFormatting" => {
                answer(params, |params: DocumentRangeFormattingParams| {
                    self.with(&params.text_document.uri, |buffer, encoding| {
                        formatting(buffer, Some(params.range), encoding)
                    })
                })
            }
            "textDocument/codeAction" => answer(params, |params: CodeActionParams| {
                actions::actions(&self.workspace, &params)
            }),
            "textDocument/documentSymbol" => answer(params, |params: DocumentSymbolParams| {
                self.with(&params.text_document.uri, symbols)
            }),
            _ => Err(error(ErrorCode::MethodNotFound, &format!("no method `{method}`"))),
        }
    }

    fn with<R>(
        &self,
        uri: &Uri,
        question: impl FnOnce(&Buffer, super::buffer::Encoding) -> R,
    ) -> Option<R> {
        let document = self.workspace.document(uri)?;
        Some(question(&document.buffer, self.workspace.options.encoding))
    }

    /// The set, file and byte that a position means, and the machine the set is for.
    fn place(&self, at: &TextDocumentPositionParams) -> Option<(FileSet, usize, usize, Arch)> {
        let set = self.workspace.set_of(&at.text_document.uri)?;
        let index = set.index_of(&at.text_document.uri)?;
        let offset =
            set.files.get(index)?.buffer.offset(at.position, self.workspace.options.encoding);
        let machine = self.workspace.settings(&set).0.scope.arches.first().copied()?;
        Some((set, index, offset, machine))
    }

    fn hover(&self, at: &TextDocumentPositionParams) -> Option<gen_lsp_types::Hover> {
        let (set, file, offset, machine) = self.place(at)?;
        let (span, text) = hover(&set, file, offset, machine)?;
        let buffer = &set.files.get(file)?.buffer;
        Some(hover::shown(buffer.range(span, self.workspace.options.encoding), text))
    }

    fn completion(
        &self,
        at: &TextDocumentPositionParams,
    ) -> Option<Vec<gen_lsp_types::CompletionItem>> {
        let (set, file, offset, machine) = self.place(at)?;
        let found = completion(&set, file, offset, machine)?;
        Some(found.items(&set, file, self.workspace.options.encoding))
    }

    fn notification(&mut self, notification: Notification) -> Vec<Message> {
        let Notification { method, params } = notification;
        let done = match method.as_str() {
            "initialized" => return self.greet(),
            "textDocument/didOpen" => take(params, |params: DidOpenTextDocumentParams| {
                let document = params.text_document;
                self.workspace.open(&document.uri, document.version, document.text);
            }),
            "textDocument/didChange" => take(params, |params| self.change(params)),
            "textDocument/didClose" => {
                return self.close(params);
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.workspace.forget();
                Ok(())
            }
            _ => return Vec::new(),
        };
        self.is_behind = true;
        match done {
            Ok(()) => Vec::new(),
            Err(error) => vec![log(format!("`{method}` is not understood: {error}"))],
        }
    }

    /// What is said once a client is there: which files to watch, and what is wrong with its settings.
    fn greet(&self) -> Vec<Message> {
        let options = &self.workspace.options;
        let mut messages: Vec<Message> = options.faults.iter().cloned().map(warning).collect();
        if options.watches_files {
            let globs = ["**/*.rules", "**/rauditctl.toml"];
            let watchers = globs.map(|glob| json!({"globPattern": glob}));
            let registration = json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": watchers},
            });
            let params = json!({"registrations": [registration]});
            let id = 0.into();
            let method = "client/registerCapability".to_owned();
            messages.push(Message::Request(Request { id, method, params }));
        }
        messages
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let encoding = self.workspace.options.encoding;
        let uri = params.text_document.text_document_identifier.uri;
        for change in params.content_changes {
            self.workspace.change(&uri, params.text_document.version, |buffer| match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    buffer.replaced(buffer.span(part.range, encoding), &part.text)
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    Buffer::new(buffer.source().name(), whole.text.into_bytes())
                }
            });
        }
    }

    /// What was said of a document is taken back when it is closed.
    fn close(&mut self, params: Value) -> Vec<Message> {
        let mut messages = Vec::new();
        let closed = take(params, |params: DidCloseTextDocumentParams| {
            let uri = params.text_document.uri;
            if self.workspace.close(&uri) {
                let params =
                    PublishDiagnosticsParams { uri, version: None, diagnostics: Vec::new() };
                messages.push(notification("textDocument/publishDiagnostics", params));
            }
        });
        self.is_behind = true;
        messages.extend(closed.err().map(|error| log(format!("`didClose`: {error}"))));
        messages
    }
}

/// Reads parameters, and answers with what is made of them.
fn answer<P: DeserializeOwned, R: Serialize>(
    params: Value,
    question: impl FnOnce(P) -> R,
) -> Answer {
    match serde_json::from_value(params) {
        Ok(params) => json(question(params)),
        Err(fault) => Err(error(ErrorCode::InvalidParams, &fault.to_string())),
    }
}

fn take<P: DeserializeOwned>(params: Value, act: impl FnOnce(P)) -> Result<(), serde_json::Error> {
    serde_json::from_value(params).map(act)
}

fn json(value: impl Serialize) -> Answer {
    serde_json::to_value(value).map_err(|fault| error(ErrorCode::InternalError, &fault.to_string()))
}

fn error(code: ErrorCode, message: &str) -> ResponseError {
    ResponseError { code: code as i32, message: message.to_owned(), data: None }
}

fn notification(method: &str, params: impl Serialize) -> Message {
    let params = json(params).unwrap_or_default();
    Message::Notification(Notification { method: method.to_owned(), params })
}

fn warning(message: String) -> Message {
    let params = ShowMessageParams { kind: MessageType::Warning, message };
    notification("window/showMessage", params)
}

fn log(message: String) -> Message {
    let params = ShowMessageParams { kind: MessageType::Warning, message };
    notification("window/logMessage", params)
}
