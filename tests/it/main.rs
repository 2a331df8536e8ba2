//! The integration tests: one binary, with one module for each topic.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod ansible;
mod benchmark;
mod ci;
mod cli;
mod codes;
mod completions;
mod consumers;
mod covers;
mod dependencies;
mod docs;
mod editor;
mod events;
mod exit;
mod explain;
mod features;
mod files;
mod format;
mod github;
mod golden;
mod grammar;
mod hints;
mod html;
mod kernel_answers;
mod layering;
mod lint_command;
mod lint_outputs;
mod lints;
mod live;
mod loading;
mod lsp;
mod model;
mod msrv;
mod no_panic;
mod optimize;
mod package;
mod planning;
mod public_api;
mod relations;
mod replay;
mod roundtrip;
mod schema;
mod snapshots;
mod synopsis;
mod tables;
mod truth;
mod truth_events;
mod wire;
mod words;
