//! The calls of a kernel, in classes: the rules cannot tell the calls of one class apart.

use foldhash::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::{self, Arch, KernelVersion, field};
use crate::model::{
    Access, AccessTable, Collected, EntryChange, Profile, Results, TypesOf, may_have_address,
    names_no_file, names_of, never_returns,
};
use crate::rule::Mask;

/// One call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum CallId {
    Syscall {
        arch: Arch,
        number: u32,
    },
    /// An operation in a thread of io_uring.
    Operation(u32),
}

/// What the filters see of a call besides its attributes. All calls of a class have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct CallClass {
    /// The first call of the class.
    pub(super) call: CallId,
    /// `None` outside of the kernel's table, and for io_uring.
    pub(super) access: Option<Access>,
    /// The field of the argument with the flags of a file that is opened.
    pub(super) flags: Option<u32>,
    /// The names that it collects, if any.
    pub(super) collected: Option<Collected>,
    /// What it does to entries of directories if it succeeds.
    pub(super) change: EntryChange,
    /// The types of its files if it succeeds.
    pub(super) types: TypesOf,
    /// The number of paths that it looks up at most, if that is known.
    pub(super) paths: Option<usize>,
    /// Whether the call ever returns.
    pub(super) returns: bool,
    pub(super) results: Results,
    /// Whether it may copy an address.
    pub(super) has_address: bool,
    /// The call runs operations of io_uring, whose order is a matter of timing.
    pub(super) runs_operations: bool,
}

impl CallId {
    /// Returns the bit of the masks on the lists of syscalls, and of the rules that are kept by inode.
    pub(super) fn number(self) -> u32 {
        match self {
            CallId::Syscall { number, .. } => number,
            CallId::Operation(_) => 0,
        }
    }

    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            CallId::Syscall { arch, number } => catalog::kernel_syscall_name(arch, number),
            CallId::Operation(_) => None,
        }
    }
}

impl CallClass {
    fn of(call: CallId, access: Option<Access>) -> Self {
        let name = call.name();
        let is_nameless = name.map_or(!matches!(call, CallId::Operation(_)), names_no_file);
        let names = name.and_then(names_of);
        let collected = names.map_or(Collected::Several, |names| names.collected);
        CallClass {
            call,
            access,
            flags: match name {
                Some("open") => Some(field::A1),
                Some("openat") => Some(field::A2),
                _ => None,
            },
            collected: (!is_nameless).then_some(collected),
            change: names.map_or(EntryChange::Nothing, |names| names.change),
            types: name.map_or(TypesOf::ANY, TypesOf::of),
            paths: names.map(|names| names.paths),
            returns: !name.is_some_and(never_returns),
            results: name.map_or(Results::ANY, Results::of),
            has_address: name.is_none_or(may_have_address),
            runs_operations: name == Some("io_uring_enter"),
        }
    }

    /// Returns the class without its call.
    fn without_call(self) -> Self {
        CallClass { call: CallId::Operation(u32::MAX), ..self }
    }

    /// Returns whether the call can remove entries of directories.
    pub(super) fn can_remove(&self) -> bool {
        matches!(self.change, EntryChange::Removes | EntryChange::Moves)
    }

    /// Returns whether the call can make entries of directories.
    pub(super) fn can_make(&self) -> bool {
        use EntryChange::{Makes, MayMake, Moves};
        matches!(self.change, Makes | MayMake | Moves)
    }

    /// Returns the arch of a syscall.
    pub(super) fn arch(&self) -> Option<Arch> {
        match self.call {
            CallId::Syscall { arch, .. } => Some(arch),
            CallId::Operation(_) => None,
        }
    }

    /// Returns how odd the call is as an example: programs of the other word size, numbers without a name and io_uring
    /// come last.
    fn oddness(&self, native: Arch) -> (bool, bool, bool, bool, u32) {
        let is_operation = matches!(self.call, CallId::Operation(_));
        let is_unnamed = !is_operation && self.call.name().is_none();
        let is_foreign = self.arch().is_some_and(|arch| arch != native);
        (is_operation, self.runs_operations, is_unnamed, is_foreign, self.call.number())
    }
}

/// The masks that rules have.
#[derive(Default)]
pub(super) struct Masks {
    /// Of rules that are tested for syscalls.
    pub(super) of_syscalls: HashSet<Mask>,
    /// Of rules that are tested for operations of io_uring.
    pub(super) of_operations: HashSet<Mask>,
    /// Whether any rule can match an operation.
    pub(super) has_operations: bool,
}

impl Masks {
    /// Returns the classes, the least odd first.
    pub(super) fn classes(&self, profile: Profile, version: KernelVersion) -> Vec<CallClass> {
        let native = profile.arch();
        let mut classes: Vec<CallClass> = Vec::new();
        for alike in alike(profile, version).iter() {
            let parts = self.of_syscalls.iter().fold(vec![alike.numbers], divided);
            classes.extend(parts.iter().filter_map(|numbers| alike.first(numbers)));
        }
        if self.has_operations {
            classes.extend(self.operations(native));
        }
        classes.sort_by_key(|class| class.oddness(native));
        classes
    }

    /// Returns the classes of operations.
    fn operations(&self, native: Arch) -> impl Iterator<Item = CallClass> {
        let mut classes: HashMap<_, CallClass> = HashMap::default();
        for (operation, _) in catalog::uring_ops() {
            let class = CallClass::of(CallId::Operation(*operation), None);
            let number = class.call.number();
            let syscalls = self.of_syscalls.iter().map(|mask| mask.contains(number));
            let operations = self.of_operations.iter().map(|mask| mask.contains(*operation));
            let key = (class.without_call(), syscalls.chain(operations).collect::<Vec<bool>>());
            classes
                .entry(key)
                .and_modify(|known| {
                    if class.oddness(native) < known.oddness(native) {
                        *known = class;
                    }
                })
                .or_insert(class);
        }
        classes.into_values()
    }
}

/// The words of a mask.
type Numbers = [u32; Mask::WORDS];

/// Returns the parts of each set of numbers in a mask and outside of it.
fn divided(parts: Vec<Numbers>, mask: &Mask) -> Vec<Numbers> {
    let divided = parts.into_iter().flat_map(|part| {
        let (mut inside, mut outside) = (part, part);
        for ((inside, outside), mask) in inside.iter_mut().zip(&mut outside).zip(mask.words()) {
            *inside &= mask;
            *outside &= !mask;
        }
        [inside, outside]
    });
    divided.filter(|part| part.iter().any(|word| *word != 0)).collect()
}

/// Syscalls of an arch that differ only in their numbers.
struct Alike {
    class: CallClass,
    arch: Arch,
    numbers: Numbers,
}

impl Alike {
    /// Returns the class of the first of some numbers, which is the least odd.
    fn first(&self, numbers: &Numbers) -> Option<CallClass> {
        let number = Mask::from_words(*numbers).iter().next()?;
        let call = CallId::Syscall { arch: self.arch, number };
        Some(CallClass { call, ..self.class })
    }
}

/// Returns the syscalls of a machine, by what the filters see of them. Many small sets are compared for one machine, so
/// the result is kept.
fn alike(profile: Profile, version: KernelVersion) -> Arc<[Alike]> {
    type Known = Mutex<Vec<((Profile, KernelVersion), Arc<[Alike]>)>>;
    static KNOWN: Known = Mutex::new(Vec::new());
    const MOST: usize = 8;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, alike)) = known.iter().find(|(of, _)| *of == (profile, version)) {
        return Arc::clone(alike);
    }
    let arches = [Some(profile.arch()), profile.arch().compat()].into_iter().flatten();
    let alike: Arc<[Alike]> = arches.flat_map(|arch| of_arch(arch, profile, version)).collect();
    if known.len() >= MOST {
        known.remove(0);
    }
    known.push(((profile, version), Arc::clone(&alike)));
    alike
}

fn of_arch(arch: Arch, profile: Profile, version: KernelVersion) -> Vec<Alike> {
    let access = AccessTable::of(profile, arch);
    let mut groups: HashMap<_, (CallClass, Mask)> = HashMap::default();
    for number in 0..Mask::FIRST_CLASS_BIT {
        if catalog::syscall_since(arch, number).is_some_and(|since| since > version) {
            continue;
        }
        let class = CallClass::of(CallId::Syscall { arch, number }, access.get(number));
        let key = (class.call.name().is_some(), class.without_call());
        let (_, numbers) = groups.entry(key).or_insert((class, Mask::EMPTY));
        let is_in_mask = numbers.insert(number);
        debug_assert!(is_in_mask, "a number below the classes");
    }
    let alike =
        |(class, numbers): (CallClass, Mask)| Alike { class, arch, numbers: *numbers.words() };
    groups.into_values().map(alike).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_tell_masks_apart() {
        let mut mask = Mask::EMPTY;
        assert!(mask.insert(90) && mask.insert(91));
        let masks = Masks { of_syscalls: HashSet::from_iter([mask.clone()]), ..Masks::default() };
        let profile = Profile::newest(Arch::X86_64);
        let classes = masks.classes(profile, KernelVersion::NEWEST);
        // chmod and fchmod are one class; on i386 the numbers are mmap, which returns an address, and munmap.
        let of = |arch| {
            let is = |class: &&CallClass| {
                class.arch() == Some(arch) && mask.contains(class.call.number())
            };
            classes.iter().filter(is).collect::<Vec<_>>()
        };
        assert_eq!(of(Arch::X86_64).len(), 1);
        assert_eq!(of(Arch::I386).len(), 2);
        assert!(of(Arch::I386).iter().all(|class| class.collected.is_none()));
        assert_eq!(classes[0].arch(), Some(Arch::X86_64));
    }
}
