//! The steps that have a price.

use rauditctl::catalog::{Arch, KernelVersion, kernel_syscall_number};
use rauditctl::rewrite::optimize::{Loss, Optimized, Step, Whole};
use rauditctl::rule::{Action, FilterList, Rule};

use super::steps::{armed, optimized, optimized_but, texts};

const VERSION: KernelVersion = KernelVersion::new(6, 1);

const OPEN: &str = "-a always,exit -F arch=b64 -S openat -F exit=-EACCES -k access";
const EXEC: &str = "-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=unset -k exec";

fn with(step: Step, rules: &[&str]) -> Optimized {
    optimized(&armed(&(rules.join("\n") + "\n"), VERSION), &[step])
}

/// Adds a fast path to rules. It never makes a common syscall dearer than it was, so rules come first that the exact steps
/// make cheaper.
fn with_fast_path(rules: &[&str], companions: &[(Arch, u32)]) -> Optimized {
    let dear = |n| {
        format!(
            "-a always,exit -F arch=b64 -S openat,execve,connect -F uid=0 -F dir=/srv/{n} -k d{n}\n"
        )
    };
    let text = (0..12).map(dear).collect::<String>() + &rules.join("\n") + "\n";
    let steps: Vec<Step> = Step::exact().chain([Step::FastPath]).collect();
    let made = optimized_but(&armed(&text, VERSION), &steps, &[], companions);
    assert_eq!(made.whole, Whole::Same, "{:?}", texts(&made));
    made
}

fn loss(made: &Optimized) -> &Loss {
    made.steps.iter().find_map(|done| done.loss.as_ref()).expect("a step with a price")
}

fn number(name: &str) -> u32 {
    kernel_syscall_number(Arch::X86_64, name.as_bytes()).expect("a syscall")
}

/// Returns whether a rule that was added before the rule at a place silences a syscall.
fn is_silenced(made: &Optimized, name: &str, before: usize) -> bool {
    let silences = |rule: &Rule| {
        (rule.list, rule.action) == (FilterList::Exit, Action::Never)
            && rule.mask.contains(number(name))
    };
    made.rules.iter().take(before).any(|rule| rule.from.is_empty() && silences(&rule.rule))
}

#[test]
fn the_fast_path_is_for_what_no_rule_records() {
    let made = with_fast_path(&[OPEN, EXEC], &[]);
    assert!(is_silenced(&made, "read", 1), "{:?}", texts(&made));
    assert!(!is_silenced(&made, "openat", 1) && !is_silenced(&made, "execve", 12));
    let Loss::Companions(syscalls) = loss(&made) else { panic!("{made:?}") };
    assert!(syscalls.contains(&(Arch::X86_64, number("read"))));
    assert!(!syscalls.contains(&(Arch::X86_64, number("execve"))));
}

/// Rules by inode are tested after the walk, but a `never` that comes first silences them.
#[test]
fn the_fast_path_leaves_out_what_a_later_rule_by_inode_records() {
    let watch = "-w /etc/shadow -p wa -k shadow";
    let made = with_fast_path(&[EXEC, watch], &[]);
    assert!(!is_silenced(&made, "unlink", made.rules.len() - 1), "{:?}", texts(&made));
    assert!(is_silenced(&made, "read", 1));
}

/// The record of a rule by inode without a key has the key of the rule of the list that matches, even of a `never`.
#[test]
fn the_fast_path_leaves_out_what_decides_a_key() {
    let watch = "-a always,exit -S sendto -F path=/etc/shadow";
    let with_key = format!("{watch} -k shadow");
    let mut rest: Vec<String> = (0..40).map(|n| format!("{EXEC}{n} -F uid={n}")).collect();
    rest.push("-a never,exit -S all -F dir=/etc -F saddr_fam!=1 -k quiet".to_owned());
    for (watch, is_expected) in [(watch, false), (&*with_key, true)] {
        let rules = std::iter::once(watch).chain(rest.iter().map(String::as_str));
        let made = with_fast_path(&rules.collect::<Vec<_>>(), &[]);
        let never = made.rules.iter().position(|rule| rule.from == [53]).expect("the last rule");
        assert_eq!(is_silenced(&made, "sendto", never), is_expected, "{:?}", texts(&made));
    }
}

/// The decision about io_uring_enter holds for its operations; the mask of a rule with kill makes signals dearer.
#[test]
fn the_fast_path_leaves_out_syscalls_that_matter_for_others() {
    let made = with_fast_path(&[OPEN, EXEC], &[]);
    for name in ["io_uring_enter", "kill", "tkill", "tgkill"] {
        assert!(!is_silenced(&made, name, made.rules.len()), "{name}");
    }
    let read = (Arch::X86_64, number("read"));
    let made = with_fast_path(&[OPEN, EXEC], &[read]);
    assert!(!is_silenced(&made, "read", made.rules.len()), "{:?}", texts(&made));
    assert!(is_silenced(&made, "write", 1));
}

/// A `never` after the last rule that can match ends the walk of a syscall, too.
#[test]
fn the_fast_path_has_places_in_the_middle() {
    let mut rules = vec![OPEN.to_owned()];
    rules.extend((0..40).map(|n| format!("{EXEC}{n} -F uid={n}")));
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let made = with_fast_path(&rules, &[]);
    let open = made.rules.iter().position(|rule| rule.from == [12]).expect("the rule for openat");
    assert!(!is_silenced(&made, "openat", open));
    assert!(is_silenced(&made, "openat", open + 3), "{:?}", texts(&made));
}

#[test]
fn the_fast_path_is_not_made_where_it_saves_nothing() {
    let all = "-a always,exit -S all -F uid=33 -k all";
    let made = with(Step::FastPath, &[all]);
    assert_eq!(made.rules.len(), 1);
    assert!(matches!(loss(&made), Loss::Nothing));
}

#[test]
fn daemons_are_skipped_if_every_rule_asks_for_a_login_user() {
    let made = with(Step::SkipDaemons, &[EXEC, "-a never,exit -S all -F uid=33"]);
    let skip = "-a never,task -F auid=unset";
    assert_eq!(texts(&made)[0], skip);
    let Loss::Logins(example) = loss(&made) else { panic!("{made:?}") };
    // The process had no login user when it was made, and has one in the call.
    assert_eq!(example.event.at_entry.auid, Some(u32::MAX));
    for other in [
        OPEN,
        "-a always,exit -F arch=b64 -S execve -F auid>=1000",
        "-a always,task -F uid=0",
        "-w /etc/shadow -p wa",
    ] {
        let made = with(Step::SkipDaemons, &[EXEC, other]);
        assert_eq!(made.rules.len(), 2, "{other}");
        assert!(matches!(loss(&made), Loss::RecordsDaemons(Some(1))), "{other}");
    }
    let login = "-a always,exit -F arch=b64 -S chmod -F auid=1000";
    assert_eq!(texts(&with(Step::SkipDaemons, &[login]))[0], skip);
}

#[test]
fn keys_are_merged_only_on_request() {
    let chmod = "-a always,exit -F arch=b64 -S chmod -F auid>=1000 -k mode";
    let chown = "-a always,exit -F arch=b64 -S chown -F auid>=1000 -k owner -k file";
    let keyless = "-a always,exit -F arch=b64 -S rename -F auid>=1000";
    let made = with(Step::MergeKeys, &[chmod, chown, keyless]);
    let both = "-a always,exit -F arch=b64 -S chmod,chown -F auid>=1000 -k mode -k owner -k file";
    assert_eq!(texts(&made), [both, keyless]);
    assert_eq!(made.whole, Whole::Same);
    let Loss::Keys(Some(example)) = loss(&made) else { panic!("{made:?}") };
    assert_ne!(example.old, example.new);
    let exact: Vec<Step> = Step::exact().collect();
    let text = format!("{chmod}\n{chown}\n{keyless}\n");
    assert_eq!(optimized(&armed(&text, VERSION), &exact).rules.len(), 3);
    // All keys of a rule have at most 256 bytes.
    let long = chown.replace("file", &"f".repeat(250));
    assert_eq!(with(Step::MergeKeys, &[chmod, &long]).rules.len(), 2);
}
