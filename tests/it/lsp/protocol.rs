//! The conversation itself: greeting, refusals, the end.

use serde_json::{Value, json};

use super::client::Client;

#[test]
fn shutdown_and_exit_end_it_well() {
    let mut client = Client::new();
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    // Nothing but `exit` is taken from here on.
    assert_eq!(client.refusal("textDocument/hover", json!({})), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(0));
}

#[test]
fn an_end_without_shutdown_is_a_failure() {
    let mut client = Client::new();
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(1));
    // The editor has gone.
    assert_eq!(Client::new().end().code(), Some(1));
    let mut client = Client::silent();
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(1));
}

#[test]
fn nothing_is_answered_before_the_greeting_and_no_second_one() {
    let mut client = Client::silent();
    let position = json!({"textDocument": {"uri": "file:///a.rules"}, "position": {"line": 0, "character": 0}});
    assert_eq!(client.refusal("textDocument/hover", position), -32002);
    assert_eq!(client.refusal("initialize", json!([])), -32602);
    client.request("initialize", json!({"capabilities": {}})).expect("a greeting");
    assert_eq!(client.refusal("initialize", json!({"capabilities": {}})), -32600);
}

#[test]
fn what_is_unknown_or_malformed_is_refused_and_nothing_breaks() {
    let mut client = Client::new();
    assert_eq!(client.refusal("textDocument/rename", json!({})), -32601);
    assert_eq!(client.refusal("$/nosuch", json!({})), -32601);
    assert_eq!(client.refusal("textDocument/hover", json!({"position": "here"})), -32602);
    assert_eq!(client.refusal("textDocument/codeAction", Value::Null), -32602);
    client.notify("$/cancelRequest", json!({"id": 77}));
    client.notify("nosuch", Value::Null);
    client.send(&json!({"jsonrpc": "2.0", "id": 99, "result": null}));
    client.notify("textDocument/didOpen", json!({"textDocument": 1}));
    let said = client.wait(|message| message["method"] == "window/logMessage");
    assert!(said["params"]["message"].as_str().unwrap().contains("didOpen"), "{said}");
    // A document that nobody has opened.
    assert_eq!(client.hover("file:///nosuch.rules", (0, 0)), None);
    client.change("file:///nosuch.rules", 2, json!([{"text": "x"}]));
    assert_eq!(client.hover("file:///nosuch.rules", (0, 0)), None);
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
}

#[test]
fn the_first_encoding_that_both_know_is_agreed_on() {
    for (offered, agreed) in [
        (json!(["utf-8", "utf-16"]), "utf-8"),
        (json!(["utf-7", "utf-32", "utf-8"]), "utf-32"),
        (json!([]), "utf-16"),
        (Value::Null, "utf-16"),
    ] {
        let general = json!({"general": {"positionEncodings": offered}});
        let (_, capabilities) = Client::greeted(json!({"capabilities": general}));
        assert_eq!(capabilities["positionEncoding"], agreed);
    }
}

#[test]
fn settings_that_are_not_understood_are_told() {
    let options = json!({"arch": "vax", "kernel": "six"});
    let (mut client, _) =
        Client::greeted(json!({"capabilities": {}, "initializationOptions": options}));
    for said in ["`vax`", "`six`"] {
        client.wait(|message| {
            message["method"] == "window/showMessage"
                && message["params"]["message"].as_str().unwrap().contains(said)
        });
    }
}

#[test]
fn files_are_watched_by_a_client_that_can() {
    let watching = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    let (mut client, _) = Client::greeted(json!({"capabilities": watching}));
    let asked = client.wait(|message| message["method"] == "client/registerCapability");
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    assert_eq!(registration["registerOptions"]["watchers"][0]["globPattern"], "**/*.rules");
}
