//! Rules to a saved listing, and back.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rauditctl::catalog::{self, Arch, Operator, field};
use rauditctl::host::{AnyHost, FixedHost};
use rauditctl::listing::{Doubt, Listed, Problem, read};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::report::argument::NoNames;
use rauditctl::report::listing::{Listing, Style};
use rauditctl::report::state::RulesReport;
use rauditctl::rule::{Action, Field, FieldId, FilterList, Op, Rule};
use rauditctl::wire;

use super::config;
use super::listable::{Written, written_rule};

const MACHINE: Arch = Arch::X86_64;

/// Returns the listing of rules as auditctl prints it, or as rauditctl does.
fn saved(rules: &[Rule], keep_arch: bool) -> Vec<u8> {
    let machine = Some(MACHINE);
    Listing::of(Style { interpret: false, machine, keep_arch, names: &NoNames }, rules)
}

fn host(written: &[Written]) -> FixedHost {
    let directories = written.iter().flat_map(Written::directories).collect();
    let files = written.iter().flat_map(|written| written.rule.fields.iter());
    let files = files.filter_map(|field| match field {
        Field::Text { text, .. } if field.number() == field::PATH => Some(text.to_vec()),
        _ => None,
    });
    FixedHost { directories, files: files.collect(), ..FixedHost::new(MACHINE) }
}

/// Returns the rules that a kernel keeps, in its order.
fn kept(rules: impl IntoIterator<Item = Rule>) -> Vec<Rule> {
    let mut kernel = KernelModel::new(Profile::newest(MACHINE).without_value_checks());
    for rule in rules {
        let _ = kernel.add(&rule);
    }
    kernel.rules().cloned().collect()
}

/// How many rules were read, and how.
#[derive(Default)]
struct Counts {
    all: Cell<u32>,
    ambiguous: Cell<u32>,
    other: Cell<u32>,
}

impl Counts {
    /// Checks a listing against the rules that it is of.
    fn check(&self, listed: &Listed, rules: &[Rule], text: &[u8]) {
        let text = text.escape_ascii();
        assert_eq!(listed.rules.len(), rules.len(), "{text}");
        let add = |count: &Cell<u32>, one| count.set(count.get() + u32::from(one));
        for (listed, rule) in listed.rules.iter().zip(rules) {
            assert!(listed.may_be(rule), "{rule:?} as {listed:?} in {text}");
            add(&self.all, true);
            add(&self.ambiguous, listed.is_ambiguous());
            add(&self.other, listed.rule != *rule);
        }
        assert_eq!(listed.expecting(rules), rules, "{text}");
    }

    fn percent(&self, of: &Cell<u32>) -> f64 {
        100.0 * f64::from(of.get()) / f64::from(self.all.get())
    }
}

/// Rules that auditctl and rules files make: what is read is equal, unless the line has a doubt.
#[test]
fn saved_listings_read_back() {
    let counts = Counts::default();
    let rules = (vec(written_rule(true), 1..6), any::<bool>());
    let mut runner = TestRunner::new(config(1500));
    let result = runner.run(&rules, |(written, keep_arch)| {
        let host = host(&written);
        let rules = kept(written.iter().map(|written| written.rule.clone()));
        if rules.is_empty() {
            return Ok(());
        }
        let text = saved(&rules, keep_arch);
        let listed = read(&text, MACHINE, &host).expect("a listing");
        counts.check(&listed, &rules, &text);
        for (listed, rule) in listed.rules.iter().zip(&rules) {
            let is_open = !listed.doubts.is_empty();
            prop_assert!(listed.rule == *rule || is_open, "{rule:?} as {listed:?}");
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let (ambiguous, other) = (counts.percent(&counts.ambiguous), counts.percent(&counts.other));
    println!(
        "{} rules: {ambiguous:.1} % ambiguous, {other:.1} % read as another",
        counts.all.get()
    );
    assert!(ambiguous < 25.0 && other < 5.0, "{ambiguous} {other}");
}

/// Rules that are printed like usual rules: the usual rule is read, and the other one is still possible.
#[test]
fn unusual_rules_are_still_possible() {
    let counts = Counts::default();
    let rules = (written_rule(true), any::<bool>(), 0..5u8, any::<prop::sample::Index>());
    let mut runner = TestRunner::new(config(2000));
    let result = runner.run(&rules, |(written, keep_arch, change, place)| {
        let host = host(std::slice::from_ref(&written));
        let rule = changed(written.rule.clone(), change, place);
        let rules = kept([rule]);
        if rules.is_empty() {
            return Ok(());
        }
        let text = saved(&rules, keep_arch);
        let listed = read(&text, MACHINE, &host);
        let listed = listed.unwrap_or_else(|problems| {
            panic!("{:?} in {}", problems, text.escape_ascii());
        });
        counts.check(&listed, &rules, &text);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    assert!(counts.other.get() > 100, "{}", counts.other.get());
}

fn changed(mut rule: Rule, change: u8, place: prop::sample::Index) -> Rule {
    match change {
        0 if rule.is_watch() => rule.action = Action::Never,
        0 => {
            let set = |field: &mut Field| {
                let has_other = field_is(field, &[field::EXE, field::KEY]);
                if let (Field::Text { op, .. }, true) = (field, has_other) {
                    *op = Op::Known(Operator::NotEqual);
                }
            };
            rule.fields.iter_mut().for_each(set);
        }
        1 if !rule.fields.is_empty() => {
            // Keys are the last field of every watch.
            let is_watch = rule.is_watch();
            let field = rule.fields.remove(0);
            let at = place.index(if is_watch { 2 } else { rule.fields.len() + 1 });
            rule.fields.insert(at, field);
        }
        2 if rule.list == FilterList::IoUring => assert!(rule.mask.insert(40)),
        2 if !rule.list.has_mask() => assert!(rule.mask.insert(7)),
        3 if rule.is_watch() => {
            rule.fields.retain(|field| !field_is(field, &[field::PATH, field::DIR]))
        }
        _ => {}
    }
    rule
}

fn field_is(field: &Field, numbers: &[u32]) -> bool {
    numbers.contains(&field.number())
}

/// The bytes in the JSON say everything, on machines of either byte order.
#[test]
fn saved_json_reads_back_exactly() {
    let rules = (vec(written_rule(true), 1..6), any::<bool>());
    let result = TestRunner::new(config(300)).run(&rules, |(written, swapped)| {
        let rules = kept(written.iter().map(|written| written.rule.clone()));
        let listing = rules.iter().map(|rule| (rule, saved(std::slice::from_ref(rule), false)));
        let report = RulesReport::new(listing, Some(MACHINE));
        let mut json = serde_json::to_string_pretty(&report).expect("JSON");
        if swapped {
            for rule in &rules {
                let mut bytes = wire::encode(rule);
                let own = hexadecimal(&bytes);
                bytes[..wire::FIXED_LEN]
                    .as_chunks_mut::<4>()
                    .0
                    .iter_mut()
                    .for_each(|word| word.reverse());
                json = json.replace(&own, &hexadecimal(&bytes));
            }
        }
        let listed = read(json.as_bytes(), MACHINE, &AnyHost::new(None)).expect("a listing");
        for (listed, rule) in listed.rules.iter().zip(&rules) {
            prop_assert!(!listed.is_ambiguous() && listed.may_be(rule));
            let line = json.lines().nth(listed.line - 1).expect("a line");
            prop_assert!(line.contains("payload"), "{line}");
        }
        prop_assert_eq!(listed.into_rules(), rules);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name that is printed for a number is read as this number.
#[test]
fn names_of_syscalls_are_those_of_one_number() {
    for arch in Arch::ALL {
        for syscall in catalog::syscalls(arch) {
            let Some(name) = catalog::syscall_name(arch, syscall.number) else { continue };
            assert_eq!(
                catalog::syscall_number(arch, name.as_bytes()),
                Some(syscall.number),
                "{name}"
            );
        }
    }
}

fn any_host() -> AnyHost {
    AnyHost::new(Some(MACHINE))
}

fn one(text: &str) -> (Rule, Vec<Rule>, Vec<Doubt>) {
    let listed = read(text.as_bytes(), MACHINE, &any_host()).unwrap_or_else(|problems| {
        panic!("{text}: {problems:?}");
    });
    let last = listed.rules.into_iter().last().expect("a rule");
    (last.rule, last.others, last.doubts)
}

#[test]
fn an_empty_kernel_has_no_rules() {
    for text in ["No rules\n", "No rules"] {
        assert_eq!(read(text.as_bytes(), MACHINE, &any_host()), Ok(Listed::default()));
    }
}

#[test]
fn ambiguous_lines_have_every_likely_rule() {
    let (rule, others, doubts) = one("-w /srv/data -p wa -k data\n");
    assert_eq!(doubts, [Doubt::Action, Doubt::Directory]);
    let ids = [&rule, &others[0]].map(|rule| rule.fields[0].number());
    assert_eq!((ids, others.len()), ([field::PATH, field::DIR], 1));

    // Only a directory can have this path.
    let (rule, others, doubts) = one("-w /srv/data/ -p wa\n");
    assert_eq!((rule.fields[0].number(), others.len()), (field::DIR, 0));
    assert_eq!(doubts, [Doubt::Action]);

    let (_, others, doubts) = one(" -p x -k a\n");
    assert_eq!(doubts, [Doubt::Action, Doubt::List]);
    assert_eq!(others[0].list, FilterList::Exclude);

    // The name is that of i386, or that of the machine.
    let (rule, others, doubts) =
        one("-a always,exit -F arch=b32 -S open\n-a always,exit -S unlink\n");
    let numbers = |rule: &Rule| rule.mask.iter().collect::<Vec<_>>();
    assert_eq!(doubts, [Doubt::Names]);
    assert_eq!((numbers(&rule), numbers(&others[0])), (vec![10], vec![87]));

    // A later line shows it: i386 has no newfstatat, and the machine has no stat64.
    for (name, number) in [("newfstatat", 87), ("stat64", 10)] {
        let lines = format!("-a always,exit -F arch=b32 -S open\n-a always,exit -S {name}\n");
        let (rule, others, doubts) = one(&format!("{lines}-a always,exit -S unlink\n"));
        assert_eq!((numbers(&rule), others, doubts), (vec![number], vec![], vec![]));
    }

    let (rule, others, doubts) = one("-a always,exit -S all -F key=a -F uid=0\n");
    assert_eq!(doubts, [Doubt::Text]);
    assert_eq!(rule.fields.len(), 2);
    assert_eq!(others[0].keys().collect::<Vec<_>>(), [b"a -F uid=0"]);

    let (_, _, doubts) = one("-a always,io_uring -S openat\n");
    assert_eq!(doubts, [Doubt::Operations]);

    let (rule, others, doubts) = one("-a always,exclude -F arch=b64 -F perm=x\n");
    assert_eq!(doubts, [Doubt::Mask]);
    assert!(rule.mask.is_all() && others[0].mask.contains(59));
}

#[test]
fn old_versions_leave_the_operator_of_exe_open() {
    let old = "-a always,exit -S all -F exe=/bin/su\n";
    assert_eq!(one(old).2, [Doubt::ExeOperator]);
    let new = format!("-a always,exit -S all -F exe!=/bin/sh\n{old}");
    assert_eq!(one(&new).2, []);
}

#[test]
fn texts_end_where_a_condition_begins() {
    let texts = |line: &str| {
        let fields = one(line).0.fields.to_vec();
        let text = |field| match field {
            Field::Text { text, .. } => String::from_utf8(text.into()).expect("text"),
            Field::Number { value, .. } => value.to_string(),
        };
        fields.into_iter().map(text).collect::<Vec<_>>()
    };
    let path = "-a always,exit -S all -F path=";
    assert_eq!(texts(&format!("{path}/a b -F uid=0 -F key=c\n")), ["/a b", "0", "c"]);
    assert_eq!(texts(&format!("{path}/a -F what=0 -F key=c d\n")), ["/a -F what=0", "c d"]);
    assert_eq!(texts(&format!("{path}/a -F uid=x -C uid!=euid\n")), ["/a -F uid=x", "11"]);
    assert_eq!(texts("-w /a -p b -p w -k c -k d\n"), ["/a -p b", "2", "c\u{1}d"]);
    assert_eq!(texts("-a always,exit -S all -F key=c \n"), ["c "]);
}

#[test]
fn permissions_add_no_syscalls() {
    let (rule, _, _) = one("-a always,exit -F arch=b64 -S execve -F path=/a -F perm=r\n");
    assert_eq!(rule.mask.iter().collect::<Vec<_>>(), [59]);
}

#[test]
fn reads_fields_without_a_name() {
    let (rule, _, doubts) = one("-a always,exit -S all f24=1 -F auid=-1\n");
    let numbers = rule.fields.iter().map(Field::number).collect::<Vec<_>>();
    assert_eq!((numbers, doubts), (vec![24, field::AUID], vec![]));
    assert!(matches!(FieldId::of(24), FieldId::Number(_)));
    assert_eq!(one("-a always,exit -S all -F path=/a f500=1\n").2, [Doubt::Text]);
}

/// Returns the problems of a listing: each with its line, its text and its message.
fn problems(text: &str) -> Vec<(usize, String, String)> {
    let found = read(text.as_bytes(), MACHINE, &any_host()).expect_err(text);
    let tell = |Problem { line, span, message, .. }: Problem| {
        (line, text[span.range()].to_owned(), message)
    };
    found.into_iter().map(tell).collect()
}

#[test]
fn everything_else_is_a_problem_with_its_place() {
    let cases = [
        ("", "", "the listing is empty; auditctl prints `No rules` for a kernel without rules"),
        ("-D\n", "-D", "this line is not a rule as `-l` prints it"),
        ("# x\n", "# x", "this line is not a rule as `-l` prints it"),
        ("-a always,exit -S open -k x\n", " -k x", "`-k x` is not what `-l` prints there"),
        ("-a exit,always -S open\n", "exit,always", "`exit,always` is not an action and a list"),
        (
            "-a always,(null) -S read\n",
            "always,(null)",
            "the auditctl that printed this has no name for the list of the rule",
        ),
        (
            "-a always,exit -F arch=b64 -S nothing\n",
            "nothing",
            "`nothing` is not the name or number of a syscall of this arch",
        ),
        (
            "-a always,exit -F arch=b64 -S ptrace -F a0=PTRACE_ATTACH\n",
            " -F a0=PTRACE_ATTACH",
            "`PTRACE_ATTACH` is not a value of a0 as `-l` prints it",
        ),
        (
            "-w /etc/passwd\n",
            "-w /etc/passwd",
            "this watch has no permissions; `-l` always prints them",
        ),
        (
            "-w /etc/passwd -p wa -F uid=0\n",
            "-w /etc/passwd -p wa -F uid=0",
            "this watch has no permissions; `-l` always prints them",
        ),
        (
            "-a always,exit -S all -F what=1\n",
            " -F what=1",
            "`-F what=1` is not a condition as `-l` prints it",
        ),
    ];
    for (text, place, message) in cases {
        assert_eq!(problems(text), [(1, place.to_owned(), message.to_owned())], "{text}");
    }
    let both = problems("No rules\n\n-a always,task\n-e 2\n");
    assert_eq!(both.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1, 2, 4]);
    let json = problems("{\"rules\":[\n{\"payload\":\"00\"}]}");
    assert_eq!(json[0], (2, "00".into(), "a rule of 1040 bytes is cut off after 1".into()));
    assert!(problems("{\"rules\":1}")[0].2.starts_with("this is not the JSON of `rauditctl -l`"));
}
