//! What of an event the rules look at.

use foldhash::HashMap;
use memchr::memchr_iter;

use super::elsewhere::Named;
use crate::catalog::{field, record};
use crate::ingest::searches::{A0, A1, A2, EXIT, NAME, Prepared, name_of_call};
use crate::ingest::{Fields, Group, Search, Value, is_about_call, may_be_of_descriptor};
use crate::model::is_error;
use crate::rule::{Field, FilterList, Rule};

/// The fields of records that rules test, or that decide what a condition means.
#[derive(Clone, Debug, Default)]
pub(super) struct Tested {
    /// Fields of SYSCALL, URINGOP and other records.
    of_call: Vec<Looked>,
    /// Fields of PATH records; none if no rule looks at names.
    of_names: Vec<Looked>,
    /// The paths that rules name. The others all mean the same.
    named: Named,
    /// Whether a rule looks at the numbers of inodes, or at their devices.
    has_inodes: bool,
    has_addresses: bool,
    /// Whether a rule looks at the flags with which a file is opened.
    has_access: bool,
    /// Whether rules look at the task that writes a record, even if the record is not about a call.
    has_messages: bool,
    /// The arguments that decide about the access of calls, by the fields that say which call it is.
    access: HashMap<Box<[u8]>, Option<&'static Prepared>>,
}

/// A field, and the search for it: a record has many fields, and rules look at few.
#[derive(Clone, Debug)]
struct Looked {
    name: &'static [u8],
    search: Search,
}

/// Adds fields that are not there yet.
fn look(at: &[&'static [u8]], fields: &mut Vec<Looked>) {
    for name in at {
        if fields.iter().all(|known| known.name != *name) {
            fields.push(Looked { name, search: Search::for_field(name) });
        }
    }
}

/// The fields that are always looked at.
const ALWAYS: [&[u8]; 4] = [b"success", b"per", b"items", b"key"];
/// The fields that decide which call it is: the first of a record.
const CALL: [&[u8]; 3] = [b"arch", b"syscall", b"uring_op"];

/// Maximum number of calls that are remembered. Linux has a few hundred on each arch.
const MOST_CALLS: usize = 16_384;

impl Tested {
    /// Returns what rules test.
    pub(super) fn by<'r>(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let mut tested = Tested::default();
        look(&ALWAYS, &mut tested.of_call);
        for rule in rules {
            for condition in &rule.fields {
                tested.add(condition);
            }
            tested.named.add(rule);
            // A drop of names changes what later rules see.
            if rule.list == FilterList::Filesystem {
                look(&[b"dev", b"name"], &mut tested.of_names);
            }
        }
        if !tested.of_names.is_empty() {
            look(&[b"name", b"inode", b"nametype"], &mut tested.of_names);
        }
        tested
    }

    /// Adds what the lists that drop records look at.
    pub(super) fn with_messages(self) -> Self {
        Tested { has_messages: true, ..self }
    }

    fn add(&mut self, condition: &Field) {
        let call: &[&'static [u8]] = match condition.number() {
            field::PID => &[b"pid"],
            field::PPID => &[b"ppid"],
            field::UID => &[b"uid"],
            field::EUID => &[b"euid"],
            field::SUID => &[b"suid"],
            field::FSUID => &[b"fsuid"],
            field::GID => &[b"gid"],
            field::EGID => &[b"egid"],
            field::SGID => &[b"sgid"],
            field::FSGID => &[b"fsgid"],
            field::AUID | field::LOGINUID_SET => &[b"auid"],
            field::SESSIONID => &[b"ses"],
            field::SUBJ_USER..=field::SUBJ_CLR => &[b"subj"],
            field::EXE => &[b"exe"],
            field::EXIT => &[b"exit"],
            field::A0 => &[b"a0"],
            field::A1 => &[b"a1"],
            field::A2 => &[b"a2"],
            field::A3 => &[b"a3"],
            // Two attributes are compared.
            field::FIELD_COMPARE => {
                &[b"uid", b"euid", b"suid", b"fsuid", b"gid", b"egid", b"sgid", b"fsgid", b"auid"]
            }
            _ => &[],
        };
        look(call, &mut self.of_call);
        let names: &[&'static [u8]] = match condition.number() {
            // Of a device file, its own number.
            field::DEVMAJOR | field::DEVMINOR => &[b"dev", b"rdev", b"mode"],
            field::INODE => &[b"dev"],
            field::PATH | field::DIR => &[b"name"],
            field::FSTYPE => &[b"dev"],
            field::OBJ_UID | field::OBJ_GID | field::FIELD_COMPARE => &[b"ouid", b"ogid"],
            field::OBJ_USER..=field::OBJ_LEV_HIGH => &[b"obj"],
            field::FILETYPE => &[b"mode"],
            _ => &[],
        };
        look(names, &mut self.of_names);
        let inodes = [field::DEVMAJOR, field::DEVMINOR, field::INODE];
        self.has_inodes |= inodes.contains(&condition.number());
        self.has_addresses |= condition.number() == field::SADDR_FAM;
        self.has_access |= condition.number() == field::PERM;
    }

    /// Adds the shape of an event: events with the same one have the same maker.
    pub(super) fn shape(&mut self, group: &Group, to: &mut Vec<u8>) {
        to.push(u8::from(group.is_cut()));
        let is_relative = !self.of_names.is_empty() && has_relative_name(group);
        // Relative names begin in the directory of the process, or in another directory, which the log does not hold.
        to.push(u8::from(is_relative && may_be_of_descriptor(group)));
        let mut has_cwd = false;
        for (kind, fields) in group.records() {
            let is_first_cwd = kind == Some(record::CWD) && !std::mem::replace(&mut has_cwd, true);
            add_kind(kind, to);
            match kind {
                Some(record::SYSCALL | record::URINGOP) => self.add_call(fields, to),
                Some(record::PATH) => self.add_name(fields, to),
                _ if is_first_cwd && is_relative => {
                    add_fields(fields, |name| name == b"cwd", to);
                }
                Some(record::SOCKADDR) if self.has_addresses => {
                    add_fields(fields, |name| name == b"saddr", to);
                }
                Some(record::OPENAT2) => add_fields(fields, |name| name == b"oflag", to),
                _ if self.has_messages && !kind.is_some_and(is_about_call) => {
                    let is_tested = |name: &[u8]| {
                        CALL.contains(&name) || self.of_call.iter().any(|of| of.name == name)
                    };
                    add_fields(fields, is_tested, to);
                }
                // Nothing looks at these; whether they are there can matter.
                _ => {}
            }
        }
    }

    fn add_name(&self, fields: &[u8], to: &mut Vec<u8>) {
        for Looked { name, search } in &self.of_names {
            let Some(value) = search.find_anywhere(fields) else { continue };
            let value = match *name {
                b"name" if self.named.is_elsewhere(value.raw()) => &b"*"[..],
                // Only whether there is a file matters.
                b"inode" if !self.has_inodes => b"",
                _ => value.raw(),
            };
            add_field(name, value, to);
        }
    }

    fn add_call(&mut self, fields: &[u8], to: &mut Vec<u8>) {
        match call_of(fields) {
            Some(call) => add_field(b"", call, to),
            None => add_fields(fields, |name| CALL.contains(&name), to),
        }
        for Looked { name, search } in &self.of_call {
            if let Some(value) = search.find_anywhere(fields) {
                add_field(name, value.raw(), to);
            }
        }
        // Whether the call has failed follows from its result.
        let exit = EXIT.find(fields).and_then(Value::number);
        to.push(u8::from(exit.is_some_and(is_error)));
        let argument = self.has_access.then(|| self.access_argument(fields)).flatten();
        if let Some(value) = argument.and_then(|argument| argument.find(fields)) {
            add_field(b"flags", value.raw(), to);
        }
    }

    /// Returns the argument that decides about the access of a call.
    fn access_argument(&mut self, fields: &[u8]) -> Option<&'static Prepared> {
        let Some(call) = call_of(fields) else { return access_argument(fields) };
        if let Some(known) = self.access.get(call) {
            return *known;
        }
        if self.access.len() >= MOST_CALLS {
            self.access.clear();
        }
        let argument = access_argument(fields);
        self.access.insert(call.into(), argument);
        argument
    }
}

/// Returns the fields that say which call a SYSCALL record is about, if they are the first.
fn call_of(fields: &[u8]) -> Option<&[u8]> {
    let mut spaces = memchr_iter(b' ', fields);
    let (first, second) = (spaces.next()?, spaces.next()?);
    let is_call = fields.starts_with(b"arch=") && fields.get(first..)?.starts_with(b" syscall=");
    fields.get(..second).filter(|_| is_call)
}

/// Returns whether a name of an event is not absolute, or in digits.
fn has_relative_name(group: &Group) -> bool {
    let names = group.records().filter(|(kind, _)| *kind == Some(record::PATH));
    let mut names = names.filter_map(|(_, fields)| NAME.find(fields));
    names.any(|name| !name.raw().starts_with(b"\"/"))
}

/// Returns the argument that decides about the access of a call.
fn access_argument(fields: &[u8]) -> Option<&'static Prepared> {
    match name_of_call(fields)? {
        "socketcall" => Some(&A0),
        "open" => Some(&A1),
        "openat" => Some(&A2),
        _ => None,
    }
}

fn add_kind(kind: Option<u32>, to: &mut Vec<u8>) {
    to.extend_from_slice(&kind.unwrap_or(u32::MAX).to_le_bytes());
}

/// Adds some fields of a record whose values can have spaces.
fn add_fields(fields: &[u8], is_tested: impl Fn(&[u8]) -> bool, to: &mut Vec<u8>) {
    for (name, value) in Fields::of(fields).filter(|(name, _)| is_tested(name)) {
        add_field(name, value.raw(), to);
    }
}

/// Adds a field. No value has the byte that ends it: the kernel writes no control bytes.
fn add_field(name: &[u8], value: &[u8], to: &mut Vec<u8>) {
    to.extend_from_slice(name);
    to.push(b'=');
    to.extend_from_slice(value);
    to.push(0);
}
