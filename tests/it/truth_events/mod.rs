//! Compares the decisions of `eval` with what real kernels recorded: Linux 6.1, 6.12 and 7.2.
//!
//! The full recording is in `../shared/truth-events`, outside of the project; its test is skipped if it is missing. A
//! part of it is in `fixtures/truth/events`: rules for watches, tasks, records to exclude, and io_uring.

mod recording;

use std::collections::BTreeMap;
use std::path::Path;

use rauditctl::eval::{Attribute, Attributes, Decision, Evaluator, Verdict};
use rauditctl::model::KernelModel;
use xtask::needs::skip;

use recording::{History, Line, Outcome, Recording};

/// How the decisions compare with what the kernels did.
#[derive(Default)]
struct Tally {
    same: usize,
    /// By the attributes that decide.
    undecided: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn of(recording: &Recording) -> Self {
        let mut tally = Tally::default();
        for lines in recording.lines.chunk_by(|a, b| (&a.k, &a.s) == (&b.k, &b.s)) {
            tally.count_set(recording, lines);
        }
        tally
    }

    fn count_set(&mut self, recording: &Recording, lines: &[Line]) {
        let Some(Line { k: kernel, s: set, .. }) = lines.first() else { return };
        let mut model = KernelModel::new(recording::profile(kernel));
        for rule in recording.rules(kernel, set) {
            model.add(&rule).unwrap_or_else(|refusal| panic!("{kernel} {set}: {refusal:?}"));
        }
        let files = recording.files(kernel);
        let evaluator = Evaluator::new(&model, recording::version(kernel), files);
        let mut history = History::default();
        for line in lines {
            let decision = evaluator.decide(&recording.event(line, &history));
            self.count(line, &decision, recording.texts(kernel, set));
            history.advance(line);
        }
    }

    fn count(&mut self, line: &Line, decision: &Decision, texts: &[String]) {
        let Outcome { record, keys: expected } = &line.outcome;
        let expected: Vec<&[u8]> =
            expected.iter().filter(|key| *key != "(null)").map(String::as_bytes).collect();
        let is_recorded = decision.verdict == Verdict::Recorded;
        if decision.verdict == Verdict::Undecided {
            let attributes = decision.depends_on();
            assert!(is_beyond_the_recording(attributes), "{}: {decision:?}", line.event.event);
            *self.undecided.entry(format!("{attributes:?}")).or_default() += 1;
        } else if is_recorded == *record && (!is_recorded || decision.keys == expected) {
            self.same += 1;
        } else {
            let rule = decision.rule.and_then(|serial| texts.get(serial));
            self.wrong.push(format!(
                "{} {} {}: the kernel {:?}; decided {:?} by {rule:?}",
                line.k, line.s, line.event.event, line.outcome, decision.verdict,
            ));
        }
    }
}

/// Returns whether a recording cannot tell these attributes: the timing of io_uring, and how often a file was
/// replaced between two events.
fn is_beyond_the_recording(attributes: Attributes) -> bool {
    use Attribute::{Files, Names, Op};
    !attributes.is_empty() && attributes.iter().all(|one| matches!(one, Files | Names | Op))
}

#[track_caller]
fn assert_same(recording: &Recording, most_undecided: usize) {
    let tally = Tally::of(recording);
    let undecided: usize = tally.undecided.values().sum();
    println!("{} the same, undecided: {:?}", tally.same, tally.undecided);
    assert_eq!(tally.wrong, [""; 0]);
    assert_eq!(tally.same + undecided, recording.lines.len());
    assert!(undecided <= most_undecided, "{undecided}: {:?}", tally.undecided);
}

#[test]
fn decides_as_real_kernels_did() {
    let recording = Recording::read(&xtask::root().join("fixtures/truth/events"));
    // The sets were chosen for io_uring, and for watches whose files are replaced.
    assert_same(&recording, recording.lines.len() / 10);
}

#[test]
fn decides_the_full_recording() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/truth-events");
    if !folder.exists() {
        return skip("the full recording of events is missing: ../shared/truth-events");
    }
    let recording = Recording::read(&folder);
    assert_same(&recording, recording.lines.len() / 50);
}
