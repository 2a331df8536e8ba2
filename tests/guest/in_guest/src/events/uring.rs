//! Operations of io_uring under rule sets, and what the kernel records of them.
//!
//! A process submits the operations of a batch with one call of io_uring_enter and waits for them. The operations run
//! in threads of io_uring, except for those of the last batches. The output is that of `events`, with two kinds of
//! events: `BATCH` is the call of io_uring_enter, and `BATCH/NUMBER` an operation that ran in a thread.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use io_uring::IoUring;
use io_uring::opcode::{
    Close, Connect, GetXattr, LinkAt, MkDirAt, Nop, OpenAt, OpenAt2, RenameAt, Shutdown, SymlinkAt,
    UnlinkAt,
};
use io_uring::squeue::{Entry, Flags};
use io_uring::types::{Fd, OpenHow};
use nix::libc;
use rauditctl::kernel::Netlink;

use super::calls::{B64, gone, prepare, unix_socket};
use super::records::Record;
use super::tasks::TASKS;
use super::{add, name_inode, start, tree, unload};

/// The record of an operation (`AUDIT_URINGOP`).
const URINGOP: u16 = 1336;
const HERE: Fd = Fd(libc::AT_FDCWD);
/// The address of a socket that does not exist: its family and path.
static ADDRESS: [u8; 16] = *b"\x01\x00/tmp/t/none\0\0\0";
static OPEN_HOW: OpenHow = OpenHow::new().flags(libc::O_RDWR as u64);

/// Operations that a process submits together.
struct Batch {
    name: &'static str,
    /// The numbers of the operations that run in threads.
    in_threads: &'static [u8],
    /// The files that the operations make, move or remove. They are absent between two batches.
    changes: &'static [&'static str],
    prepare: fn(),
    entries: fn() -> Vec<Entry>,
}

const BATCHES: [Batch; 4] = [
    Batch {
        name: "files",
        in_threads: &[OpenAt::CODE, OpenAt2::CODE, UnlinkAt::CODE, MkDirAt::CODE],
        changes: &["/tmp/t/gone", "/tmp/t/new"],
        prepare: gone,
        entries: || {
            let [gone, new, other, secret] =
                [c"/tmp/t/gone", c"/tmp/t/new", c"/tmp/t/d/x", c"/tmp/t/secret"]
                    .map(std::ffi::CStr::as_ptr);
            vec![
                OpenAt::new(HERE, other).flags(libc::O_RDONLY).build(),
                OpenAt2::new(HERE, secret, &raw const OPEN_HOW).build(),
                UnlinkAt::new(HERE, gone).build(),
                MkDirAt::new(HERE, new).mode(0o700).build(),
            ]
        },
    },
    Batch {
        name: "others",
        in_threads: &[
            OpenAt::CODE,
            RenameAt::CODE,
            Connect::CODE,
            Shutdown::CODE,
            GetXattr::CODE,
            Close::CODE,
        ],
        changes: &["/tmp/t/gone", "/tmp/t/new", "/tmp/t/e/moved"],
        prepare: gone,
        entries: || {
            use std::os::fd::AsRawFd;
            let socket = Fd(unix_socket().as_raw_fd());
            let [gone, new, moved, alice, name] =
                [c"/tmp/t/gone", c"/tmp/t/new", c"/tmp/t/e/moved", c"/tmp/t/d/alice", c"user.none"]
                    .map(std::ffi::CStr::as_ptr);
            vec![
                OpenAt::new(HERE, new).flags(libc::O_RDWR | libc::O_CREAT).mode(0o600).build(),
                RenameAt::new(HERE, gone, HERE, moved).build(),
                Connect::new(socket, ADDRESS.as_ptr().cast(), ADDRESS.len() as u32).build(),
                Shutdown::new(socket, libc::SHUT_RDWR).build(),
                GetXattr::new(name, std::ptr::null_mut(), alice, 0).build(),
                Close::new(Fd(0)).build(),
            ]
        },
    },
    Batch {
        name: "links",
        in_threads: &[OpenAt::CODE, SymlinkAt::CODE, UnlinkAt::CODE, LinkAt::CODE],
        changes: &["/tmp/t/new", "/tmp/t/e/moved"],
        prepare: || {},
        entries: || {
            let [none, target, new, missing, file, moved] = [
                c"/tmp/t/d/none",
                c"file",
                c"/tmp/t/new",
                c"/tmp/t/gone",
                c"/tmp/t/file",
                c"/tmp/t/e/moved",
            ]
            .map(std::ffi::CStr::as_ptr);
            vec![
                OpenAt::new(HERE, none).flags(libc::O_RDONLY).build(),
                SymlinkAt::new(HERE, target, new).build(),
                UnlinkAt::new(HERE, missing).build(),
                LinkAt::new(HERE, file, HERE, moved).build(),
            ]
        },
    },
    Batch {
        name: "at-once",
        in_threads: &[],
        changes: &[],
        prepare: || {},
        entries: || {
            let file = c"/tmp/t/file".as_ptr();
            vec![OpenAt::new(HERE, file).flags(libc::O_RDONLY).build(), Nop::new().build()]
        },
    },
];

/// Runs every batch under every rule set of a file, which is like that of `events`.
pub(crate) fn run(kernel: &mut Netlink, sets: &Path, out: &Path) -> Result<(), String> {
    let sets = fs::read_to_string(sets).map_err(|error| error.to_string())?;
    tree::make();
    prepare();
    let _ = fs::write("/proc/sys/kernel/io_uring_disabled", "0");
    let make = |order: &[u8]| BATCHES[usize::from(order[0])].submit();
    let (workers, mut records) = start(kernel, "/tmp/t", make)?;
    let mut log = tree::describe();
    TASKS.iter().for_each(|task| log.push_str(&task.describe()));
    for (number, set) in sets.split_terminator("set\n").skip(1).enumerate() {
        unload(kernel)?;
        add(kernel, set, |rule| name_inode(rule, &tree::WITH_INODE))?;
        records.until_now(kernel)?;
        writeln!(log, "set {number}").expect("memory");
        for (at, batch) in BATCHES.iter().enumerate() {
            for worker in &workers {
                (batch.prepare)();
                let before: String =
                    batch.changes.iter().map(|path| tree::state("before", path)).collect();
                let (pid, ppid) = worker.run(&[at as u8]);
                batch.changes.iter().for_each(|path| tree::remove(path));
                let found = records.until_now(kernel)?;
                let before = (number == 0).then_some(before.as_str());
                let made = Made { batch, task: worker.task.name, pid, ppid, before };
                made.write(&found, &mut log);
            }
        }
    }
    fs::write(out, log).map_err(|error| error.to_string())
}

impl Batch {
    /// Submits the operations, and waits for all of them.
    fn submit(&self) {
        let mut ring = IoUring::new(8).expect("a ring");
        let entries = (self.entries)();
        for entry in &entries {
            let is_for_thread = !self.in_threads.is_empty();
            let flags = if is_for_thread { Flags::ASYNC } else { Flags::empty() };
            let entry = entry.clone().flags(flags);
            // SAFETY: what the operation points to is static.
            #[allow(unsafe_code, reason = "only this adds an operation")]
            unsafe { ring.submission().push(&entry) }.expect("the queue has a free entry");
        }
        ring.submit_and_wait(entries.len()).expect("the operations are done");
    }
}

/// A batch that a process submitted.
struct Made<'m> {
    batch: &'m Batch,
    task: &'static str,
    pid: i32,
    ppid: i32,
    /// The files before, under the set that describes.
    before: Option<&'m str>,
}

impl Made<'_> {
    fn write(&self, found: &[Record], log: &mut String) {
        let Made { batch, pid, .. } = self;
        let enter = found.iter().find(|one| one.is_of(*pid, B64, libc::SYS_io_uring_enter));
        self.event(batch.name, enter, found, log);
        for code in batch.in_threads {
            let is_of = |record: &&Record| {
                record.kind == URINGOP
                    && record.value("pid") == Some(&pid.to_string())
                    && record.value("uring_op") == Some(&code.to_string())
                    && Some(record.serial) != enter.map(|enter| enter.serial)
            };
            let name = format!("{}/{code}", batch.name);
            self.event(&name, found.iter().find(is_of), found, log);
        }
    }

    /// Writes an event, and its record if it has one.
    fn event(&self, name: &str, main: Option<&Record>, found: &[Record], log: &mut String) {
        let Made { task, pid, ppid, before, .. } = self;
        writeln!(log, "event {name} {task} {pid} {ppid}").expect("memory");
        let Some(main) = main else { return };
        let Some(before) = before else {
            writeln!(log, "key {}", main.value("key").unwrap_or_default()).expect("memory");
            return;
        };
        log.push_str(before);
        for record in found.iter().filter(|record| record.serial == main.serial) {
            writeln!(log, "record {} {}", record.kind, record.text).expect("memory");
        }
    }
}
