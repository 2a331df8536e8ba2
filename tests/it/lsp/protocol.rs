//! The protocol: initialization, refused messages, and the end.

use serde_json::{Value, json};

use super::client::Client;

#[test]
fn exits_with_0_after_shutdown_and_exit() {
    let mut client = Client::new();
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    // From here on the server accepts only `exit`.
    assert_eq!(client.refusal("textDocument/hover", json!({})), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(0));
}

#[test]
fn exits_with_1_without_shutdown() {
    let mut client = Client::new();
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(1));
    // The editor closes the connection.
    assert_eq!(Client::new().end().code(), Some(1));
    let mut client = Client::uninitialized();
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(1));
}

#[test]
fn requires_initialize_exactly_once() {
    let mut client = Client::uninitialized();
    let position = json!({"textDocument": {"uri": "file:///a.rules"}, "position": {"line": 0, "character": 0}});
    assert_eq!(client.refusal("textDocument/hover", position), -32002);
    assert_eq!(client.refusal("initialize", json!([])), -32602);
    client.request("initialize", json!({"capabilities": {}})).expect("an answer");
    assert_eq!(client.refusal("initialize", json!({"capabilities": {}})), -32600);
}

#[test]
fn refuses_unknown_and_malformed_messages() {
    let mut client = Client::new();
    assert_eq!(client.refusal("textDocument/rename", json!({})), -32601);
    assert_eq!(client.refusal("$/nosuch", json!({})), -32601);
    assert_eq!(client.refusal("textDocument/hover", json!({"position": "here"})), -32602);
    assert_eq!(client.refusal("textDocument/codeAction", Value::Null), -32602);
    client.notify("$/cancelRequest", json!({"id": 77}));
    client.notify("nosuch", Value::Null);
    client.send(&json!({"jsonrpc": "2.0", "id": 99, "result": null}));
    client.notify("textDocument/didOpen", json!({"textDocument": 1}));
    let logged = client.wait(|message| message["method"] == "window/logMessage");
    assert!(logged["params"]["message"].as_str().unwrap().contains("didOpen"), "{logged}");
    // A document that is not open.
    assert_eq!(client.hover("file:///nosuch.rules", (0, 0)), None);
    client.change("file:///nosuch.rules", 2, json!([{"text": "x"}]));
    assert_eq!(client.hover("file:///nosuch.rules", (0, 0)), None);
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
}

#[test]
fn chooses_the_first_encoding_that_both_sides_support() {
    for (offered, agreed) in [
        (json!(["utf-8", "utf-16"]), "utf-8"),
        (json!(["utf-7", "utf-32", "utf-8"]), "utf-32"),
        (json!([]), "utf-16"),
        (Value::Null, "utf-16"),
    ] {
        let general = json!({"general": {"positionEncodings": offered}});
        let (_, capabilities) = Client::initialized(json!({"capabilities": general}));
        assert_eq!(capabilities["positionEncoding"], agreed);
    }
}

#[test]
fn reports_invalid_settings() {
    let options = json!({"arch": "vax", "kernel": "six"});
    let (mut client, _) =
        Client::initialized(json!({"capabilities": {}, "initializationOptions": options}));
    for value in ["`vax`", "`six`"] {
        client.wait(|message| {
            message["method"] == "window/showMessage"
                && message["params"]["message"].as_str().unwrap().contains(value)
        });
    }
}

#[test]
fn registers_file_watchers_if_the_client_supports_them() {
    let watching = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    let (mut client, _) = Client::initialized(json!({"capabilities": watching}));
    let asked = client.wait(|message| message["method"] == "client/registerCapability");
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    assert_eq!(registration["registerOptions"]["watchers"][0]["globPattern"], "**/*.rules");
}

#[test]
fn goes_on_after_a_message_that_it_cannot_decode() {
    let mut client = Client::new();
    client.send(&json!({"jsonrpc": "2.0"}));
    let logged = client.wait(|message| message["method"] == "window/logMessage");
    let text = logged["params"]["message"].as_str().unwrap();
    assert!(text.starts_with("a message is malformed"), "{text}");
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
}
