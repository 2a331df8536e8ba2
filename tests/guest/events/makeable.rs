//! Random rules about calls that `in_guest witnesses` can make. The kernel accepts all of them.

use rauditctl::catalog::{Arch, Operator, field, kernel_syscall_number};
use rauditctl::rule::{Action, Field, FilterList, Mask, Op, Placement, Rule};

use super::rule_sets::{Subject, equality, order};
use crate::random::{Random, number, text};

const PATHS: [&str; 5] = ["/w/one", "/w/two", "/w/d/one", "/w/d", "/w/e/two"];
/// No call removes one of them: the kernel would drop the rule, and record that.
const DIRECTORIES: [&str; 2] = ["/w", "/w/e"];
const SYSCALLS: [&str; 18] = [
    "open",
    "openat",
    "creat",
    "truncate",
    "unlink",
    "rmdir",
    "rename",
    "link",
    "mkdir",
    "chmod",
    "chown",
    "access",
    "chdir",
    "execve",
    "socket",
    "setuid",
    "kill",
    "personality",
];
const WITH_ADDRESS: [&str; 2] = ["bind", "connect"];
const USERS: [u32; 5] = [0, 8, 33, 1000, 1001];
const LOGINS: [u32; 4] = [0, 1000, 1001, u32::MAX];

/// Calls that witnesses can describe.
pub(super) const MAKEABLE: Subject = Subject { rule, of_task };

fn rule(random: &mut Random) -> Rule {
    let action = if random.once_in(4) { Action::Never } else { Action::Always };
    let mut rule = Rule::new(FilterList::Exit, action);
    if random.once_in(6) {
        rule.placement = Placement::Prepend;
    }
    let arch = if random.once_in(4) { Arch::I386 } else { Arch::X86_64 };
    rule.fields.push(number(field::ARCH, Op::EQUAL, arch.elf()));
    let has_address = random.once_in(6);
    for _ in 0..1 + random.below(4) {
        let name = random.pick(if has_address { &WITH_ADDRESS } else { &SYSCALLS });
        let number = kernel_syscall_number(arch, name.as_bytes()).expect("a syscall");
        assert!(rule.mask.insert(number));
    }
    if random.once_in(8) && !has_address {
        rule.mask = Mask::ALL;
    }
    match random.below(5) {
        0 | 1 => rule.fields.push(text(field::PATH, Op::EQUAL, random.pick(&PATHS).as_bytes())),
        2 => rule.fields.push(text(field::DIR, Op::EQUAL, random.pick(&DIRECTORIES).as_bytes())),
        _ => {}
    }
    for _ in 0..random.below(3) {
        let condition = match random.below(3) {
            0 => of_task(random),
            _ => of_call(random, has_address),
        };
        rule.fields.push(condition);
    }
    if !random.once_in(4) {
        let key = random.pick(&["a", "b", "c\x01d"]);
        rule.fields.push(text(field::KEY, Op::EQUAL, key.as_bytes()));
    }
    rule
}

fn of_task(random: &mut Random) -> Field {
    match random.below(4) {
        0 | 1 => number(field::AUID, order(random), random.pick(&LOGINS)),
        _ => number(field::UID + random.below(8), order(random), random.pick(&USERS)),
    }
}

fn of_call(random: &mut Random, has_address: bool) -> Field {
    const TYPES: [u32; 2] = [0o100_000, 0o040_000];
    match random.below(7) {
        0 => number(field::SUCCESS, equality(random), random.below(2)),
        1 => number(field::EXIT, equality(random), random.pick(&[0, errno(2), errno(13)])),
        _ if has_address => number(field::SADDR_FAM, equality(random), random.pick(&[1, 2])),
        2 => number(field::PERM, Op::EQUAL, 1 + random.below(15)),
        3 => number(field::FILETYPE, equality(random), random.pick(&TYPES)),
        4 => {
            let owner = random.pick(&[field::OBJ_UID, field::OBJ_GID]);
            number(owner, order(random), random.pick(&USERS))
        }
        5 => number(field::FIELD_COMPARE, equality(random), 1 + random.below(25)),
        _ => number(
            field::A0 + random.below(3),
            Op::Known(random.pick(&[Operator::Equal, Operator::NotEqual])),
            random.pick(&[0, 1, 2, 1000]),
        ),
    }
}

/// Returns the result of a call that fails.
fn errno(number: i32) -> u32 {
    (-number).cast_unsigned()
}
