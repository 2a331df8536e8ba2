//! Merging rules must not change what is recorded: for each call, the first matching rule has the same action and keys
//! before and after.

use proptest::prelude::*;

use super::fixture::Fixture;
use rauditctl::catalog::{Arch, Operator, field, syscall_number};
use rauditctl::lint::find;
use rauditctl::rule::{Action, Field, Op, Rule};

/// A finished call.
#[derive(Clone, Copy, Debug)]
struct Call {
    arch: Arch,
    nr: u32,
    uid: u32,
    exit: u32,
}

/// Returns every call that the rules below distinguish.
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

/// Returns the action and keys of the first rule that matches a call.
fn decision(rules: &[Rule], call: Call) -> Option<(Action, Vec<Vec<u8>>)> {
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
    fn merged_rules_record_the_same_calls(
        lines in proptest::collection::vec(line(), 2..12),
    ) {
        let lint = find("P105").expect("a lint");
        let single = Fixture::of_text(&lines.concat());
        let merged = single.with_fixes(lint);
        let (before, after) = (single.kernel_rules(Arch::X86_64), merged.kernel_rules(Arch::X86_64));
        for call in calls() {
            prop_assert_eq!(decision(&before, call), decision(&after, call), "{:?} in {:?}", call, merged.texts());
        }
    }
}

#[test]
fn merges_rules_like_those_of_the_test() {
    let rules = "-a always,exit -F arch=b64 -S chmod -k a\n-a always,exit -F arch=b32 -S mount -k b\n\
                 -a always,exit -F arch=b64 -S fchmod -k a\n";
    let merged = Fixture::of_text(rules).with_fixes(find("P105").expect("a lint"));
    let expected = "-a always,exit -F arch=b64 -S chmod,fchmod -k a\n-a always,exit -F arch=b32 -S mount -k b\n";
    assert_eq!(merged.texts(), [expected]);
}
