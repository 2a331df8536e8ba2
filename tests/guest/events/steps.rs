//! Random calls on the files of `in_guest sequences`, and random rules about them. The kernel accepts all of them.

use rauditctl::catalog::{Arch, field, kernel_syscall_number};
use rauditctl::rule::{Action, Field, FilterList, Mask, Op, Placement, Rule};

use super::rule_sets::{Subject, equality, order};
use crate::random::{Random, number, text};

/// The files that come and go.
const FILES: [&str; 7] =
    ["/tmp/s/a", "/tmp/s/b", "/tmp/s/c", "/tmp/s/d/a", "/tmp/s/d/c", "/tmp/s/e/c", "/tmp/s/m/a"];
/// Most of the calls are on these files, so that they meet.
const FEW: [&str; 3] = ["/tmp/s/a", "/tmp/s/b", "/tmp/s/d/a"];
/// The directories that mounts cover.
const COVERED: [&str; 2] = ["/tmp/s/m", "/tmp/s/e"];
/// Directories that stay: the kernel drops the rules about those that do not.
const DIRECTORIES: [&str; 5] = ["/tmp/s", "/tmp/s/d", "/tmp/s/e", "/tmp/s/m", "/tmp"];
/// Files whose inodes rules name. The rules have their number in this list in place of the inode.
pub(super) const WITH_INODE: [&str; INODES as usize] = ["/tmp/s/a", "/tmp/s/d/a", "/tmp/s/d"];

/// The length of that list.
const INODES: u32 = 3;

const TASKS: [&str; 6] = ["root", "root", "sudo", "alice", "alice", "daemon"];
const IDS: [u32; 4] = [0, 33, 1000, u32::MAX];

/// The number of steps of a sequence.
const STEPS: usize = 16;

const HERE: &str = "18446744073709551516";
const EXCHANGE: u32 = 2;
const BIND: u32 = 4096;

/// The calls of a sequence.
pub(super) const SUBJECT: Subject = Subject { rule, of_task };

/// Returns the steps of a sequence, as the program in the guest reads them.
pub(super) fn steps(random: &mut Random) -> Vec<String> {
    (0..STEPS).map(|_| format!("{} {}", random.pick(&TASKS), step(random))).collect()
}

fn step(random: &mut Random) -> String {
    let (one, other) = (file(random), file(random));
    let (mode, owner) = (random.pick(&[0o600, 0o666]), random.pick(&[0, 33]));
    match random.below(24) {
        0..=3 => {
            let flags = random.pick(&[0, 1, 2, 0o100, 0o101, 0o1102, 0o301]);
            call(random, "open", &format!("path:{one} {flags} 420"))
        }
        4 => call(random, "truncate", &format!("path:{one} 0")),
        5 => call(random, "chmod", &format!("path:{one} {mode}")),
        6 => call(random, "stat", &format!("path:{one} 0")),
        7 => call(random, "lchown", &format!("path:{one} {owner} 33")),
        8..=11 => call(random, "unlink", &format!("path:{one}")),
        12..=15 => call(random, "rename", &format!("path:{one} path:{other}")),
        16 | 17 => call(random, "link", &format!("path:{one} path:{other}")),
        18 => call(random, "symlink", &format!("path:{one} path:{other}")),
        // The kernel collects one name for two entries whose last parts are the same.
        19 if last_part(one) == last_part(other) => call(random, "stat", &format!("path:{one} 0")),
        19 => b64("renameat2", &format!("{HERE} path:{one} {HERE} path:{other} {EXCHANGE}")),
        20 if owner == 0 => call(random, "mkdir", &format!("path:{one} 511")),
        20 => call(random, "rmdir", &format!("path:{one}")),
        21 => b64("mount", &format!("path:{one} path:{other} 0 {BIND} 0")),
        22 => {
            let covered = random.pick(&COVERED);
            match random.once_in(2) {
                true => b64("mount", &format!("path:tmp path:{covered} path:tmpfs 0 0")),
                false => b64("mount", &format!("path:/tmp/s/d path:{covered} 0 {BIND} 0")),
            }
        }
        _ => {
            let covered = if random.once_in(2) { one } else { random.pick(&COVERED) };
            b64("umount2", &format!("path:{covered} 0"))
        }
    }
}

fn last_part(path: &str) -> Option<&str> {
    path.rsplit('/').next()
}

fn file(random: &mut Random) -> &'static str {
    if random.once_in(3) { random.pick(&FILES) } else { random.pick(&FEW) }
}

/// Returns a call of one of both sides.
fn call(random: &mut Random, name: &str, words: &str) -> String {
    if !random.once_in(4) {
        return b64(name, words);
    }
    let number = kernel_syscall_number(Arch::I386, name.as_bytes()).expect("a syscall");
    format!("b32 {number} {words}")
}

fn b64(name: &str, words: &str) -> String {
    let number = kernel_syscall_number(Arch::X86_64, name.as_bytes()).expect("a syscall");
    format!("b64 {number} {words}")
}

fn rule(random: &mut Random) -> Rule {
    let action = if random.once_in(3) { Action::Never } else { Action::Always };
    let mut rule = Rule::new(FilterList::Exit, action);
    if random.once_in(6) {
        rule.placement = Placement::Prepend;
    }
    rule.mask = mask(random);
    match random.below(8) {
        0..=4 => {
            let path = if random.once_in(6) { random.pick(&COVERED) } else { file(random) };
            rule.fields.push(text(field::PATH, Op::EQUAL, path.as_bytes()));
        }
        5 => {
            let directory = random.pick(&DIRECTORIES);
            rule.fields.push(text(field::DIR, Op::EQUAL, directory.as_bytes()));
        }
        6 => {
            let file = random.below(INODES);
            rule.fields.push(number(field::INODE, equality(random), file));
        }
        _ => {}
    }
    for _ in 0..random.below(3) {
        let field = if random.once_in(2) { of_task(random) } else { of_call(random) };
        rule.fields.push(field);
    }
    if !random.once_in(4) {
        let key = random.pick(&["a", "b", "c", "d\x01e"]);
        rule.fields.push(text(field::KEY, Op::EQUAL, key.as_bytes()));
    }
    rule
}

fn mask(random: &mut Random) -> Mask {
    if !random.once_in(3) {
        return Mask::ALL;
    }
    const NAMES: [&str; 9] =
        ["open", "unlink", "rename", "link", "symlink", "renameat2", "mkdir", "mount", "chmod"];
    let mut mask = Mask::EMPTY;
    for name in NAMES {
        if random.once_in(2) {
            let number = kernel_syscall_number(Arch::X86_64, name.as_bytes()).expect("a syscall");
            assert!(mask.insert(number));
        }
    }
    mask
}

fn of_task(random: &mut Random) -> Field {
    match random.below(5) {
        0 => number(field::AUID, equality(random), random.pick(&[0, 1000, u32::MAX])),
        1 => {
            let program = random.pick(&["/sbin/in_guest", "/bin/busybox"]);
            text(field::EXE, equality(random), program.as_bytes())
        }
        2 => number(field::EUID, order(random), random.pick(&IDS)),
        _ => number(field::UID, order(random), random.pick(&IDS)),
    }
}

fn of_call(random: &mut Random) -> Field {
    const TYPES: [u32; 3] = [0o100_000, 0o040_000, 0o120_000];
    match random.below(6) {
        0 => number(field::SUCCESS, equality(random), random.below(2)),
        1 => number(field::EXIT, order(random), random.pick(&[0, 3])),
        2 => number(field::PERM, Op::EQUAL, 1 + random.below(15)),
        3 => number(field::FILETYPE, equality(random), random.pick(&TYPES)),
        4 => number(field::OBJ_UID, order(random), random.pick(&[0, 33, 1000])),
        _ => number(field::FIELD_COMPARE, equality(random), 1 + random.below(9)),
    }
}
