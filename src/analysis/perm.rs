//! Whether a `perm` field matches a syscall (`audit_match_perm`, `kernel/auditsc.c`).

use super::verdict::Verdict;
use crate::catalog::{self, Arch, Perm};
use crate::model::KernelModel;
#[cfg(feature = "lint")]
use crate::model::Profile;
use crate::rule::{Action, FilterList, Mask, Rule};

/// The way in which the kernel determines the access of a syscall (`audit_classify_syscall`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccessKind {
    /// By the classes of the syscall: the permission bits of these.
    Classes(u32),
    /// By the flags of the call: it reads, writes, or both.
    Opens,
    /// The syscall always executes.
    Executes,
    /// By the first argument of the call: `bind` writes.
    SocketCall,
}

/// The class of each permission on the kernel's own arch. The class for 32-bit programs is one
/// higher (`AUDIT_CLASS_*`, `linux/audit.h`).
const CLASS_OF: [(Perm, u32); 3] = [(Perm::Attr, 2), (Perm::Read, 4), (Perm::Write, 6)];

/// Syscalls whose access does not follow from their class.
const SPECIAL: [(&str, AccessKind); 6] = [
    ("open", AccessKind::Opens),
    ("openat", AccessKind::Opens),
    ("openat2", AccessKind::Opens),
    ("execve", AccessKind::Executes),
    ("execveat", AccessKind::Executes),
    ("socketcall", AccessKind::SocketCall),
];

impl AccessKind {
    /// Returns whether `perm` with these bits matches.
    pub(super) fn verdict(self, bits: u32) -> Verdict {
        let opening = bits & (Perm::Read.bit() | Perm::Write.bit());
        match self {
            AccessKind::Classes(has) => Verdict::from(has & bits != 0),
            AccessKind::Executes => Verdict::from(bits & Perm::Exec.bit() != 0),
            AccessKind::SocketCall if bits & Perm::Write.bit() != 0 => Verdict::Maybe,
            AccessKind::SocketCall => Verdict::Never,
            AccessKind::Opens if opening == 0 => Verdict::Never,
            AccessKind::Opens if opening.count_ones() == 2 => Verdict::Always,
            AccessKind::Opens => Verdict::Maybe,
        }
    }
}

/// The kinds of all syscalls of an arch.
#[cfg(feature = "lint")]
#[derive(Clone, Debug)]
pub(crate) struct AccessKinds(Vec<AccessKind>);

#[cfg(feature = "lint")]
impl AccessKinds {
    /// Returns the kinds for a kernel and one of its arches.
    pub(crate) fn of(profile: Profile, arch: Arch) -> Self {
        AccessKinds(kinds(&KernelModel::new(profile), arch))
    }

    /// Returns whether `perm` with these bits certainly never matches the syscall with this number.
    pub(crate) fn never_match(&self, number: u32, bits: u32) -> bool {
        let kind = usize::try_from(number).ok().and_then(|number| self.0.get(number));
        kind.is_some_and(|kind| kind.verdict(bits) == Verdict::Never)
    }
}

/// Returns the kind of each syscall of `arch`, by number.
pub(super) fn kinds(kernel: &KernelModel, arch: Arch) -> Vec<AccessKind> {
    let nr_syscalls = kernel.profile().nr_syscalls();
    let side = u32::from(arch != kernel.profile().arch());
    let classes: Vec<(u32, Mask)> =
        CLASS_OF.iter().map(|(perm, class)| (perm.bit(), members(kernel, class + side))).collect();
    let of_classes = |nr| {
        classes.iter().filter(|(_, mask)| mask.contains(nr)).fold(0, |bits, (bit, _)| bits | bit)
    };
    let mut kinds: Vec<AccessKind> =
        (0..nr_syscalls).map(|nr| AccessKind::Classes(of_classes(nr))).collect();
    for (name, kind) in SPECIAL {
        let number = catalog::kernel_syscall_number(arch, name.as_bytes());
        if let Some(slot) = number.and_then(|number| kinds.get_mut(number as usize)) {
            *slot = kind;
        }
    }
    kinds
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
    use crate::model::Profile;

    fn verdict(arch: Arch, name: &str, bits: u32) -> Verdict {
        let kernel = KernelModel::new(Profile::new(Arch::X86_64, 451));
        let number = catalog::kernel_syscall_number(arch, name.as_bytes()).unwrap();
        kinds(&kernel, arch)[number as usize].verdict(bits)
    }

    #[test]
    fn classes_and_flags_decide() {
        let (x, w, r, a) =
            (Perm::Exec.bit(), Perm::Write.bit(), Perm::Read.bit(), Perm::Attr.bit());
        let native = |name, bits| verdict(Arch::X86_64, name, bits);
        assert_eq!(native("unlink", w | a), Verdict::Always);
        assert_eq!(native("chmod", a), Verdict::Always);
        assert_eq!(native("chmod", w), Verdict::Never);
        assert_eq!(native("getpid", r | w | x | a), Verdict::Never);
        assert_eq!(native("openat", w | a), Verdict::Maybe);
        assert_eq!(native("openat", r | w), Verdict::Always);
        assert_eq!(native("open", x | a), Verdict::Never);
        assert_eq!(native("execveat", x), Verdict::Always);
        assert_eq!(verdict(Arch::I386, "socketcall", w), Verdict::Maybe);
        assert_eq!(verdict(Arch::I386, "unlink", w), Verdict::Always);
        assert_eq!(verdict(Arch::I386, "truncate64", w), Verdict::Always);
    }
}
