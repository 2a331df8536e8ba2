//! What of an event the rules look at.

use foldhash::HashMap;

use super::coded::{self, add_end, add_kind, add_mark, add_value, short};
use super::elsewhere::Named;
use crate::catalog::{field, record};
use crate::ingest::searches::{
    A0, A1, A2, ARCH, EXIT, NAME, Prepared, SYSCALL, URING_OP, name_of_call,
};
use crate::ingest::{Fields, Group, Part, Search, Value, is_about_call, may_be_of_descriptor};
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
    /// The arguments that decide about the access of calls, by arch and number.
    access: HashMap<(u64, u64), Option<&'static Prepared>>,
}

/// A field, and the search for it: a record has many fields, and rules look at few.
#[derive(Clone, Debug)]
struct Looked {
    name: &'static [u8],
    search: Search,
    of: Means,
}

/// What of a value means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    /// All of it.
    All,
    /// The path, if rules are about it.
    Path,
    /// The number of the inode, or only that there is a file.
    Inode,
}

/// Adds fields that are not there yet.
fn look(at: &[&'static [u8]], fields: &mut Vec<Looked>) {
    for name in at {
        if fields.iter().all(|known| known.name != *name) {
            let of = match *name {
                b"name" => Means::Path,
                b"inode" => Means::Inode,
                _ => Means::All,
            };
            fields.push(Looked { name, search: Search::of(name), of });
        }
    }
}

/// The fields that are always looked at.
const ALWAYS: [&[u8]; 4] = [b"success", b"per", b"items", b"key"];
/// The fields that decide which call it is: the first of a record.
const CALL: [&[u8]; 3] = [b"arch", b"syscall", b"uring_op"];

/// The fields that decide about the result and the access of a call.
const RESULT: [&[u8]; 4] = [b"exit", b"a0", b"a1", b"a2"];

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
        let is_relative = !self.of_names.is_empty() && has_relative_name(group);
        // Relative names begin in the directory of the process, or in another directory, which the log does not hold.
        let is_of_descriptor = is_relative && may_be_of_descriptor(group);
        add_mark(u32::from(group.is_cut()) | u32::from(is_of_descriptor) << 1, to);
        let mut has_cwd = false;
        for part in group.parts() {
            let Part { kind, fields, .. } = part;
            let is_first_cwd = kind == Some(record::CWD) && !std::mem::replace(&mut has_cwd, true);
            add_kind(kind, to);
            match kind {
                Some(record::SYSCALL | record::URINGOP) => self.add_call(&part, to),
                Some(record::PATH) => self.add_name(&part, to),
                _ if is_first_cwd && is_relative => {
                    add_fields(fields, |name| name == b"cwd", to);
                }
                Some(record::SOCKADDR) if self.has_addresses => {
                    add_fields(fields, |name| name == b"saddr", to);
                }
                Some(record::OPENAT2) => add_fields(fields, |name| name == b"oflag", to),
                _ if self.has_messages && !kind.is_some_and(is_about_call) => {
                    add_fields(fields, |name| self.tests(name), to);
                }
                // Nothing looks at these; whether they are there can matter.
                _ => {}
            }
        }
    }

    fn add_name(&self, part: &Part<'_>, to: &mut Vec<u8>) {
        if !part.is_placed() {
            // What decides reads all fields, of which some can be there twice.
            let is_tested = |name: &[u8]| self.of_names.iter().any(|of| of.name == name);
            return add_fields(part.fields, is_tested, to);
        }
        for Looked { search, of, .. } in &self.of_names {
            let value = search.find(part).map(Value::raw);
            match (of, value) {
                (Means::Path, Some(name)) if self.named.is_elsewhere(name) => {
                    add_mark(coded::ELSEWHERE, to);
                }
                (Means::Path, Some(name)) if self.named.is_apart(name) => {
                    add_mark(coded::APART, to);
                }
                // Only whether there is a file matters.
                (Means::Inode, Some(_)) if !self.has_inodes => add_mark(coded::ANY, to),
                _ => add_value(value, to),
            }
        }
    }

    fn add_call(&mut self, part: &Part<'_>, to: &mut Vec<u8>) {
        if !part.is_placed() {
            return add_fields(part.fields, |name| self.tests(name) || RESULT.contains(&name), to);
        }
        let call = [&ARCH, &SYSCALL, &URING_OP].map(|of| of.find(part).map(Value::raw));
        for value in call {
            add_value(value, to);
        }
        for Looked { search, .. } in &self.of_call {
            add_value(search.find(part).map(Value::raw), to);
        }
        // Whether the call has failed follows from its result.
        let exit = EXIT.find(part).filter(|exit| exit.raw().starts_with(b"-"));
        add_mark(u32::from(exit.and_then(Value::number).is_some_and(is_error)), to);
        if self.has_access {
            let [arch, number, _] = call.map(|value| value.and_then(short));
            let argument = self.access_argument(arch.zip(number), part.fields);
            add_value(argument.and_then(|argument| argument.find(part)).map(Value::raw), to);
        }
    }

    /// Returns whether a field of a call is looked at.
    fn tests(&self, name: &[u8]) -> bool {
        CALL.contains(&name) || self.of_call.iter().any(|of| of.name == name)
    }

    /// Returns the argument that decides about the access of a call.
    fn access_argument(
        &mut self,
        call: Option<(u64, u64)>,
        fields: &[u8],
    ) -> Option<&'static Prepared> {
        let Some(call) = call else { return access_argument(fields) };
        if let Some(known) = self.access.get(&call) {
            return *known;
        }
        if self.access.len() >= MOST_CALLS {
            self.access.clear();
        }
        let argument = access_argument(fields);
        self.access.insert(call, argument);
        argument
    }
}

/// Returns whether a name of an event is not absolute, or in digits.
fn has_relative_name(group: &Group) -> bool {
    let mut names = group.parts_of(record::PATH);
    names.any(|part| {
        let name = NAME.find(&part);
        // What decides may read another name in a record that is not plain.
        !part.is_placed() || name.is_some_and(|name| !name.raw().starts_with(b"\"/"))
    })
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

/// Adds some fields of a record whose values can have spaces.
fn add_fields(fields: &[u8], is_tested: impl Fn(&[u8]) -> bool, to: &mut Vec<u8>) {
    for (name, value) in Fields::of(fields).filter(|(name, _)| is_tested(name)) {
        add_value(Some(name), to);
        add_value(Some(value.raw()), to);
    }
    add_end(to);
}
