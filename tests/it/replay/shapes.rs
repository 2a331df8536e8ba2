//! Events of one shape have one maker: what is remembered is what would be decided again.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::compile::{End, Options, compile};
use rauditctl::host::FixedHost;
use rauditctl::ingest::{Assembly, Group, Record};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::replay::{Against, By, Fate, Maker, Makers, Outcome, Outcomes, Table, Window};
use rauditctl::rule::{Request, Rule};
use rauditctl::syntax::{parse_words, words};

use crate::grammar::derive::Choices;
use crate::no_panic::{cases_or, for_each_of};

/// Conditions on everything that a log has.
const CONDITIONS: [&str; 36] = [
    "-F auid=1000",
    "-F auid!=unset",
    "-F uid=0",
    "-F euid>=5",
    "-F gid=5",
    "-F egid!=0",
    "-F pid=7",
    "-F ppid>3",
    "-F sessionid=3",
    "-F exe=/bin/a",
    "-F exit=-13",
    "-F exit=0",
    "-F success=0",
    "-F a0=1",
    "-F a1&2",
    "-F a2=2",
    "-F a3!=4",
    "-F path=/w/a",
    "-F dir=/w",
    "-F perm=wa",
    "-F perm=r",
    "-F inode=7",
    "-F devminor=1",
    "-F filetype=dir",
    "-F obj_uid=0",
    "-F obj_type=etc_t",
    "-F subj_user=u",
    "-C uid!=euid",
    "-C auid!=obj_uid",
    "-F saddr_fam=2",
    "-F gid=0",
    "-F gid=0",
    "-F gid=0",
    "-F gid=0",
    "-F egid=9",
    "-F egid=9",
];

/// Names in PATH records: of files that rules are about, and others.
const NAMES: [&str; 17] = [
    "\"/w/a\"",
    "\"/w/b\"",
    "\"a\"",
    "(null)",
    "\"/x/a\"",
    "\"/x/b/c\"",
    "\"/w\"",
    "\"/wx\"",
    "\"/x/\"",
    "\"/\"",
    "\"/x/../w/a\"",
    "\"../w/a\"",
    "\"q\"",
    "\"q/r\"",
    "\"r\"",
    "\"q/a\"",
    "2F772F61",
];

pub(super) fn kernel(choices: &mut Choices<'_>) -> KernelModel {
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
    for _ in 0..=choices.below(6) {
        let action = *choices.one(&["always", "always", "always", "never"]);
        let syscalls =
            *choices.one(&["-S openat", "-S chmod,openat", "-S connect", "-S open,rename"]);
        let mut line = format!("-a {action},exit -F arch=b64 {syscalls}");
        for _ in 0..choices.below(2) {
            line += &format!(" {}", choices.one(&CONDITIONS));
        }
        line += *choices.one(&[" -k one", " -k one", " -k two", ""]);
        if let Some(rule) = compiled(&line) {
            let _ = kernel.add(&rule);
        }
    }
    kernel
}

pub(super) fn compiled(line: &str) -> Option<Rule> {
    let command = parse_words(words(line.as_bytes(), 0));
    match compile(&command, &FixedHost::new(Arch::X86_64), Options::default()).end {
        End::Rule(Request::Add(rule), _) => Some(rule),
        _ => None,
    }
}

pub(super) fn written(rules: impl Iterator<Item = Rule>) -> String {
    let rules: Vec<Rule> = rules.collect();
    crate::relations::universe::written(&rules)
}

/// Returns the lines of an event whose values are few, so that shapes occur again.
pub(super) fn event(serial: usize, choices: &mut Choices<'_>) -> String {
    let mut pick = |values: &[&str]| (*choices.one(values)).to_owned();
    let stamp = format!("audit(1.000:{serial}):");
    let call = format!(
        "type=SYSCALL msg={stamp} arch=c000003e syscall={} success={} exit={} a0={} a1={} a2={} a3={} items={} ppid={} \
         pid={} auid={} uid={} gid=5 euid={} suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=x ses={} comm=\"x\" exe={} \
         subj={} key={}\n",
        pick(&["257", "90", "42", "2", "82"]),
        pick(&["yes", "no"]),
        pick(&["0", "-13"]),
        pick(&["1", "2"]),
        pick(&["2", "42"]),
        pick(&["0", "2", "241"]),
        pick(&["4", "5"]),
        pick(&["1", "2", "9"]),
        pick(&["1", "9"]),
        pick(&["7", "8"]),
        pick(&["1000", "4294967295"]),
        pick(&["0", "1000"]),
        pick(&["0", "1000"]),
        pick(&["3", "4"]),
        pick(&["\"/bin/a\"", "\"/bin/b\""]),
        pick(&["u:r:t:s0", "v:r:t:s0"]),
        pick(&["\"one\"", "\"two\"", "(null)", "6F6E650174776F"]),
    );
    let address = match pick(&["", "02000035", "0A00"]).as_str() {
        "" => String::new(),
        address => format!("type=SOCKADDR msg={stamp} saddr={address}\n"),
    };
    let cwd = format!("type=CWD msg={stamp} cwd={}\n", pick(&["\"/w\"", "\"/\""]));
    let are_two = pick(&["", "two"]) == "two";
    let mut name = || {
        format!(
            "type=PATH msg={stamp} item=0 name={} inode={} dev=08:0{} mode={} ouid={} ogid=0 rdev=00:00 obj={} nametype={}\n",
            pick(&NAMES),
            pick(&["7", "9"]),
            pick(&["1", "2"]),
            pick(&["0100644", "040755"]),
            pick(&["0", "1000"]),
            pick(&["u:r:etc_t:s0", "u:r:b:s0"]),
            pick(&["NORMAL", "CREATE", "DELETE", "PARENT"]),
        )
    };
    let mut names = name();
    if are_two {
        names += &name();
    }
    [call, address, cwd, names].concat()
}

/// Finds the makers of events, and compares each with the maker that is decided afresh. Counts their kinds.
fn check(kernel: &KernelModel, log: &str, kinds: &mut BTreeMap<&'static str, usize>) {
    let makers = || Makers::new(kernel, KernelVersion::NEWEST);
    let mut remembering = makers();
    let mut assembly = Assembly::default();
    let mut check = |group: &mut Box<Group>| {
        let number = remembering.of(group);
        let remembered = &remembering.all()[number];
        let mut afresh = makers();
        let number = afresh.of(group);
        let shown = || {
            let text = |fields: &[u8]| String::from_utf8_lossy(fields).into_owned();
            let records: Vec<String> = group.records().map(|(_, fields)| text(fields)).collect();
            format!("{}\n{}", records.join("\n"), written(kernel.rules().cloned()))
        };
        assert_eq!(*remembered, afresh.all()[number], "{}", shown());
        *kinds.entry(kind(remembered)).or_default() += 1;
    };
    for line in log.lines() {
        let record = Record::parse(line.as_bytes()).expect("a record");
        assembly.add(&record, 0, &mut check);
    }
    assembly.finish(&mut check);
}

/// A program without the quote at its end takes the next field into its value. The event of the same fields before it has
/// another rule.
#[test]
fn a_record_that_is_not_plain_is_decided_by_itself() {
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
    for exe in ["/bin/a", "/bin/b"] {
        let rule = compiled(&format!("-a always,exit -F arch=b64 -S openat -F exe={exe} -k one"));
        kernel.add(&rule.expect("it compiles")).expect("a rule");
    }
    let call = |serial, comm| {
        format!(
            "type=SYSCALL msg=audit(1.000:{serial}): arch=c000003e syscall=257 success=yes exit=0 a0=1 a1=2 a2=0 a3=0 \
             items=0 auid=1000 comm={comm} exe=\"/bin/a\" key=\"one\"\n"
        )
    };
    let log = call(1, "\"x\"") + &call(2, "\"x") + &call(3, "\"x\"");
    let mut kinds = BTreeMap::new();
    check(&kernel, &log, &mut kinds);
    assert_eq!(kinds, BTreeMap::from([("rule", 2), ("one of", 1)]));
}

/// The kinds of makers.
const MAKERS: [&str; 3] = ["rule", "one of", "no rule"];

fn kind(maker: &Maker) -> &'static str {
    match maker {
        Maker::Rule(_) | Maker::Keyless { .. } => "rule",
        Maker::OneOf(..) => "one of",
        _ => "no rule",
    }
}

/// Runs cases, and checks that they have events of each of these kinds.
fn for_each(
    few: u32,
    needed: [&str; 3],
    run: impl Fn(&mut Choices<'_>, &mut BTreeMap<&'static str, usize>),
) {
    let kinds = RefCell::new(BTreeMap::new());
    for_each_of(cases_or(few), 2_000, |choices| run(choices, &mut kinds.borrow_mut()));
    let kinds = kinds.into_inner();
    let count = |kind: &str| kinds.get(kind).copied().unwrap_or(0);
    assert!(needed.iter().all(|kind| count(kind) > 0), "{kinds:?}");
}

#[test]
fn what_is_remembered_is_decided_alike() {
    for_each(150, MAKERS, |choices, kinds| {
        let kernel = kernel(choices);
        let log: String = (0..40).map(|serial| event(serial, choices)).collect();
        check(&kernel, &log, kinds);
    });
}

/// What other rules would do is found by the same shape as the maker. Each event alone has no memory.
#[test]
fn makers_and_outcomes_have_one_shape() {
    type Cells = HashMap<(Maker, Outcome), u64>;
    for_each(20, ["kept", "dropped", "undecided"], |choices, kinds| {
        let (old, new) = (kernel(choices), kernel(choices));
        let makers = || Makers::new(&old, KernelVersion::NEWEST);
        let log: String = (0..300).map(|serial| event(serial, choices)).collect();
        let against = Against::new(&new, &old, KernelVersion::NEWEST);
        let table = Table::new(makers(), Window::default(), By::Rule);
        let mut table = table.with_against(against);
        let (mut expected, mut assembly) = (Cells::new(), Assembly::default());
        let mut decide = |group: &mut Box<Group>| {
            let (mut makers, mut outcomes) =
                (makers(), Outcomes::of_log_by(&new, &old, KernelVersion::NEWEST));
            let (maker, outcome) = (makers.of(group), outcomes.of(group));
            let cell = (makers.all()[maker].clone(), outcomes.all()[outcome].clone());
            *expected.entry(cell).or_default() += 1;
        };
        for line in log.lines() {
            table.add(Ok(line.as_bytes()));
            let record = Record::parse(line.as_bytes()).expect("a record");
            assembly.add(&record, 0, &mut decide);
        }
        assembly.finish(&mut decide);
        table.finish();
        let all = table.makers().all();
        let against = table.against().expect("other rules");
        let found: Cells = against
            .cells()
            .map(|(maker, outcome, cell)| ((all[maker].clone(), outcome.clone()), cell.events))
            .collect();
        assert_eq!(found, expected, "{}", written(old.rules().chain(new.rules()).cloned()));
        for (_, outcome) in found.into_keys() {
            let kind = match outcome.fate {
                Fate::Kept | Fate::Renamed { .. } => "kept",
                Fate::Dropped => "dropped",
                Fate::Undecided { .. } => "undecided",
            };
            *kinds.entry(kind).or_default() += 1;
        }
    });
}

/// Events that differ only in their names: those that no rule is about are one shape.
#[test]
fn names_that_no_rule_is_about_mean_the_same() {
    const RULES: [&str; 6] = [
        "-F path=/w/a",
        "-F dir=/w",
        "-F dir=/w -F perm=wa",
        "-F path=/w/b -F perm=r",
        "-F path=/x/b/c",
        "-F filetype=dir",
    ];
    for_each(60, MAKERS, |choices, kinds| {
        let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
        for _ in 0..=choices.below(3) {
            let action = *choices.one(&["always", "always", "never"]);
            let (condition, key) =
                (*choices.one(&RULES), *choices.one(&[" -k one", " -k two", ""]));
            let line = format!("-a {action},exit -F arch=b64 -S openat,rename {condition}{key}");
            let _ = kernel.add(&compiled(&line).expect("a rule"));
        }
        let mut log = String::new();
        for serial in 0..80 {
            let stamp = format!("audit(1.000:{serial}):");
            let (syscall, key) =
                (*choices.one(&["257", "82"]), *choices.one(&["\"one\"", "(null)"]));
            let items = 1 + choices.below(2);
            log += &format!(
                "type=SYSCALL msg={stamp} arch=c000003e syscall={syscall} success=yes exit=0 a0=1 a1=2 a2=0 a3=4 \
                 items={items} ppid=1 pid=7 auid=1000 uid=0 key={key}\ntype=CWD msg={stamp} cwd=\"/w\"\n"
            );
            for item in 0..items {
                let (name, kind) = (choices.one(&NAMES), choices.one(&["NORMAL", "DELETE"]));
                log += &format!(
                    "type=PATH msg={stamp} item={item} name={name} inode=7 dev=08:01 mode=0100644 nametype={kind}\n"
                );
            }
        }
        check(&kernel, &log, kinds);
    });
}

/// Two events are alike to the old rule, and only the new one looks at the program. One event is dropped.
#[test]
fn what_only_new_rules_look_at_is_in_the_shape() {
    let rules = |condition: &str| {
        let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
        let line = format!("-a always,exit -F arch=b64 -S chmod {condition} -k one");
        kernel.add(&compiled(&line).expect("a rule")).expect("it is taken");
        kernel
    };
    let (old, new) = (rules(""), rules("-F exe=/bin/a"));
    let against = Against::new(&new, &old, KernelVersion::NEWEST);
    let makers = Makers::new(&old, KernelVersion::NEWEST);
    let mut table = Table::new(makers, Window::default(), By::Rule).with_against(against);
    for (serial, exe) in ["/bin/a", "/bin/b", "/bin/a"].iter().enumerate() {
        let line = format!(
            "type=SYSCALL msg=audit(1.000:{serial}): arch=c000003e syscall=90 success=yes exit=0 items=0 exe=\"{exe}\" key=\"one\""
        );
        table.add(Ok(line.as_bytes()));
    }
    table.finish();
    let cells = table.against().expect("other rules").cells();
    let mut found: Vec<_> =
        cells.map(|(_, outcome, cell)| (outcome.fate == Fate::Kept, cell.events)).collect();
    found.sort_unstable();
    assert_eq!(found, [(false, 1), (true, 2)]);
}
