//! Calls that a witness describes, as the program in the guest makes them (`in_guest/src/events/witnesses.rs`).

use std::fmt::Write;

use rauditctl::catalog::{Arch, field, kernel_syscall_name, kernel_syscall_number};
use rauditctl::eval::{Event, Kind, Name, NameInode, Nametype, Outcome, Syscall, UNSET};

const EPERM: i64 = -1;
const ENOENT: i64 = -2;
const EACCES: i64 = -13;

/// The user of a call that is refused.
const USER: u32 = 1000;

const S_IFMT: u32 = 0o170_000;
const S_IFDIR: u32 = 0o040_000;
const S_IFREG: u32 = 0o100_000;

/// Paths that are directories unless the witness has another type.
const DIRECTORIES: [&str; 3] = ["/w", "/w/d", "/w/e"];

/// A word that a call passes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// A number; this one if the witness leaves it out.
    Number(u64),
    /// The flags of open.
    Flags,
    Path,
    Socket,
    Address,
}
use Word::{Address, Flags, Number, Path, Socket};

/// The directory of the caller.
const HERE: Word = Number((-100_i64).cast_unsigned());
/// An id that stays.
const SAME: Word = Number(u32::MAX as u64);

/// Returns the words of a call, by its name in the kernel.
fn words_of(syscall: &str, refused: bool) -> Option<&'static [Word]> {
    Some(match syscall {
        "getpid" => &[],
        "open" => &[Path, Flags, Number(0o640)],
        "openat" => &[HERE, Path, Flags, Number(0o640)],
        "creat" | "chmod" | "mkdir" => &[Path, Number(0o750)],
        "truncate" | "access" => &[Path, Number(0)],
        "unlink" | "rmdir" | "chdir" => &[Path],
        "unlinkat" => &[HERE, Path, Number(0)],
        "rename" | "link" => &[Path, Path],
        "chown" | "lchown" | "chown32" | "lchown32" if refused => &[Path, Number(0), Number(0)],
        "chown" | "lchown" | "chown32" | "lchown32" => &[Path, SAME, SAME],
        // There is no such function: the kernel returns the error as an `unsigned int`.
        "modify_ldt" => &[Number(99), Number(0), Number(0)],
        "execve" => &[Path, Number(0), Number(0)],
        "socket" => &[Number(1), Number(1), Number(0)],
        "bind" | "connect" => &[Socket, Address, Number(32)],
        "setuid" | "setuid32" | "setgid" | "setgid32" => &[Number(0)],
        "kill" => &[Number(1), Number(0)],
        "personality" => &[SAME],
        _ => return None,
    })
}

/// Returns the block that makes the call of a witness; `None` if the program cannot make it.
pub(super) fn block(event: &Event) -> Option<String> {
    let syscall = Called::of(event)?;
    let refused = is_refused(event.call.outcome);
    let words = words_of(syscall.name, refused)?;
    // A signal would end other processes.
    if syscall.name == "kill" && event.call.args[1].is_some_and(|signal| signal != 0) {
        return None;
    }
    let mut text = String::from("witness\n");
    let paths = paths(event, words);
    let files = Files { event, syscall: syscall.name, refused };
    for line in files.lines(&paths)? {
        let _ = writeln!(text, "{line}");
    }
    text.push_str(&task_line(event, refused));
    if let (Outcome::Returned { value: Some(value @ 0..), .. }, true) =
        (event.call.outcome, matches!(syscall.name, "open" | "openat" | "creat" | "socket"))
    {
        let _ = writeln!(text, "descriptor {value}");
    }
    let side = if event.call.arch == Some(Arch::I386) { "b32" } else { "b64" };
    let _ = write!(text, "call {side} {}", syscall.number);
    let mut paths = paths.iter();
    for (at, word) in words.iter().enumerate() {
        let _ = write!(text, " {}", spelled(*word, at, event, &mut paths)?);
    }
    // Words that the call does not use.
    for word in event.call.args.iter().skip(words.len()) {
        let _ = write!(text, " {}", word.unwrap_or(0));
    }
    text.push('\n');
    Some(text)
}

/// The syscall of an event.
struct Called {
    name: &'static str,
    number: u32,
}

impl Called {
    fn of(event: &Event) -> Option<Self> {
        let arch = event.call.arch?;
        let number = match event.call.syscall.as_ref().filter(|_| event.kind == Kind::Syscall)? {
            Syscall::Number(number) => *number,
            Syscall::Name(name) => kernel_syscall_number(arch, name.as_bytes())?,
        };
        Some(Called { name: kernel_syscall_name(arch, number)?, number })
    }
}

/// Returns whether the result is that of a call which may not do what it asks for.
fn is_refused(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Returned { value: Some(value), .. } => matches!(value, EPERM | EACCES),
        Outcome::Returned { success, .. } => success == Some(false),
        Outcome::Never => false,
    }
}

/// Returns a word as the program reads it; `None` if the witness has another one there.
fn spelled(
    word: Word,
    at: usize,
    event: &Event,
    paths: &mut std::slice::Iter<'_, Option<String>>,
) -> Option<String> {
    let given = event.call.args.get(at).copied().flatten();
    let family = match event.call.address {
        rauditctl::eval::Address::Family(family) => family,
        _ => 1,
    };
    let text = match word {
        Number(usual) => return Some(given.unwrap_or(usual).to_string()),
        Flags => return Some(open_flags(event, given).to_string()),
        Address if has_path(word, event) => format!("unix:{}", paths.next()?.as_ref()?),
        // No path: the kernel finds nothing at this address.
        Path => {
            paths.next()?.as_ref().map_or_else(|| "0".to_owned(), |path| format!("path:{path}"))
        }
        // An address without a family disconnects a socket.
        Socket if family == 0 => "socket:2".to_owned(),
        Socket => format!("socket:{family}"),
        Address => format!("address:{family}"),
    };
    given.is_none().then_some(text)
}

/// Returns whether the word leads to a file: a path, or the address of a socket that is one.
fn has_path(word: Word, event: &Event) -> bool {
    word == Path || word == Address && event.names.as_ref().is_some_and(|names| !names.is_empty())
}

fn open_flags(event: &Event, given: Option<u64>) -> u64 {
    const O_CREAT: u64 = 0o100;
    let flags = given.or(event.call.open_flags.map(u64::from)).unwrap_or(0);
    let is_made = |name: &Name| matches!(name.nametype, Some(Nametype::Create | Nametype::Parent));
    let makes = event.names.iter().flatten().any(is_made);
    if makes && given.is_none() { flags | O_CREAT } else { flags }
}

/// Returns the paths that the call passes; `None` in place of one for a call without names.
fn paths(event: &Event, words: &[Word]) -> Vec<Option<String>> {
    let count = words.iter().filter(|word| has_path(**word, event)).count();
    let Some(names) = event.names.as_deref() else {
        return ["/w/one", "/w/two"]
            .into_iter()
            .take(count)
            .map(|path| Some(path.into()))
            .collect();
    };
    if names.is_empty() {
        return vec![None; count];
    }
    let of = |is: fn(Option<Nametype>) -> bool| {
        let name = names.iter().find(|name| is(name.nametype));
        name.and_then(|name| String::from_utf8(name.path.clone()?).ok())
    };
    let parent = of(|kind| kind == Some(Nametype::Parent));
    let parent = parent.map(|path| format!("{}/entry", path.trim_end_matches('/')));
    let removed = of(|kind| kind == Some(Nametype::Delete));
    let made = of(|kind| kind == Some(Nametype::Create));
    let kept = of(|kind| matches!(kind, None | Some(Nametype::Normal | Nametype::Unknown)));
    let first = removed.or(kept);
    match count {
        1 => vec![Some(made.or(first).or(parent).unwrap_or_else(|| "/w/one".into()))],
        _ => vec![
            Some(first.unwrap_or_else(|| "/w/one".into())),
            Some(made.or(parent).unwrap_or_else(|| "/w/two".into())),
        ],
    }
}

/// The files that a call meets.
struct Files<'e> {
    event: &'e Event,
    syscall: &'static str,
    refused: bool,
}

impl Files<'_> {
    /// Returns a line for each file, directories first; `None` if the program makes no such file.
    fn lines(&self, paths: &[Option<String>]) -> Option<Vec<String>> {
        let mut lines = Vec::new();
        let names = self.event.names.as_deref().unwrap_or_default();
        let parents = names.iter().filter(|name| name.nametype == Some(Nametype::Parent));
        for name in parents.filter(|name| name.path.as_deref() != Some(b"/")) {
            lines.push(self.line(std::str::from_utf8(name.path.as_deref()?).ok()?, Some(name))?);
        }
        for path in paths.iter().flatten() {
            let (parent, _) = path.rsplit_once('/')?;
            let is_named = names.iter().any(|name| name.path.as_deref() == Some(parent.as_bytes()));
            // Of others, the caller may not make or remove an entry.
            if self.refused && parent.starts_with("/w") && !is_named {
                lines.push(format!("file {parent} 40755 0 0"));
            }
            if parent.is_empty() {
                lines.push(format!("file / {} 0 0", if self.refused { "40755" } else { "41777" }));
            }
        }
        for (at, path) in paths.iter().enumerate() {
            let Some(path) = path.as_ref().filter(|path| *path != "/") else { continue };
            let name = names.iter().find(|name| name.path.as_deref() == Some(path.as_bytes()));
            match self.is_absent(at, name) {
                true if DIRECTORIES.contains(&path.as_str()) => lines.push(format!("gone {path}")),
                true => {}
                false => lines.push(self.line(path, name)?),
            }
        }
        Some(lines)
    }

    fn is_absent(&self, at: usize, name: Option<&Name>) -> bool {
        let kind = name.and_then(|name| name.nametype);
        let missing =
            matches!(self.event.call.outcome, Outcome::Returned { value: Some(ENOENT), .. });
        let made =
            matches!(self.syscall, "mkdir") || matches!(self.syscall, "rename" | "link") && at == 1;
        missing && at == 0
            || name.is_some_and(|name| name.inode == NameInode::None)
            || matches!(kind, Some(Nametype::Create | Nametype::Unknown))
            || made && kind.is_none_or(|kind| kind == Nametype::Create)
    }

    fn line(&self, path: &str, name: Option<&Name>) -> Option<String> {
        let is_parent = name.is_some_and(|name| name.nametype == Some(Nametype::Parent));
        let usual = match self.syscall {
            "chdir" | "rmdir" => S_IFDIR,
            _ if is_parent || DIRECTORIES.contains(&path) => S_IFDIR,
            _ => S_IFREG,
        };
        let kind = name.and_then(|name| name.mode).map_or(usual, |mode| mode & S_IFMT);
        let permissions = match self.refused {
            true if is_parent => 0o755,
            true => 0o700,
            false => 0o777,
        };
        let id = |id: Option<u32>| id.unwrap_or(0);
        let (uid, gid) = name.map_or((0, 0), |name| (id(name.ouid), id(name.ogid)));
        matches!(kind, S_IFREG | S_IFDIR)
            .then(|| format!("file {path} {:o} {uid} {gid}", kind | permissions))
    }
}

fn task_line(event: &Event, refused: bool) -> String {
    let task = &event.task;
    let made = event.names.iter().flatten().find(|name| {
        name.nametype == Some(Nametype::Create) && !has_nametype(event, Nametype::Delete)
    });
    let login = match task.auid {
        Some(UNSET) => "-".to_owned(),
        auid => auid.unwrap_or(USER).to_string(),
    };
    // A task whose user matters has all of them.
    let usual = if refused { USER } else { 0 };
    let ids = [
        field::UID,
        field::EUID,
        field::SUID,
        field::FSUID,
        field::GID,
        field::EGID,
        field::SGID,
        field::FSGID,
    ];
    // A new file belongs to its maker.
    let usual = |id| match id {
        field::FSUID => made.and_then(|name| name.ouid).unwrap_or(usual),
        field::FSGID => made.and_then(|name| name.ogid).unwrap_or(usual),
        _ => usual,
    };
    let ids = ids.map(|id| task.ids.get(id).unwrap_or(usual(id)).to_string()).join(" ");
    let groups: Vec<String> = task.groups.iter().flatten().map(u32::to_string).collect();
    let groups = if groups.is_empty() { "-".to_owned() } else { groups.join(",") };
    format!("task {login} {ids} {} {groups}\n", task.pers.unwrap_or(0))
}

fn has_nametype(event: &Event, nametype: Nametype) -> bool {
    event.names.iter().flatten().any(|name| name.nametype == Some(nametype))
}
