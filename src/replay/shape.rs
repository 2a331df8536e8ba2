//! What of an event the rules look at.

use super::elsewhere::Named;
use super::names::Names;
use crate::catalog::{Arch, field, kernel_syscall_name, record};
use crate::ingest::{Fields, Group, is_about_call, is_of_descriptor};
use crate::model::is_error;
use crate::rule::{Field, FilterList, Rule};

/// The fields of records that rules test, or that decide what a condition means.
#[derive(Clone, Debug, Default)]
pub(super) struct Tested {
    /// Fields of SYSCALL, URINGOP and other records.
    of_call: Names,
    /// Fields of PATH records; none if no rule looks at names.
    of_names: Names,
    /// The paths that rules name. The others all mean the same.
    named: Named,
    /// Whether a rule looks at the numbers of inodes, or at their devices.
    has_inodes: bool,
    has_addresses: bool,
    /// Whether a rule looks at the flags with which a file is opened.
    has_access: bool,
    /// Whether rules look at the task that writes a record, even if the record is not about a call.
    has_messages: bool,
}

/// The fields that are always looked at.
const ALWAYS: [&[u8]; 7] = [b"arch", b"syscall", b"uring_op", b"success", b"per", b"items", b"key"];

impl Tested {
    /// Returns what rules test.
    pub(super) fn by<'r>(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let mut tested = Tested::default();
        tested.of_call.extend(&ALWAYS);
        for rule in rules {
            for condition in &rule.fields {
                tested.add(condition);
            }
            tested.named.add(rule);
            // A drop of names changes what later rules see.
            if rule.list == FilterList::Filesystem {
                tested.of_names.extend(&[b"dev", b"name"]);
            }
        }
        if !tested.of_names.is_empty() {
            tested.of_names.extend(&[b"name", b"inode", b"nametype"]);
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
        self.of_call.extend(call);
        let names: &[&'static [u8]] = match condition.number() {
            field::DEVMAJOR | field::DEVMINOR | field::INODE => &[b"dev"],
            field::PATH | field::DIR => &[b"name"],
            field::FSTYPE => &[b"dev"],
            field::OBJ_UID | field::OBJ_GID | field::FIELD_COMPARE => &[b"ouid", b"ogid"],
            field::OBJ_USER..=field::OBJ_LEV_HIGH => &[b"obj"],
            field::FILETYPE => &[b"mode"],
            _ => &[],
        };
        self.of_names.extend(names);
        let inodes = [field::DEVMAJOR, field::DEVMINOR, field::INODE];
        self.has_inodes |= inodes.contains(&condition.number());
        self.has_addresses |= condition.number() == field::SADDR_FAM;
        self.has_access |= condition.number() == field::PERM;
    }

    /// Adds the shape of an event: events with the same one have the same maker.
    pub(super) fn shape(&self, group: &Group, to: &mut Vec<u8>) {
        to.push(u8::from(group.is_cut()));
        let mut has_cwd = false;
        for (kind, fields) in group.records() {
            let is_first_cwd = kind == Some(record::CWD) && !std::mem::replace(&mut has_cwd, true);
            let tested: &[&[u8]] = match kind {
                Some(record::SYSCALL | record::URINGOP) => {
                    self.add_call(kind, fields, to);
                    continue;
                }
                Some(record::PATH) => {
                    self.add_name(kind, fields, to);
                    continue;
                }
                // Relative names begin there, or in a directory that the log does not hold.
                _ if is_first_cwd && !self.of_names.is_empty() && has_relative_name(group) => {
                    let call = group.record(record::SYSCALL);
                    to.push(u8::from(call.is_some_and(is_of_descriptor)));
                    &[b"cwd"]
                }
                Some(record::SOCKADDR) if self.has_addresses => &[b"saddr"],
                Some(record::OPENAT2) => &[b"oflag"],
                _ if self.has_messages && !kind.is_some_and(is_about_call) => {
                    self.of_call.as_slice()
                }
                // Nothing looks at these; whether they are there can matter.
                _ => &[],
            };
            add_kind(kind, to);
            if tested.is_empty() {
                continue;
            }
            for (name, value) in Fields::of(fields).filter(|(name, _)| tested.contains(name)) {
                add_field(name, value.raw(), to);
            }
        }
    }

    fn add_name(&self, kind: Option<u32>, fields: &[u8], to: &mut Vec<u8>) {
        add_kind(kind, to);
        if self.of_names.is_empty() {
            return;
        }
        let tested = Fields::of(fields).filter(|(name, _)| self.of_names.contains(name));
        for (name, value) in tested {
            let value = match name {
                b"name" if self.named.is_elsewhere(value.raw()) => &b"*"[..],
                // Only whether there is a file matters.
                b"inode" if !self.has_inodes => b"",
                _ => value.raw(),
            };
            add_field(name, value, to);
        }
    }

    fn add_call(&self, kind: Option<u32>, fields: &[u8], to: &mut Vec<u8>) {
        add_kind(kind, to);
        let (mut arch, mut flags) = (None, None);
        for (name, value) in Fields::of(fields) {
            match name {
                b"arch" => {
                    arch = value.based(16).and_then(|elf| Arch::from_elf(elf.try_into().ok()?))
                }
                // Whether the call has failed follows from its result.
                b"exit" => to.push(u8::from(value.number().is_some_and(is_error))),
                b"syscall" if self.has_access => {
                    let number = value.number();
                    flags =
                        arch.zip(number).and_then(|(arch, number)| access_argument(arch, number));
                }
                _ => {}
            }
            if self.of_call.contains(name) || flags.is_some_and(|flags| flags == name) {
                add_field(name, value.raw(), to);
            }
        }
    }
}

/// Returns whether a name of an event is not absolute, or in digits.
fn has_relative_name(group: &Group) -> bool {
    let names = group.records().filter(|(kind, _)| *kind == Some(record::PATH));
    let mut names = names.filter_map(|(_, fields)| Fields::of(fields).get(b"name"));
    names.any(|name| !name.raw().starts_with(b"\"/"))
}

/// Returns the argument that decides about the access of a call.
fn access_argument(arch: Arch, number: u32) -> Option<&'static [u8]> {
    match kernel_syscall_name(arch, number)? {
        "socketcall" => Some(b"a0"),
        "open" => Some(b"a1"),
        "openat" => Some(b"a2"),
        _ => None,
    }
}

fn add_kind(kind: Option<u32>, to: &mut Vec<u8>) {
    to.extend_from_slice(&kind.unwrap_or(u32::MAX).to_le_bytes());
}

/// Adds a field. No value has the byte that ends it: the kernel writes no control bytes.
fn add_field(name: &[u8], value: &[u8], to: &mut Vec<u8>) {
    to.extend_from_slice(name);
    to.push(b'=');
    to.extend_from_slice(value);
    to.push(0);
}
