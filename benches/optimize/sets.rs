//! The sets of rules, as people write them and optimized.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rauditctl::catalog::{Arch, kernel_syscall_number};
use rauditctl::rewrite::optimize::Step;

use crate::harness::{Guest, rules_files};
use crate::products::{Source, product};

/// The variable with a folder of rules files.
const FOLDER: &str = "RAUDITCTL_RULE_SETS";

/// The number of watched directories.
const WATCHES: usize = 40;

/// A set in one form.
pub(crate) struct Set {
    /// Its name, the same for every form.
    pub(crate) name: String,
    /// The form.
    pub(crate) form: Form,
    /// Whether its figures are recorded.
    pub(crate) is_recorded: bool,
    /// The rules.
    pub(crate) text: String,
}

/// A form of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    Written,
    /// Rewritten by hand, to compare with.
    ByHand,
    /// Optimized by the exact steps.
    Exact,
    /// Optimized with a step that has a price too.
    With(Step),
}

impl Form {
    pub(crate) fn name(self) -> String {
        match self {
            Form::Written => "as written".to_owned(),
            Form::ByHand => "by hand".to_owned(),
            Form::Exact => "optimized".to_owned(),
            Form::With(step) => format!("--allow {}", step.name()),
        }
    }
}

/// Returns every set in each of its forms.
pub(crate) fn all(guest: &Guest) -> Vec<Set> {
    let set = |name: &str, form, text: &str| Set {
        name: name.to_owned(),
        form,
        is_recorded: true,
        text: text.to_owned(),
    };
    let mut sets = vec![
        set("no rules", Form::Written, ""),
        set("one rule", Form::Written, "-a always,exit -S execve -k exec\n"),
    ];
    sets.extend(forms(guest, "40 watches", &watches(), true));
    sets.push(set("40 watches", Form::ByHand, &watches_by_hand(guest)));
    sets.extend(forms(
        guest,
        "ten rules",
        include_str!("../../fixtures/rules/bench-ten.rules"),
        true,
    ));
    sets.extend(forms(
        guest,
        "session rules",
        include_str!("../../fixtures/rules/session.rules"),
        true,
    ));
    match std::env::var_os(FOLDER).map(PathBuf::from) {
        Some(folder) => {
            for (name, text) in rules_files(&folder) {
                sets.extend(forms(guest, &name, &text, false));
            }
        }
        None => println!("skipped: sets of {FOLDER}, which names a folder with rules files"),
    }
    sets
}

/// Returns a set as written, optimized, and with each step that has a price and does something.
fn forms(guest: &Guest, name: &str, text: &str, is_recorded: bool) -> Vec<Set> {
    let source = Source::of(text, guest.kernel.profile(), guest.kernel.version);
    let exact = product(&source.optimized(&[]));
    let mut texts = vec![(Form::Written, source.text()), (Form::Exact, exact.clone())];
    for step in Step::priced() {
        let text = product(&source.optimized(&[step]));
        match text == exact {
            true => println!("{name}: {} changes nothing", step.name()),
            false => texts.push((Form::With(step), text)),
        }
    }
    let set = |(form, text)| Set { name: name.to_owned(), form, is_recorded, text };
    texts.into_iter().map(set).collect()
}

/// Returns watches of directories.
fn watches() -> String {
    (0..WATCHES).map(|n| format!("-w /srv/{n}/ -p wa -k watch{n}\n")).collect()
}

/// The calls that `perm=wa` can match on x86_64 or i386 (`include/asm-generic/audit_*.h`, `arch/x86/kernel/audit_64.c`).
const WRITE_OR_ATTRIBUTES: &str = "open openat openat2 socketcall \
    rename mkdir rmdir creat link unlink symlink mknod mkdirat mknodat unlinkat renameat linkat symlinkat renameat2 \
    acct swapon quotactl truncate ftruncate truncate64 ftruncate64 bind fallocate \
    chmod fchmod chown lchown fchown chown32 lchown32 fchown32 fchownat fchmodat fchmodat2 \
    setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat";

/// Returns the best form that is known for these watches: one rule each without `arch`, for the numbers that `perm` can
/// match on either arch, with the directory first.
fn watches_by_hand(guest: &Guest) -> String {
    let size = guest.kernel.profile().nr_syscalls();
    let on_both = WRITE_OR_ATTRIBUTES.split_whitespace().flat_map(|name| {
        [Arch::X86_64, Arch::I386].map(|arch| kernel_syscall_number(arch, name.as_bytes()))
    });
    let numbers: BTreeSet<u32> = on_both.flatten().filter(|number| *number < size).collect();
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    let numbers = numbers.join(",");
    let rule = |n| format!("-a always,exit -S {numbers} -F dir=/srv/{n} -F perm=wa -k watch{n}\n");
    (0..WATCHES).map(rule).collect()
}
