use super::json::AnalysisReport;
use super::text::{DEFAULT_VIEWS, Layout, View, write_explanation};
use crate::analysis::{Analysis, Load, LoadStep, Origin, Questions};
use crate::catalog::Arch;
use crate::model::Profile;
use crate::rule::{Action, Control, Field, FilterList, Mask, NumberId, Op, Rule, TextId};

fn rule(list: FilterList, arch: Option<Arch>, numbers: &[u32]) -> LoadStep {
    let mut rule = Rule::new(list, Action::Always);
    assert!(numbers.iter().all(|number| rule.mask.insert(*number)));
    rule.fields.extend(arch.map(|arch| Field::Number {
        id: NumberId::ARCH,
        op: Op::EQUAL,
        value: arch.elf(),
    }));
    LoadStep::Add(rule)
}

fn all_syscalls(action: Action) -> LoadStep {
    let mut rule = Rule::new(FilterList::Exit, action);
    rule.mask = Mask::ALL;
    LoadStep::Add(rule)
}

fn armed_by(arch: Arch, steps: impl IntoIterator<Item = LoadStep>) -> Analysis {
    let loads: Vec<Load> = (1..)
        .zip(steps)
        .map(|(line, step)| Load {
            origin: Origin { file: "a.rules".into(), line },
            step,
            watched: None,
        })
        .collect();
    Analysis::new(Profile::new(arch, 451), &loads, Questions::default())
}

fn text(analysis: &Analysis) -> String {
    text_of(analysis, &DEFAULT_VIEWS, Layout::default())
}

fn text_of(analysis: &Analysis, views: &[View], layout: Layout) -> String {
    let mut text = String::new();
    write_explanation(&mut text, analysis, views, layout).unwrap();
    text
}

fn as_json(analysis: &Analysis) -> serde_json::Value {
    serde_json::to_value(AnalysisReport::new(analysis)).unwrap()
}

#[test]
fn explains_a_32_bit_unlink() {
    let analysis = armed_by(Arch::X86_64, [rule(FilterList::Exit, Some(Arch::I386), &[10])]);
    assert_eq!(
        text(&analysis),
        "\
kernel:  x86_64, 451 syscalls (NR_syscalls)
rules:   1 rule loaded, 1 counted (audit_n_rules), 1 on the exit list (audit_n_syscall_rules)
stock:   all armed: a.rules:1 on the exit list is counted, and one counted rule arms every syscall \
of every audited task
bitmap:  1 of 451 syscalls armed: the one counted rule is on the exit list, so the bitmap decides

nr  x86_64    i386    rules  where
10  mprotect  unlink      1  a.rules:1

note: number 10 is also mprotect on x86_64: the mask ignores the arch
terms: see docs/terms.md
"
    );
    assert_eq!(
        as_json(&analysis),
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
            "notes": ["number 10 is also mprotect on x86_64: the mask ignores the arch"],
        })
    );
}

#[test]
fn joins_runs_and_shortens_origins() {
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
fn writes_one_row_if_every_syscall_is_armed() {
    let text = text(&armed_by(Arch::Aarch64, [all_syscalls(Action::Never)]));
    assert!(text.contains("\n0-450  every syscall  every syscall      1  a.rules:1\n"), "{text}");
}

#[test]
fn leaves_the_compat_column_out_without_a_compat_arch() {
    let text = text(&armed_by(Arch::I386, [rule(FilterList::Exit, None, &[10])]));
    assert!(text.ends_with("\nnr  i386    rules  where\n10  unlink      1  a.rules:1\n"), "{text}");
}

#[test]
fn names_the_rule_that_switches_the_bitmap_off() {
    let analysis = armed_by(
        Arch::X86_64,
        [
            rule(FilterList::Exit, None, &[59]),
            rule(FilterList::Task, None, &[]),
            rule(FilterList::IoUring, None, &[18]),
        ],
    );
    let reason = "2 of 3 counted rules are not on the exit list (a.rules:2 on the task list and 1 \
                  more), so the bitmap is not used and every syscall is armed";
    assert!(text(&analysis).contains(&format!("451 of 451 syscalls armed: {reason}\n")));
    let json = as_json(&analysis);
    assert_eq!(json["bitmap"]["reason"], reason);
    assert_eq!(json["bitmap"]["armed_count"], 451);
    assert_eq!(json["bitmap"]["syscalls"].as_array().unwrap().len(), 1);
    assert!(json["stock"]["reason"].as_str().unwrap().ends_with(reason));
}

#[test]
fn explains_that_no_rule_is_loaded_or_counted() {
    let none = text(&armed_by(Arch::X86_64, []));
    assert!(none.contains("\nstock:   not armed: no rule is loaded\n"), "{none}");
    assert!(none.ends_with("bitmap:  0 of 451 syscalls armed: no rule is counted\n"), "{none}");
    let uncounted = text(&armed_by(Arch::X86_64, [rule(FilterList::Exclude, None, &[])]));
    assert!(uncounted.contains("not armed: no rule is counted: rules on the user"), "{uncounted}");
}

#[test]
fn writes_notes() {
    let text = text(&armed_by(
        Arch::X86_64,
        [
            rule(FilterList::Exit, Some(Arch::X86_64), &[0, 1, 2, 3, 4, 435]),
            rule(FilterList::Exit, None, &[451]),
            rule(FilterList::Exit, None, &[451]),
            LoadStep::Control(Control::Enabled(0)),
        ],
    ));
    let notes: Vec<&str> = text.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(
        notes,
        [
            "note: a.rules:4 turns auditing off (-e 0): nothing is armed until it is turned on \
             again",
            "note: 5 of these numbers are also other syscalls on i386 (0 restart_syscall, 1 exit, \
             2 fork, 3 read, +1 more): the mask ignores the arch",
            "note: a.rules:2 arms nothing: its mask has no number below 451",
            "note: a.rules:2 names a syscall that this kernel does not have: cachestat of x86_64 (451, \
             since Linux 6.5)",
            "note: a.rules:3 is refused by the kernel and not counted: an equal rule is already \
             loaded",
        ]
    );
}

#[test]
fn escapes_the_rules_of_advice() {
    let mut watch = Rule::new(FilterList::Exit, Action::Always);
    watch.mask = Mask::ALL;
    let text = |id, text: &[u8]| Field::Text { id, op: Op::EQUAL, text: text.into() };
    watch.fields = [
        text(TextId::PATH, br"/srv/a b\c"),
        Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: 1 },
        text(TextId::KEY, b"one\x01two"),
    ]
    .into_iter()
    .collect();
    let analysis = armed_by(Arch::X86_64, [LoadStep::Add(watch)]);
    let text = text_of(&analysis, &[View::Advice], Layout::default());
    assert_eq!(
        text,
        r"1 rule arms every syscall:
  a.rules:1: perm without arch: its mask has every syscall
    with the syscalls that it can match, it arms 4 of 451 with the bitmap; a stock kernel tests it for its file only, as before:
      -a always,exit -S 11,59,322,358 -F path=/srv/a\ b\\c -F perm=x -k one -k two
with all of this advice, on a kernel with the bitmap: 4 of 451 armed instead of 451
with all of this advice, on a stock kernel: every syscall stays armed, and each walk costs as much as before
the new rules name syscalls of this kernel: a newer one may have more that the old rules match
"
    );
}

#[test]
fn fits_the_grid_into_the_columns() {
    let steps = (0..12).map(|n| rule(FilterList::Exit, None, &[5 + n / 6, 448, 600 + n]));
    let analysis = armed_by(Arch::X86_64, steps);
    let in_columns =
        |columns| text_of(&analysis, &[View::Grid], Layout { columns, ..Layout::default() });
    let wide = in_columns(80);
    assert!(wide.starts_with(
        "  nr +0         +10        +20        +30        +40\n   \
         0 .....66... .......... .......... .......... ..........\n"
    ));
    assert!(
        wide.contains("\n 400 .......... ..... .... .......... .......... ........+.\n 450 .\n")
    );
    for columns in [0, 20, 40, 80, 200] {
        let text = in_columns(columns);
        let rows = text.lines().filter(|line| !line.starts_with("rules"));
        assert!(rows.map(str::len).all(|len| len <= columns.max(16)), "{columns}\n{text}");
    }
}

#[test]
fn colors_the_grid_only_on_request() {
    let analysis = armed_by(Arch::X86_64, [rule(FilterList::Exit, None, &[59])]);
    let layout = Layout { has_color: true, ..Layout::default() };
    let text = text_of(&analysis, &[View::Grid], layout);
    assert!(text.contains("\x1b[32m1\x1b[0m"));
    assert!(!text_of(&analysis, &[View::Grid], Layout::default()).contains('\x1b'));
}

#[test]
fn cuts_long_tables_of_a_short_explanation() {
    let steps = (0..100).map(|n| rule(FilterList::Exit, None, &[n, n + 1, 50]));
    let analysis = armed_by(Arch::X86_64, steps);
    let cut = text(&analysis);
    assert!(
        cut.contains("\nthe 30 of 101 rows with the most rules; --view table shows all\n"),
        "{cut}"
    );
    assert!(cut.contains("\n50  listen          getegid     100  "), "{cut}");
    let layout = Layout { is_whole: true, ..Layout::default() };
    let whole = text_of(&analysis, &[View::Table], layout);
    assert_eq!(whole.lines().count(), 102);
}
