//! A record has the name that a call used, and the kernel compares files: the name can be that of a link.

use super::{Folder, call, decided_by};

#[test]
fn a_name_can_be_that_of_a_link() {
    // Two files of the directory, one by its own name and one by a link, and a file elsewhere.
    let log = [
        call(1, 257, "\"tree\"", "\"/srv/data/a\""),
        call(2, 257, "\"tree\"", "\"/tmp/link\""),
        call(3, 257, "\"old\"", "\"/tmp/link\""),
        call(4, 257, "(null)", "\"/tmp/link\""),
    ];
    let folder = Folder::new(&log.concat());
    folder.write(
        "a.rules",
        b"-a always,exit -F arch=b64 -S openat -F dir=/srv/data -k tree\n\
          -a always,exit -F arch=b64 -S openat -F path=/srv/data/b\n",
    );
    let found = decided_by(&folder.json("audit.log"));
    let expected = [("a.rules:1", 2), ("a.rules:2", 1), ("other old", 1)];
    assert_eq!(found, expected.map(|(name, events)| (name.to_owned(), events)));
}

/// The path of an event is there. What is missing is the path of the file.
#[test]
fn the_text_names_what_a_link_hides() {
    let folder = Folder::new(&call(1, 257, "\"tree\"", "\"/tmp/link\""));
    let tree = |directory: &str| {
        format!("-a always,exit -F arch=b64 -S openat -F dir={directory} -k tree\n")
    };
    folder.write("a.rules", (tree("/srv/data") + &tree("/srv/other")).as_bytes());
    folder.write("new.rules", tree("/srv/new").as_bytes());
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    let files = "(the log does not hold which file a name leads to (it can be a link))";
    assert!(out.contains(files), "{out}");
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--against", "new.rules"]);
    let path =
        "undecided: the log does not hold the file's own path (a name in a log can be a link)";
    assert!(out.contains(path), "{out}");
}

/// A record beside that of the call can be what made the event.
#[test]
fn a_link_explains_no_event_of_another_subsystem() {
    let log = format!(
        "type=AVC msg=audit(1764230400.001:1): avc:  denied  {{ read }} for  pid=5\n{}",
        call(1, 257, "(null)", "\"/tmp/link\"")
    );
    let folder = Folder::new(&log);
    folder.write("a.rules", b"-a always,exit -F arch=b64 -S openat -F dir=/srv/data\n");
    assert_eq!(decided_by(&folder.json("audit.log")), [("AVC".to_owned(), 1)]);
}
