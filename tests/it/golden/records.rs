//! The recorded runs of auditctl 4.2.2 that come with the repository; `tests/recorded/README.md` describes
//! them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use xtask::needs::skip;

/// The records, below the root.
pub(crate) const FILES: [&str; 2] =
    ["tests/recorded/commands.jsonl.gz", "tests/recorded/files.jsonl.gz"];

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All records, or `None` where there is no `gzip`; then the running test is skipped.
pub(crate) fn records() -> Option<Vec<Value>> {
    records_of(&FILES, "4.2.2")
}

/// The records of one version in these files, which are named from the root.
pub(super) fn records_of(files: &[&str], version: &str) -> Option<Vec<Value>> {
    let Ok(output) = Command::new("gzip").arg("-dc").args(files).current_dir(root()).output()
    else {
        skip("there is no gzip");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let records = lines.map(|line| serde_json::from_slice(line).expect("a record"));
    Some(records.filter(|record: &Value| record["version"] == version).collect())
}
