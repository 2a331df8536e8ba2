//! Calls with names that are relative to a directory which is open, as in `openat(5, "name")`.

use super::fields::Value;
use super::group::Group;
use super::searches::{A0, A1, A2, A3, Prepared, name_of_call};
use crate::catalog::argument::{Parameter, parameter};
use crate::catalog::record;

/// `AT_FDCWD`: the directory of the process.
const CURRENT: u32 = 0xffff_ff9c;

/// Calls whose first argument is a directory (include/linux/syscalls.h), and which the table of parameters lacks: they are
/// newer, or exist only on 32-bit machines.
const NEWER: [&str; 9] = [
    "fchmodat2",
    "file_getattr",
    "file_setattr",
    "getxattrat",
    "listxattrat",
    "open_tree_attr",
    "removexattrat",
    "setxattrat",
    "utimensat_time64",
];

/// Returns whether the relative names of an event begin, or may begin, in a directory that is open. The log does not hold
/// which one, and the record of an operation of io_uring has no arguments at all.
pub(crate) fn may_be_of_descriptor(group: &Group) -> bool {
    group.record(record::URINGOP).is_some()
        || group.record(record::SYSCALL).is_some_and(is_of_descriptor)
}

/// Returns whether the relative names of a call begin in a directory that is open. `call` has the fields of the SYSCALL
/// record.
fn is_of_descriptor(call: &[u8]) -> bool {
    let Some(name) = name_of_call(call) else { return false };
    match name {
        // A mask of 64 bits comes before the directory. It takes two arguments of a 32-bit program, and then the record
        // does not hold the directory.
        "fanotify_mark" => !is_current(call, &A3),
        _ if NEWER.contains(&name) => !is_current(call, &A0),
        _ => [&A0, &A1, &A2].into_iter().zip(0..).any(|(field, argument)| {
            let is_directory = parameter(name, argument) == Some(Parameter::Number("directory"));
            is_directory && !is_current(call, field)
        }),
    }
}

/// Returns whether an argument is the directory of the process.
fn is_current(call: &[u8], field: &Prepared) -> bool {
    // Programs write it with 32 or with 64 bits.
    let is_current = |value: Value<'_>| {
        value.based(16).is_some_and(|value| value & u64::from(u32::MAX) == u64::from(CURRENT))
    };
    field.find_in(call).is_some_and(is_current)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Arch, syscall_number};

    #[test]
    fn calls_that_the_table_lacks_exist() {
        for name in NEWER.into_iter().chain(["fanotify_mark"]) {
            let exists = |arch: Arch| syscall_number(arch, name.as_bytes()).is_some();
            assert!(Arch::ALL.into_iter().any(exists), "{name}");
            assert_eq!(parameter(name, 0), None, "{name} has a row by now");
        }
    }

    #[test]
    fn names_begin_in_the_directory_that_a_call_is_given() {
        // The numbers of x86_64 (arch/x86/entry/syscalls/syscall_64.tbl).
        for (call, expected) in [
            ("syscall=301 success=yes exit=0 a0=3 a1=1 a2=8 a3=5", true),
            ("syscall=301 success=yes exit=0 a0=3 a1=1 a2=8 a3=ffffff9c", false),
            ("syscall=452 success=yes exit=0 a0=5 a1=1 a2=8 a3=0", true),
            ("syscall=452 success=yes exit=0 a0=ffffffffffffff9c a1=1 a2=8 a3=0", false),
            ("syscall=2 success=yes exit=0 a0=5 a1=1 a2=8 a3=5", false),
        ] {
            let fields = format!("arch=c000003e {call} items=1");
            assert_eq!(is_of_descriptor(fields.as_bytes()), expected, "{call}");
        }
    }
}
