//! P106 `hot-syscall`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch, Operator, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::{Conditions, FAILURE};
use crate::rule::{Field, Op, Rule};
use crate::ruleset::LoadedRule;
use crate::span::Span;
use crate::syntax::{Directive, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P106",
    name: "hot-syscall",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("p106_hot_syscall.md"),
};

/// Syscalls that programs make very often, by name, sorted.
const HOT: [&str; 69] = [
    "_llseek",
    "_newselect",
    "brk",
    "clock_gettime",
    "clock_gettime64",
    "clock_nanosleep",
    "clock_nanosleep_time64",
    "close",
    "epoll_ctl",
    "epoll_pwait",
    "epoll_pwait2",
    "epoll_wait",
    "fstat",
    "fstat64",
    "futex",
    "futex_time64",
    "getegid",
    "getegid32",
    "geteuid",
    "geteuid32",
    "getgid",
    "getgid32",
    "getpid",
    "getppid",
    "getrandom",
    "gettid",
    "gettimeofday",
    "getuid",
    "getuid32",
    "io_getevents",
    "io_submit",
    "io_uring_enter",
    "lseek",
    "madvise",
    "mmap",
    "mmap2",
    "munmap",
    "nanosleep",
    "poll",
    "ppoll",
    "ppoll_time64",
    "pread64",
    "preadv",
    "preadv2",
    "pselect6",
    "pselect6_time64",
    "pwrite64",
    "pwritev",
    "pwritev2",
    "read",
    "readv",
    "recv",
    "recvfrom",
    "recvmmsg",
    "recvmmsg_time64",
    "recvmsg",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sched_yield",
    "select",
    "send",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "time",
    "times",
    "write",
    "writev",
];

/// Maximum number of names in a message.
const MOST_NAMES: usize = 4;

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.recording() {
        let is_narrow = facts.conditions(loaded).is_some_and(is_about_failures_or_one_user);
        if is_narrow || loaded.rule.fields.iter().any(narrows) {
            continue;
        }
        let hot = hot_names(loaded, facts.compiled.arch);
        let Some((_, first)) = hot.first() else { continue };
        let message = format!("nothing limits the number of records of {}", listed(&hot));
        let finding =
            Finding::new(&LINT, loaded.line.place(*first), message).label("called very often");
        findings.push(finding.help(
            "remove it, or add a condition on a file, a program, an argument or a result; the calls are armed in either \
             case",
        ));
    }
}

/// Returns whether several conditions together leave only failures, such as `exit>=-4095`, or one account. Most calls
/// succeed.
fn is_about_failures_or_one_user(conditions: &Conditions<'_>) -> bool {
    let user = conditions.single(field::AUID);
    conditions.usual_outcome() == Some(FAILURE) || user.is_some_and(|user| user != u32::MAX)
}

/// Returns whether a condition reduces the number of records. `perm` does: the kernel does not count these calls as
/// access.
fn narrows(field: &Field) -> bool {
    let Field::Number { op: Op::Known(op), value, .. } = field else {
        return field.number() != field::KEY && field.op() == Op::EQUAL;
    };
    let is_equal = *op == Operator::Equal;
    match field.number() {
        field::ARCH => false,
        field::PERM | field::FIELD_COMPARE | field::A0..=field::A3 => true,
        // Most calls succeed.
        field::SUCCESS => is_equal == (*value == 0),
        field::EXIT => is_equal || matches!(op, Operator::Less | Operator::LessEqual),
        field::AUID | field::SESSIONID => is_equal && *value != u32::MAX,
        _ => is_equal,
    }
}

/// Returns the hot syscalls that a rule names, each with its place.
fn hot_names(loaded: &LoadedRule<'_, '_>, machine: Arch) -> Vec<(&'static str, Span)> {
    let arch = arch_of(loaded.rule).unwrap_or(machine);
    let mut hot = Vec::new();
    for item in &loaded.line.command().options {
        let Directive::Syscalls(list) = &item.directive else { continue };
        for name in list.names() {
            let known = hot_name(arch, &name).map(|known| (known, name.span()));
            hot.extend(known.filter(|(known, _)| hot.iter().all(|(seen, _)| seen != known)));
        }
    }
    hot
}

fn arch_of(rule: &Rule) -> Option<Arch> {
    rule.fields.iter().find_map(|field| match field {
        Field::Number { op: Op::Known(Operator::Equal), value, .. }
            if field.number() == field::ARCH =>
        {
            Arch::from_elf(*value)
        }
        _ => None,
    })
}

/// Returns the syscall with this name or number, if it is hot.
fn hot_name(arch: Arch, name: &Text<'_>) -> Option<&'static str> {
    let number = std::str::from_utf8(name.bytes()).ok().and_then(|text| text.parse().ok());
    let number = number.or_else(|| catalog::syscall_number(arch, name.bytes()))?;
    let known = catalog::syscall_name(arch, number)?;
    HOT.binary_search(&known).ok().map(|_| known)
}

fn listed(hot: &[(&str, Span)]) -> String {
    let names: Vec<String> = hot.iter().map(|(name, _)| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] if names.len() <= MOST_NAMES => format!("{} and {last}", most.join(", ")),
        all => {
            let shown = all.get(..MOST_NAMES).unwrap_or_default();
            format!("{} and {} other syscalls", shown.join(", "), all.len() - MOST_NAMES)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hot_list_is_sorted_and_names_syscalls() {
        assert!(HOT.is_sorted());
        for name in HOT {
            let exists = |arch: &Arch| catalog::syscall_number(*arch, name.as_bytes()).is_some();
            assert!(Arch::ALL.iter().any(exists), "{name}");
        }
    }
}
