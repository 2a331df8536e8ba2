//! Calls that witnesses describe, each under three rule sets.
//!
//! The input has blocks. The files of a block are made again before each of its sets is loaded, so that no watched
//! file was replaced since.
//!
//! ```text
//! witness
//! file PATH MODE UID GID           makes a file or a directory, with the directories above it
//! task AUID UID EUID SUID FSUID GID EGID SGID FSGID PERSONA GROUPS
//!                                  who makes the call; `-` is no login, and no groups
//! descriptor NUMBER                the lowest free one
//! call SIDE NUMBER WORD...         `b64` or `b32`; a word is a number, `path:PATH`, `address:FAMILY`,
//!                                  `unix:PATH`, or `socket:FAMILY`
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

use super::memory::{Low, call_b32, call_b64};
use super::records::Records;
use super::tasks::{exit, new_process};
use super::{BACKLOG, control, load};

/// The directory of all files. It is made again for each set.
const TOP: &str = "/w";
const DIRECTORIES: [&str; 3] = ["/w", "/w/d", "/w/e"];
/// The begin of the paths of files that no rule names.
const ELSEWHERE: &str = "/file";
/// The size of an address.
const ADDRESS: usize = 32;
/// What a file has that is made: a script, so that it can be executed.
const CONTENT: &str = "#!/bin/busybox true\n";
/// `AF_UNIX`, and the first argument of a socket that can be connected.
const STREAM: i32 = 1;

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
    let loaded = load(kernel, set);
    records.until_now(kernel)?;
    loaded?;
    let (pid, ppid) = witness.run();
    let mut event = format!("{pid} {ppid}\n");
    let found = records.until_now(kernel)?;
    let main = found.iter().find(|one| one.is_of(pid, witness.arch(), witness.number));
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
    task: Vec<&'t str>,
    descriptor: Option<i32>,
    side: &'t str,
    number: i64,
    words: Vec<&'t str>,
}

impl<'t> Witness<'t> {
    fn read(text: &'t str) -> Self {
        let mut witness = Witness::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["file", path, mode, uid, gid] => witness.files.push([path, mode, uid, gid]),
                ["task", ..] => witness.task = words[1..].to_vec(),
                ["descriptor", number] => {
                    witness.descriptor = Some(number.parse().expect("a number"));
                }
                ["call", side, number, ..] => {
                    (witness.side, witness.number) = (side, number.parse().expect("a number"));
                    witness.words = words[3..].to_vec();
                }
                _ => panic!("{line}"),
            }
        }
        witness
    }

    fn arch(&self) -> &'static str {
        if self.side == "b32" { super::calls::B32 } else { super::calls::B64 }
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
        Ok(())
    }

    /// Removes what the witness and its call made.
    fn remove_files(&self) {
        let _ = fs::remove_dir_all(TOP);
        let made = self.files.iter().map(|[path, ..]| *path);
        let named = self.words.iter().filter_map(|word| word.split_once(':')).map(|(_, path)| path);
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
        let mut low = Low::new();
        let words: Vec<u64> = self.words.iter().map(|word| self.word(word, &mut low)).collect();
        let word = |at: usize| words.get(at).copied().unwrap_or(0);
        if let Some(wanted) = self.descriptor {
            free_descriptor(wanted);
        }
        match self.side {
            "b32" => call_b32(self.number, [0, 1, 2, 3].map(word)),
            _ => call_b64(self.number, [0, 1, 2, 3, 4, 5].map(word)),
        }
    }

    /// Returns the word that the call passes.
    fn word(&self, word: &str, low: &mut Low) -> u64 {
        match word.split_once(':') {
            Some(("path", path)) => low.put(&[path.as_bytes(), b"\0"].concat()),
            Some(("address", family)) => low.put(&address(family)),
            Some(("unix", path)) => low.put(&unix_address(path)),
            Some(("socket", family)) => socket(family.parse().expect("a number")),
            _ => word.parse().expect("a number"),
        }
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

/// Returns an address of a family: of a socket that does not exist, or of the machine itself.
fn address(family: &str) -> [u8; ADDRESS] {
    let mut address = [0; ADDRESS];
    let family: u16 = family.parse().expect("a number");
    address[..2].copy_from_slice(&family.to_ne_bytes());
    match i32::from(family) {
        libc::AF_UNIX => address[2..10].copy_from_slice(b"/w/none\0"),
        _ => address[2..8].copy_from_slice(&[0, 9, 127, 0, 0, 1]),
    }
    address
}

/// Returns the address of the socket at a path.
fn unix_address(path: &str) -> [u8; ADDRESS] {
    let mut address = [0; ADDRESS];
    address[..2].copy_from_slice(&(libc::AF_UNIX as u16).to_ne_bytes());
    let path = path.as_bytes();
    address[2..2 + path.len()].copy_from_slice(path);
    address
}

fn socket(family: i32) -> u64 {
    // SAFETY: the call takes numbers only.
    #[allow(unsafe_code, reason = "the library knows some families only")]
    let socket = unsafe { libc::socket(family, STREAM, 0) };
    socket.cast_unsigned().into()
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
