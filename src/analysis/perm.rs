//! What a `perm` field decides for a syscall (`audit_match_perm`, `kernel/auditsc.c`).

use super::verdict::Verdict;
use crate::catalog::{self, Arch, Perm};
use crate::model::KernelModel;
use crate::rule::{Action, FilterList, Mask, Rule};

/// How the kernel tells what a syscall does to a file (`audit_classify_syscall`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// By the classes it is in: the permissions that it has, as bits.
    Classes(u32),
    /// By the flags of a call: reading, writing, or both.
    Opens,
    /// It executes.
    Executes,
    /// By the first argument of a call: `bind` writes.
    SocketCall,
}

/// The classes that a permission stands for, by the number of the one for the kernel's own arch;
/// that for 32-bit programs is one higher (`AUDIT_CLASS_*`, `linux/audit.h`).
const CLASS_OF: [(Perm, u32); 3] = [(Perm::Attr, 2), (Perm::Read, 4), (Perm::Write, 6)];

/// Syscalls that are told by something else than their class.
const SPECIAL: [(&str, Kind); 6] = [
    ("open", Kind::Opens),
    ("openat", Kind::Opens),
    ("openat2", Kind::Opens),
    ("execve", Kind::Executes),
    ("execveat", Kind::Executes),
    ("socketcall", Kind::SocketCall),
];

impl Kind {
    /// What `perm` with these bits decides.
    pub(super) fn verdict(self, bits: u32) -> Verdict {
        let opening = bits & (Perm::Read.bit() | Perm::Write.bit());
        match self {
            Kind::Classes(has) => Verdict::of(has & bits != 0),
            Kind::Executes => Verdict::of(bits & Perm::Exec.bit() != 0),
            Kind::SocketCall if bits & Perm::Write.bit() != 0 => Verdict::Maybe,
            Kind::SocketCall => Verdict::Never,
            Kind::Opens if opening == 0 => Verdict::Never,
            Kind::Opens if opening.count_ones() == 2 => Verdict::Always,
            Kind::Opens => Verdict::Maybe,
        }
    }
}

/// The kind of each syscall of `arch`, by number, on the kernel `kernel`.
pub(super) fn kinds(kernel: &KernelModel, arch: Arch) -> Vec<Kind> {
    let nr_syscalls = kernel.profile().nr_syscalls();
    let side = u32::from(arch != kernel.profile().arch());
    let classes: Vec<(u32, Mask)> =
        CLASS_OF.iter().map(|(perm, class)| (perm.bit(), members(kernel, class + side))).collect();
    let of_classes = |nr| {
        classes.iter().filter(|(_, mask)| mask.contains(nr)).fold(0, |bits, (bit, _)| bits | bit)
    };
    let mut kinds: Vec<Kind> = (0..nr_syscalls).map(|nr| Kind::Classes(of_classes(nr))).collect();
    for (name, kind) in SPECIAL {
        let number = catalog::kernel_syscall_number(arch, name.as_bytes());
        if let Some(slot) = number.and_then(|number| kinds.get_mut(number as usize)) {
            *slot = kind;
        }
    }
    kinds
}

/// The syscalls of a class: what a rule with the bit of the class is kept as.
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
