//! An event of a log as the filters of the kernel see it.

use super::directory::may_be_of_descriptor;
use super::fields::{Fields, Value};
use super::group::Group;
use crate::catalog::{Arch, KernelVersion, field, record};
use crate::eval::{Address, Device, Event, Kind, Name, NameInode, Nametype, Outcome, Syscall};

/// The byte between the keys of a record (`AUDIT_KEY_SEPARATOR`).
const KEY_SEPARATOR: u8 = 1;

/// An event, and what its records show of the decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// The event. What no record shows is unknown.
    pub event: Event,
    /// The keys of the record.
    pub keys: Vec<Vec<u8>>,
    /// The type that the event is known by: that of the first record that is not about a call, or SYSCALL.
    pub kind: Option<u32>,
    /// Whether a record has the call that the rules judged.
    pub is_call: bool,
    /// Whether records are missing: those of a call without its SYSCALL record, or of names.
    pub is_incomplete: bool,
}

/// Returns the event that records describe.
pub fn described(group: &Group) -> Described {
    let call = group.record(record::SYSCALL).or_else(|| group.record(record::URINGOP));
    let mut described = Described { kind: kind(group), ..Described::default() };
    let Some(call) = call else {
        let first = group.records().next();
        described.is_incomplete = described.kind.is_some_and(is_about_call);
        described.event =
            other(described.kind, first.map(|(_, fields)| fields).unwrap_or_default());
        return described;
    };
    described.is_call = true;
    let mut read = Read::default();
    for (name, value) in Fields::of(call) {
        read.take(name, value);
    }
    let Read { mut event, keys, items } = read;
    let mut names: Vec<Name> = group
        .records()
        .filter(|(kind, _)| *kind == Some(record::PATH))
        .map(|(_, fields)| name_of(fields))
        .collect();
    event.cwd = text_of(group, record::CWD, b"cwd");
    if may_be_of_descriptor(group) {
        leave_directory(&mut event, &mut names);
    }
    // PATH records can be dropped by the list exclude, or lost.
    described.is_incomplete = group.is_cut() || items != Some(names.len());
    event.names = (!described.is_incomplete).then_some(names);
    event.call.address = address(group);
    event.call.open_flags = group
        .record(record::OPENAT2)
        .and_then(|fields| Fields::of(fields).get(b"oflag")?.based(8)?.try_into().ok());
    described.event = event;
    described.keys = keys;
    described
}

/// Leaves out the directory of the process: relative names begin in another one. For the parent of a name without
/// directories, the kernel writes that of the process (`audit_log_name`, kernel/auditsc.c).
fn leave_directory(event: &mut Event, names: &mut [Name]) {
    let is_relative = |path: &Vec<u8>| !path.starts_with(b"/");
    if !names.iter().any(|name| name.path.as_ref().is_some_and(is_relative)) {
        return;
    }
    let cwd = event.cwd.take();
    let is_parent = |name: &&mut Name| name.nametype == Some(Nametype::Parent);
    let may_be_cwd = |name: &&mut Name| cwd.is_none() || name.path == cwd;
    for parent in names.iter_mut().filter(is_parent).filter(may_be_cwd) {
        parent.path = None;
    }
}

/// Returns the type that an event is known by.
fn kind(group: &Group) -> Option<u32> {
    let kinds = || group.records().filter_map(|(kind, _)| kind);
    kinds().find(|kind| !is_about_call(*kind)).or_else(|| kinds().next())
}

/// Returns whether the kernel writes records of this type only together with another one, which is mostly that of a call
/// (`show_special` and `audit_log_exit`, kernel/auditsc.c).
pub fn is_about_call(kind: u32) -> bool {
    matches!(
        kind,
        record::SYSCALL
            | record::PATH
            | record::IPC
            | record::SOCKETCALL
            | record::CWD
            | record::EXECVE
            | record::IPC_SET_PERM
            | record::MQ_OPEN
            | record::MQ_SENDRECV
            | record::MQ_NOTIFY
            | record::MQ_GETSETATTR
            | record::FD_PAIR
            | record::OBJ_PID
            | record::BPRM_FCAPS
            | record::CAPSET
            | record::MMAP
            | record::EOE
            | record::PROCTITLE
            | record::SOCKADDR
            | record::OPENAT2
            | record::URINGOP
            | record::KERN_MODULE
            // The contexts of several security modules.
            | record::MAC_TASK_CONTEXTS
            | record::MAC_OBJ_CONTEXTS
    )
}

/// The first version that writes records of a changed time only for a call that a rule records (commit 272ceeaea355).
/// Earlier ones write them for each such call.
const TIME_BY_RULES: KernelVersion = KernelVersion::new(5, 18);

/// Returns whether a kernel of this version writes records of this type only with that of a call which a rule records.
pub fn is_by_rules(kind: u32, version: KernelVersion) -> bool {
    let is_of_time = matches!(kind, record::TIME_ADJNTPVAL | record::TIME_INJOFFSET);
    is_about_call(kind) || is_of_time && version >= TIME_BY_RULES
}

/// Returns the event of a record that is not about a call.
fn other(kind: Option<u32>, fields: &[u8]) -> Event {
    let mut read = Read::default();
    Fields::of(fields).for_each(|(name, value)| read.take(name, value));
    let kind = match kind {
        Some(1100..=1199 | 2100..=2999) => Kind::User(kind),
        _ => Kind::Record(kind),
    };
    Event { kind, task: read.event.task, ..Event::default() }
}

/// The fields of a SYSCALL or URINGOP record.
#[derive(Default)]
struct Read {
    event: Event,
    keys: Vec<Vec<u8>>,
    /// The number of PATH records.
    items: Option<usize>,
}

impl Read {
    fn take(&mut self, name: &[u8], value: Value<'_>) {
        let Event { kind, call, task, .. } = &mut self.event;
        match name {
            b"arch" => {
                call.arch = value.based(16).and_then(|elf| Arch::from_elf(elf.try_into().ok()?))
            }
            b"syscall" => {
                call.syscall = value.number().map(Syscall::Number);
                // The record has it only if it is not zero.
                task.pers.get_or_insert(0);
            }
            b"uring_op" => *kind = Kind::IoUring(value.number()),
            b"per" => task.pers = value.based(16).and_then(|number| number.try_into().ok()),
            b"success" => call.outcome = with_success(call.outcome, value),
            b"exit" => {
                if let Outcome::Returned { value: exit, .. } = &mut call.outcome {
                    *exit = value.number();
                }
            }
            b"a0" => call.args[0] = value.based(16),
            b"a1" => call.args[1] = value.based(16),
            b"a2" => call.args[2] = value.based(16),
            b"a3" => call.args[3] = value.based(16),
            b"items" => self.items = value.number(),
            b"ppid" => task.ppid = value.number(),
            b"pid" => task.pid = value.number(),
            b"auid" => task.auid = value.number(),
            b"ses" => task.sessionid = value.number(),
            // Rules find the file of a program by its inode, and a file that was deleted may be another one by now
            // (`audit_exe_compare`, kernel/audit_watch.c).
            b"exe" => {
                let exe = value.text().filter(|exe| !exe.ends_with(b" (deleted)"));
                task.exe = exe.map(Into::into);
            }
            b"subj" => task.subj = Some(value.raw().to_vec()),
            // The last field; nothing that a user chooses comes after it.
            b"key" => self.keys = keys(value),
            _ => {
                if let (Some(field), Some(id)) = (id_field(name), value.number()) {
                    task.ids.set(field, id);
                }
            }
        }
    }
}

fn with_success(outcome: Outcome, value: Value<'_>) -> Outcome {
    let success = match value.raw() {
        b"yes" => Some(true),
        b"no" => Some(false),
        // `?`: the call never returns, as exit.
        _ => return Outcome::Never,
    };
    match outcome {
        Outcome::Returned { value, .. } => Outcome::Returned { value, success },
        Outcome::Never => Outcome::Never,
    }
}

fn id_field(name: &[u8]) -> Option<u32> {
    Some(match name {
        b"uid" => field::UID,
        b"euid" => field::EUID,
        b"suid" => field::SUID,
        b"fsuid" => field::FSUID,
        b"gid" => field::GID,
        b"egid" => field::EGID,
        b"sgid" => field::SGID,
        b"fsgid" => field::FSGID,
        _ => return None,
    })
}

fn keys(value: Value<'_>) -> Vec<Vec<u8>> {
    let text = value.text().unwrap_or_default();
    let keys = text.split(|byte| *byte == KEY_SEPARATOR).filter(|key| !key.is_empty());
    keys.map(<[u8]>::to_vec).collect()
}

/// Returns a name of a call.
fn name_of(fields: &[u8]) -> Name {
    let mut name = Name { inode: NameInode::None, ..Name::default() };
    for (field, value) in Fields::of(fields) {
        match field {
            b"name" => name.path = value.text().map(Into::into),
            b"inode" => name.inode = value.number().map_or(NameInode::None, NameInode::Number),
            b"dev" => name.dev = device(value),
            b"rdev" => name.rdev = device(value),
            b"mode" => name.mode = value.based(8).and_then(|mode| mode.try_into().ok()),
            b"ouid" => name.ouid = value.number(),
            b"ogid" => name.ogid = value.number(),
            b"obj" => name.obj = Some(value.raw().to_vec()),
            b"nametype" => {
                let kinds = Nametype::ALL.into_iter();
                name.nametype =
                    kinds.into_iter().find(|kind| kind.name().as_bytes() == value.raw());
            }
            _ => {}
        }
    }
    name
}

/// Returns the device of `MAJOR:MINOR` in hexadecimal digits.
fn device(value: Value<'_>) -> Option<Device> {
    let (major, minor) = std::str::from_utf8(value.raw()).ok()?.split_once(':')?;
    let number = |digits| u32::from_str_radix(digits, 16).ok();
    Some(Device { major: number(major)?, minor: number(minor)? })
}

/// Returns the text of a field of a record.
fn text_of(group: &Group, kind: u32, name: &[u8]) -> Option<Vec<u8>> {
    Fields::of(group.record(kind)?).get(name)?.text().map(Into::into)
}

/// Returns the address that a call copied. The family is in the order of the machine; big-endian machines write it the
/// other way round.
fn address(group: &Group) -> Address {
    let Some(fields) = group.record(record::SOCKADDR) else { return Address::None };
    let bytes = Fields::of(fields).get(b"saddr").and_then(Value::text);
    match bytes.as_deref() {
        Some([low, high, ..]) => Address::Family(u32::from(*low) | u32::from(*high) << 8),
        _ => Address::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Assembly, Record};

    fn of(log: &str) -> Described {
        let mut found = None;
        let mut assembly = Assembly::default();
        for line in log.lines() {
            let record = Record::parse(line.as_bytes()).unwrap();
            assembly.add(&record, 0, |group| found = Some(described(group)));
        }
        assembly.finish(|group| found = Some(described(group)));
        found.unwrap()
    }

    /// An example of the documentation of Red Hat: `cat /etc/ssh/sshd_config` of a user.
    #[test]
    fn reads_a_call() {
        let found = of(concat!(
            "type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no exit=-13 ",
            "a0=7fffd19c5592 a1=0 a2=7fffd19c4b50 a3=a items=1 ppid=2686 pid=3538 auid=1000 uid=1000 gid=1000 ",
            "euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=1 comm=\"cat\" ",
            "exe=\"/bin/cat\" subj=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023 key=\"sshd_config\"\n",
            "type=CWD msg=audit(1364481363.243:24287):  cwd=\"/home/shadowman\"\n",
            "type=PATH msg=audit(1364481363.243:24287): item=0 name=\"/etc/ssh/sshd_config\" inode=409248 dev=fd:00 ",
            "mode=0100600 ouid=0 ogid=0 rdev=00:00 obj=system_u:object_r:etc_t:s0  nametype=NORMAL\n",
            "type=PROCTITLE msg=audit(1364481363.243:24287): proctitle=636174",
        ));
        assert_eq!(found.keys, [b"sshd_config".to_vec()]);
        let Event { call, task, names, cwd, .. } = &found.event;
        assert_eq!((call.arch, &call.syscall), (Some(Arch::X86_64), &Some(Syscall::Number(2))));
        assert_eq!(call.outcome, Outcome::Returned { value: Some(-13), success: Some(false) });
        assert_eq!(call.args, [Some(0x7fff_d19c_5592), Some(0), Some(0x7fff_d19c_4b50), Some(10)]);
        assert_eq!((task.auid, task.ids.get(field::FSGID)), (Some(1000), Some(1000)));
        assert_eq!((task.exe.as_deref(), task.groups.as_ref()), (Some(&b"/bin/cat"[..]), None));
        assert_eq!(cwd.as_deref(), Some(&b"/home/shadowman"[..]));
        let [name] = names.as_deref().unwrap() else { panic!("one name") };
        assert_eq!((name.mode, name.nametype), (Some(0o100_600), Some(Nametype::Normal)));
        assert_eq!(name.dev, Some(Device { major: 0xfd, minor: 0 }));
        assert!(!found.is_incomplete);
    }

    #[test]
    fn unknown_is_what_no_record_shows() {
        let found =
            of("type=SYSCALL msg=audit(1.0:1): arch=c000003e syscall=2 items=2 key=6101620A");
        assert_eq!(found.event.names, None);
        assert!(found.is_incomplete);
        assert_eq!(found.keys, [b"a".to_vec(), b"b\n".to_vec()]);
        let found = of("type=PATH msg=audit(1.0:1): item=0 name=\"/a\"");
        assert!(found.is_incomplete);
        let found = of("type=CONFIG_CHANGE msg=audit(1.0:1): auid=5 op=set");
        assert_eq!((found.event.kind, found.event.task.auid), (Kind::Record(Some(1305)), Some(5)));
        let found = of(concat!(
            "type=AVC msg=audit(1.0:1): avc:  denied  { read } for  pid=5\n",
            "type=SYSCALL msg=audit(1.0:1): arch=c000003e syscall=2 items=0 key=(null)",
        ));
        assert_eq!((found.kind, found.event.kind), (Some(record::AVC), Kind::Syscall));
    }
}
