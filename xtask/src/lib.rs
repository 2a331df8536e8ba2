//! The tools of this repository: generators, which write checked-in files from the vocabulary in `grammar/vocab`, and
//! test runners.
//!
//! A generator can be run (`cargo xtask NAME`), can list stale files (`--check`), and can be called from a test.

use std::path::{Path, PathBuf};

pub mod consumers;
pub mod guest;
pub mod import;
pub mod needs;
pub mod new_lint;
pub mod package;
pub mod suite;
pub mod tsv;
pub mod vocab;

/// Returns the root of the repository, to which all paths of the generators are relative.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}
