//! Cases: each expectation holds for the events that it describes, and fails for others.

use rauditctl::analysis::{Arming, Load, Origin, arming};
use rauditctl::cases::{
    Case, Coverage, Expectation, Outcome, RulePlace, cases_in_comments, generate, run,
};
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::compile::{self, End, Options};
use rauditctl::eval::{Evaluator, Files, Reader};
use rauditctl::host::FixedHost;
use rauditctl::model::Profile;
use rauditctl::source::Source;
use rauditctl::span::Span;
use rauditctl::syntax;

const RULES: &str = "-a never,exit -F arch=b64 -S openat -F exe=/bin/backup -k quiet\n\
                     -a always,exit -F path=/etc/shadow -F perm=wa -k shadow\n\
                     -a always,exit -F arch=b64 -S unlink -F success=1\n";

fn loaded(text: &str) -> (Evaluator, Arming) {
    let host = FixedHost::new(Arch::X86_64);
    let loads: Vec<Load> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(line, text)| {
            let command = syntax::parse_words(syntax::words(text.as_bytes(), 0));
            let program = compile::compile(&command, &host, Options::default());
            let End::Rule(request, _) = program.end else { panic!("{text}") };
            Load::new(Origin { file: "a.rules".into(), line }, request)
        })
        .collect();
    let arming = arming(Profile::newest(Arch::X86_64), &loads);
    let evaluator = Evaluator::new(arming.kernel(), KernelVersion::NEWEST, Files::default());
    (evaluator, arming)
}

fn outcome(expected: Expectation, event: &str, known_gap: Option<&str>) -> Outcome {
    let (evaluator, arming) = loaded(RULES);
    let case = Case {
        name: String::new(),
        row: String::new(),
        origin: Origin { file: "a.toml".into(), line: 1 },
        expectation_at: Span::new(0, 0),
        event: Reader::new(Arch::X86_64).read(event.as_bytes()).unwrap(),
        expected,
        known_gap: known_gap.map(str::to_owned),
    };
    run(&[case], &evaluator, &arming)[0].outcome
}

fn rule(line: usize) -> RulePlace {
    RulePlace { file: "a.rules".into(), line }
}

const WRITES: &str = "syscall=openat path=/etc/shadow flags=O_WRONLY exe=/bin/vi";
const BACKUP: &str = "syscall=openat path=/etc/shadow flags=O_WRONLY exe=/bin/backup";
const UNLINK: &str = "syscall=unlink path=/x exit=0";
const NOTHING: &str = "syscall=getpid";

#[test]
fn expectations_hold_for_what_they_say() {
    use Expectation::{Key, Recorded, Rule, SilencedBy, Silent};
    let key = |key: &str| Key(key.to_owned());
    for (expected, holding, failing) in [
        (key("shadow"), &[WRITES][..], &[BACKUP, UNLINK, NOTHING][..]),
        (key("quiet"), &[], &[WRITES, BACKUP]),
        (Rule(rule(3)), &[UNLINK], &[WRITES, BACKUP, NOTHING]),
        (Rule(rule(1)), &[], &[BACKUP]),
        (Recorded, &[WRITES, UNLINK], &[BACKUP, NOTHING]),
        (Silent, &[BACKUP, NOTHING], &[WRITES, UNLINK]),
        (SilencedBy(rule(1)), &[BACKUP], &[WRITES, UNLINK, NOTHING]),
        (SilencedBy(rule(2)), &[], &[WRITES, BACKUP]),
    ] {
        for event in holding {
            assert_eq!(
                outcome(expected.clone(), event, None),
                Outcome::Holds,
                "{expected}: {event}"
            );
            assert_eq!(outcome(expected.clone(), event, Some("gap")), Outcome::GapHolds);
        }
        for event in failing {
            assert_eq!(
                outcome(expected.clone(), event, None),
                Outcome::Fails,
                "{expected}: {event}"
            );
            assert_eq!(outcome(expected.clone(), event, Some("gap")), Outcome::KnownGap);
        }
    }
}

#[test]
fn what_is_open_is_undecided_only_if_it_matters() {
    // The program is unknown: recorded by the watch, or silenced.
    let event = "syscall=openat path=/etc/shadow flags=O_WRONLY";
    assert_eq!(outcome(Expectation::Recorded, event, None), Outcome::Undecided);
    let other = Expectation::NotRecordedBy(vec![Origin { file: "a.rules".into(), line: 3 }]);
    assert_eq!(outcome(other, event, None), Outcome::Holds);
}

#[test]
fn comments_fail_for_the_wrong_word_and_the_wrong_rule() {
    let text = "#@ records syscall=openat path=/x flags=O_RDONLY exe=/bin/backup\n\
                #@ silences syscall=openat path=/x flags=O_RDONLY exe=/bin/backup\n\
                #@ ignores syscall=openat path=/x flags=O_RDONLY exe=/bin/backup\n\
                -a never,exit -F arch=b64 -S openat -F exe=/bin/backup -k quiet\n\
                #@ records syscall=unlink path=/etc/shadow exit=0\n\
                #@ silences syscall=unlink path=/etc/shadow exit=0\n\
                #@ ignores syscall=unlink path=/etc/shadow exit=0\n\
                -a always,exit -F arch=b64 -S unlink -k gone\n\
                #@ records syscall=unlink path=/etc/shadow exit=0\n\
                -a always,exit -F path=/etc/shadow -F perm=wa -k shadow\n";
    let (evaluator, arming) = loaded(text);
    let source = Source::new("a.rules", text.as_bytes().to_vec());
    let cases = cases_in_comments(&source, "a.rules", Reader::new(Arch::X86_64)).unwrap();
    let outcomes: Vec<Outcome> =
        run(&cases, &evaluator, &arming).iter().map(|tested| tested.outcome).collect();
    use Outcome::{Fails, Holds};
    assert_eq!(outcomes, [Fails, Holds, Holds, Holds, Fails, Fails, Fails]);
}

#[test]
fn generated_events_cover_the_rules_and_their_boundaries() {
    let text = "-a always,exit -F arch=b64 -S connect -F auid>=1000 -F auid!=unset -k net\n\
                -a always,exit -F dir=/etc/ssh -F perm=wa -k ssh\n\
                -a never,exit -F arch=b64 -S openat -F uid=33 -F success=0\n\
                -a always,exit -F arch=b32 -S execve -F exe=/bin/sh -k sh\n";
    let (evaluator, arming) = loaded(text);
    let mut others = 0;
    for serial in 0..4 {
        let generated = generate(serial, &evaluator, &arming);
        let [event] = generated.decided.as_slice() else { panic!("{serial}: no event") };
        assert_eq!(evaluator.decide(event).rule, Some(serial));
        assert!(generated.others.iter().all(|other| evaluator.decide(other).rule != Some(serial)));
        others += generated.others.len();
    }
    let auids: Vec<_> =
        generate(0, &evaluator, &arming).others.iter().map(|other| other.task.auid).collect();
    assert!(auids.contains(&Some(999)) && auids.contains(&Some(u32::MAX)), "{auids:?}");
    assert!(others >= 10, "{others}");
}

#[test]
fn coverage_counts_the_rules_that_decide() {
    let (evaluator, arming) = loaded(RULES);
    let case = |event: &str| Case {
        name: String::new(),
        row: String::new(),
        origin: Origin { file: "a.toml".into(), line: 1 },
        expectation_at: Span::new(0, 0),
        event: Reader::new(Arch::X86_64).read(event.as_bytes()).unwrap(),
        expected: Expectation::Recorded,
        known_gap: None,
    };
    let cases = [case(WRITES), case(BACKUP)];
    let coverage = Coverage::of(&run(&cases, &evaluator, &arming), &evaluator, &arming);
    assert_eq!((coverage.covered, coverage.total), (2, 3));
    let [uncovered] = coverage.uncovered.as_slice() else { panic!("one rule") };
    assert_eq!(uncovered.origin.line, 3);
}
