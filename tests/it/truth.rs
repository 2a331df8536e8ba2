//! Compares the model with the counters of a real kernel with the bitmap patch.
//!
//! The full recording is in `../shared/truth`, outside of the project; its test is skipped if it is missing. The
//! figures in `fixtures/truth` are part of the project.

use std::fs;
use std::path::{Path, PathBuf};

use rauditctl::analysis::{Analysis, Load, Origin, Questions};
use rauditctl::catalog::{self, Arch, Operator};
use rauditctl::model::{Counters, KernelModel, Profile};
use rauditctl::report::argument::NoNames;
use rauditctl::report::explain::json::AnalysisReport;
use rauditctl::report::listing::{Listing, Style};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Op, Placement, Request, Rule};
use rauditctl::wire;
use serde::Deserialize;
use serde_json::json;
use xtask::needs::skip;

/// First number, last number, and the number of rules for each number of the range.
type Run = (u32, u32, u32);

/// A recorded rule set.
#[derive(Deserialize)]
struct Case {
    name: String,
    commands: Vec<String>,
    exit: Vec<i32>,
    messages: Vec<Vec<String>>,
    /// Lines of `auditctl -l`.
    listing: Vec<String>,
    audit_n_rules: u32,
    audit_n_syscall_rules: u32,
    counts: Vec<Run>,
    armed: usize,
    sent_hex: Vec<String>,
    listed_hex: Vec<String>,
}

/// The kernel's answer to one rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    /// `ENOENT` to an add: the path does not exist, which the model cannot know.
    NoSuchPath,
    Invalid,
}

#[test]
fn model_counts_and_lists_like_the_recorded_kernel() {
    let Some(cases) = recorded() else { return };
    assert_eq!(cases.len(), 52);
    for case in cases {
        replay(&case);
    }
}

fn recorded() -> Option<Vec<Case>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/truth/cases.json");
    match fs::read(&path) {
        Ok(json) => Some(serde_json::from_slice(&json).expect("the recording is as described")),
        Err(error) => {
            skip(format_args!("no recording at {}: {error}", path.display()));
            None
        }
    }
}

fn replay(case: &Case) {
    let name = &case.name;
    let mut kernel = KernelModel::new(Profile::new(Arch::X86_64, 451));
    let mut loads = Vec::new();
    for (hex, (deletes, answer)) in case.sent_hex.iter().zip(requests(case)) {
        let rule = wire::decode(&bytes_of(hex)).expect("auditctl sends rules");
        let result = if deletes { kernel.delete(&rule) } else { kernel.add(&rule) };
        if answer == Answer::Yes {
            let request =
                if deletes { Request::Delete(rule.clone()) } else { Request::Add(rule.clone()) };
            loads.push(Load::new(Origin { file: "sent".into(), line: loads.len() + 1 }, request));
        }
        match answer {
            Answer::Yes => assert_eq!(result, Ok(()), "{name}"),
            Answer::Invalid => assert_eq!(result.unwrap_err().errno(), 22, "{name}"),
            Answer::NoSuchPath => kernel.delete(&rule).expect("the model does not look"),
        }
    }

    let counters = kernel.counters();
    assert_eq!(counters.n_rules(), case.audit_n_rules, "{name}");
    assert_eq!(counters.n_syscall_rules(), case.audit_n_syscall_rules, "{name}");
    assert_eq!(runs(&counters), case.counts, "{name}");
    assert_eq!(counters.armed().count(), case.armed, "{name}");

    let listed: Vec<_> = kernel.rules().map(|rule| hex(&wire::encode(rule))).collect();
    assert_eq!(listed, case.listed_hex, "{name}: listing");
    assert_eq!(printed(&kernel), case.listing, "{name}: listing");
    check_explanation(case, &loads);
}

/// Returns the lines of `auditctl -l`.
fn printed(kernel: &KernelModel) -> Vec<String> {
    let machine = Some(Arch::X86_64);
    let style = Style { interpret: false, machine, keep_arch: true, names: &NoNames };
    let text = String::from_utf8(Listing::of(style, kernel.rules())).expect("it is text");
    match text.as_str() {
        "" => vec!["No rules".to_owned()],
        rules => rules.lines().map(str::to_owned).collect(),
    }
}

/// The JSON of `explain` agrees with the kernel.
fn check_explanation(case: &Case, loads: &[Load]) {
    let name = &case.name;
    let profile = Profile::new(Arch::X86_64, 451);
    let analysis = Analysis::new(profile, loads, Questions::default());
    let json = serde_json::to_value(AnalysisReport::new(&analysis)).expect("can be written");
    assert_eq!(json["arch"], "x86_64");
    assert_eq!(json["nr_syscalls"], 451);
    assert_eq!(json["counters"]["n_rules"], case.audit_n_rules, "{name}");
    assert_eq!(json["counters"]["n_syscall_rules"], case.audit_n_syscall_rules, "{name}");
    assert_eq!(json["stock"]["armed"], case.audit_n_rules > 0, "{name}");
    let is_used = case.audit_n_rules == case.audit_n_syscall_rules;
    assert_eq!(json["bitmap"]["armed_count"], if is_used { case.armed } else { 451 }, "{name}");

    let expected: Vec<_> = case
        .counts
        .iter()
        .flat_map(|&(first, last, rules)| (first..=last).map(move |nr| (nr, rules)))
        .collect();
    let syscalls = json["bitmap"]["syscalls"].as_array().expect("an array");
    assert_eq!(syscalls.len(), expected.len(), "{name}");
    for (syscall, (nr, rules)) in syscalls.iter().zip(expected) {
        assert_eq!((&syscall["nr"], &syscall["rules"]), (&json!(nr), &json!(rules)), "{name}");
        let places = syscall["where"].as_array().expect("an array");
        assert_eq!(places.len(), rules as usize, "{name}");
        assert!(places.iter().all(|place| place.as_str().is_some_and(|p| p.starts_with("sent:"))));
    }
}

/// Returns for each sent rule whether it was a delete, and the kernel's answer.
fn requests(case: &Case) -> impl Iterator<Item = (bool, Answer)> {
    let commands = case.commands.iter().zip(&case.exit).zip(&case.messages);
    commands.flat_map(|((command, exit), messages)| {
        let sending = messages.iter().find(|message| message.starts_with("Error sending"));
        let answer = match sending {
            None if *exit == 0 => Some(Answer::Yes),
            None => None,
            Some(message) if message.contains("No such file") => Some(Answer::NoSuchPath),
            Some(message) if message.contains("Invalid argument") => Some(Answer::Invalid),
            Some(message) => panic!("{}: {message}", case.name),
        };
        let deletes = command.starts_with("-W") || command.starts_with("-d");
        let sent = if command.starts_with("-R") { case.sent_hex.len() } else { 1 };
        std::iter::repeat_n(answer.map(|answer| (deletes, answer)), sent).flatten()
    })
}

/// Returns the counts as runs of numbers with the same count.
fn runs(counters: &Counters) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (number, count) in counters.armed() {
        match runs.last_mut() {
            Some((_, last, rules)) if *last + 1 == number && *rules == count => *last = number,
            _ => runs.push((number, number, count)),
        }
    }
    runs
}

/// Returns the bytes that hexadecimal digits stand for.
pub(crate) fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("ASCII"));
    digits.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

/// Returns a payload as recorded, with the zeros that align the next message.
fn hex(payload: &[u8]) -> String {
    let padding = payload.len().next_multiple_of(4) - payload.len();
    let bytes = payload.iter().copied().chain(std::iter::repeat_n(0, padding));
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// The figures of one rule set, from `fixtures/truth`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Figures {
    /// The rules as lines, for readers.
    rules: Vec<String>,
    /// The sent rules.
    sent: Vec<Sent>,
    n_rules: u32,
    n_syscall_rules: u32,
    /// Every syscall number with a count.
    counts: Vec<Run>,
    /// The number of syscalls that a kernel with the bitmap arms.
    armed: usize,
}

/// A sent rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    /// `add` or `delete`.
    request: String,
    list: String,
    action: String,
    /// Whether it is added at the front of its list.
    #[serde(default)]
    front: bool,
    /// First and last numbers of the mask's runs.
    mask: Vec<(u32, u32)>,
    /// Field, operator and value.
    fields: Vec<(String, String, Value)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Number(u32),
    Text(String),
}

#[derive(Deserialize)]
struct Fixture {
    /// The source of the figures.
    source: String,
    arch: String,
    nr_syscalls: u32,
    sets: std::collections::BTreeMap<String, Figures>,
}

#[test]
fn model_agrees_with_the_figures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/truth");
    let entries = fs::read_dir(folder).expect("the folder is part of the project");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    assert!(!files.is_empty());
    for file in files {
        let json = fs::read(&file).expect("readable");
        let fixture: Fixture = serde_json::from_slice(&json).expect("the fixture is well-formed");
        assert!(fixture.source.contains("Linux"), "a source note in {}", file.display());
        let arch = Arch::from_name(fixture.arch.as_bytes()).expect("a known arch");
        for (name, figures) in &fixture.sets {
            check_figures(name, figures, Profile::new(arch, fixture.nr_syscalls));
        }
    }
}

fn check_figures(name: &str, figures: &Figures, profile: Profile) {
    assert_eq!(figures.rules.len(), figures.sent.len(), "{name}");
    let mut kernel = KernelModel::new(profile);
    for sent in &figures.sent {
        let rule = rule_of(sent);
        let result = match sent.request.as_str() {
            "add" => kernel.add(&rule),
            "delete" => kernel.delete(&rule),
            other => panic!("{name}: no request {other}"),
        };
        assert_eq!(result, Ok(()), "{name}");
    }
    let counters = kernel.counters();
    assert_eq!(counters.n_rules(), figures.n_rules, "{name}");
    assert_eq!(counters.n_syscall_rules(), figures.n_syscall_rules, "{name}");
    assert_eq!(runs(&counters), figures.counts, "{name}");
    assert_eq!(counters.armed_count(), figures.armed, "{name}");
}

fn rule_of(sent: &Sent) -> Rule {
    let mut rule = Rule::new(list_of(&sent.list), action_of(&sent.action));
    rule.placement = if sent.front { Placement::Prepend } else { Placement::Append };
    for &(first, last) in &sent.mask {
        assert!((first..=last).all(|number| rule.mask.insert(number)));
    }
    rule.fields = sent.fields.iter().map(field_of).collect();
    rule
}

fn list_of(name: &str) -> FilterList {
    match name {
        "exit" => FilterList::Exit,
        "exclude" => FilterList::Exclude,
        "filesystem" => FilterList::Filesystem,
        "io_uring" => FilterList::IoUring,
        other => panic!("no list {other}"),
    }
}

fn action_of(name: &str) -> Action {
    match name {
        "always" => Action::Always,
        "never" => Action::Never,
        other => panic!("no action {other}"),
    }
}

fn field_of((name, symbol, value): &(String, String, Value)) -> Field {
    let number = catalog::field_number(name.as_bytes()).expect("a known field");
    let op = Op::Known(Operator::from_symbol(symbol.as_bytes()).expect("an operator"));
    match (FieldId::of(number), value) {
        (FieldId::Number(id), Value::Number(value)) => Field::Number { id, op, value: *value },
        (FieldId::Text(id), Value::Text(text)) => {
            Field::Text { id, op, text: text.as_bytes().into() }
        }
        _ => panic!("{name} has the wrong kind of value"),
    }
}
