//! Files and events that are there twice.

use std::os::unix::fs::symlink;

use super::{Folder, log};

#[test]
fn a_file_is_read_once() {
    let folder = Folder::new(&log());
    symlink("audit.log", folder.0.path().join("link")).expect("a link");
    let (exit, out, err) = folder.run(&["audit.log", "link", "./audit.log", "."]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(out.contains("1 file, "), "{out}");
    assert!(err.contains("`link` is the same file as `audit.log`, and is read once"), "{err}");
    assert_eq!(err.lines().count(), 3, "{err}");
    assert!(!out.contains("twice"), "{out}");
}

/// A copy has the same events.
#[test]
fn events_of_a_copy_are_reported() {
    let folder = Folder::new(&log());
    folder.write("copy", log().as_bytes());
    // An event of another machine and one of another time are others.
    folder.write("node", log().replace("type=", "node=web type=").as_bytes());
    folder.write("later", log().replace("1764230400", "1764230500").as_bytes());
    let repeated = |files: &[&str]| {
        let report = folder.json_with(files);
        (report["log"]["events"].as_u64(), report["log"]["repeated"].as_u64())
    };
    assert_eq!(repeated(&["audit.log", "node", "later"]), (Some(18), Some(0)));
    assert_eq!(repeated(&["audit.log", "later", "copy"]), (Some(18), Some(6)));
    let (_, out, _) = folder.run(&["audit.log", "later", "copy"]);
    assert!(out.contains("\n6 of the events are in the log twice, and are counted twice"), "{out}");
}
