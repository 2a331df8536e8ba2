//! An event as the filters see it: names with their files, numbers for names, and what follows from other attributes.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::answers::Answers;
use super::attribute::{Attribute, Attributes};
use super::changed::ChangedNames;
use super::entries;
use super::evaluator::Evaluator;
use super::event::{
    Address, Call, Device, Event, Kind, Name, NameInode, Nametype, Outcome, Syscall,
};
use super::files::{Inode, LastLink, View};
use super::history::History;
use super::place::Place;
use super::truth::Truth;
use crate::catalog::{self, Arch, KernelVersion};
use crate::model::{AccessTable, LinkAtEnd, names_no_file, names_of, never_returns};

/// The file type bits of a mode, and those of device files (linux/stat.h).
pub(super) const S_IFMT: u32 = 0o170_000;
const S_IFCHR: u32 = 0o020_000;
const S_IFBLK: u32 = 0o060_000;

/// `O_NOFOLLOW` of most arches, and of arm, aarch64 and powerpc (asm/fcntl.h).
const NOFOLLOW: u32 = 0o400_000;
const NOFOLLOW_OF_ARM_AND_POWER: u32 = 0o100_000;

/// The first known kernel in which a thread of io_uring collects the names of files that it uses. In Linux 6.12 and
/// before, such a name belongs to the task that submitted the operation; the thread finds the directories above the
/// file only (`__audit_inode`, kernel/auditsc.c).
const COLLECTS_IN_THREADS: KernelVersion = KernelVersion::new(7, 2);

/// An event as the filters see it.
pub(super) struct Scene<'e> {
    pub(super) event: &'e Event,
    pub(super) call: SeenCall,
    /// The names in the order of collection; `None` if they are unknown.
    pub(super) names: Option<Vec<SeenName<'e>>>,
    /// Whether the call makes or removes an entry of a directory.
    pub(super) changes_entries: bool,
    pub(super) changed: OnceCell<ChangedNames>,
    /// More names that only `dir=` sees.
    pub(super) in_trees: Vec<SeenName<'e>>,
    pub(super) files: View<'e>,
    pub(super) history: &'e History,
    pub(super) version: KernelVersion,
    /// The access of each syscall; `None` if the arch is unknown, or not one of this kernel.
    pub(super) access: Option<&'e AccessTable>,
    /// About the conditions of rules that judge the call as a whole.
    pub(super) answers: Answers,
}

/// A call as the filters see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeenCall {
    /// The arch; `None` in a thread of io_uring, which makes no syscalls, and if it is unknown.
    pub(super) arch: Option<Arch>,
    /// The number of the arch in a rule.
    pub(super) elf: Option<u32>,
    /// The number of the syscall.
    pub(super) number: Option<u32>,
    /// The low 32 bits of the arguments.
    pub(super) args: [Option<u32>; 4],
    pub(super) outcome: Outcome,
    pub(super) address: Address,
    name: Option<&'static str>,
}

/// A name as the filters see it.
#[derive(Clone, Debug)]
pub(super) struct SeenName<'e> {
    pub(super) name: &'e Name,
    /// The file that it leads to.
    pub(super) place: Place<'e>,
    /// The path in the rules that watch the entry which the call makes or removes.
    pub(super) entry: Option<Cow<'e, [u8]>>,
    /// What is known about the file besides.
    file: Option<&'e Inode>,
}

impl<'e> Scene<'e> {
    /// Returns the event for a call of `arch`.
    pub(super) fn new(
        event: &'e Event,
        arch: Option<Arch>,
        files: View<'e>,
        history: &'e History,
        evaluator: &'e Evaluator,
    ) -> Self {
        let call = SeenCall::of(event, arch);
        let syscall = call.syscall_name();
        let mut changes_entries = false;
        let seen = |names: &'e Vec<Name>| {
            let last = |name| match files.is_empty() {
                // There are no links.
                true => LastLink::Keep,
                false => last_link(name, &event.call, arch, syscall),
            };
            let seen = |name| SeenName::new(name, event, files, last(name));
            let mut names: Vec<SeenName<'e>> = names.iter().map(seen).collect();
            changes_entries |= entries::set(&mut names, event, files, &evaluator.filters);
            names
        };
        let none = || syscall.is_some_and(names_no_file).then(Vec::new);
        let mut names = event.names.as_ref().map(seen).or_else(none);
        let in_trees = match event.kind {
            Kind::IoUring(_) if evaluator.version < COLLECTS_IN_THREADS => {
                let is_used = |name: &mut SeenName<'_>| !name.is_of_entry();
                names
                    .as_mut()
                    .map_or_else(Vec::new, |names| names.extract_if(.., is_used).collect())
            }
            _ => Vec::new(),
        };
        let access = call.arch.and_then(|arch| evaluator.access(arch));
        let (version, answers) = (evaluator.version, Answers::default());
        let changed = OnceCell::new();
        Scene {
            event,
            call,
            names,
            changes_entries,
            changed,
            in_trees,
            files,
            history,
            version,
            access,
            answers,
        }
    }

    /// Takes the files of names away.
    pub(super) fn drop_files(&mut self, mut drops: impl FnMut(&SeenName<'e>) -> Truth) {
        self.names = self.names.take().map(|names| {
            let kept = names.into_iter().map(|name| match drops(&name) {
                Truth::True => name.without_file(),
                Truth::False => name,
                Truth::Unknown(attributes) => name.perhaps_without_file(attributes),
            });
            kept.collect()
        });
    }

    /// Returns the flags with which the call opens a file. For open and openat they are an argument.
    pub(super) fn open_flags(&self) -> Option<u32> {
        let arg = match self.call.syscall_name() {
            Some("open") => self.call.args[1],
            Some("openat") => self.call.args[2],
            _ => None,
        };
        self.event.call.open_flags.or(arg)
    }
}

impl SeenCall {
    fn of(event: &Event, arch: Option<Arch>) -> Self {
        let Call { args, address, .. } = event.call;
        if matches!(event.kind, Kind::IoUring(_)) {
            return SeenCall {
                arch: None,
                elf: Some(0),
                number: Some(0),
                args: [Some(0); 4],
                outcome: event.call.outcome,
                address,
                name: None,
            };
        }
        let number = match &event.call.syscall {
            Some(Syscall::Number(number)) => Some(*number),
            Some(Syscall::Name(name)) => {
                arch.and_then(|arch| catalog::kernel_syscall_number(arch, name.as_bytes()))
            }
            None => None,
        };
        let mut call = SeenCall {
            arch,
            elf: arch.map(Arch::elf),
            number,
            args: args.map(|arg| arg.map(low_half)),
            outcome: event.call.outcome,
            address,
            name: arch
                .zip(number)
                .and_then(|(arch, number)| catalog::kernel_syscall_name(arch, number)),
        };
        if call.name.is_some_and(never_returns) {
            call.outcome = Outcome::Never;
        }
        call
    }

    /// Returns the name of the syscall in the kernel.
    pub(super) const fn syscall_name(&self) -> Option<&'static str> {
        self.name
    }
}

/// Returns the half of an argument or result that the kernel compares.
#[expect(clippy::cast_possible_truncation, reason = "the kernel compares 32 bits")]
pub(super) const fn low_half(value: u64) -> u32 {
    value as u32
}

fn last_link(name: &Name, call: &Call, arch: Option<Arch>, syscall: Option<&str>) -> LastLink {
    let nofollow = match arch {
        Some(Arch::Arm | Arch::Aarch64 | Arch::Ppc | Arch::Ppc64 | Arch::Ppc64le) => {
            NOFOLLOW_OF_ARM_AND_POWER
        }
        _ => NOFOLLOW,
    };
    let is_entry =
        matches!(name.nametype, Some(Nametype::Create | Nametype::Delete | Nametype::Parent));
    let keeps = syscall.and_then(names_of).is_some_and(|names| names.link == LinkAtEnd::Keep)
        || call.open_flags.is_some_and(|flags| flags & nofollow != 0);
    if is_entry || keeps { LastLink::Keep } else { LastLink::Follow }
}

impl<'e> SeenName<'e> {
    fn new(name: &'e Name, event: &'e Event, files: View<'e>, last: LastLink) -> Self {
        let resolve = |last| {
            let path = name.path.as_deref()?;
            files.real(path, event.cwd.as_deref(), last)
        };
        let kept = resolve(LastLink::Keep);
        let is_kept = last == LastLink::Keep || name.names_inode_of(kept.as_deref(), files);
        let path = if is_kept { kept } else { resolve(LastLink::Follow) };
        let file =
            path.as_deref().and_then(|path| files.get(path)).and_then(|file| file.inode.as_ref());
        let place = match (name.inode, name.nametype) {
            (NameInode::None, _) | (NameInode::OfPath, Some(Nametype::Unknown)) => {
                Place::nowhere(path)
            }
            (NameInode::Number(number), _) => Place {
                number: Some(number),
                dev: name.dev.or_else(|| Some(file?.id?.dev)),
                path,
                exists: Truth::True,
            },
            (NameInode::OfPath, _) => {
                let mut place = Place::of_path(path, files);
                place.exists = place.exists.and(found(event.call.outcome));
                place
            }
        };
        SeenName { name, place, entry: None, file }
    }

    /// Returns whether the name is relative to an unknown directory, and leads to another entry than `path` in all of them,
    /// unless there are links.
    pub(super) fn is_other_end(&self, path: &[u8]) -> bool {
        let Some(name) = self.name.path.as_deref().filter(|_| self.place.path.is_none()) else {
            return false;
        };
        let is_plain = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
        name.split(|byte| *byte == b'/').all(is_plain)
            && !path.strip_suffix(name).is_some_and(|rest| rest.ends_with(b"/"))
    }

    /// Returns the name as it is if the filesystem list may drop it.
    fn perhaps_without_file(mut self, attributes: Attributes) -> Self {
        self.place.exists = self.place.exists.and(Truth::Unknown(attributes));
        self
    }

    /// Returns whether the name is that of an entry that the call makes or removes, or of its directory.
    fn is_of_entry(&self) -> bool {
        use Nametype::{Create, Delete, Parent};
        matches!(self.name.nametype, Some(Create | Delete | Parent))
    }

    /// Returns whether the call makes this entry.
    pub(super) fn is_made(&self) -> bool {
        self.name.nametype == Some(Nametype::Create)
    }

    /// Returns whether the call removes this entry.
    pub(super) fn is_removed(&self) -> bool {
        self.name.nametype == Some(Nametype::Delete)
    }

    /// Returns the name as it is when the filesystem list drops it: without a file.
    fn without_file(self) -> Self {
        SeenName { place: Place::nowhere(self.place.path), file: None, ..self }
    }

    /// Returns whether the device of the file system, or of the device file itself, is like this.
    pub(super) fn of_devices(&self, holds: impl Fn(Device) -> bool) -> Truth {
        const NONE: Device = Device { major: 0, minor: 0 };
        let without = Truth::from(holds(NONE));
        let mode = self.name.mode.or_else(|| self.file?.mode);
        let is_device = mode.map(|mode| matches!(mode & S_IFMT, S_IFCHR | S_IFBLK));
        let rdev = match is_device {
            Some(false) => Some(NONE),
            _ => self.name.rdev.or_else(|| self.file?.rdev),
        };
        let own = Truth::of(self.name.dev.or(self.place.dev), Attribute::Dev, &holds);
        let of_file = own.or(Truth::of(rdev, Attribute::Rdev, &holds));
        self.of_file(of_file, without)
    }

    /// Returns the answer for the file, or the one without a file if there is none.
    fn of_file(&self, of_file: Truth, without: Truth) -> Truth {
        match self.place.exists {
            Truth::False => without,
            Truth::Unknown(attributes) if of_file != without => Truth::Unknown(attributes),
            _ => of_file,
        }
    }

    /// Returns a number of the file. It is 0 for a name without a file, and unknown if the event leaves `attribute`
    /// out.
    pub(super) fn number(
        &self,
        attribute: Attribute,
        given: Option<u32>,
        known: impl Fn(&Inode) -> Option<u32>,
        holds: impl Fn(u32) -> Truth,
    ) -> Truth {
        let value = given.or_else(|| self.file.and_then(known));
        let of_file = value.map_or(Truth::unknown(attribute), &holds);
        self.of_file(of_file, holds(0))
    }
}

impl Name {
    /// Returns whether this is the inode of the link at the end of the path, so that the call did not follow it.
    fn names_inode_of(&self, kept: Option<&[u8]>, files: View<'_>) -> bool {
        let id = kept.and_then(|path| files.id(path));
        matches!((self.inode, id), (NameInode::Number(number), Some(id)) if number == id.number)
    }
}

/// Returns whether a call with this result found the files that it names. These errors mean that some file was not
/// found; other errors do not.
fn found(outcome: Outcome) -> Truth {
    let Outcome::Returned { value: Some(value), .. } = outcome else { return Truth::True };
    let error = value.checked_neg().and_then(|error| u32::try_from(error).ok());
    match error.and_then(catalog::errno_name) {
        Some("ENOENT" | "ENOTDIR" | "ELOOP" | "ENAMETOOLONG") => Truth::unknown(Attribute::Inode),
        _ => Truth::True,
    }
}
