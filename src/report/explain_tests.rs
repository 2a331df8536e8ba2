use super::explain::{Layout, View, write_explanation, write_views};
use super::json_explain::Explanation;
use crate::analysis::{Arming, Load, Origin, Step, arming};
use crate::catalog::Arch;
use crate::model::Profile;
use crate::rule::{Action, Control, Field, FilterList, Mask, NumberId, Op, Rule, TextId};

fn rule(list: FilterList, arch: Option<Arch>, numbers: &[u32]) -> Step {
    let mut rule = Rule::new(list, Action::Always);
    assert!(numbers.iter().all(|number| rule.mask.insert(*number)));
    rule.fields.extend(arch.map(|arch| Field::Number {
        id: NumberId::ARCH,
        op: Op::EQUAL,
        value: arch.elf(),
    }));
    Step::Add(rule)
}

fn all_syscalls(action: Action) -> Step {
    let mut rule = Rule::new(FilterList::Exit, action);
    rule.mask = Mask::ALL;
    Step::Add(rule)
}

fn armed_by(arch: Arch, steps: impl IntoIterator<Item = Step>) -> Arming {
    let loads: Vec<Load> = (1..)
        .zip(steps)
        .map(|(line, step)| Load { origin: Origin { file: "a.rules".into(), line }, step })
        .collect();
    arming(Profile::new(arch, 451), &loads)
}

fn text(arming: &Arming) -> String {
    let mut text = String::new();
    write_explanation(&mut text, arming).unwrap();
    text
}

#[test]
fn a_32_bit_unlink() {
    let arming = armed_by(Arch::X86_64, [rule(FilterList::Exit, Some(Arch::I386), &[10])]);
    assert_eq!(
        text(&arming),
        "\
kernel:  x86_64, 451 syscalls (NR_syscalls)
rules:   1 rule; counted 1 (audit_n_rules), on the exit list 1 (audit_n_syscall_rules)
stock:   all armed: a.rules:1 on the exit list is counted, and one counted rule arms every syscall \
of every audited task
bitmap:  1 of 451 syscalls armed: the one counted rule is on the exit list, so the bitmap decides

nr  x86_64    i386    rules  where
10  mprotect  unlink      1  a.rules:1

note: number 10 is also mprotect on x86_64: the mask does not look at the arch
"
    );
    assert_eq!(
        serde_json::to_value(Explanation::new(&arming)).unwrap(),
        serde_json::json!({
            "arch": "x86_64",
            "nr_syscalls": 451,
            "counters": {"n_rules": 1, "n_syscall_rules": 1},
            "stock": {
                "armed": true,
                "reason": "a.rules:1 on the exit list is counted, and one counted rule arms every \
                           syscall of every audited task",
            },
            "bitmap": {
                "armed_count": 1,
                "reason": "the one counted rule is on the exit list, so the bitmap decides",
                "syscalls": [{
                    "nr": 10,
                    "name": "mprotect",
                    "compat_name": "unlink",
                    "rules": 1,
                    "where": ["a.rules:1"],
                }],
            },
            "refused": [],
            "kernel": null,
            "rules_held": 1,
            "narrowing": {"would_arm": 1, "advice": []},
            "walk": {
                "list": 1,
                "by_inode": 0,
                "syscalls": [
                    {"arch": "x86_64", "nr": 10, "name": "mprotect", "best": 1, "worst": 1, "hits": 1,
                     "fields": 1, "by_inode": 0},
                    {"arch": "i386", "nr": 10, "name": "unlink", "best": 1, "worst": 1, "hits": 1,
                     "fields": 1, "by_inode": 0},
                ],
            },
            "missing": [],
            "notes": ["number 10 is also mprotect on x86_64: the mask does not look at the arch"],
        })
    );
}

#[test]
fn runs_are_one_row_and_places_are_cut() {
    let mut steps = vec![all_syscalls(Action::Always)];
    steps.extend((0..5).map(|n| rule(FilterList::Exit, None, &[59, 1000 + n])));
    let text = text(&armed_by(Arch::X86_64, steps));
    let table = text.split("\n\n").nth(2).unwrap();
    assert_eq!(
        table.trim_start(),
        "\
nr  x86_64        i386          rules  where
  0-58  59 syscalls   59 syscalls       1  a.rules:1
    59  execve        oldolduname       6  a.rules:1, :2, :3, :4, +2 more
60-450  391 syscalls  391 syscalls      1  a.rules:1"
    );
    assert!(text.contains("451 of 451 syscalls armed: a.rules:1 has every syscall in its mask\n"));
}

#[test]
fn one_row_for_everything() {
    let text = text(&armed_by(Arch::Aarch64, [all_syscalls(Action::Never)]));
    assert!(text.contains("\n0-450  every syscall  every syscall      1  a.rules:1\n"), "{text}");
}

#[test]
fn an_arch_without_another_has_no_column_for_it() {
    let text = text(&armed_by(Arch::I386, [rule(FilterList::Exit, None, &[10])]));
    assert!(text.ends_with("\nnr  i386    rules  where\n10  unlink      1  a.rules:1\n"), "{text}");
}

#[test]
fn what_spoils_the_bitmap_is_named() {
    let arming = armed_by(
        Arch::X86_64,
        [
            rule(FilterList::Exit, None, &[59]),
            rule(FilterList::Task, None, &[]),
            rule(FilterList::IoUring, None, &[18]),
        ],
    );
    let reason = "2 of 3 counted rules are not on the exit list (a.rules:2 on the task list and 1 \
                  more), so the bitmap is not used and every syscall is armed";
    assert!(text(&arming).contains(&format!("451 of 451 syscalls armed: {reason}\n")));
    let json = serde_json::to_value(Explanation::new(&arming)).unwrap();
    assert_eq!(json["bitmap"]["reason"], reason);
    assert_eq!(json["bitmap"]["armed_count"], 451);
    assert_eq!(json["bitmap"]["syscalls"].as_array().unwrap().len(), 1);
    assert!(json["stock"]["reason"].as_str().unwrap().ends_with(reason));
}

#[test]
fn nothing_loaded_and_nothing_counted() {
    let none = text(&armed_by(Arch::X86_64, []));
    assert!(none.contains("\nstock:   not armed: no rule is loaded\n"), "{none}");
    assert!(none.ends_with("bitmap:  0 of 451 syscalls armed: no rule is counted\n"), "{none}");
    let uncounted = text(&armed_by(Arch::X86_64, [rule(FilterList::Exclude, None, &[])]));
    assert!(uncounted.contains("not armed: no rule is counted: those on the user"), "{uncounted}");
}

#[test]
fn notes_tell_what_surprises() {
    let text = text(&armed_by(
        Arch::X86_64,
        [
            rule(FilterList::Exit, Some(Arch::X86_64), &[0, 1, 2, 3, 4, 435]),
            rule(FilterList::Exit, None, &[451]),
            rule(FilterList::Exit, None, &[451]),
            Step::Control(Control::Enabled(0)),
        ],
    ));
    let notes: Vec<&str> = text.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(
        notes,
        [
            "note: a.rules:4 turns auditing off (-e 0): nothing is armed until it is turned on \
             again",
            "note: 5 of these numbers are also other syscalls on i386 (0 restart_syscall, 1 exit, \
             2 fork, 3 read, +1 more): the mask does not look at the arch",
            "note: a.rules:2 arms nothing: no syscall below number 451 is in the mask",
            "note: a.rules:2 has a syscall that this kernel has not: cachestat of x86_64 (451, since \
             Linux 6.5)",
            "note: a.rules:3 is refused by the kernel and not counted: an equal rule is loaded \
             already",
        ]
    );
}

#[test]
fn advice_can_be_pasted_into_a_file() {
    let mut watch = Rule::new(FilterList::Exit, Action::Always);
    watch.mask = Mask::ALL;
    let text = |id, text: &[u8]| Field::Text { id, op: Op::EQUAL, text: text.into() };
    watch.fields = vec![
        text(TextId::PATH, br"/srv/a b\c"),
        Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: 1 },
        text(TextId::KEY, b"one\x01two"),
    ];
    let arming = armed_by(Arch::X86_64, [Step::Add(watch)]);
    let text = text_of(&arming, &[View::Advice], 80);
    assert_eq!(
        text,
        r"1 rule arms everything, worst first:
  a.rules:1: a watch, or perm without arch: for all syscalls
    as syscall rules it arms 4 of 451:
      -a always,exit -F arch=b64 -F path=/srv/a\ b\\c -F perm=x -F key=one -F key=two
      -a always,exit -F arch=b32 -F path=/srv/a\ b\\c -F perm=x -F key=one -F key=two
with all of this: 4 of 451 armed
"
    );
}

fn text_of(arming: &Arming, views: &[View], columns: usize) -> String {
    let layout = Layout { columns, ..Layout::default() };
    let mut text = String::new();
    write_views(&mut text, arming, views, layout).unwrap();
    text
}

#[test]
fn the_grid_fits_its_terminal() {
    let steps = (0..12).map(|n| rule(FilterList::Exit, None, &[5 + n / 6, 448, 600 + n]));
    let arming = armed_by(Arch::X86_64, steps);
    let wide = text_of(&arming, &[View::Grid], 80);
    assert!(wide.starts_with(
        "  nr +0         +10        +20        +30        +40\n   \
         0 .....66... .......... .......... .......... ..........\n"
    ));
    assert!(
        wide.contains("\n 400 .......... ..... .... .......... .......... ........+.\n 450 .\n")
    );
    for columns in [0, 20, 40, 80, 200] {
        let text = text_of(&arming, &[View::Grid], columns);
        let rows = text.lines().filter(|line| !line.starts_with("rules"));
        assert!(rows.map(str::len).all(|len| len <= columns.max(16)), "{columns}\n{text}");
    }
}

#[test]
fn the_grid_has_colours_where_they_are_wanted() {
    let arming = armed_by(Arch::X86_64, [rule(FilterList::Exit, None, &[59])]);
    let layout = Layout { has_color: true, ..Layout::default() };
    let mut text = String::new();
    write_views(&mut text, &arming, &[View::Grid], layout).unwrap();
    assert!(text.contains("\x1b[32m1\x1b[0m"));
    assert!(!text_of(&arming, &[View::Grid], 80).contains('\x1b'));
}

#[test]
fn long_tables_are_cut_unless_they_are_wanted() {
    let steps = (0..100).map(|n| rule(FilterList::Exit, None, &[n, n + 1, 50]));
    let arming = armed_by(Arch::X86_64, steps);
    let cut = text(&arming);
    assert!(cut.contains("\nthe 30 of 101 rows with most rules; all with --view table\n"), "{cut}");
    assert!(cut.contains("\n50  listen          getegid     100  "), "{cut}");
    let layout = Layout { is_whole: true, ..Layout::default() };
    let mut whole = String::new();
    write_views(&mut whole, &arming, &[View::Table], layout).unwrap();
    assert_eq!(whole.lines().count(), 102);
}
