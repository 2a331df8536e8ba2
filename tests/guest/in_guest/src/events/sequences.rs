//! Calls one after the other on the same files, under rules that are loaded once before them.
//!
//! The input has blocks. Each set of a block begins with new files, and then its rules are loaded.
//!
//! ```text
//! sequence
//! step TASK SIDE NUMBER WORD...    a call by a task, see `issued`
//! set                              a rule set, with its rules on the next lines
//! ```
//!
//! The first set of a block records everything. The output has the line `sequence` for each block and after it what
//! `events` writes: each step is an event, whose name is its place.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use nix::mount::{MntFlags, umount2};
use rauditctl::kernel::Netlink;

use super::issued::Issued;
use super::records::Records;
use super::tasks::{TASKS, Worker};
use super::{add, calls, name_inode, start, tree, unload};

/// The directory of all files.
const TOP: &str = "/tmp/s";
const DIRECTORIES: [&str; 4] = [TOP, "/tmp/s/d", "/tmp/s/e", "/tmp/s/m"];
/// The files that are there before the first step, with their owners.
const FILES: [(&str, u32); 4] =
    [("/tmp/s/a", 0), ("/tmp/s/b", 1000), ("/tmp/s/d/a", 0), ("/tmp/s/m/a", 1000)];
/// The paths whose files the steps change.
const PATHS: [&str; 9] = [
    "/tmp/s/m",
    "/tmp/s/e",
    "/tmp/s/a",
    "/tmp/s/b",
    "/tmp/s/c",
    "/tmp/s/d/a",
    "/tmp/s/d/c",
    "/tmp/s/e/c",
    "/tmp/s/m/a",
];
/// The files whose inodes rules name.
const WITH_INODE: [&str; 3] = ["/tmp/s/a", "/tmp/s/d/a", "/tmp/s/d"];

/// Runs every block of a file.
pub(crate) fn run(kernel: &mut Netlink, blocks: &Path, out: &Path) -> Result<(), String> {
    let text = fs::read_to_string(blocks).map_err(|error| error.to_string())?;
    calls::prepare();
    let make = |order: &[u8]| read(std::str::from_utf8(order).expect("a text")).make(|| {});
    let (workers, mut records) = start(kernel, "/tmp", make)?;
    let mut log = String::new();
    for block in text.split_terminator("sequence\n").skip(1) {
        let mut parts = block.split("set\n");
        let steps = parts.next().unwrap_or_default();
        log.push_str("sequence\n");
        for (number, set) in parts.enumerate() {
            unload(kernel)?;
            make_files();
            if number == 0 {
                describe(&mut log);
            }
            add(kernel, set, |rule| name_inode(rule, &WITH_INODE))?;
            records.until_now(kernel)?;
            writeln!(log, "set {number}").expect("memory");
            let made = steps.lines().map(|step| Step::make(step, &workers, number == 0)).collect();
            write_steps(made, kernel, &mut records, &mut log)?;
        }
    }
    fs::write(out, log).map_err(|error| error.to_string())
}

fn read(step: &str) -> Issued<'_> {
    Issued::read(&step.split(' ').collect::<Vec<_>>())
}

/// A step that was made.
struct Step<'s> {
    call: Issued<'s>,
    task: &'static str,
    pid: i32,
    ppid: i32,
    /// The files before the step, under the set that describes.
    before: Option<String>,
}

impl<'s> Step<'s> {
    fn make(step: &'s str, workers: &[Worker], describes: bool) -> Self {
        let mut words = step.splitn(3, ' ').skip(1);
        let (task, call) = (words.next().expect("a task"), words.next().expect("a call"));
        let worker = workers.iter().find(|worker| worker.task.name == task).expect("a task");
        let before =
            || PATHS.into_iter().map(|path| tree::state("before", path)).collect::<String>();
        let before = describes.then(before);
        let (pid, ppid) = worker.run(call.as_bytes());
        Step { call: read(call), task: worker.task.name, pid, ppid, before }
    }
}

/// Writes the steps of a set with their records.
fn write_steps(
    steps: Vec<Step<'_>>,
    kernel: &mut Netlink,
    records: &mut Records,
    log: &mut String,
) -> Result<(), String> {
    let found = records.until_now(kernel)?;
    for (at, Step { call, task, pid, ppid, before }) in steps.into_iter().enumerate() {
        writeln!(log, "event {at} {task} {pid} {ppid}").expect("memory");
        let Some(main) = found.iter().find(|record| call.is_of(record, pid)) else { continue };
        let Some(before) = before else {
            writeln!(log, "key {}", main.value("key").unwrap_or_default()).expect("memory");
            continue;
        };
        log.push_str(&before);
        for record in found.iter().filter(|record| record.serial == main.serial) {
            writeln!(log, "record {} {}", record.kind, record.text).expect("memory");
        }
    }
    Ok(())
}

/// Writes the tasks, and the files before the first step.
fn describe(log: &mut String) {
    TASKS.iter().for_each(|task| log.push_str(&task.describe()));
    let lasting = ["/", "/tmp", "/sbin", "/sbin/in_guest", "/bin", "/bin/busybox"];
    let files = lasting.into_iter().chain(DIRECTORIES).chain(PATHS);
    files.for_each(|path| log.push_str(&tree::state("file", path)));
}

/// Makes the files again that are there before the first step.
fn make_files() {
    for path in PATHS.into_iter().rev() {
        while umount2(path, MntFlags::MNT_DETACH).is_ok() {}
    }
    let _ = fs::remove_dir_all(TOP);
    DIRECTORIES.into_iter().for_each(tree::make_directory);
    FILES.into_iter().for_each(|(path, owner)| tree::make_file(path, 0o644, owner));
}
