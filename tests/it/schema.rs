//! The JSON output matches the schemas in `docs/schema`.

use std::path::Path;

use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, Program, Step, compile};
use rauditctl::eval::Attribute;
use rauditctl::host::FixedHost;
use rauditctl::plan::{Gaps, Plan, SettingChange};
use rauditctl::report::argument::NoNames;
use rauditctl::report::listing::{Listing, Style};
use rauditctl::report::plan::{
    Compared, ConfirmEnd, Ending, Kept, Lack, LeftOut, NotKept, PlanReport, Saved, State, States,
    Summary, UnusableState, WantedRule, digest,
};
use rauditctl::report::request::RequestReport;
use rauditctl::report::state::{RulesReport, StatusReport};
use rauditctl::rule::{
    Action, Control, Field, FieldId, FilterList, Mask, Op, Request, Rule, TextId,
};
use rauditctl::syntax::{parse_words, words};
use rauditctl::wire::{FeatureSet, Status};
use serde::Serialize;
use serde_json::{Value, json};

/// One line for each kind of request.
const LINES: [&str; 15] = [
    "-a always,exit -F arch=b64 -S openat -F exit=-EPERM -F auid!=unset -k a -k b",
    "-A never,exit -F arch=b32 -S all",
    "-a always,io_uring -S openat",
    "-a always,exclude -F msgtype=CWD",
    "-a always,exit -C uid!=euid -F exe=/usr/bin/su",
    "-d never,task -F pid=1",
    "-w /etc/passwd -p wa -k identity",
    "-e 1",
    "-b 8192",
    "--backlog_wait_time 60000",
    "--reset-lost",
    "--loginuid-immutable",
    "-t",
    "-q /a,/b",
    "-m hello",
];

fn program(line: &str) -> Program {
    let command = parse_words(words(line.as_bytes(), 0));
    let program = compile(&command, &FixedHost::new(Arch::X86_64), Options::default());
    assert!(!program.is_faulty(), "{line}: {:?}", program.diagnostics().collect::<Vec<_>>());
    program
}

fn requests() -> Vec<Request> {
    let sent = LINES.iter().flat_map(|line| {
        let program = program(line);
        let steps: Vec<_> = program
            .steps
            .into_iter()
            .filter_map(|step| match step {
                Step::Send(request, _) => Some(*request),
                _ => None,
            })
            .collect();
        let end = match program.end {
            End::Rule(request, _) => Some(request),
            _ => None,
        };
        steps.into_iter().chain(end)
    });
    let sent: Vec<_> = sent.collect();
    assert_eq!(sent.len(), LINES.len());
    sent
}

/// Returns a rule with numbers that have no names.
fn nameless() -> Rule {
    let mut rule = Rule::new(FilterList::Raw(99), Action::Raw(77));
    rule.mask = Mask::from_words([0x8000_0001; Mask::WORDS]);
    let FieldId::Number(id) = FieldId::of(5000) else { panic!("a number") };
    rule.fields.push(Field::Number { id, op: Op::Raw(0x0100_0000), value: u32::MAX });
    rule
}

pub(crate) fn check(schema: &str, value: &impl Serialize) {
    let errors = errors(schema, &serde_json::to_value(value).expect("JSON"));
    assert!(errors.is_empty(), "{schema}: {errors:#?}");
}

fn errors(schema: &str, value: &Value) -> Vec<String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{schema}.schema.json"));
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
}

#[test]
fn requests_match_the_schema() {
    let nameless = [Request::Add(nameless())];
    for request in requests().iter().chain(&nameless) {
        check("compile", &RequestReport::new(request, Some(Arch::X86_64), "a.rules", 1));
    }
    check("compile", &RequestReport::delete_all(b"", "a.rules", 1));
    check("compile", &RequestReport::delete_all(b"key", "a.rules", 1));
}

#[test]
fn rules_match_the_schema() {
    let mut rules: Vec<Rule> = requests()
        .into_iter()
        .filter_map(|request| match request {
            Request::Add(rule) | Request::Delete(rule) => Some(rule),
            Request::Control(_) => None,
        })
        .collect();
    rules.push(nameless());
    let style = Style { interpret: false, machine: None, keep_arch: false, names: &NoNames };
    let listed = rules.iter().map(|rule| (rule, Listing::of(style, [rule])));
    check("rules", &RulesReport::new(listed, None));
}

/// Rules that are new, that go, that move and that stay, and a rule that no line can have.
#[test]
fn plans_match_the_schema() {
    let rule = |number: u32| {
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        assert!(rule.mask.insert(number));
        rule
    };
    // No line of a rules file has such a key.
    let mut unwritable = rule(5);
    let key = b"a\nb".as_slice().into();
    unwritable.fields.push(Field::Text { id: TextId::KEY, op: Op::EQUAL, text: key });
    let loaded = [rule(1), rule(2), rule(3), rule(4)];
    let wanted = [rule(2), rule(3), unwritable, rule(1)];
    let plan = Plan::new(&loaded, &wanted, Gaps::Avoided);
    let status = Status::default();
    let settings = SettingChange::between(&status, None, &[Control::Enabled(2)]);
    let style = Style { interpret: false, machine: None, keep_arch: false, names: &NoNames };
    let compared = Compared {
        numbers: &[1, 2, 3, 4],
        place: &|at| format!("a.rules:{at}"),
        style,
        arch: Arch::X86_64,
    };
    let mut report = PlanReport::new(&plan, &settings, &compared, false);
    check("plan", &report);
    report.left_out = [Lack::Absent, Lack::Refused]
        .map(|why| LeftOut { source: "a.rules:9".into(), why, reason: Some("no path".into()) })
        .to_vec();
    report.settings.iter_mut().for_each(|one| one.source = Some("a.rules:1".into()));
    check("plan", &report);
    assert!(report.requests.iter().any(|request| request.bridge), "{report:#?}");
    assert!(report.requests.iter().any(|request| request.data.is_some()), "{report:#?}");
    let rules = wanted.iter().enumerate();
    let rules =
        rules.map(|(at, rule)| WantedRule::new(rule, format!("a.rules:{at}"), style, Arch::X86_64));
    let saved = Saved {
        plan: report.clone(),
        host: "web3".into(),
        kernel: "6.1.0".into(),
        boot_id: "8c1e".into(),
        arch: "x86_64".into(),
        own_keys: vec!["site-*".into()],
        loaded: digest(&loaded, Some(&status)).to_string(),
        wanted: digest(&wanted, None).to_string(),
        rules: rules.collect(),
    };
    check("plan", &saved);
    let before = Kept::new(&loaded, &status, style, Arch::X86_64);
    let before = Kept { own_keys: vec!["site-*".into()], ..before };
    check("states", &States::new(&[before.clone(), before], Some("8c1e")));
    check("states", &States::default());
    let lost = UnusableState { number: 1, file: "before-1.json".into(), reason: "why".into() };
    check("states", &States { unusable: vec![lost], ..States::default() });
    for end in [ConfirmEnd::Kept, ConfirmEnd::Undone, ConfirmEnd::NotUndone] {
        let ending =
            Ending { change: "c".into(), end, time: "t".into(), reason: Some("why".into()) };
        check("states", &States { last_confirm: Some(ending.clone()), ..States::default() });
        let reason = "why".to_owned();
        check("not-kept", &NotKept { reason, seconds_left: Some(1), last_confirm: Some(ending) });
    }

    // What is saved is what was planned.
    let text = serde_json::to_vec(&saved).expect("JSON");
    let read = Saved::read(&text).expect("a plan");
    assert_eq!(read, saved);
    assert_eq!(read.wanted().expect("rules"), wanted);
    let read = read.checked().expect("its parts belong together");
    assert!(read.is(&report));
    // Each part that was edited is noticed.
    let mut edited = saved.clone();
    edited.rules.pop();
    assert!(edited.checked().is_err());
    let mut edited = saved.clone();
    edited.plan.state = State::Same;
    assert!(edited.checked().is_err());
    let edits: [fn(&mut PlanReport); 4] = [
        |plan| plan.requests[0].rule.push('x'),
        |plan| plan.changes[0].rule.push('x'),
        |plan| plan.count.add += 1,
        |plan| plan.settings[0].from += 1,
    ];
    for edit in edits {
        let mut edited = saved.clone();
        edit(&mut edited.plan);
        assert!(!edited.is(&report));
    }

    let summary = Summary::new([("web3", Ok(&report)), ("web4", Err("line 1: no rule"))]);
    check("plan-summary", &summary);
}

#[test]
fn status_matches_the_schema() {
    check("status", &StatusReport::new(Status::default(), None));
    let status = Status { backlog_wait_time_actual: Some(7), ..Status::default() };
    let features = FeatureSet { mask: 3, features: 2, lock: 0 };
    check("status", &StatusReport::new(status, Some(features)));
}

#[test]
fn events_and_decisions_match_the_schemas() {
    let folder = xtask::root().join("tests/cmd");
    let lines = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let lines: Vec<Value> =
            serde_json::Deserializer::from_str(&text).into_iter().map(Result::unwrap).collect();
        assert!(!lines.is_empty());
        lines
    };
    lines("explain-events.stdin").iter().for_each(|event| check("event", event));
    lines("explain-events.stdout").iter().for_each(|decision| check("decision", decision));
    lines("event-files.json").iter().for_each(|files| check("files", files));
}

#[test]
fn test_results_match_the_schema() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_rauditctl"))
        .args(["test", "--coverage", "--format", "json", "fixtures/testing/tests"])
        .current_dir(xtask::root())
        .output()
        .unwrap();
    check("test", &serde_json::from_slice::<Value>(&output.stdout).unwrap());
}

/// Every attribute that the schema describes is read, and every attribute that is read is described.
#[test]
fn the_schema_of_events_has_every_attribute() {
    let text =
        std::fs::read_to_string(xtask::root().join("docs/schema/event.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let described = [&schema["properties"], &schema["$defs"]["name"]["properties"]];
    let described: Vec<String> = described.into_iter().flat_map(names).collect();
    for attribute in Attribute::ALL.iter().copied() {
        assert!(described.iter().any(|name| name == attribute.name()), "{attribute}");
    }
    let all = names(&schema["properties"]);
    assert!(all.iter().all(|name| Attribute::from_name(name).is_some()), "{all:?}");
}

#[test]
fn schemas_reject_malformed_values() {
    assert!(!errors("event", &json!({"sycall": 1})).is_empty());
    assert!(!errors("decision", &json!({"decision": "perhaps"})).is_empty());
    assert!(!errors("rules", &json!({"rules": [{"list": "exit"}]})).is_empty());
    assert!(!errors("status", &json!({"enabled": -1})).is_empty());
    assert!(!errors("compile", &json!({"type": "SET", "file": "a", "line": 0})).is_empty());
}
