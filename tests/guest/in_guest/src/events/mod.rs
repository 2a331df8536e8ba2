//! Calls under rule sets, and what the kernel records of them.
//!
//! Each call is the first and only one of a fresh process. The first rule set records everything: the
//! records under it describe the calls. Under the other sets only the keys of the main record are kept. The output:
//!
//! ```text
//! fs MAJOR MINOR MAGIC             a file system
//! task NAME GROUPS                 the supplementary groups of a task
//! file PATH INODE MAJOR MINOR MODE UID GID RDEV-MAJOR RDEV-MINOR LINK
//!                                  a file that no call changes
//! set NUMBER                       a rule set is loaded
//! event CALL TASK PID PPID         a process made the call
//! before PATH ...                  a file that the call changes, as before the call, with the words of `file`
//! record TYPE TEXT                 under the first set: a record of the call
//! key VALUE                        under the others: the main record of the call has this key
//! ```

mod calls;
mod issued;
mod memory;
mod messages;
mod records;
mod sequences;
mod tasks;
mod tree;
mod uring;
mod witnesses;

pub(crate) use messages::run as run_messages;
pub(crate) use sequences::run as run_sequences;
pub(crate) use uring::run as run_operations;
pub(crate) use witnesses::run as run_witnesses;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rauditctl::catalog::field;
use rauditctl::kernel::{AuditKernel, Netlink};
use rauditctl::rule::{Control, Field, Request, Rule};
use rauditctl::wire;

use calls::CALLS;
use records::Records;
use tasks::{TASKS, Worker};

/// The records that the kernel keeps for a slow reader.
const BACKLOG: u32 = 8192;

/// Runs every call under every rule set of a file: a set is the text `set`, and the bytes of its rules as hexadecimal
/// digits, one on a line.
pub(crate) fn run(kernel: &mut Netlink, sets: &Path, out: &Path) -> Result<(), String> {
    let sets = fs::read_to_string(sets).map_err(|error| error.to_string())?;
    tree::make();
    calls::prepare();
    let make = |order: &[u8]| (CALLS[usize::from(order[0])].make)();
    let (workers, mut records) = start(kernel, "/tmp/t", make)?;
    let mut log = tree::describe();
    TASKS.iter().for_each(|task| log.push_str(&task.describe()));
    for (number, set) in sets.split_terminator("set\n").skip(1).enumerate() {
        unload(kernel)?;
        mark(kernel, number)?;
        add(kernel, set, |rule| name_inode(rule, &tree::WITH_INODE))?;
        records.until_now(kernel)?;
        writeln!(log, "set {number}").expect("memory");
        for at in 0..CALLS.len() {
            for worker in &workers {
                let run = Run { at, worker, describes: number == 0 };
                run.run(kernel, &mut records, &mut log)?;
            }
        }
    }
    fs::write(out, log).map_err(|error| error.to_string())
}

/// Starts the workers of all tasks in a directory, and then audit: processes that exist before audit is enabled are
/// never audited.
fn start(
    kernel: &mut Netlink,
    directory: &str,
    make: fn(&[u8]),
) -> Result<(Vec<Worker>, Records), String> {
    let workers = TASKS.iter().map(|task| Worker::start(task, directory, make)).collect();
    control(kernel, Control::Enabled(1))?;
    control(kernel, Control::BacklogLimit(BACKLOG))?;
    Ok((workers, Records::open()))
}

/// A call by a task.
struct Run<'r> {
    /// The place in [`CALLS`].
    at: usize,
    worker: &'r Worker,
    /// Whether the log describes the call.
    describes: bool,
}

impl Run<'_> {
    fn run(
        &self,
        kernel: &mut Netlink,
        records: &mut Records,
        log: &mut String,
    ) -> Result<(), String> {
        let Run { at, worker, describes } = self;
        let call = &CALLS[*at];
        (call.prepare)();
        let before: String = call.changes.iter().map(|path| tree::state("before", path)).collect();
        let (pid, ppid) = worker.run(&[*at as u8]);
        call.changes.iter().for_each(|path| tree::remove(path));
        writeln!(log, "event {} {} {pid} {ppid}", call.name, worker.task.name).expect("memory");
        let found = records.until_now(kernel)?;
        let main = found.iter().find(|record| record.is_of(pid, call.arch, call.number));
        let Some(main) = main else { return Ok(()) };
        if !describes {
            writeln!(log, "key {}", main.value("key").unwrap_or_default()).expect("memory");
            return Ok(());
        }
        log.push_str(&before);
        for record in found.iter().filter(|record| record.serial == main.serial) {
            writeln!(log, "record {} {}", record.kind, record.text).expect("memory");
        }
        Ok(())
    }
}

fn control(kernel: &mut Netlink, control: Control) -> Result<(), String> {
    send(kernel, &Request::Control(control))
}

fn send(kernel: &mut Netlink, request: &Request) -> Result<(), String> {
    let answers = kernel.send(&[request]).map_err(|error| error.to_string())?;
    match answers.iter().find_map(|answer| answer.err()) {
        None => Ok(()),
        Some(errno) => Err(format!("{errno}: {}", crate::show::show(request))),
    }
}

/// Deletes all rules and adds those of a set. `with_inode` has the files whose numbers stand for their inodes.
fn load(kernel: &mut Netlink, set: &str, with_inode: &[&str]) -> Result<(), String> {
    unload(kernel)?;
    add(kernel, set, |rule| name_inode(rule, with_inode))
}

/// Writes the number of the next set into the log. Without rules, nothing drops it.
fn mark(kernel: &mut Netlink, set: usize) -> Result<(), String> {
    let text = format!("set={set} ");
    control(kernel, Control::UserMessage(text.into_bytes().into()))
}

/// Deletes all rules.
fn unload(kernel: &mut Netlink) -> Result<(), String> {
    let rules = kernel.rules().map_err(|error| error.to_string())?;
    rules.into_iter().try_for_each(|rule| send(kernel, &Request::Delete(rule)))
}

/// Adds the rules of a set. `complete` puts what is only known here into a rule.
fn add(kernel: &mut Netlink, set: &str, complete: impl Fn(&mut Rule)) -> Result<(), String> {
    for line in set.lines() {
        let mut rule = wire::decode(&bytes(line)).map_err(|error| error.to_string())?;
        complete(&mut rule);
        send(kernel, &Request::Add(rule))?;
    }
    Ok(())
}

/// Puts the inode of a file in place of its number in a list of files.
fn name_inode(rule: &mut Rule, files: &[&str]) {
    let number = |at: u32| files.get(at as usize).map(|path| tree::inode(path) as u32);
    replace(rule, field::INODE, number);
}

/// Puts other values in place of those of a field.
fn replace(rule: &mut Rule, number: u32, by: impl Fn(u32) -> Option<u32>) {
    for field in rule.fields.iter_mut().filter(|field| field.number() == number) {
        if let Field::Number { value, .. } = field {
            *value = by(*value).unwrap_or(*value);
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).expect("a digit") as u8;
    hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
