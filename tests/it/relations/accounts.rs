//! Accounts that are unknown: their numbers are made up, and no answer may depend on them.

use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, compile};
use rauditctl::eval::{Evaluator, Files, Notation, Reader, Verdict};
use rauditctl::host::AnyHost;
use rauditctl::relate::sets::Relation;
use rauditctl::rule::{Request, Rule};
use rauditctl::syntax::{Content, lines, parse_line};

use super::judged::{VERSION, compared};
use super::universe::Case;

const ARCH: Arch = Arch::X86_64;

/// Returns the rules of texts, in which a name has the same number.
fn rules<const N: usize>(texts: [&str; N]) -> [Vec<Rule>; N] {
    let host = AnyHost::new(Some(ARCH));
    texts.map(|text| {
        let rules = lines(text.as_bytes()).map(|line| {
            let Content::Command(command) = parse_line(&line) else { panic!("{text}") };
            match compile(&command, &host, Options::default()).end {
                End::Rule(Request::Add(rule), _) => rule,
                _ => panic!("{text}"),
            }
        });
        rules.collect()
    })
}

#[test]
fn relations_do_not_depend_on_made_up_numbers() {
    let rule = |condition: &str| format!("-a always,exit -F arch=b64 -S kill {condition}\n");
    for (old, new, expected) in [
        // A service account is usually below 1000, but need not be.
        ("-F auid=svc", "-F auid>=1000", None),
        ("-F auid=svc", "-F auid<1000", None),
        // No account but root has the number 0.
        ("-F uid=svc", "-F uid>0", Some(Relation::More)),
        ("-F gid=svc", "-F gid>=1000", None),
        ("-F auid>=svc", "-F auid>=1000", None),
        ("-F auid>=svc", "-F auid>=svc", Some(Relation::Same)),
        ("-F auid=svc", "-F auid=svc", Some(Relation::Same)),
        ("-F auid=svc", "-F auid=other", Some(Relation::Neither)),
        ("-F auid=svc", "-F auid=svc -F uid=0", Some(Relation::Less)),
        ("-F auid=svc", "", Some(Relation::More)),
        ("-F auid!=svc", "", Some(Relation::More)),
        ("-F gid=svc", "-F gid!=svc", Some(Relation::Neither)),
    ] {
        let [old_rules, new_rules] = rules([&rule(old), &rule(new)]);
        let comparison = compared(&old_rules, &new_rules);
        let relation = comparison.relation();
        match expected {
            Some(expected) => assert_eq!(relation, expected, "{old} {new}: {comparison:?}"),
            // What is certain may be said, but never that the sets are the same, or that one records all of the other.
            None => assert!(
                comparison.is_open() && relation != Relation::Same,
                "{old} {new}: {comparison:?}"
            ),
        }
    }
}

#[test]
fn owners_do_not_depend_on_made_up_numbers() {
    let rule = |condition: &str| format!("-a always,exit -F arch=b64 -S unlink {condition}\n");
    for (old, new) in
        [("-F obj_uid=svc", "-F obj_uid>=1000"), ("-F obj_gid=svc", "-F obj_gid<1000")]
    {
        let [old_rules, new_rules] = rules([&rule(old), &rule(new)]);
        let comparison = compared(&old_rules, &new_rules);
        assert!(comparison.is_open() && comparison.relation() != Relation::Same, "{comparison:?}");
        let [same, again] = rules([&rule(old), &rule(old)]);
        assert_eq!(compared(&same, &again).relation(), Relation::Same);
    }
}

/// An event with the number that stands for an account, as a comparison prints it.
#[test]
fn events_name_accounts_by_their_made_up_numbers() {
    let [rules] = rules(["-a always,exit -F arch=b64 -S kill -F uid=svc -k svc\n"]);
    let judge = Evaluator::new(&Case::kernel(&rules), VERSION, Files::default());
    let differences = compared(&[], &rules).differences;
    let text = Notation::new(&differences[0].event, ARCH).to_string();
    let decide = |text: &str| {
        let event = Reader::new(ARCH).read(text.as_bytes()).expect("an event");
        judge.decide(&event).verdict
    };
    assert_eq!(decide(&text), Verdict::Recorded, "{text}");
    assert_eq!(decide("syscall=kill uid=1000"), Verdict::Unmatched);
    assert_eq!(decide("syscall=kill"), Verdict::Undecided);
}
