//! Tests `rauditctl lsp` with a scripted editor over pipes.

mod actions;
mod client;
mod documents;
mod large;
mod protocol;
mod random;
mod words;
