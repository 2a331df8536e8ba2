//! Whether a kernel can make a call as an event describes it. An event that it cannot make is an example only if there
//! is no better one.

use crate::catalog::{self, Arch, field};
use crate::eval::{Address, Event, Kind, Name, NameInode, Nametype, Syscall, parent_path};
use crate::model::{Collected, EntryChange, NamesOf, TypesOf, names_no_file, names_of};

/// The lowest address that a program can have (`mmap_min_addr`).
pub(super) const LOWEST_ADDRESS: u64 = 0x1_0000;
/// The flag with which open makes a file, of most arches.
const O_CREAT: u64 = 0o100;
const AF_UNIX: u32 = 1;

/// Returns whether a kernel can make a call like this. What the event leaves out is possible.
pub(super) fn is_real(event: &Event) -> bool {
    let Some(syscall) = Made::of(event) else { return true };
    !(names_no_file(syscall.name)
        && is_own_number(syscall.name)
        && event.call.outcome.value() == Some(0))
        && event.names.as_deref().is_none_or(|names| syscall.collects(event, names))
}

/// Returns whether a call returns the number of a process.
fn is_own_number(syscall: &str) -> bool {
    matches!(syscall, "getpid" | "gettid" | "getppid")
}

/// A syscall that names files, or none.
struct Made {
    arch: Arch,
    name: &'static str,
    names: Option<&'static NamesOf>,
    types: TypesOf,
}

/// Names by their roles in a call.
struct Roles<'e> {
    parents: Vec<&'e Name>,
    removed: Vec<&'e Name>,
    made: Vec<&'e Name>,
    others: Vec<&'e Name>,
}

impl<'e> Roles<'e> {
    fn of(names: &'e [Name]) -> Self {
        let with = |role: Option<Nametype>| {
            names.iter().filter(|name| name.nametype == role).collect::<Vec<&Name>>()
        };
        let [parents, removed, made] =
            [Nametype::Parent, Nametype::Delete, Nametype::Create].map(|role| with(Some(role)));
        let is_other = |name: &&Name| {
            matches!(name.nametype, None | Some(Nametype::Normal | Nametype::Unknown))
        };
        let others = names.iter().filter(is_other).collect();
        Roles { parents, removed, made, others }
    }

    fn counts(&self) -> [usize; 4] {
        [self.parents.len(), self.removed.len(), self.made.len(), self.others.len()]
    }
}

impl Made {
    fn of(event: &Event) -> Option<Self> {
        let arch = event.call.arch.filter(|_| event.kind == Kind::Syscall)?;
        let number = match event.call.syscall.as_ref()? {
            Syscall::Number(number) => *number,
            Syscall::Name(name) => catalog::kernel_syscall_number(arch, name.as_bytes())?,
        };
        let name = catalog::kernel_syscall_name(arch, number)?;
        Some(Made { arch, name, names: names_of(name), types: TypesOf::of(name) })
    }

    /// Returns whether the call can collect these names.
    fn collects(&self, event: &Event, names: &[Name]) -> bool {
        let Some(known) = self.names else { return !names_no_file(self.name) || names.is_empty() };
        if names.is_empty() {
            // A path that cannot be read, or the descriptor of a file.
            return event.call.outcome.success() != Some(true) || known.paths == 0;
        }
        let roles = Roles::of(names);
        let succeeds = event.call.outcome.success();
        let is_shape = match succeeds {
            Some(true) => succeeding(known, &roles),
            Some(false) => failing(known, &roles) && !self.is_found_nowhere(event, &roles, known),
            None => succeeding(known, &roles) || failing(known, &roles),
        };
        is_shape
            && has_directories(&roles)
            && has_types(names)
            && self.is_of_types(&roles, succeeds)
            && are_two_files(&roles)
            && (self.name != "execve" || succeeds != Some(true) || has_ids_of_new_program(event))
            && self.has_words(event, &roles)
            && (known.paths != 0
                || matches!(event.call.address, Address::Unknown | Address::Family(AF_UNIX)))
    }

    /// Returns whether a file was found although the only path leads nowhere.
    fn is_found_nowhere(&self, event: &Event, roles: &Roles<'_>, known: &NamesOf) -> bool {
        let is_found = |name: &&Name| {
            name.inode != NameInode::None && name.nametype != Some(Nametype::Unknown)
        };
        let is_entry = known.change == EntryChange::Makes && known.collected == Collected::Entry;
        let is_path = known.collected == Collected::File || known.change == EntryChange::MayMake;
        is_not_found(event)
            && (is_path && roles.others.iter().any(is_found)
                || is_entry && !roles.parents.is_empty())
    }

    fn is_of_types(&self, roles: &Roles<'_>, succeeds: Option<bool>) -> bool {
        let fits = |names: &[&Name], types: crate::model::FileTypes| {
            names.iter().filter_map(|name| name.mode).all(|mode| types.has(mode))
        };
        succeeds != Some(true)
            || fits(&roles.others, self.types.found)
                && fits(&roles.removed, self.types.removed)
                && fits(&roles.made, self.types.made)
    }

    /// Returns whether the words that the call passes can be those of a call with names.
    fn has_words(&self, event: &Event, roles: &Roles<'_>) -> bool {
        let word = |at: usize| event.call.args.get(at).copied().flatten();
        let is_pointer = |at: &usize| word(*at).is_none_or(|word| word >= LOWEST_ADDRESS);
        let is_pointer_or_null = |at: &usize| word(*at) == Some(0) || is_pointer(at);
        let makes = matches!(self.name, "open" | "openat") && !roles.parents.is_empty();
        let flags = if self.name == "open" { word(1) } else { word(2) };
        let owners = |id: Option<u32>, owner: fn(&Name) -> Option<u32>| {
            let own = id.zip(roles.made.first().and_then(|name| owner(name)));
            own.is_none_or(|(id, owner)| id == owner)
        };
        let is_new = self.names.is_some_and(|known| {
            known.change == EntryChange::MayMake
                || known.change == EntryChange::Makes && known.collected == Collected::Entry
        });
        pointers(self.arch, self.name).iter().all(is_pointer)
            && (self.name != "execve" || [1, 2].iter().all(is_pointer_or_null))
            && !(makes && flags.is_some_and(|flags| flags & O_CREAT == 0))
            && (!is_new || owners(event.task.ids.get(field::FSUID), |name| name.ouid))
    }
}

/// Returns the places of the paths and addresses among the words of a call.
pub(super) fn pointers(arch: Arch, syscall: &str) -> &'static [usize] {
    const OF_DESCRIPTORS: [&str; 7] =
        ["fchmod", "fchown", "fchown32", "fgetxattr", "flistxattr", "fremovexattr", "fsetxattr"];
    const AFTER_DIRECTORY: [&str; 5] = ["execveat", "faccessat2", "fchmodat2", "openat2", "statx"];
    let is_at = syscall.ends_with("at") && !syscall.ends_with("stat");
    match syscall {
        "rename" | "link" | "symlink" => &[0, 1],
        "renameat" | "renameat2" | "linkat" => &[1, 3],
        "symlinkat" => &[0, 2],
        "bind" | "connect" | "newfstatat" => &[1],
        _ if OF_DESCRIPTORS.contains(&syscall) => &[],
        _ if is_at || AFTER_DIRECTORY.contains(&syscall) => &[1],
        _ if matches!(arch, Arch::X86_64 | Arch::I386) && names_of(syscall).is_some() => &[0],
        _ => &[],
    }
}

/// Returns whether the saved ids are those that a program gets when it begins (`begin_new_exec`, fs/exec.c).
fn has_ids_of_new_program(event: &Event) -> bool {
    let same = |ids: [u32; 3]| {
        let mut known = ids.into_iter().filter_map(|id| event.task.ids.get(id));
        let first = known.next();
        known.all(|id| Some(id) == first)
    };
    same([field::EUID, field::SUID, field::FSUID]) && same([field::EGID, field::SGID, field::FSGID])
}

fn succeeding(known: &NamesOf, roles: &Roles<'_>) -> bool {
    let exists = |name: &&Name| name.inode != NameInode::None;
    match (known.change, known.collected, known.paths, roles.counts()) {
        (EntryChange::Nothing, Collected::File, _, counts) => {
            counts == [0, 0, 0, 1] && roles.others.iter().all(exists)
        }
        (EntryChange::Nothing, _, _, [0, 0, 0, _]) => true,
        (EntryChange::MayMake, _, _, counts) => {
            matches!(counts, [0, 0, 0, 1] | [1, 0, 1, 0] | [1, 0, 0, 1])
        }
        (EntryChange::Makes, Collected::Entry, 0 | 1, counts) => counts == [1, 0, 1, 0],
        (EntryChange::Makes, _, _, counts) => counts == [1, 0, 1, 1],
        (EntryChange::Removes, _, _, counts) => counts == [1, 1, 0, 0],
        (EntryChange::Moves, _, _, counts) => matches!(counts, [2, 1 | 2, 1, 0]),
        _ => false,
    }
}

fn failing(known: &NamesOf, roles: &Roles<'_>) -> bool {
    let is_missing = |name: &&Name| name.inode == NameInode::None;
    match (known.change, known.collected, roles.counts()) {
        (EntryChange::Nothing, Collected::File, counts) => counts == [0, 0, 0, 1],
        (EntryChange::Nothing, _, [0, 0, 0, _]) => true,
        // A path that leads nowhere.
        (_, _, [0, 0, 0, 1]) if roles.others.iter().all(is_missing) => true,
        (EntryChange::MayMake, _, [0, 0, 0, 1] | [1, 0, 0, 0 | 1]) => true,
        (EntryChange::Makes, Collected::Entry, [1, 0, 0 | 1, others]) => {
            roles.made.iter().all(is_missing) && (others == 1) == (known.paths == 2)
        }
        (EntryChange::Makes, _, [1, 0, 0 | 1, 1]) => roles.made.iter().all(is_missing),
        (EntryChange::Removes, _, [1, 0 | 1, 0, 0]) => true,
        (EntryChange::Moves, _, [2, 0, 0, 0] | [2, 1, 1, 0]) => roles.made.iter().all(is_missing),
        _ => false,
    }
}

/// Returns whether the directories of all entries are named.
fn has_directories(roles: &Roles<'_>) -> bool {
    roles.made.iter().chain(&roles.removed).all(|entry| {
        let parent = entry.path.as_deref().and_then(parent_path);
        parent.is_none_or(|parent| {
            roles.parents.iter().any(|name| name.path.as_deref() == Some(parent))
        })
    })
}

/// Returns whether names above other names can be directories.
fn has_types(names: &[Name]) -> bool {
    let directory = crate::model::FileTypes::DIRECTORY;
    names.iter().all(|name| {
        let Some(path) = name.path.as_deref() else { return true };
        let is_above = name.nametype == Some(Nametype::Parent)
            || names.iter().filter_map(|other| other.path.as_deref()).any(|other| {
                std::iter::successors(parent_path(other), |path| parent_path(path))
                    .any(|above| above == path)
            });
        !is_above || name.mode.is_none_or(|mode| directory.has(mode))
    })
}

/// Returns whether a call that moves or links a file gives it another name, and nothing else.
fn are_two_files(roles: &Roles<'_>) -> bool {
    let before = roles.removed.first().or(roles.others.first());
    let (Some(before), Some(after)) = (before, roles.made.first()) else { return true };
    if after.inode == NameInode::None || before.inode == NameInode::None {
        return true;
    }
    let is_within = |one: &Name, other: &Name| {
        let (Some(one), Some(other)) = (one.path.as_deref(), other.path.as_deref()) else {
            return false;
        };
        std::iter::successors(Some(one), |path| parent_path(path)).any(|path| path == other)
    };
    let file = Name { path: None, nametype: None, ..(*before).clone() };
    Name { path: None, nametype: None, ..(*after).clone() } == file
        && !is_within(before, after)
        && !is_within(after, before)
}

fn is_not_found(event: &Event) -> bool {
    let error = event.call.outcome.value().and_then(i64::checked_neg);
    let name = error.and_then(|error| u32::try_from(error).ok()).and_then(catalog::errno_name);
    matches!(name, Some("ENOENT" | "ENOTDIR" | "ELOOP" | "ENAMETOOLONG"))
}
