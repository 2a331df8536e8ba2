//! A language server for rules files: it offers the compiler and the lints to editors.
//!
//! ```text
//! messages ──run──▶ Server ──▶ Workspace: open documents, and the set of files of each
//!                     │
//!                     └──▶ diagnostics · hover · completion · formatting · actions · symbols
//! ```
//!
//! | file | what |
//! |---|---|
//! | `transport` | reads messages |
//! | `run` | the loop over messages |
//! | `server` | dispatches the messages and answers them |
//! | `options` | the client's capabilities and the editor's settings, sent at the start |
//! | `workspace` | documents, sets of files, and their findings |
//! | `buffer`, `uri` | positions and files in the form that editors use |
//! | `context` | the list and the arch of a rule, which its other words depend on |
//! | `comments` | the mistakes in comments with `#@`, and their words |
//! | `values` | the values of a field, for `completion` and `hover` |
//! | the others | one capability each |
//!
//! A file named `*.rules` is linted together with the others of its directory, in the order in which augenrules
//! joins them. The text of an open document takes precedence over the file on disk. No module here reads a file:
//! the server asks [`Surroundings`] for its content.

mod actions;
mod buffer;
mod comments;
mod completion;
mod context;
mod diagnostics;
mod formatting;
mod hover;
mod options;
mod run;
mod server;
mod symbols;
mod transport;
mod uri;
mod values;
mod workspace;

use std::path::{Path, PathBuf};

pub use run::{End, run};
pub use server::Server;
pub use workspace::{Finished, Task};

use crate::lint::LintSettings;

/// The server's access to the machine that it runs on.
pub trait Surroundings {
    /// Returns the files named `*.rules` of a directory, and the files of `open` that do not exist yet, in the
    /// order in which augenrules joins them.
    fn rules_files(&self, directory: &Path, open: &[PathBuf]) -> Vec<PathBuf>;

    /// Returns the content of a file, or `None` if it cannot be read.
    fn read(&self, path: &Path) -> Option<Vec<u8>>;

    /// Returns the lint settings of a set of files.
    fn settings(&self, files: &[PathBuf]) -> Configured<'_>;
}

/// The lint settings of a set of files, from the configuration that applies to them.
pub struct Configured<'h> {
    /// The settings: the default ones if the configuration is invalid.
    pub settings: LintSettings<'h>,
    /// The configuration in force.
    pub file: Option<PathBuf>,
    /// Why a configuration is not used.
    pub fault: Option<String>,
}
