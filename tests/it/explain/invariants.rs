//! Properties that hold for any rules.

use proptest::prelude::*;
use rauditctl::analysis::{
    Analysis, Arming, Cause, Change, Comparison, Gate, Questions, Verdict, failures, inspect,
    narrowing, walks,
};
use rauditctl::catalog::Arch;
use rauditctl::report::argument::NoNames;
use rauditctl::report::explain::text::{Layout, View, write_explanation};
use rauditctl::report::listing::{Listing, Style};
use rauditctl::rewrite::quiet_rule_line;
use rauditctl::rule::Rule;

use super::{arming_of, rule};

/// Lines that differ in list, mask, arch, perm and position.
const LINES: [&str; 20] = [
    "-a always,exit -F arch=b64 -S openat,read -F auid=1000 -k a",
    "-a always,exit -F arch=b32 -S open,read -k b",
    "-a never,exit -F arch=b64 -S read",
    "-a never,exit -S read,write",
    "-a always,exit -F arch=b64 -S execve",
    "-a always,exit -F arch=b64 -S all -F exit=-EPERM",
    "-a always,exit -F arch=b64 -F dir=/etc -F perm=wa",
    "-a always,exit -F dir=/etc -F perm=r -F uid!=0",
    "-a always,exit -F perm=x -F arch=b64",
    "-a always,exit -F path=/etc/passwd",
    "-a always,exit -F inode=7 -S openat",
    "-a always,exit -F inode!=7 -S openat",
    "-w /etc/shadow -p rwxa -k c",
    "-w /etc/audit -p wa -k c",
    "-A never,exit -F arch=b64 -S openat -F auid=0",
    "-a always,exit -F arch=b64 -S fchmodat2,500",
    "-a never,task -F uid=5",
    "-a always,io_uring -S openat",
    "-a always,exclude -F msgtype=CWD",
    "-a always,exit -F arch!=b64 -S getpid",
];

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let mostly_exit = prop_oneof![9 => 0usize..16, 1 => 16usize..20];
    proptest::collection::vec(mostly_exit, 0..30)
        .prop_map(|picks| picks.into_iter().map(|pick| rule(LINES[pick])).collect())
}

fn armed(arming: &Arming) -> Vec<u32> {
    (0..arming.nr_syscalls).filter(|nr| arming.is_armed(*nr)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn walks_are_within_the_list(rules in rules()) {
        let arming = arming_of(rules);
        let walks = walks(&arming);
        let on_exit = arming.counters.n_syscall_rules() as usize;
        prop_assert_eq!(walks.list_len + walks.hashed, on_exit);
        for walk in &walks.walks {
            prop_assert!(walk.best <= walk.worst && walk.worst <= walks.list_len);
            prop_assert!(walk.hits <= walk.worst && walk.inode_rules <= walks.hashed);
            let counted = arming.counters.of_syscall(walk.nr) as usize;
            prop_assert!(walk.hits + walk.inode_rules <= counted);
        }
    }

    #[test]
    fn inspection_agrees_with_its_walk(rules in rules(), nr in 0u32..451) {
        let arming = arming_of(rules);
        let walks = walks(&arming);
        for arch in [Arch::X86_64, Arch::I386] {
            let Some(found) = inspect(&arming, &walks, arch, nr) else { continue };
            let walk = found.walk;
            prop_assert_eq!(found.rules.len(), arming.counters.of_syscall(nr) as usize);
            let on_walk = || found.rules.iter().filter_map(|one| Some((one.position?, one.verdict)));
            let first = on_walk().find(|(_, verdict)| *verdict != Verdict::Never);
            let sure = on_walk().find(|(_, verdict)| *verdict == Verdict::Always);
            prop_assert_eq!(walk.best, first.map_or(walks.list_len, |(place, _)| place));
            prop_assert_eq!(walk.worst, sure.map_or(walks.list_len, |(place, _)| place));
            let hits = on_walk().filter(|(place, _)| *place <= walk.worst).count();
            prop_assert_eq!(walk.hits, hits);
            let by_inode = found.rules.iter().filter(|one| one.position.is_none()).count();
            prop_assert_eq!(walk.inode_rules, by_inode);
        }
    }

    #[test]
    fn nothing_changes_between_equal_rules(rules in rules()) {
        let arming = arming_of(rules);
        let comparison = Comparison::new(arming.clone(), arming, Vec::new());
        prop_assert!(comparison.changes.is_empty());
    }

    #[test]
    fn changes_are_the_difference_of_what_is_armed(old in rules(), new in rules()) {
        let (old, new) = (arming_of(old), arming_of(new));
        let (there, here) = (armed(&old), armed(&new));
        let changes = |old: &Arming, new: &Arming| {
            Comparison::new(old.clone(), new.clone(), Vec::new()).changes
        };
        let found = changes(&old, &new);
        let only = |a: &[u32], b: &[u32]| -> Vec<u32> {
            a.iter().copied().filter(|nr| !b.contains(nr)).collect()
        };
        let numbers = |changes: &[Change]| -> Vec<u32> {
            changes.iter().map(|change| change.nr).collect()
        };
        prop_assert_eq!(numbers(&found.newly_armed), only(&here, &there));
        prop_assert_eq!(numbers(&found.disarmed), only(&there, &here));
        let back = changes(&new, &old);
        prop_assert_eq!(numbers(&found.longer), numbers(&back.shorter));
        prop_assert_eq!(found.added.len(), back.removed.len());
        for change in found.newly_armed.iter().chain(&found.disarmed) {
            prop_assert!(!change.added.is_empty() || !change.removed.is_empty());
        }
    }

    #[test]
    fn gates_agree_with_the_counts(rules in rules(), nr in 0u32..451, limit in 0usize..60) {
        let arming = arming_of(rules);
        let walks = walks(&arming);
        let fails = |gate| !failures(&arming, &walks, &[gate]).is_empty();
        let deny = Gate::DenyArm { arch: Arch::X86_64, nr };
        prop_assert_eq!(fails(deny), armed(&arming).contains(&nr));
        prop_assert_eq!(fails(Gate::MaxArmed(limit)), arming.bitmap.armed_count > limit);
        let longest = walks.walks.iter().map(|walk| walk.worst).max().unwrap_or(0);
        prop_assert_eq!(fails(Gate::MaxWalk(limit)), longest > limit);
        prop_assert_eq!(fails(Gate::DenyStockArm), arming.stock.armed);
    }

    #[test]
    fn remedy_arms_the_reported_syscalls(rules in rules()) {
        for advice in narrowing(&arming_of(rules)).advice {
            let Some(remedy) = advice.remedy else {
                prop_assert!(matches!(advice.cause, Cause::List(_) | Cause::NoSyscalls));
                continue;
            };
            let machine = Some(Arch::X86_64);
            let style = Style { interpret: false, machine, keep_arch: false, names: &NoNames };
            let written = remedy.rule.iter().map(|rule| match rule.mask.is_empty() {
                true => Listing::of(style, [rule]),
                false => quiet_rule_line(rule, Arch::X86_64).expect("a line"),
            });
            let compiled =
                written.map(|line| rule(String::from_utf8(line).expect("ASCII").trim_end()));
            let again = arming_of(compiled);
            prop_assert!(again.refused.is_empty());
            prop_assert_eq!(again.bitmap.armed_count, remedy.arms);
            prop_assert!(narrowing(&again).advice.is_empty());
        }
    }

    #[test]
    fn every_view_can_be_written(rules in rules(), columns in 0usize..200) {
        let analysis = Analysis::of(arming_of(rules), Questions::default());
        let views = [
            View::Summary, View::Advice, View::Table, View::Grid, View::Walk, View::Notes,
        ];
        let layout = Layout { columns, has_color: false, is_whole: true };
        let mut text = String::new();
        write_explanation(&mut text, &analysis, &views, layout).expect("a string takes all");
        prop_assert!(text.is_ascii() && !text.contains('\x1b') && !text.contains("\n\n\n"));
    }
}
