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
mod memory;
mod records;
mod tasks;
mod tree;
mod witnesses;

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
    // Processes that exist before audit is enabled are never audited.
    let workers: Vec<Worker> = TASKS.iter().map(Worker::start).collect();
    control(kernel, Control::Enabled(1))?;
    control(kernel, Control::BacklogLimit(BACKLOG))?;
    let mut records = Records::open();
    let mut log = tree::describe();
    TASKS.iter().for_each(|task| log.push_str(&task.describe()));
    for (number, set) in sets.split_terminator("set\n").skip(1).enumerate() {
        load(kernel, set)?;
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
        let (pid, ppid) = worker.run(*at);
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

/// Deletes all rules and adds those of a set.
fn load(kernel: &mut Netlink, set: &str) -> Result<(), String> {
    for rule in kernel.rules().map_err(|error| error.to_string())? {
        send(kernel, &Request::Delete(rule))?;
    }
    for line in set.lines() {
        let mut rule = wire::decode(&bytes(line)).map_err(|error| error.to_string())?;
        name_inode(&mut rule);
        send(kernel, &Request::Add(rule))?;
    }
    Ok(())
}

/// Puts the inode of a file in place of its number in [`tree::WITH_INODE`].
fn name_inode(rule: &mut Rule) {
    for field in rule.fields.iter_mut() {
        if let Field::Number { value, .. } = field.clone()
            && field.number() == field::INODE
            && let Some(path) = tree::WITH_INODE.get(value as usize)
            && let Field::Number { value, .. } = field
        {
            *value = tree::inode(path) as u32;
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).expect("a digit") as u8;
    hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
