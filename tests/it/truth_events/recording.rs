//! Reads the recording. Its README describes the attributes.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use rauditctl::catalog::{Arch, KernelVersion, field};
use rauditctl::eval::{
    Address, Call, Device, Event, Files, Ids, Inode, InodeId, Kind, Name, NameInode, Nametype,
    Outcome as Result, Syscall, Task,
};
use rauditctl::model::Profile;
use rauditctl::rule::Rule;
use rauditctl::wire;
use serde::Deserialize;

const O_TMPFILE: u32 = 0o20_200_000;

/// A recording: rule sets, and the events under each.
pub(super) struct Recording {
    sets: Sets,
    pub(super) lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Sets {
    sets: HashMap<String, Set>,
    /// By kernel: the files before the first event.
    layout: HashMap<String, Vec<Entry>>,
    /// By kernel and event: the names that the call collects.
    names_list: HashMap<String, HashMap<String, Vec<RecordedName>>>,
}

/// By kernel, `*` for all of them.
#[derive(Deserialize)]
struct Set {
    rules: HashMap<String, Vec<String>>,
    payloads: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Entry {
    p: String,
    #[serde(flatten)]
    stat: Stat,
}

/// What a path is (lstat).
#[derive(Clone, Deserialize, PartialEq)]
struct Stat {
    x: u8,
    ino: Option<u64>,
    dev: Option<[u32; 2]>,
    rdev: Option<[u32; 2]>,
    mode: Option<String>,
    uid: Option<u32>,
    gid: Option<u32>,
    ln: Option<String>,
    rp: Option<String>,
}

#[derive(Deserialize)]
struct RecordedName {
    nametype: String,
    path: Option<String>,
    ino: Option<u64>,
    dev: Option<[u32; 2]>,
    mode: Option<String>,
    ouid: Option<u32>,
    ogid: Option<u32>,
}

/// One event, and what the kernel recorded.
#[derive(Deserialize)]
pub(super) struct Line {
    pub(super) k: String,
    pub(super) s: String,
    pub(super) event: RecordedEvent,
    pub(super) outcome: Outcome,
}

#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    pub(super) record: bool,
    pub(super) keys: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RecordedEvent {
    pub(super) event: String,
    arch: String,
    nr: u32,
    a: [String; 4],
    exit: Option<i64>,
    ppid: u32,
    open_flags: Option<u32>,
    saddr_fam: Option<u32>,
    cwd: String,
    #[serde(default)]
    paths: Vec<PathOf>,
    #[serde(default)]
    at_entry: Identity,
    #[serde(flatten)]
    identity: Identity,
}

#[derive(Default, Deserialize)]
struct Identity {
    pid: Option<u32>,
    uid: Option<u32>,
    euid: Option<u32>,
    suid: Option<u32>,
    fsuid: Option<u32>,
    gid: Option<u32>,
    egid: Option<u32>,
    sgid: Option<u32>,
    fsgid: Option<u32>,
    groups: Option<Vec<u32>>,
    auid: Option<i64>,
    ses: Option<i64>,
    pers: Option<u32>,
    exe: Option<String>,
}

#[derive(Deserialize)]
struct PathOf {
    path: String,
    before: Stat,
    after: After,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum After {
    Same(String),
    Other(Stat),
}

impl PathOf {
    fn after(&self) -> &Stat {
        match &self.after {
            After::Same(word) => {
                assert_eq!(word, "same");
                &self.before
            }
            After::Other(stat) => stat,
        }
    }
}

/// The paths that got or lost their file since the rules of a set were loaded. How often is not known, since the
/// files were put back between two events.
#[derive(Default)]
pub(super) struct History(HashSet<String>);

impl History {
    pub(super) fn advance(&mut self, line: &Line) {
        let id = |stat: &Stat| (stat.x, stat.ino);
        let changed = line.event.paths.iter().filter(|path| id(&path.before) != id(path.after()));
        self.0.extend(changed.map(|path| path.path.clone()));
    }
}

pub(super) fn version(kernel: &str) -> KernelVersion {
    KernelVersion::parse(kernel.as_bytes()).unwrap()
}

pub(super) fn profile(kernel: &str) -> Profile {
    let nr_syscalls = Arch::X86_64.nr_syscalls_at(version(kernel)).unwrap();
    Profile::new(Arch::X86_64, nr_syscalls).without_value_checks()
}

impl Recording {
    pub(super) fn read(folder: &Path) -> Self {
        let sets = serde_json::from_slice(&fs::read(folder.join("sets.json")).unwrap()).unwrap();
        let file = GzDecoder::new(File::open(folder.join("events.jsonl.gz")).unwrap());
        let lines = BufReader::new(file).lines();
        Recording {
            sets,
            lines: lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect(),
        }
    }

    pub(super) fn texts(&self, kernel: &str, set: &str) -> &[String] {
        of(&self.sets.sets[set].rules, kernel)
    }

    /// Returns the rules of a set, from their bytes.
    pub(super) fn rules(&self, kernel: &str, set: &str) -> Vec<Rule> {
        let payloads = of(&self.sets.sets[set].payloads, kernel);
        payloads.iter().map(|payload| wire::decode(&bytes(payload)).unwrap()).collect()
    }

    pub(super) fn files(&self, kernel: &str) -> Files {
        let mut files = Files::default();
        for entry in &self.sets.layout[kernel] {
            files.insert(entry.p.clone().into_bytes(), entry.stat.file(Some(0)));
            // The program of the recording has a second name, and the layout has only that one.
            if entry.p == "/opt/app/evhard" {
                files.insert(b"/extra/ev".to_vec(), entry.stat.file(Some(0)));
            }
        }
        files
    }

    /// Returns the event of a line, as it is after the earlier lines of its set.
    pub(super) fn event(&self, line: &Line, history: &History) -> Event {
        let recorded = &line.event;
        let mut files = Files::default();
        for path in &recorded.paths {
            let changes = if history.0.contains(&path.path) { None } else { Some(0) };
            files.insert(path.path.clone().into_bytes(), path.before.file(changes));
        }
        Event {
            kind: Kind::Syscall,
            call: recorded.call(),
            task: Task { ppid: Some(recorded.ppid), ..recorded.identity.task() },
            at_entry: Task { pid: Some(recorded.ppid), ..recorded.at_entry.task() },
            names: self.names(line),
            cwd: Some(recorded.cwd.clone().into_bytes()),
            files,
        }
    }

    fn names(&self, line: &Line) -> Option<Vec<Name>> {
        let name = &line.event.event;
        if name.starts_with("ur_") {
            return None;
        }
        let lists = [&self.sets.names_list[&line.k], &self.sets.names_list["6.1"]];
        let names = lists.into_iter().find_map(|list| list.get(name));
        let mut names: Vec<Name> =
            names.into_iter().flatten().map(|name| name.as_of(&line.event)).collect();
        if line.event.open_flags.is_some_and(|flags| flags & O_TMPFILE == O_TMPFILE) {
            // The file has no name. It is in the directory that was opened.
            for name in names.iter_mut().filter(|name| name.path.is_none()) {
                let directory = line.event.paths.first().unwrap();
                name.path = Some(format!("{}/#tmp", directory.path).into());
                name.dev = directory.before.dev.map(device);
            }
        }
        Some(names)
    }
}

/// Returns the value for a kernel.
fn of<'m, T>(by_kernel: &'m HashMap<String, Vec<T>>, kernel: &str) -> &'m [T] {
    by_kernel.get(kernel).unwrap_or_else(|| &by_kernel["*"])
}

/// Decodes hex in which `[00*12]` stands for twelve bytes of zero.
fn bytes(payload: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = payload;
    while !rest.is_empty() {
        if let Some(run) = rest.strip_prefix('[') {
            let (run, after) = run.split_once(']').unwrap();
            let (byte, count) = run.split_once('*').unwrap();
            let byte = u8::from_str_radix(byte, 16).unwrap();
            bytes.extend(std::iter::repeat_n(byte, count.parse().unwrap()));
            rest = after;
        } else {
            let (byte, after) = rest.split_at(2);
            bytes.push(u8::from_str_radix(byte, 16).unwrap());
            rest = after;
        }
    }
    bytes
}

impl Stat {
    fn file(&self, changes: Option<u32>) -> rauditctl::eval::File {
        let inode = || Inode {
            id: self.ino.zip(self.dev).map(|(number, dev)| InodeId { dev: device(dev), number }),
            rdev: Some(self.rdev.map_or(Device { major: 0, minor: 0 }, device)),
            mode: self.mode.as_deref().map(octal),
            uid: self.uid,
            gid: self.gid,
            link: self.ln.clone().map(String::into_bytes),
        };
        rauditctl::eval::File { inode: (self.x != 0).then(inode), changes }
    }
}

fn device([major, minor]: [u32; 2]) -> Device {
    Device { major, minor }
}

fn octal(text: &str) -> u32 {
    u32::from_str_radix(text, 8).unwrap()
}

impl RecordedName {
    /// Returns the name in an event: its file is the one of that event.
    fn as_of(&self, event: &RecordedEvent) -> Name {
        let nametype = Nametype::ALL.into_iter().find(|kind| kind.name() == self.nametype);
        let path = event.paths.iter().find(|path| Some(&path.path) == self.path.as_ref());
        let stat = path.map(|path| match nametype {
            Some(Nametype::Create) => path.after(),
            _ => &path.before,
        });
        let stat = stat.filter(|stat| stat.x != 0);
        let mut name = Name {
            path: self.path.clone().map(String::into_bytes),
            inode: self.ino.map_or(NameInode::None, NameInode::Number),
            dev: self.dev.map(device),
            rdev: None,
            mode: self.mode.as_deref().map(octal),
            ouid: self.ouid,
            ogid: self.ogid,
            nametype,
            ..Name::default()
        };
        if let (Some(stat), Some(_)) = (stat, self.ino) {
            name.inode = stat.ino.map_or(name.inode, NameInode::Number);
            name.dev = stat.dev.map(device);
            name.rdev = Some(stat.rdev.map_or(Device { major: 0, minor: 0 }, device));
            name.mode = stat.mode.as_deref().map(octal);
            name.ouid = stat.uid;
            name.ogid = stat.gid;
        }
        name
    }
}

impl RecordedEvent {
    fn call(&self) -> Call {
        let arg = |text: &String| u64::from_str_radix(text, 16).unwrap();
        let [a0, a1, a2, a3] = &self.a;
        Call {
            arch: Some(if self.arch == "b32" { Arch::I386 } else { Arch::X86_64 }),
            syscall: Some(Syscall::Number(self.nr)),
            args: [a0, a1, a2, a3].map(|text| Some(arg(text))),
            open_flags: self.open_flags,
            outcome: self.exit.map_or(Result::Never, |value| Result::Returned {
                value: Some(value),
                success: None,
            }),
            address: self.saddr_fam.map_or(Address::None, Address::Family),
        }
    }
}

impl Identity {
    fn task(&self) -> Task {
        let mut ids = Ids::default();
        let given = [
            (field::UID, self.uid),
            (field::EUID, self.euid),
            (field::SUID, self.suid),
            (field::FSUID, self.fsuid),
            (field::GID, self.gid),
            (field::EGID, self.egid),
            (field::SGID, self.sgid),
            (field::FSGID, self.fsgid),
        ];
        for (number, id) in given {
            if let Some(id) = id {
                assert!(ids.set(number, id));
            }
        }
        let unset = |id: i64| u32::try_from(id).unwrap_or(rauditctl::eval::UNSET);
        Task {
            pid: self.pid,
            tid: self.pid,
            ppid: None,
            ids,
            groups: self.groups.clone(),
            auid: self.auid.map(unset),
            sessionid: self.ses.map(unset),
            pers: self.pers,
            exe: self.exe.clone().map(String::into_bytes),
            subj: None,
        }
    }
}
