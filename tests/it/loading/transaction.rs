//! Loads into a kernel in memory: what is sent, what is rolled back, and which events come.

use rauditctl::apply::{Client, Event, NotHeld, Outcome, Session, Snapshot, Unanswered, load};
use rauditctl::catalog::Arch;
use rauditctl::compile::Step;
use rauditctl::host::FixedHost;
use rauditctl::kernel::{AuditKernel, InProcess};
use rauditctl::model::Profile;
use rauditctl::ruleset::{CheckedSet, Input, RuleSet};
use rauditctl::source::Source;

use super::faulty::{Fault, Faulty};

const OLD: &str = "-w /old -p wa\n-b 64\n";

/// Records the questions and events that it receives.
#[derive(Default)]
struct Recorder(Vec<String>);

impl Client for Recorder {
    fn answer(&mut self, question: &Step, _: &mut Session<'_>) -> Result<(), Unanswered> {
        self.0.push("question".into());
        match question {
            Step::Version => Err(Unanswered::Error),
            Step::Status { .. } => Err(Unanswered::NoKernel),
            _ => Ok(()),
        }
    }

    fn event(&mut self, event: Event) {
        self.0.push(match event {
            Event::FirstChange => return,
            Event::Refused { file, diagnostic } => {
                format!("refused {file}:{}", diagnostic.span.start)
            }
            Event::NotTried(rules) => format!("{rules} not tried"),
            Event::NoAnswer(error) => error.to_string(),
            Event::NotHeld(NotHeld { missing, surplus }) => {
                format!("{} missing, {} not expected", missing.len(), surplus.len())
            }
            Event::Locked => "locked".into(),
            Event::RolledBack { permanent } if permanent.is_empty() => "rolled back".into(),
            Event::RolledBack { permanent } => {
                let places = permanent.iter().map(|place| place.span.start);
                format!("rolled back except {:?}", places.collect::<Vec<_>>())
            }
            Event::NotRolledBack { error, .. } => error.to_string(),
            other => format!("{other:?}"),
        });
    }
}

fn run(kernel: &mut dyn AuditKernel, text: &str) -> (Outcome, Vec<String>) {
    let source = Source::new("a.rules", text.as_bytes().to_vec());
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
    let mut recorder = Recorder::default();
    (load(kernel, &checked, &mut recorder), recorder.0)
}

/// Loads a text into a kernel with other rules. Also returns whether the kernel holds the same rules as before.
fn replaced(text: &str) -> (Outcome, Vec<String>, bool) {
    let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
    assert_eq!(run(&mut kernel, OLD), (loaded(1), Vec::new()));
    let before = Snapshot::take(&mut kernel).unwrap();
    let (outcome, events) = run(&mut kernel, text);
    (outcome, events, Snapshot::take(&mut kernel).unwrap() == before)
}

fn loaded(rules: usize) -> Outcome {
    Outcome::Loaded { rules }
}

fn events_of(events: &[&str]) -> Vec<String> {
    events.iter().map(|event| (*event).to_owned()).collect()
}

#[test]
fn loads_every_line() {
    let text = "-D\n-l\n-w /new -p wa\n";
    assert_eq!(replaced(text), (loaded(1), events_of(&["question"]), false));
}

/// The kernel accepts each request, but does not hold the rules in the end.
#[test]
fn reads_the_rules_back() {
    let text = "-D\n-w /new/1 -p wa\n-w /new/2 -p wa\n";
    // The deletion is request 0.
    for undone in 0..3 {
        let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
        run(&mut kernel, OLD);
        let before = Snapshot::take(&mut kernel).unwrap();
        let mut kernel = Faulty::new(kernel, move |at, _| (at == undone).then_some(Fault::Undone));
        let (outcome, events) = run(&mut kernel, text);
        assert_eq!(outcome, Outcome::Failed);
        let found = ["0 missing, 1 not expected", "1 missing, 0 not expected"];
        assert_eq!(events, events_of(&[found[usize::from(undone > 0)], "rolled back"]));
        assert_eq!(Snapshot::take(&mut kernel).unwrap(), before);
    }
}

#[test]
fn rolls_back_after_a_refusal() {
    let text = "-D\n-b 8192\n-w /new -p wa\n-w /new -p wa\n";
    let events = events_of(&["refused 0:25", "rolled back"]);
    assert_eq!(replaced(text), (Outcome::Failed, events, true));
}

#[test]
fn reports_every_refusal_of_a_batch() {
    let text = "-w /old -p wa\n-w /old -p wa\n";
    let events = events_of(&["refused 0:0", "refused 0:14", "rolled back"]);
    assert_eq!(replaced(text), (Outcome::Failed, events, true));
}

#[test]
fn ignores_and_remembers_refusals() {
    let (refused, later) = ("-w /old -p wa\n", "-w /new -p wa\n");
    let events = events_of(&["refused 0:3"]);
    let ignored = replaced(&format!("-i\n{refused}{later}"));
    assert_eq!(ignored, (loaded(1), events.clone(), false));
    let remembered = replaced(&format!("-c\n{refused}{later}"));
    assert_eq!(remembered, (Outcome::LoadedWithErrors { rules: 1 }, events, false));
}

#[test]
fn tolerance_does_not_apply_to_earlier_lines() {
    let events = events_of(&["refused 0:0", "rolled back"]);
    assert_eq!(replaced("-w /old -p wa\n-w /new -p wa\n-i\n"), (Outcome::Failed, events, true));
}

#[test]
fn forgives_a_failed_question_but_not_a_missing_kernel() {
    let failed = replaced("-i\n-v\n-w /new -p wa\n");
    assert_eq!(failed, (loaded(1), events_of(&["question"]), false));
    let missing = replaced("-i\n-w /new -p wa\n-s\n");
    assert_eq!(missing, (Outcome::Failed, events_of(&["question", "rolled back"]), true));
}

#[test]
fn sends_nothing_that_cannot_be_undone_before_a_refusal() {
    for permanent in ["--reset-lost", "-m text", "--loginuid-immutable", "-t", "--signal HUP"] {
        let text = format!("{permanent}\n-w /new -p wa\n-w /old -p wa\n");
        let events = events_of(&[&format!("refused 0:{}", text.len() - 14), "rolled back"]);
        assert_eq!(replaced(&text), (Outcome::Failed, events, true), "{permanent}");
    }
}

#[test]
fn answers_questions_after_the_lock() {
    let (outcome, events, is_old) = replaced("-w /new -p wa\n-e 2\n-s\n");
    let with_errors = Outcome::LoadedWithErrors { rules: 1 };
    assert_eq!((outcome, events, is_old), (with_errors, events_of(&["question"]), false));
}

#[test]
fn sends_nothing_if_the_kernel_holds_the_set() {
    let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
    let text = "-D\n-b 64\n-w /a -p wa\n-a never,exclude -F msgtype=CWD\n-A exit,always -S 1\n";
    assert_eq!(run(&mut kernel, text), (loaded(3), Vec::new()));
    let unchanged = |text: &str| {
        let mut kernel = kernel.clone();
        run(&mut kernel, text).0 == Outcome::Unchanged { rules: 3 }
    };
    assert!(unchanged(text));
    assert!(unchanged(text.trim_start_matches("-D\n")));
    let others =
        ["-b 65\n", "-w /b -p wa\n", "-D\n", "-l\n", "-m text\n", "--loginuid-immutable\n"];
    for other in others {
        assert!(!unchanged(&format!("{text}{other}")), "{other}");
    }
    assert!(!unchanged("-D\n-A exit,always -S 1\n-a never,exclude -F msgtype=CWD\n"));
    // In another order.
    let list = "-D\n-a exit,always -S 2\n-a exit,always -S 3\n";
    let reversed = "-D\n-a exit,always -S 3\n-a exit,always -S 2\n";
    assert_eq!(run(&mut kernel, list).0, loaded(2));
    assert_eq!(run(&mut kernel, reversed).0, loaded(2));
}

#[test]
fn accepts_a_locked_kernel_only_if_it_holds_the_set() {
    let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
    let text = "-D\n-w /a -p wa\n--loginuid-immutable\n-e 2\n";
    assert_eq!(run(&mut kernel, text), (loaded(1), Vec::new()));
    assert_eq!(run(&mut kernel, text), (Outcome::Unchanged { rules: 1 }, Vec::new()));
    for other in ["-D\n-w /b -p wa\n-e 2\n", "-D\n-w /a -p wa\n-e 1\n"] {
        assert_eq!(run(&mut kernel, other), (Outcome::Failed, events_of(&["locked"])));
    }
}
