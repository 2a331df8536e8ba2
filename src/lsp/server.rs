//! Dispatches messages and answers them. Input and output are messages; the transport is in `run`.

use std::path::PathBuf;

use gen_lsp_types::{
    CodeActionOptions, CodeActionParams, CompletionItem, CompletionOptions, CompletionParams,
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DocumentFormattingParams, DocumentRangeFormattingParams, DocumentSymbolParams, Hover,
    HoverParams, InitializeResult, LogMessageParams, MessageType, PublishDiagnosticsParams, Save,
    ServerCapabilities, ServerInfo, ShowMessageParams, TextDocumentContentChangeEvent,
    TextDocumentPositionParams, TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
};
use lsp_server::{ErrorCode, Message, Notification, Request, Response, ResponseError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Surroundings;
use super::actions::{self, FIX_ALL};
use super::buffer::{Buffer, Encoding};
use super::completion::completion;
use super::diagnostics::diagnostics;
use super::formatting::formatting;
use super::hover::{self, hover};
use super::options::Options;
use super::symbols::symbols;
use super::workspace::{Finished, Task, Workspace};

/// The phase of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The server accepts only `initialize`.
    New,
    /// The server accepts everything but `initialize`.
    Running,
    /// The server accepts only `exit`.
    ShutDown,
}

/// A language server, independent of the transport of its messages.
pub struct Server<'h> {
    workspace: Workspace<'h>,
    phase: Phase,
    /// Whether something has changed since the diagnostics were published.
    is_outdated: bool,
    /// The configuration that was last reported.
    config: Option<PathBuf>,
    /// The error in a configuration that was last reported.
    fault: Option<String>,
}

type Answer = Result<Value, ResponseError>;

impl<'h> Server<'h> {
    /// Creates a server that is not yet initialized.
    pub fn new(surroundings: &'h dyn Surroundings) -> Self {
        Server {
            workspace: Workspace::new(surroundings),
            phase: Phase::New,
            is_outdated: false,
            config: None,
            fault: None,
        }
    }

    /// Handles a message and returns the messages to send, except diagnostics.
    pub fn receive(&mut self, message: Message) -> Vec<Message> {
        match message {
            Message::Request(request) => vec![self.request(request).into()],
            Message::Notification(notification) if self.phase == Phase::Running => {
                self.notified(notification)
            }
            Message::Notification(_) | Message::Response(_) => Vec::new(),
        }
    }

    /// Returns whether the published diagnostics are outdated.
    pub fn is_outdated(&self) -> bool {
        self.is_outdated
    }

    /// Returns whether the client has sent `shutdown`.
    pub fn is_shut_down(&self) -> bool {
        self.phase == Phase::ShutDown
    }

    /// Returns the messages that publish the diagnostics of every open document.
    pub fn publish(&mut self) -> Vec<Message> {
        self.is_outdated = false;
        let mut messages = Vec::new();
        let (mut config, mut fault) = (None, None);
        for (uri, document) in self.workspace.documents() {
            let Some(linted) = self.workspace.linted(&uri) else { continue };
            config = config.or_else(|| linted.config.clone());
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
        if let Some(config) = config.as_ref().filter(|_| config != self.config) {
            messages.push(log(MessageType::Info, format!("settings: {}", config.display())));
        }
        (self.config, self.fault) = (config, fault);
        messages
    }

    /// Returns a large set of files to lint beside the message loop; `None` if there is none, or while another one is
    /// being linted.
    pub fn task(&mut self) -> Option<Task> {
        self.workspace.task()
    }

    /// Takes the result of a [`task`](Self::task).
    pub fn finish(&mut self, finished: Finished) {
        self.workspace.finish(finished);
        self.is_outdated = true;
    }

    /// Returns the message about a message that cannot be decoded.
    pub fn undecodable(why: String) -> Message {
        log(MessageType::Error, why)
    }

    fn request(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let answer = match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => self.initialize(&params),
            (Phase::New, _) => {
                Err(error(ErrorCode::ServerNotInitialized, "`initialize` was not sent yet"))
            }
            (Phase::Running, "initialize") => {
                Err(error(ErrorCode::InvalidRequest, "`initialize` was already sent"))
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            (Phase::Running, method) => self.dispatch(method, params),
            (Phase::ShutDown, _) => {
                Err(error(ErrorCode::InvalidRequest, "`shutdown` was already sent"))
            }
        };
        Response { id, response_result: answer }
    }

    fn initialize(&mut self, params: &Value) -> Answer {
        if !params.is_object() {
            return Err(error(ErrorCode::InvalidParams, "`initialize` requires parameters"));
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

    /// Answers a request for one of the capabilities.
    fn dispatch(&self, method: &str, params: Value) -> Answer {
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
            _ => Err(error(ErrorCode::MethodNotFound, &format!("unknown method `{method}`"))),
        }
    }

    /// Applies a function to the text of a document.
    fn with<R>(&self, uri: &Uri, answer: impl FnOnce(&Buffer, Encoding) -> R) -> Option<R> {
        let document = self.workspace.document(uri)?;
        Some(answer(&document.buffer, self.workspace.options.encoding))
    }

    fn hover(&self, at: &TextDocumentPositionParams) -> Option<Hover> {
        let cursor = self.workspace.cursor(at)?;
        let (span, text) = hover(&cursor)?;
        let buffer = &cursor.set.files.get(cursor.file)?.buffer;
        Some(hover::to_lsp(buffer.range(span, self.workspace.options.encoding), text))
    }

    fn completion(&self, at: &TextDocumentPositionParams) -> Option<Vec<CompletionItem>> {
        let cursor = self.workspace.cursor(at)?;
        let found = completion(&cursor)?;
        Some(found.items(&cursor, self.workspace.options.encoding))
    }

    fn notified(&mut self, notification: Notification) -> Vec<Message> {
        let Notification { method, params } = notification;
        let done = match method.as_str() {
            "initialized" => return self.initialized(),
            "textDocument/didOpen" => take(params, |params: DidOpenTextDocumentParams| {
                let document = params.text_document;
                self.workspace.open(&document.uri, document.version, document.text);
            }),
            "textDocument/didChange" => take(params, |params| self.change(params)),
            "textDocument/didClose" => return self.close(params),
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.workspace.forget();
                Ok(())
            }
            _ => return Vec::new(),
        };
        self.is_outdated = true;
        match done {
            Ok(()) => Vec::new(),
            Err(error) => vec![invalid(&method, &error)],
        }
    }

    /// Returns the first messages to the client: errors in its settings, and the files to watch.
    fn initialized(&self) -> Vec<Message> {
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

    /// Closes a document and clears its diagnostics.
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
        self.is_outdated = true;
        messages.extend(closed.err().map(|error| invalid("textDocument/didClose", &error)));
        messages
    }
}

/// Parses the parameters of a request and returns the result of `handle`.
fn answer<P: DeserializeOwned, R: Serialize>(params: Value, handle: impl FnOnce(P) -> R) -> Answer {
    match serde_json::from_value(params) {
        Ok(params) => json(handle(params)),
        Err(fault) => Err(error(ErrorCode::InvalidParams, &fault.to_string())),
    }
}

/// Parses the parameters of a notification and handles them.
fn take<P: DeserializeOwned>(
    params: Value,
    handle: impl FnOnce(P),
) -> Result<(), serde_json::Error> {
    serde_json::from_value(params).map(handle)
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

/// Logs that the parameters of a notification are invalid.
fn invalid(method: &str, error: &serde_json::Error) -> Message {
    log(MessageType::Warning, format!("invalid parameters of `{method}`: {error}"))
}

fn log(kind: MessageType, message: String) -> Message {
    notification("window/logMessage", LogMessageParams { kind, message })
}
