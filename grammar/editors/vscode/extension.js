// Starts `rauditctl lsp` for audit rules.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function activate() {
  const command = vscode.workspace.getConfiguration("rauditctl").get("path");
  // No transport is named, for then the server gets no option and is spoken to over its standard input.
  const server = { command, args: ["lsp"] };
  const documents = { documentSelector: [{ language: "audit-rules" }] };
  client = new LanguageClient("rauditctl", "rauditctl", server, documents);
  return client.start();
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
