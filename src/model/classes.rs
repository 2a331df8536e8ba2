//! The classes of syscalls that are selected by the last bits of a mask.

use super::Profile;
use crate::catalog::{self, Arch};
use crate::rule::Mask;

/// Syscalls that change a directory (`include/asm-generic/audit_dir_write.h`).
const DIR_WRITE: &[&str] = &[
    "rename",
    "mkdir",
    "rmdir",
    "creat",
    "link",
    "unlink",
    "symlink",
    "mknod",
    "mkdirat",
    "mknodat",
    "unlinkat",
    "renameat",
    "linkat",
    "symlinkat",
    "renameat2",
];

/// Syscalls that change attributes (`audit_change_attr.h`).
const CHATTR: &[&str] = &[
    "chmod",
    "fchmod",
    "chown",
    "lchown",
    "fchown",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "setxattrat",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
    "removexattrat",
    "fchownat",
    "fchmodat",
    "fchmodat2",
    "chown32",
    "fchown32",
    "lchown32",
    "link",
    "linkat",
];

/// Syscalls that read metadata of a file (`audit_read.h`).
const READ: &[&str] = &[
    "readlink",
    "quotactl",
    "listxattr",
    "listxattrat",
    "llistxattr",
    "flistxattr",
    "getxattr",
    "getxattrat",
    "lgetxattr",
    "fgetxattr",
    "readlinkat",
];

/// Syscalls that write to a file by its name, besides [`DIR_WRITE`] (`audit_write.h`).
const WRITE: &[&str] = &[
    "acct",
    "swapon",
    "quotactl",
    "truncate",
    "truncate64",
    "ftruncate",
    "ftruncate64",
    "bind",
    "fallocate",
];

/// Syscalls that send a signal (`audit_signal.h`).
const SIGNAL: &[&str] = &["kill", "tgkill", "tkill"];

/// The classes in the order of their numbers (`AUDIT_CLASS_*`). Each has two numbers: an even one
/// for syscalls of the kernel's own arch, and the next odd one for syscalls of 32-bit programs.
const CLASSES: [&[&[&str]]; 5] = [&[DIR_WRITE], &[CHATTR], &[READ], &[DIR_WRITE, WRITE], &[SIGNAL]];

/// The syscalls of each class bit of a mask on one kernel: bit `2047 - i` is class `i`.
#[derive(Clone, Debug)]
pub(super) struct Classes(Vec<Mask>);

impl Classes {
    /// Returns the classes of a kernel. A syscall belongs to a class as soon as the kernel has
    /// both; syscalls outside a table of [`Profile::nr_syscalls`] entries are left out.
    pub(super) fn of(profile: Profile) -> Self {
        let arches = [Some(profile.arch), profile.arch.compat()];
        let masks = CLASSES.iter().flat_map(|names| {
            arches.iter().map(|arch| {
                arch.map_or(Mask::EMPTY, |arch| mask_of(names, arch, profile.nr_syscalls))
            })
        });
        Classes(masks.collect())
    }

    /// Returns the mask with its class bits replaced by the syscalls of the classes
    /// (`audit_to_entry_common`).
    pub(super) fn expand(&self, mask: &Mask) -> Mask {
        let mut expanded = mask.without_classes();
        if expanded == *mask || mask.is_all() {
            return expanded;
        }
        for (bit, class) in (0..Mask::BITS).rev().zip(&self.0) {
            if mask.contains(bit) {
                expanded.extend_with(class);
            }
        }
        expanded
    }
}

fn mask_of(names: &[&[&str]], arch: Arch, nr_syscalls: u32) -> Mask {
    let mut mask = Mask::EMPTY;
    for name in names.iter().copied().flatten() {
        let number = catalog::kernel_syscall_number(arch, name.as_bytes());
        // The numbers of MIPS do not fit into the mask; the kernel registers no such class.
        let _ = number.is_some_and(|number| number < nr_syscalls && mask.insert(number));
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(classes: &[u32]) -> Vec<u32> {
        let mut mask = Mask::EMPTY;
        for class in classes {
            assert!(mask.insert(Mask::BITS - 1 - class));
        }
        Classes::of(Profile::new(Arch::X86_64, 451)).expand(&mask).iter().collect()
    }

    #[test]
    fn expands_the_signal_class_of_both_arches() {
        assert_eq!(expanded(&[8]), [62, 200, 234]);
        assert_eq!(expanded(&[9]), [37, 238, 270]);
        assert_eq!(expanded(&[8, 9]), [37, 62, 200, 234, 238, 270]);
    }

    #[test]
    fn write_class_includes_directory_changes() {
        let write = expanded(&[6]);
        assert!(expanded(&[0]).iter().all(|number| write.contains(number)));
        assert!(write.contains(&76), "truncate");
    }

    #[test]
    fn leaves_out_syscalls_of_later_kernels() {
        assert!(!expanded(&[2]).contains(&452), "fchmodat2");
        let newer = Classes::of(Profile::new(Arch::X86_64, 472));
        let mut mask = Mask::EMPTY;
        assert!(mask.insert(Mask::BITS - 1 - 2));
        for (number, name) in [(452, "fchmodat2"), (463, "setxattrat"), (466, "removexattrat")] {
            assert!(newer.expand(&mask).contains(number), "{name}");
        }
    }

    #[test]
    fn clears_class_bits_without_a_class() {
        assert!(expanded(&[10, 15]).is_empty());
    }

    #[test]
    fn clears_the_class_bits_of_a_full_mask() {
        let classes = Classes::of(Profile::new(Arch::X86_64, 451));
        let all = classes.expand(&Mask::ALL);
        assert!(all.is_all());
        assert_eq!(all.words().last(), Some(&0x0000_ffff));
    }
}
