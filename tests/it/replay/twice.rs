//! Files and events that are there twice.

use std::os::unix::fs::symlink;

use super::{Folder, log};

#[test]
fn a_file_is_read_once() {
    let folder = Folder::new(&log());
    symlink("audit.log", folder.0.path().join("link")).expect("a link");
    let (exit, out, err) = folder.run(&["audit.log", "link", "audit.log", "./audit.log", "."]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(out.contains("1 file, "), "{out}");
    assert!(err.contains("`link` is the same file as `audit.log`, and is read once"), "{err}");
    assert!(err.contains("`audit.log` is given twice, and is read once"), "{err}");
    assert_eq!(err.lines().count(), 4, "{err}");
    assert!(!out.contains("twice"), "{out}");
}

/// What a directory has beside its log is left out with the reason. Named itself, it is an error.
#[test]
fn what_is_no_file_is_left_out_of_a_directory() {
    let folder = Folder::new(&log());
    let at = |name: &str| folder.0.path().join(name);
    symlink("nothing", at("audit.log.2")).expect("a link");
    symlink("nothing", at("audit.log.4")).expect("a link");
    nix::unistd::mkfifo(&at("audit.log.3"), nix::sys::stat::Mode::S_IRWXU).expect("a FIFO");
    let (exit, out, err) = folder.run(&["."]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(out.contains("1 file, "), "{out}");
    let links =
        ["2", "4"].map(|age| format!("left out `./audit.log.{age}` and 1 more: a link to nothing"));
    assert!(links.iter().any(|note| err.contains(note)), "{err}");
    assert!(err.contains("left out `./audit.log.3`: a directory, a FIFO or a device"), "{err}");
    let (exit, _, err) = folder.run(&["audit.log", "audit.log.2"]);
    assert_eq!(exit, Some(2), "{err}");
    assert!(err.contains("cannot read `audit.log.2`"), "{err}");
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
