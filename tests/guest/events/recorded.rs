//! Reads what the program in the guest writes (`in_guest/src/events`): files, calls, and their records.

use std::collections::HashMap;

use rauditctl::catalog::{Arch, field};
use rauditctl::eval::{
    Address, Call, Device, Event, File, Files, Ids, Inode, InodeId, Kind, Name, NameInode,
    Nametype, Outcome, Syscall, Task, UNSET,
};
use rauditctl::rule::Rule;

use super::replace;

pub(super) const PROGRAM: &[u8] = b"/sbin/in_guest";

/// The file of descriptor 0, whose name the records leave out.
const STDIN: &[u8] = b"/dev/null";

const SYSCALL: u16 = 1300;
const PATH: u16 = 1302;
const SOCKADDR: u16 = 1306;
const CWD: u16 = 1307;
const URINGOP: u16 = 1336;
const OPENAT2: u16 = 1337;

/// A call under a rule set.
#[derive(Clone, Debug)]
pub(super) struct Observed {
    pub(super) call: String,
    pub(super) task: String,
    pid: u32,
    ppid: u32,
    /// The keys of its record; `None` if it has none.
    pub(super) keys: Option<Vec<Vec<u8>>>,
}

/// A call as its records describe it.
#[derive(Debug, Default)]
struct Description {
    before: Vec<(Vec<u8>, File)>,
    records: Vec<(u16, String)>,
}

/// The output of the program.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    files: Vec<(Vec<u8>, File)>,
    /// The magic number of the file system on a device.
    systems: HashMap<Device, u32>,
    groups: HashMap<String, Vec<u32>>,
    descriptions: HashMap<(String, String), Description>,
    /// The calls under each set.
    pub(super) sets: Vec<Vec<Observed>>,
}

impl Recorded {
    pub(super) fn read(text: &str) -> Self {
        let mut read = Recorded::default();
        for line in text.lines() {
            let (word, rest) = line.split_once(' ').expect("a word");
            read.line(word, rest);
        }
        read
    }

    fn line(&mut self, word: &str, rest: &str) {
        let words: Vec<&str> = rest.split(' ').collect();
        match word {
            "fs" => {
                let [major, minor, magic] = words[..] else { panic!("{rest}") };
                self.systems.insert(device(major, minor), magic.parse().expect("a number"));
            }
            "task" => {
                let groups = words[1].split(',').filter_map(|group| group.parse().ok()).collect();
                self.groups.insert(words[0].to_owned(), groups);
            }
            "file" => self.files.push(file(&words, Some(0))),
            "set" => self.sets.push(Vec::new()),
            "event" => {
                let [call, task, pid, ppid] = words[..] else { panic!("{rest}") };
                let number = |text: &str| text.parse().expect("a number");
                let (call, task) = (call.to_owned(), task.to_owned());
                let set = self.sets.last_mut().expect("a set");
                set.push(Observed { call, task, pid: number(pid), ppid: number(ppid), keys: None });
            }
            "before" => {
                let before = file(&words, None);
                self.description().before.push(before);
            }
            "record" => {
                let (kind, record) = rest.split_once(' ').expect("a record");
                let record = (kind.parse().expect("a type"), record.to_owned());
                if matches!(record.0, SYSCALL | URINGOP) && self.last().keys.is_none() {
                    self.last().keys = Some(keys(value(&record.1, "key").expect("a key")));
                }
                self.description().records.push(record);
            }
            "key" => self.last().keys = Some(keys(rest)),
            _ => panic!("{word}"),
        }
    }

    fn last(&mut self) -> &mut Observed {
        self.sets.last_mut().and_then(|set| set.last_mut()).expect("an event")
    }

    fn description(&mut self) -> &mut Description {
        let last = self.last();
        let of = (last.call.clone(), last.task.clone());
        self.descriptions.entry(of).or_default()
    }

    /// Returns the files between two calls. How often those of `volatile` came and went is unknown.
    pub(super) fn files(&self, volatile: &[&str]) -> Files {
        let mut files = Files::default();
        for path in volatile {
            files.insert((*path).into(), File { inode: None, changes: None });
        }
        for (path, file) in &self.files {
            files.insert(path.clone(), file.clone());
        }
        files
    }

    /// Returns a rule with the inodes of files in place of their numbers in a list.
    pub(super) fn with_inodes(&self, rule: &Rule, files: &[&str]) -> Rule {
        replace(rule, field::INODE, |at| {
            let path = files[at as usize].as_bytes();
            let (_, file) = self.files.iter().find(|(other, _)| other == path).expect("a file");
            let id = file.inode.as_ref().and_then(|inode| inode.id).expect("an inode");
            Some(u32::try_from(id.number).expect("a number of 32 bits"))
        })
    }

    /// Returns the event of a call.
    pub(super) fn event(&self, observed: &Observed) -> Event {
        let before = &self.descriptions[&("getpid".to_owned(), observed.task.clone())];
        let before = before.text(SYSCALL).expect("a record of getpid");
        let at_entry = Task { pid: Some(observed.ppid), exe: Some(PROGRAM.into()), ..task(before) };
        Event { at_entry, ..self.after(observed, None) }
    }

    /// Returns the fields `pid`, `arch` and `syscall` of the main record of a call, which are its name in a log.
    pub(super) fn call_of(&self, observed: &Observed) -> (u32, String, String) {
        let description = &self.descriptions[&(observed.call.clone(), observed.task.clone())];
        let record = description.text(SYSCALL).expect("a record of the call");
        let of = |name| value(record, name).expect("a field of the record").to_owned();
        (observed.pid, of("arch"), of("syscall"))
    }

    /// Returns the event of a call that comes after others, whose events tell what changed.
    pub(super) fn step(&self, observed: &Observed) -> Event {
        self.after(observed, Some(0))
    }

    /// Returns the event of an operation of io_uring that ran in a thread. Its record leaves out what the record of the
    /// call has.
    pub(super) fn operation(&self, observed: &Observed, call: &str) -> Event {
        let description = &self.descriptions[&(observed.call.clone(), observed.task.clone())];
        let record = description.text(URINGOP).expect("a record of the operation");
        let of_call = Observed { call: call.to_owned(), ..observed.clone() };
        let event = self.after(&of_call, None);
        let exit = value(record, "exit").and_then(|exit| exit.parse().ok());
        Event {
            call: Call {
                outcome: Outcome::Returned { value: exit, success: None },
                address: description.address(),
                ..Call::default()
            },
            names: Some(self.names(description)),
            ..event
        }
    }

    /// Returns the path of the file that a name without a path has.
    pub(super) fn path_of(&self, name: &Name) -> Option<Vec<u8>> {
        let NameInode::Number(number) = name.inode else { return None };
        let id = InodeId { dev: name.dev?, number };
        let is_it = |file: &File| file.inode.as_ref().and_then(|inode| inode.id) == Some(id);
        self.files.iter().find(|(_, file)| is_it(file)).map(|(path, _)| path.clone())
    }

    /// Returns the event of a call before which the files changed so often.
    fn after(&self, observed: &Observed, changes: Option<u32>) -> Event {
        let description = &self.descriptions[&(observed.call.clone(), observed.task.clone())];
        let syscall = description.text(SYSCALL).expect("a record of the call");
        let mut files = Files::default();
        for (path, file) in &description.before {
            files.insert(path.clone(), File { changes, ..file.clone() });
        }
        Event {
            kind: Kind::Syscall,
            call: description.call(syscall),
            task: Task {
                pid: Some(observed.pid),
                tid: Some(observed.pid),
                ppid: Some(observed.ppid),
                groups: Some(self.groups[&observed.task].clone()),
                ..task(syscall)
            },
            names: Some(self.names_of_call(description)),
            cwd: description.text(CWD).and_then(|record| text(value(record, "cwd")?)),
            files,
            ..Event::default()
        }
    }

    /// Returns the event of a witness: its process was made by one with the same users.
    pub(super) fn witnessed(&self, observed: &Observed) -> Event {
        let description = &self.descriptions[&(observed.call.clone(), observed.task.clone())];
        let syscall = description.text(SYSCALL).expect("a record of the call");
        Event {
            call: description.call(syscall),
            task: Task { ppid: Some(observed.ppid), ..task(syscall) },
            names: Some(self.names_of_call(description)),
            ..Event::default()
        }
    }

    /// Returns the names of a call. A file that is there and has no path is that of the descriptor. What is made
    /// through a link to nothing has no path either, and that path is unknown.
    fn names_of_call(&self, description: &Description) -> Vec<Name> {
        let mut names = self.names(description);
        for name in names.iter_mut().filter(|name| name.nametype == Some(Nametype::Normal)) {
            name.path.get_or_insert_with(|| STDIN.into());
        }
        names
    }

    /// Returns the names of an event, in the order of their records.
    fn names(&self, description: &Description) -> Vec<Name> {
        let records = description.records.iter().filter(|(kind, _)| *kind == PATH);
        records.map(|(_, record)| self.name(record)).collect()
    }

    fn name(&self, record: &str) -> Name {
        let of = |name| value(record, name);
        let dev = of("dev").map(hex_device);
        let number = |name| of(name)?.parse().ok();
        Name {
            path: of("name").and_then(text),
            inode: match of("inode") {
                Some(inode) => NameInode::Number(inode.parse().expect("a number")),
                None => NameInode::None,
            },
            dev,
            rdev: of("rdev").map(hex_device),
            mode: of("mode").map(|mode| u32::from_str_radix(mode, 8).expect("octal digits")),
            ouid: number("ouid"),
            ogid: number("ogid"),
            fstype: dev.and_then(|dev| self.systems.get(&dev)).copied(),
            nametype: Nametype::ALL.into_iter().find(|kind| Some(kind.name()) == of("nametype")),
            ..Name::default()
        }
    }
}

impl Description {
    fn text(&self, kind: u16) -> Option<&str> {
        self.records.iter().find(|record| record.0 == kind).map(|(_, text)| text.as_str())
    }

    fn call(&self, syscall: &str) -> Call {
        let of = |name| value(syscall, name).expect("a field of the record");
        let arg = |name| u64::from_str_radix(of(name), 16).ok();
        let openat2 = self.text(OPENAT2).map(|record| value(record, "oflag").expect("flags"));
        Call {
            arch: Some(if of("arch") == "40000003" { Arch::I386 } else { Arch::X86_64 }),
            syscall: Some(Syscall::Number(of("syscall").parse().expect("a number"))),
            args: ["a0", "a1", "a2", "a3"].map(arg),
            open_flags: openat2.map(|flags| u32::from_str_radix(flags, 8).expect("octal digits")),
            outcome: match value(syscall, "exit") {
                Some(exit) => Outcome::Returned { value: exit.parse().ok(), success: None },
                None => Outcome::Never,
            },
            address: self.address(),
        }
    }

    fn address(&self) -> Address {
        let record = self.text(SOCKADDR).map(|record| value(record, "saddr").expect("an address"));
        record.map_or(Address::None, |bytes| {
            // The family is in the order of the machine.
            Address::Family(u32::from_str_radix(&bytes[..2], 16).expect("a byte"))
        })
    }
}

/// Returns the task of a record.
fn task(syscall: &str) -> Task {
    const IDS: [(u32, &str); 8] = [
        (field::UID, "uid"),
        (field::EUID, "euid"),
        (field::SUID, "suid"),
        (field::FSUID, "fsuid"),
        (field::GID, "gid"),
        (field::EGID, "egid"),
        (field::SGID, "sgid"),
        (field::FSGID, "fsgid"),
    ];
    let number = |name| value(syscall, name).and_then(|value| value.parse::<u32>().ok());
    let mut ids = Ids::default();
    for (field, name) in IDS {
        assert!(ids.set(field, number(name).expect("an id")));
    }
    Task {
        ids,
        auid: number("auid"),
        sessionid: number("ses"),
        // The record has it only if it is not zero.
        pers: Some(
            value(syscall, "per").map_or(0, |value| u32::from_str_radix(value, 16).expect("hex")),
        ),
        exe: value(syscall, "exe").and_then(text),
        ..Task::default()
    }
}

/// Returns the value of a field of a record.
pub(super) fn value<'r>(record: &'r str, name: &str) -> Option<&'r str> {
    let fields = record.split(' ').filter_map(|field| field.split_once('='));
    fields.into_iter().find(|(field, _)| *field == name).map(|(_, value)| value)
}

/// Returns the number that a text has.
pub(super) fn number_of(text: &str) -> u32 {
    text.parse().expect("a number")
}

/// Returns a text: in quotes, or as hexadecimal digits.
fn text(value: &str) -> Option<Vec<u8>> {
    if let Some(quoted) = value.strip_prefix('"') {
        return Some(quoted.trim_end_matches('"').into());
    }
    let byte = |at| u8::from_str_radix(value.get(at..at + 2)?, 16).ok();
    (0..value.len()).step_by(2).map(byte).collect()
}

/// Returns the keys of a record.
fn keys(value: &str) -> Vec<Vec<u8>> {
    if value == "(null)" {
        return Vec::new();
    }
    let keys = text(value).expect("keys");
    keys.split(|byte| *byte == 1).map(<[u8]>::to_vec).collect()
}

fn device(major: &str, minor: &str) -> Device {
    let number = |text: &str| text.parse().expect("a number");
    Device { major: number(major), minor: number(minor) }
}

fn hex_device(text: &str) -> Device {
    let (major, minor) = text.split_once(':').expect("two numbers");
    let number = |text: &str| u32::from_str_radix(text, 16).expect("a hexadecimal number");
    Device { major: number(major), minor: number(minor) }
}

/// Reads the words of a line about a file.
fn file(words: &[&str], changes: Option<u32>) -> (Vec<u8>, File) {
    let path = words[0].as_bytes().to_vec();
    let [_, inode, major, minor, mode, uid, gid, rmajor, rminor, link] = words[..] else {
        return (path, File { inode: None, changes });
    };
    let number = |text: &str| text.parse().expect("a number");
    let inode = Inode {
        id: Some(InodeId { dev: device(major, minor), number: inode.parse().expect("a number") }),
        rdev: Some(device(rmajor, rminor)),
        mode: Some(u32::from_str_radix(mode, 8).expect("octal digits")),
        uid: Some(number(uid)),
        gid: Some(number(gid)),
        link: Some(link.into()).filter(|link: &Vec<u8>| !link.is_empty()),
    };
    (path, File { inode: Some(inode), changes })
}

#[test]
fn reads_records() {
    let syscall = "arch=c000003e syscall=2 success=no exit=-13 a0=7f a1=2 a2=1a0 a3=0 items=1 \
                   ppid=70 pid=71 auid=4294967295 uid=33 gid=33 euid=33 suid=33 fsuid=33 egid=33 \
                   sgid=8 fsgid=33 tty=(none) ses=4294967295 exe=\"/sbin/in_guest\" key=6101622063";
    let task = task(syscall);
    assert_eq!((task.auid, task.pers), (Some(UNSET), Some(0)));
    assert_eq!(task.ids.get(field::SGID), Some(8));
    assert_eq!(task.exe.as_deref(), Some(PROGRAM));
    let keys = keys(value(syscall, "key").unwrap());
    assert_eq!(keys, [b"a".to_vec(), b"b c".to_vec()]);
}
