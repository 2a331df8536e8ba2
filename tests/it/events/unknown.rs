//! Events of which only some attributes are known: the decision is undecided exactly if the rest can change it.

use proptest::prelude::*;
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::eval::{Attribute, Decision, History, Reader, Stop, Verdict};

use super::known::{decide, evaluator};

fn depends_on(decision: &Decision) -> Vec<Attribute> {
    decision.depends_on().iter().collect()
}

#[test]
fn names_the_attributes_that_decide() {
    let rules = ["-a always,exit -F arch=b64 -S openat -F auid>=1000 -F exe=/bin/cat -k cat"];
    let decision = decide(&rules, "syscall=openat path=/a");
    assert_eq!(decision.verdict, Verdict::Undecided);
    assert_eq!(depends_on(&decision), [Attribute::Auid, Attribute::Exe]);
    // One attribute is enough to rule the rule out.
    assert_eq!(decide(&rules, "syscall=openat auid=0").verdict, Verdict::Unmatched);
    assert_eq!(decide(&rules, "syscall=openat exe=/bin/ls").verdict, Verdict::Unmatched);
}

#[test]
fn decides_if_the_unknown_does_not_matter() {
    let rules = [
        "-a always,exit -F arch=b64 -S openat -F auid>=1000 -k open",
        "-a always,exit -F arch=b64 -S openat -k open",
    ];
    let decision = decide(&rules, "syscall=openat");
    assert_eq!((decision.verdict, decision.rule), (Verdict::Recorded, None));
    assert_eq!(decision.keys, [b"open"]);
    assert_eq!(depends_on(&decision), []);
}

#[test]
fn decides_if_every_value_of_a_number_agrees() {
    let both = |first: &str, second: &str| {
        let rules = [first, second]
            .map(|condition| format!("-a always,exit -F arch=b64 -S openat {condition} -k open"));
        decide(&[rules[0].as_str(), rules[1].as_str()], "syscall=openat uid=5 names=none")
    };
    for (first, second) in [
        ("-F auid>=1000", "-F auid<1000"),
        ("-F auid!=unset", "-F auid=unset"),
        ("-F auid<=999", "-F auid>999"),
        ("-F success=0", "-F success=1"),
        ("-C auid=uid", "-C auid!=uid"),
        ("-F gid>=100", "-F gid<=100"),
    ] {
        let decision = both(first, second);
        assert_eq!(
            (decision.verdict, decision.rule),
            (Verdict::Recorded, None),
            "{first} {second}"
        );
        assert_eq!((decision.keys, decision.ways.len()), (vec![b"open".to_vec()], 2));
    }
    // One value is left over, or the values are not those of one number.
    for (first, second, unknown) in [
        ("-F auid>1000", "-F auid<1000", vec![Attribute::Auid]),
        ("-F auid>=1000", "-F auid!=1000 -F auid!=3", vec![Attribute::Auid]),
        ("-F auid>=1000", "-F euid<1000", vec![Attribute::Euid, Attribute::Auid]),
        ("-F pers&1", "-F pers=0", vec![Attribute::Pers]),
        ("-C auid=euid", "-C auid!=euid", vec![Attribute::Euid, Attribute::Auid]),
    ] {
        let decision = both(first, second);
        assert_eq!(decision.verdict, Verdict::Undecided, "{first} {second}");
        assert!(unknown.contains(&depends_on(&decision)[0]), "{decision:?}");
    }
}

#[test]
fn decides_if_every_pair_of_two_numbers_agrees() {
    let rules = [
        "-a never,exit -F arch=b64 -S openat -F auid<1000",
        "-a never,exit -F arch=b64 -S openat -F uid=0",
        "-a never,exit -F arch=b64 -S openat -F auid>=1000 -F uid>0",
        "-a always,exit -F arch=b64 -S openat -k open",
    ];
    assert_eq!(decide(&rules, "syscall=openat").verdict, Verdict::Silenced);
    let hole = [rules[0], rules[1], &rules[2].replace("uid>0", "uid>1"), rules[3]];
    assert_eq!(depends_on(&decide(&hole, "syscall=openat")), [Attribute::Uid, Attribute::Auid]);
}

#[test]
fn two_arches_are_one_answer_if_they_agree() {
    let read = |text: &str| Reader::new(Arch::X86_64).read_json(text.as_bytes()).unwrap();
    let rules =
        ["-a always,exit -F arch=b64 -S openat -k a", "-a always,exit -F arch=b32 -S openat -k a"];
    let both = evaluator(KernelVersion::NEWEST, &rules, "");
    assert_eq!(both.decide(&read(r#"{"syscall": "openat"}"#)).verdict, Verdict::Recorded);
    let one = evaluator(KernelVersion::NEWEST, &rules[..1], "");
    let decision = one.decide(&read(r#"{"syscall": "openat"}"#));
    assert_eq!(
        (decision.verdict, depends_on(&decision)),
        (Verdict::Undecided, vec![Attribute::Arch])
    );
}

#[test]
fn names_are_unknown_unless_the_syscall_has_none() {
    let rules = ["-a always,exit -F dir=/etc -k etc"];
    assert_eq!(depends_on(&decide(&rules, "syscall=openat")), [Attribute::Names]);
    assert_eq!(decide(&rules, "syscall=openat names=none").verdict, Verdict::Unmatched);
    assert_eq!(decide(&rules, "syscall=getpid").verdict, Verdict::Unmatched);
}

/// The attributes of small events, and the values that each can have.
const SPACE: [(&str, &[&str]); 6] = [
    ("syscall", &["openat", "unlink", "chmod"]),
    ("path", &["/etc/a", "/etc/b", "/var/a"]),
    ("auid", &["unset", "500", "1000"]),
    ("exit", &["0", "-13"]),
    ("uid", &["0", "1000"]),
    ("flags", &["O_RDONLY", "O_WRONLY"]),
];

/// In an open answer nothing decides yet, and a rule that may match by one file does not stop at another.
#[test]
fn rules_near_an_open_event_are_open_too() {
    let near = |rules: &[&str], event: &str| {
        let evaluator = evaluator(KernelVersion::NEWEST, rules, "");
        let event = Reader::new(Arch::X86_64).read(event.as_bytes()).unwrap();
        let near = evaluator.near(&History::default(), &event, 5);
        near.iter().map(|near| (near.rule, near.stop)).collect::<Vec<_>>()
    };
    let rules = ["-a never,exit -S chmod -F exe=/bin/a", "-a always,exit -S chmod -F uid=0"];
    assert_eq!(near(&rules, "syscall=chmod uid=0"), [(1, Stop::PerhapsLate)]);
    assert_eq!(near(&rules, "syscall=chmod uid=0 exe=/bin/a"), [(1, Stop::Late)]);
    let watch = ["-a always,exit -F path=/a -F perm=w"];
    assert_eq!(near(&watch, "syscall=openat path=/a,/b"), []);
    let stops = near(&watch, "syscall=openat path=/b,/c flags=O_WRONLY");
    assert!(matches!(stops.as_slice(), [(0, Stop::Condition(_))]), "{stops:?}");
}

fn rules() -> impl Strategy<Value = Vec<String>> {
    let condition = prop::sample::select(vec![
        "-F path=/etc/a",
        "-F dir=/etc",
        "-F auid>=1000",
        "-F auid=unset",
        "-F auid<1000",
        "-F auid!=500",
        "-F success=0",
        "-F success=1",
        "-F uid=0",
        "-F uid!=0",
        "-F perm=w",
        "-F exit!=0",
    ]);
    let syscalls = prop::sample::select(vec!["-S all", "-S openat", "-S unlink,chmod"]);
    let action = prop::sample::select(vec!["always", "always", "never"]);
    let rule = (action, syscalls, prop::collection::vec(condition, 0..3), 0..3_u8);
    let rule =
        rule.prop_filter_map("refused by the kernel", |(action, syscalls, mut conditions, key)| {
            conditions.sort_unstable();
            conditions.dedup();
            let files = conditions
                .iter()
                .filter(|text| text.contains("path=") || text.contains("dir="))
                .count();
            (files < 2)
                .then(|| format!("-a {action},exit {syscalls} {} -k k{key}", conditions.join(" ")))
        });
    prop::collection::vec(rule, 1..5).prop_filter("equal rules are refused", |rules| {
        rules.iter().enumerate().all(|(index, rule)| !rules[..index].contains(rule))
    })
}

/// Returns every event that has the given values, and any values for the attributes without one.
fn completions(given: &[Option<usize>]) -> Vec<String> {
    let mut events = vec![String::new()];
    for ((attribute, values), given) in SPACE.iter().zip(given) {
        let values: Vec<&&str> = match given {
            Some(index) => vec![&values[index % values.len()]],
            None => values.iter().collect(),
        };
        events = events
            .iter()
            .flat_map(|event| {
                values.iter().map(move |value| format!("{event}{attribute}={value} "))
            })
            .collect();
    }
    events
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_decision_holds_for_every_completion(
        rules in rules(),
        given in prop::collection::vec(prop::option::of(0..6_usize), 6),
    ) {
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let known: Vec<String> = SPACE
            .iter()
            .zip(&given)
            .filter_map(|((attribute, values), given)| Some(format!("{attribute}={}", values[(*given)? % values.len()])))
            .collect();
        let evaluator = evaluator(KernelVersion::NEWEST, &rules, "");
        let decide = |text: &str| {
            evaluator.decide(&Reader::new(Arch::X86_64).read(text.as_bytes()).unwrap())
        };
        let decision = decide(&known.join(" "));
        if decision.verdict != Verdict::Undecided {
            for event in completions(&given) {
                let complete = decide(&event);
                prop_assert_eq!(
                    (complete.verdict, complete.keys),
                    (decision.verdict, decision.keys.clone()),
                    "{:?}: {} is {}", rules, known.join(" "), event
                );
            }
        }
    }

    #[test]
    fn an_event_without_one_number_is_undecided_only_if_two_values_differ(
        rules in rules(),
        given in prop::collection::vec(0..6_usize, 6),
        is_auid in any::<bool>(),
    ) {
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let evaluator = evaluator(KernelVersion::NEWEST, &rules, "");
        let unknown = if is_auid { "auid" } else { "uid" };
        let known = SPACE.iter().zip(&given).filter(|((attribute, _), _)| *attribute != unknown);
        let known: Vec<String> = known
            .map(|((attribute, values), given)| format!("{attribute}={}", values[given % values.len()]))
            .collect();
        let decide = |text: &str| {
            evaluator.decide(&Reader::new(Arch::X86_64).read(text.as_bytes()).unwrap())
        };
        // Values on both sides of each constant of the rules.
        let values = ["0", "1", "499", "500", "501", "999", "1000", "1001", "4294967294", "unset"];
        let values = values.iter().filter(|value| is_auid || **value != "unset");
        let complete: Vec<Decision> =
            values.map(|value| decide(&format!("{} {unknown}={value}", known.join(" ")))).collect();
        let agree = complete.iter().all(|one| {
            (one.verdict, &one.keys) == (complete[0].verdict, &complete[0].keys)
        });
        let decision = decide(&known.join(" "));
        prop_assert_eq!(decision.verdict != Verdict::Undecided, agree, "{:?}: {:?}", rules, known);
        if agree {
            prop_assert_eq!(
                (decision.verdict, &decision.keys),
                (complete[0].verdict, &complete[0].keys)
            );
        }
    }
}
