//! A language server for rules files: the compiler and the lints, for editors.
//!
//! ```text
//! messages ──run──▶ Server ──▶ Workspace: open documents, and the set of rules each belongs to
//!                     │
//!                     └──▶ diagnostics · hover · completion · formatting · actions · symbols
//! ```
//!
//! | file | what |
//! |---|---|
//! | `run` | the loop over standard input and output |
//! | `server` | which message is answered how |
//! | `options` | what a client and an editor's settings say at the start |
//! | `workspace` | documents, sets of files, and what was found in them |
//! | `buffer`, `uri` | positions and files as editors name them |
//! | `context` | what a rule says that decides how its other words are read |
//! | the others | one capability each |
//!
//! A file named `*.rules` is looked at together with the others of its directory, in the order in which
//! augenrules joins them; what is open in the editor counts instead of what is on the disk. Nothing here
//! reads a file: that is asked of [`Surroundings`].

mod actions;
mod buffer;
mod completion;
mod context;
mod diagnostics;
mod formatting;
mod hover;
mod options;
mod run;
mod server;
mod symbols;
mod uri;
mod values;
mod workspace;

use std::path::{Path, PathBuf};

pub use run::{End, run};
pub use server::Server;

use crate::lint::Settings;

/// What the server asks of the machine it runs on.
pub trait Surroundings {
    /// The files named `*.rules` of a directory, and those of `open` that are not there yet, in the order
    /// in which augenrules joins them.
    fn rules_files(&self, directory: &Path, open: &[PathBuf]) -> Vec<PathBuf>;

    /// The text of a file; `None` where it cannot be read.
    fn read(&self, path: &Path) -> Option<Vec<u8>>;

    /// How a set of these files is linted, as it is configured where they are; or what is wrong with the
    /// configuration, and how they are linted all the same.
    fn settings(&self, files: &[PathBuf]) -> (Settings<'_>, Option<String>);
}
