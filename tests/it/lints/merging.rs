//! Merging rules must not change what is recorded: each call is matched by the first rule that it fits, and what
//! that rule says of it, its action and keys, is the same before and after.

use proptest::prelude::*;

use super::fixture::Fixture;
use rauditctl::catalog::{Arch, Operator, field, syscall_number};
use rauditctl::lint::find;
use rauditctl::rule::{Action, Field, Op, Rule};

/// A call that is over.
#[derive(Clone, Copy, Debug)]
struct Call {
    arch: Arch,
    nr: u32,
    uid: u32,
    exit: u32,
}

/// Every call that the rules below can tell apart.
fn calls() -> Vec<Call> {
    let mut calls = Vec::new();
    for arch in [Arch::X86_64, Arch::I386] {
        for name in ["chmod", "fchmod", "mount", "unlink", "mprotect"] {
            let nr = syscall_number(arch, name.as_bytes()).expect("a syscall of both");
            for uid in [0, 33, 1000] {
                for exit in [0, 1u32.wrapping_neg(), 13u32.wrapping_neg()] {
                    calls.push(Call { arch, nr, uid, exit });
                }
            }
        }
    }
    calls
}

/// What the first rule that fits says of a call.
fn said(rules: &[Rule], call: Call) -> Option<(Action, Vec<Vec<u8>>)> {
    let fits = |rule: &&Rule| {
        rule.mask.contains(call.nr) && rule.fields.iter().all(|field| holds(field, call))
    };
    let rule = rules.iter().find(fits)?;
    Some((rule.action, rule.keys().map(<[u8]>::to_vec).collect()))
}

fn holds(field: &Field, call: Call) -> bool {
    let Field::Number { op, value, .. } = field else { return field.number() == field::KEY };
    let (number, as_signed) = match field.number() {
        field::ARCH => (call.arch.elf(), false),
        field::UID => (call.uid, false),
        field::EXIT => (call.exit, true),
        other => panic!("field {other} is not in these rules"),
    };
    let order = match as_signed {
        true => number.cast_signed().cmp(&value.cast_signed()),
        false => number.cmp(value),
    };
    match op {
        Op::Known(Operator::Equal) => order.is_eq(),
        Op::Known(Operator::NotEqual) => order.is_ne(),
        Op::Known(Operator::GreaterEqual) => order.is_ge(),
        other => panic!("{other:?} is not in these rules"),
    }
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(words)
}

fn line() -> impl Strategy<Value = String> {
    (
        word(&["always", "always", "never"]),
        word(&[" -F arch=b64", " -F arch=b64", " -F arch=b32", ""]),
        word(&["chmod", "fchmod", "mount", "unlink", "unlink -S chmod", "mount,fchmod"]),
        word(&["", "", " -F uid=0", " -F uid=33", " -F uid>=33", " -F uid!=0"]),
        word(&["", "", " -F exit=-EACCES", " -F exit=-EPERM", " -F exit>=0"]),
        word(&["", " -k a", " -k b", " -F key=a"]),
    )
        .prop_map(|(action, arch, syscalls, uid, exit, key)| {
            format!("-a {action},exit{arch} -S {syscalls}{uid}{exit}{key}\n")
        })
}

proptest! {
    #[test]
    fn merged_rules_record_what_the_single_ones_did(
        lines in proptest::collection::vec(line(), 2..12),
    ) {
        let lint = find("P105").expect("a lint");
        let single = Fixture::of_text(&lines.concat());
        let merged = single.mended(lint);
        let (before, after) = (single.kernel_rule(Arch::X86_64), merged.kernel_rule(Arch::X86_64));
        for call in calls() {
            prop_assert_eq!(said(&before, call), said(&after, call), "{:?} in {:?}", call, merged.texts());
        }
    }
}

#[test]
fn the_rules_of_the_test_are_merged_at_all() {
    let rules = "-a always,exit -F arch=b64 -S chmod -k a\n-a always,exit -F arch=b32 -S mount -k b\n\
                 -a always,exit -F arch=b64 -S fchmod -k a\n";
    let merged = Fixture::of_text(rules).mended(find("P105").expect("a lint"));
    let expected = "-a always,exit -F arch=b64 -S chmod,fchmod -k a\n-a always,exit -F arch=b32 -S mount -k b\n";
    assert_eq!(merged.texts(), [expected]);
}
