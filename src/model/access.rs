//! The access of a syscall, which a `perm` field compares (`audit_match_perm`, `audit_classify_syscall`).

use super::{KernelModel, Profile};
use crate::catalog::{self, Arch, Perm};
use crate::rule::{Action, FilterList, Mask, Rule};

/// The way in which the kernel determines the access of a syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// By the classes of the syscall: the permission bits of these.
    Classes(u32),
    /// By the flags of the call: it reads, writes, or both.
    Opens,
    /// The syscall always executes.
    Executes,
    /// By the first argument of the call: `bind` writes.
    SocketCall,
}

/// The access mode in the flags of open (`O_ACCMODE`).
const ACCESS_MODE: u32 = 3;
/// The first argument of socketcall for bind (`SYS_BIND`, linux/net.h).
const SYS_BIND: u32 = 2;

/// The class of each permission on the kernel's own arch. The class for 32-bit programs is one
/// higher (`AUDIT_CLASS_*`, linux/audit.h).
const CLASS_OF: [(Perm, u32); 3] = [(Perm::Attr, 2), (Perm::Read, 4), (Perm::Write, 6)];

/// Syscalls whose access does not follow from their class.
const SPECIAL: [(&str, Access); 6] = [
    ("open", Access::Opens),
    ("openat", Access::Opens),
    ("openat2", Access::Opens),
    ("execve", Access::Executes),
    ("execveat", Access::Executes),
    ("socketcall", Access::SocketCall),
];

impl Access {
    /// Returns whether `perm` with these bits matches a call that opens a file with `flags`, or whose first argument
    /// is `a0`. Returns `None` if the answer depends on one of them and it is unknown.
    pub(crate) fn matches(self, bits: u32, flags: Option<u32>, a0: Option<u32>) -> Option<bool> {
        let (read, write) = (bits & Perm::Read.bit() != 0, bits & Perm::Write.bit() != 0);
        match self {
            Access::Classes(has) => Some(has & bits != 0),
            Access::Executes => Some(bits & Perm::Exec.bit() != 0),
            Access::SocketCall if !write => Some(false),
            Access::SocketCall => a0.map(|call| call == SYS_BIND),
            Access::Opens if read == write => Some(read),
            Access::Opens => flags.map(|flags| match flags & ACCESS_MODE {
                0 => read,
                1 => write,
                _ => true,
            }),
        }
    }
}

/// The access of all syscalls of an arch.
#[derive(Clone, Debug)]
pub(crate) struct AccessTable(Vec<Access>);

impl AccessTable {
    /// Returns the table of one of a kernel's arches.
    pub(crate) fn of(profile: Profile, arch: Arch) -> Self {
        let side = u32::from(arch != profile.arch());
        let kernel = KernelModel::new(profile);
        let classes: Vec<(u32, Mask)> = CLASS_OF
            .iter()
            .map(|(perm, class)| (perm.bit(), members(&kernel, class + side)))
            .collect();
        let of_classes = |nr| {
            let having = classes.iter().filter(|(_, mask)| mask.contains(nr));
            having.fold(0, |bits, (bit, _)| bits | bit)
        };
        let mut table: Vec<Access> =
            (0..profile.nr_syscalls()).map(|nr| Access::Classes(of_classes(nr))).collect();
        for (name, access) in SPECIAL {
            let number = catalog::kernel_syscall_number(arch, name.as_bytes());
            if let Some(slot) = number.and_then(|number| table.get_mut(number as usize)) {
                *slot = access;
            }
        }
        AccessTable(table)
    }

    /// Returns the access of the syscall with this number; `None` outside of the kernel's table.
    pub(crate) fn get(&self, number: u32) -> Option<Access> {
        self.0.get(usize::try_from(number).ok()?).copied()
    }

    /// Returns whether `perm` with these bits certainly never matches the syscall with this number.
    #[cfg(feature = "lint")]
    pub(crate) fn never_matches(&self, number: u32, bits: u32) -> bool {
        self.get(number).is_some_and(|access| access.matches(bits, None, None) == Some(false))
    }

    /// Returns the access of each syscall, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Access> {
        self.0.iter().copied()
    }
}

/// Returns the syscalls of a class. The kernel expands the bit of the class in a rule's mask.
fn members(kernel: &KernelModel, class: u32) -> Mask {
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    let _ = rule.mask.insert(Mask::BITS - 1 - class);
    kernel.kernel_rule(&rule).map_or(Mask::EMPTY, |kernel_rule| kernel_rule.mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(arch: Arch, name: &str, bits: u32) -> Option<bool> {
        let number = catalog::kernel_syscall_number(arch, name.as_bytes()).unwrap();
        let table = AccessTable::of(Profile::new(Arch::X86_64, 451), arch);
        table.get(number).unwrap().matches(bits, None, None)
    }

    #[test]
    fn classes_and_flags_decide() {
        let (x, w, r, a) =
            (Perm::Exec.bit(), Perm::Write.bit(), Perm::Read.bit(), Perm::Attr.bit());
        let native = |name, bits| matches(Arch::X86_64, name, bits);
        assert_eq!(native("unlink", w | a), Some(true));
        assert_eq!(native("chmod", a), Some(true));
        assert_eq!(native("chmod", w), Some(false));
        assert_eq!(native("getpid", r | w | x | a), Some(false));
        assert_eq!(native("openat", w | a), None);
        assert_eq!(native("openat", r | w), Some(true));
        assert_eq!(native("open", x | a), Some(false));
        assert_eq!(native("execveat", x), Some(true));
        assert_eq!(matches(Arch::I386, "socketcall", w), None);
        assert_eq!(matches(Arch::I386, "unlink", w), Some(true));
        assert_eq!(matches(Arch::I386, "truncate64", w), Some(true));
    }

    #[test]
    fn open_reads_and_writes_by_its_flags() {
        let (w, r) = (Perm::Write.bit(), Perm::Read.bit());
        let opens = |bits, flags| Access::Opens.matches(bits, Some(flags), None);
        // O_RDONLY with O_CREAT, O_WRONLY with O_APPEND, O_RDWR, and the mode 3, which some drivers use.
        assert_eq!(
            [0o100, 0o2001, 2, 3].map(|flags| opens(w, flags)),
            [false, true, true, true].map(Some)
        );
        assert_eq!(
            [0o100, 0o2001, 2, 3].map(|flags| opens(r, flags)),
            [true, false, true, true].map(Some)
        );
        assert_eq!(Access::SocketCall.matches(w, None, Some(2)), Some(true));
        assert_eq!(Access::SocketCall.matches(w, None, Some(3)), Some(false));
    }
}
