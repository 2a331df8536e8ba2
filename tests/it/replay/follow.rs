//! `--follow`: a log that grows while it is read.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{Folder, PROGRAM, call};

/// The program, of which the first table has been read.
struct Following {
    child: Child,
    out: BufReader<ChildStdout>,
    first: String,
}

impl Following {
    fn start(folder: &Folder, log: &str) -> Self {
        Following::start_with(folder, &[log])
    }

    fn start_with(folder: &Folder, arguments: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["replay", "--arch", "x86_64", "--follow", "--rules", "a.rules"])
            .args(arguments)
            .current_dir(folder.0.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut first = String::new();
        // The last line of a report.
        while !first.contains("made no event") {
            let read = out.read_line(&mut first).expect("text");
            assert!(read > 0, "it has ended: {first}");
        }
        Following { child, out, first }
    }

    /// Sends a signal, and returns the rest of the output.
    fn end(mut self, signal: Signal) -> String {
        let pid = Pid::from_raw(self.child.id().try_into().expect("a process"));
        kill(pid, signal).expect("it is there");
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("text");
        assert_eq!(self.child.wait().expect("it ends").code(), Some(0), "{rest}");
        rest
    }
}

fn append(folder: &Folder, text: &str) {
    let path = folder.0.path().join("audit.log");
    let mut file = File::options().create(true).append(true).open(path).expect("a log");
    file.write_all(text.as_bytes()).expect("it is written");
}

fn event(serial: u32) -> String {
    call(serial, 59, "\"exec\"", "\"/bin/x\"")
}

/// What was written before a signal is in the last table, however long that is after the last one.
#[test]
fn the_last_table_has_all_that_was_written() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let folder = Folder::new(&event(1));
        let following = Following::start(&folder, "audit.log");
        assert!(following.first.contains(". 1 event.\n"), "{}", following.first);
        // The first part ends within a line.
        let more = event(2) + &event(3);
        let (begin, end) = more.split_at(700);
        append(&folder, begin);
        append(&folder, end);
        let rest = following.end(signal);
        assert!(rest.contains(". 3 events.\n"), "{signal}: {rest}");
    }
}

/// An event of which the last record has not come is not in the table, and neither are its bytes.
#[test]
fn an_open_event_has_no_bytes() {
    let (first, second) = (event(1), event(2));
    let (begin, end) = second.split_at(second.find("type=CWD").expect("a record"));
    let folder = Folder::new(&(first.clone() + begin));
    let following = Following::start(&folder, "audit.log");
    let head = format!("1 file, {} B, 0 seconds. 1 event.\n", first.len());
    assert!(following.first.starts_with(&head), "{}", following.first);
    append(&folder, end);
    let rest = following.end(Signal::SIGINT);
    let both = format!("1 file, {} B, 0 seconds. 2 events.\n", first.len() + second.len());
    assert!(rest.contains(&both), "{rest}");
}

/// Other rules judge what was written before and after the first table.
#[test]
fn other_rules_judge_a_log_that_grows() {
    let folder = Folder::new(&event(1));
    folder.write("new.rules", b"-w /etc/shadow -p wa -k identity\n");
    let arguments = ["audit.log", "--against", "new.rules"];
    let following = Following::start_with(&folder, &arguments);
    let dropped = |events: u32| format!("100%  {events:>12}  dropped\n");
    assert!(following.first.contains(&dropped(1)), "{}", following.first);
    append(&folder, &(event(2) + &event(3)));
    let rest = following.end(Signal::SIGINT);
    assert!(rest.contains(&dropped(3)), "{rest}");
}

/// auditd renames its files: the end of the old one, and the new one.
#[test]
fn a_directory_is_followed_through_rotations() {
    let folder = Folder::new(&event(2));
    folder.write("audit.log.1", event(1).as_bytes());
    let following = Following::start(&folder, ".");
    assert!(following.first.contains(". 2 events.\n"), "{}", following.first);
    append(&folder, &event(3));
    let path = |name: &str| folder.0.path().join(name);
    for number in [4, 5] {
        fs::rename(path("audit.log.1"), path("audit.log.2")).expect("it is there");
        fs::rename(path("audit.log"), path("audit.log.1")).expect("it is there");
        append(&folder, &event(number));
    }
    let rest = following.end(Signal::SIGINT);
    assert!(rest.contains(". 5 events.\n"), "{rest}");
    // Two at the beginning, and one of each rotation.
    assert!(following_files(&rest).eq(["4 files"]), "{rest}");
}

/// Returns the number of files in the head of each table.
fn following_files(text: &str) -> impl Iterator<Item = &str> {
    let heads = text.lines().filter(|line| line.ends_with(" events."));
    heads.filter_map(|line| line.split(',').next())
}

/// `rauditctl replay --follow ... | head` ends.
#[test]
fn it_ends_when_nobody_reads() {
    let folder = Folder::new(&event(1));
    let Following { mut child, out, .. } = Following::start(&folder, "audit.log");
    drop(out);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn what_cannot_grow_is_refused() {
    let folder = Folder::new(&event(1));
    folder.write("a.zst", &[0x28, 0xb5, 0x2f, 0xfd, 0]);
    fs::create_dir(folder.0.path().join("empty")).expect("a directory");
    for (logs, expected) in [
        (&["-"][..], "--follow cannot read standard input"),
        (&["a.zst"], "`a.zst`: it is compressed"),
        (&["/dev/null"], "`/dev/null`: it is no file"),
        (&["audit.log", "a.zst"], "--follow takes one log"),
        (&["empty"], "cannot read `empty/audit.log`"),
    ] {
        let (exit, out, err) = folder.run(&[logs, &["--follow"]].concat());
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(expected), "{err}");
    }
}
