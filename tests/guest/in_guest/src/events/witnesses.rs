//! Calls that witnesses describe, each under three rule sets.
//!
//! The input has blocks. The files of a block are made again before each of its sets is loaded, so that no watched
//! file was replaced since.
//!
//! ```text
//! witness
//! file PATH MODE UID GID           makes a file or a directory, with the directories above it
//! gone PATH                        removes a directory that is always there
//! task AUID UID EUID SUID FSUID GID EGID SGID FSGID PERSONA GROUPS
//!                                  who makes the call; `-` is no login, and no groups
//! descriptor NUMBER                the lowest free one
//! call SIDE NUMBER WORD...         see `issued`
//! set                              a rule set, with its rules on the next lines
//! ```
//!
//! The output is that of `events`: three sets for each block, and one event in each with its records. In place of the
//! task there is the place of the set. A call that is not made has no records.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use nix::libc;
use nix::sys::personality::{self, Persona};
use nix::sys::wait::waitpid;
use nix::unistd::{
    ForkResult, Gid, Uid, pipe, setfsgid, setfsuid, setgroups, setresgid, setresuid,
};
use rauditctl::kernel::Netlink;
use rauditctl::rule::Control;

use super::issued::{Issued, STREAM};
use super::records::Records;
use super::tasks::{exit, new_process};
use super::{BACKLOG, control, load};

/// The directory of all files. It is made again for each set.
const TOP: &str = "/w";
const DIRECTORIES: [&str; 3] = ["/w", "/w/d", "/w/e"];
/// The begin of the paths of files that no rule names.
const ELSEWHERE: &str = "/file";
/// What a file has that is made: a script, so that it can be executed.
const CONTENT: &str = "#!/bin/busybox true\n";

/// Runs every block of a file.
pub(crate) fn run(kernel: &mut Netlink, blocks: &Path, out: &Path) -> Result<(), String> {
    let text = fs::read_to_string(blocks).map_err(|error| error.to_string())?;
    let _ = fs::write("/sys/kernel/rcu_expedited", "1");
    control(kernel, Control::Enabled(1))?;
    control(kernel, Control::BacklogLimit(BACKLOG))?;
    let mut records = Records::open();
    let mut log = String::new();
    for (number, block) in text.split_terminator("witness\n").skip(1).enumerate() {
        let mut parts = block.split("set\n");
        let witness = Witness::read(parts.next().unwrap_or_default());
        let events: Result<Vec<String>, String> =
            parts.map(|set| event(kernel, &mut records, &witness, set)).collect();
        // The call is not made if its files contradict each other, or if a directory of the rules is missing.
        let events = events.unwrap_or_else(|_| vec!["0 0\n".to_owned(); 3]);
        for (at, event) in events.iter().enumerate() {
            write!(log, "set {}\nevent {number} {at} {event}", number * 3 + at).expect("memory");
        }
        witness.remove_files();
    }
    fs::write(out, log).map_err(|error| error.to_string())
}

/// Makes the call under a rule set. Returns its lines of the output after the name of the task.
fn event(
    kernel: &mut Netlink,
    records: &mut Records,
    witness: &Witness<'_>,
    set: &str,
) -> Result<String, String> {
    witness.make_files().map_err(|error| error.to_string())?;
    let loaded = load(kernel, set, &[]);
    records.until_now(kernel)?;
    loaded?;
    let (pid, ppid) = witness.run();
    let mut event = format!("{pid} {ppid}\n");
    let found = records.until_now(kernel)?;
    let main = found.iter().find(|one| witness.call.is_of(one, pid));
    let Some(main) = main else { return Ok(event) };
    writeln!(event, "key {}", main.value("key").unwrap_or_default()).expect("memory");
    for record in found.iter().filter(|record| record.serial == main.serial) {
        writeln!(event, "record {} {}", record.kind, record.text).expect("memory");
    }
    Ok(event)
}

/// A call and what it needs.
#[derive(Default)]
struct Witness<'t> {
    files: Vec<[&'t str; 4]>,
    gone: Vec<&'t str>,
    task: Vec<&'t str>,
    descriptor: Option<i32>,
    call: Issued<'t>,
}

impl<'t> Witness<'t> {
    fn read(text: &'t str) -> Self {
        let mut witness = Witness::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["file", path, mode, uid, gid] => witness.files.push([path, mode, uid, gid]),
                ["gone", path] => witness.gone.push(path),
                ["task", ..] => witness.task = words[1..].to_vec(),
                ["descriptor", number] => {
                    witness.descriptor = Some(number.parse().expect("a number"));
                }
                ["call", ..] => witness.call = Issued::read(&words[1..]),
                _ => panic!("{line}"),
            }
        }
        witness
    }

    /// Makes the files, in place of those of the call before.
    fn make_files(&self) -> io::Result<()> {
        self.remove_files();
        for directory in DIRECTORIES {
            make_directory(directory, 0o777)?;
        }
        for [path, mode, uid, gid] in &self.files {
            let mode = u32::from_str_radix(mode, 8).expect("octal digits");
            let id = |text: &str| Some(text.parse().expect("a number"));
            if mode & libc::S_IFMT == libc::S_IFDIR {
                make_directory(path, mode & 0o7777)?;
            } else {
                make_file(path, mode & 0o7777)?;
            }
            chown(path, id(uid), id(gid))?;
        }
        self.gone.iter().for_each(|path| remove(path));
        Ok(())
    }

    /// Removes what the witness and its call made.
    fn remove_files(&self) {
        let _ = fs::remove_dir_all(TOP);
        let made = self.files.iter().map(|[path, ..]| *path);
        let named = self.call.words.iter().filter_map(|word| Some(word.split_once(':')?.1));
        made.chain(named).filter(|path| path.starts_with(ELSEWHERE)).for_each(remove);
    }

    /// Makes the call in a process of its own, whose parent has the same users. Returns the numbers of both.
    fn run(&self) -> (i32, i32) {
        let (from, to) = pipe().expect("a pipe");
        let parent = match new_process() {
            ForkResult::Parent { child } => child,
            ForkResult::Child => {
                drop(from);
                self.become_task();
                match new_process() {
                    ForkResult::Parent { child } => {
                        waitpid(child, None).expect("the process ends");
                        let number = child.as_raw().to_ne_bytes();
                        File::from(to).write_all(&number).expect("the number is read");
                    }
                    ForkResult::Child => self.call(),
                }
                exit()
            }
        };
        drop(to);
        let mut pid = [0; 4];
        File::from(from).read_exact(&mut pid).expect("the number of the process");
        waitpid(parent, None).expect("the process ends");
        (i32::from_ne_bytes(pid), parent.as_raw())
    }

    /// Gives the process of the caller the identity of the task. What it may not become it does not become: the
    /// records tell.
    fn become_task(&self) {
        let [login, uid, euid, suid, fsuid, gid, egid, sgid, fsgid, persona, groups] =
            self.task[..]
        else {
            panic!("{:?}", self.task)
        };
        if login != "-" {
            fs::write("/proc/self/loginuid", login).expect("a login");
        }
        let number = |text: &str| text.parse::<u32>().expect("a number");
        let persona = Persona::from_bits_retain(number(persona).cast_signed());
        personality::set(persona).expect("a personality");
        let more = groups.split(',').filter_map(|group| group.parse().ok());
        setgroups(&more.map(Gid::from_raw).collect::<Vec<_>>()).expect("groups");
        let [real, effective, saved] = [gid, egid, sgid].map(|id| Gid::from_raw(number(id)));
        setresgid(real, effective, saved).expect("groups");
        setfsgid(Gid::from_raw(number(fsgid)));
        let [real, effective, saved] = [uid, euid, suid].map(|id| Uid::from_raw(number(id)));
        setresuid(real, effective, saved).expect("users");
        setfsuid(Uid::from_raw(number(fsuid)));
    }

    fn call(&self) {
        self.call.make(|| {
            if let Some(wanted) = self.descriptor {
                free_descriptor(wanted);
            }
        });
    }
}

fn make_directory(path: &str, mode: u32) -> io::Result<()> {
    fs::create_dir_all(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

fn remove(path: &str) {
    let _ = fs::remove_dir_all(path);
    let _ = fs::remove_file(path);
}

fn make_file(path: &str, mode: u32) -> io::Result<()> {
    // The path may be that of a directory.
    remove(path);
    if let Some(parent) = Path::new(path).parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, CONTENT)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Opens and closes descriptors until `wanted` is the lowest that is free.
fn free_descriptor(wanted: i32) {
    // SAFETY: these calls take numbers only, and no file of the process is used after them.
    #[allow(unsafe_code, reason = "the numbers are not those of open files")]
    unsafe {
        for descriptor in 0..wanted {
            if libc::fcntl(descriptor, libc::F_GETFD) < 0 {
                libc::socket(libc::AF_UNIX, STREAM, 0);
            }
        }
        libc::close(wanted);
    }
}
