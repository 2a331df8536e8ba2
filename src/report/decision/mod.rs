//! Decisions about events: `rauditctl explain --event`.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the rules that decisions name, and where each comes from |
//! | `why` | the condition at which a rule stops, and what the event has instead |
//! | `problem` | a mistake in the description of an event |
//! | `text` | for a terminal |
//! | `json` | one line for each event, for programs |

mod json;
mod problem;
mod text;
mod why;

pub use json::write_decision_line;
pub use problem::render_problem;
pub use text::write_decision;

use std::sync::OnceLock;

use why::{Reason, Reasons};

use crate::analysis::{Arming, Origin};
use crate::catalog::Arch;
use crate::eval::{Decision, Evaluator, Event, History, Near};
use crate::report::argument::NoNames;
use crate::report::listing::{Listing, Style};
use crate::rule::Rule;

/// The rules of a kernel, by the numbers that decisions have for them.
pub struct Rules<'a> {
    arming: &'a Arming,
    by_serial: Vec<Option<Known<'a>>>,
}

/// A rule with the reasons about it, which are made when the first report needs them.
struct Known<'a> {
    rule: &'a Rule,
    reasons: OnceLock<Reasons>,
}

/// A decision with everything that a report prints.
pub struct Judged<'a> {
    rules: &'a Rules<'a>,
    event: &'a Event,
    decision: Decision,
    near: Vec<Near>,
    has_files: bool,
}

impl<'a> Rules<'a> {
    /// Returns the rules that a kernel holds.
    pub fn new(arming: &'a Arming) -> Self {
        let mut by_serial = Vec::new();
        for entry in arming.kernel().entries() {
            by_serial.resize_with(by_serial.len().max(entry.serial() + 1), || None);
            if let Some(slot) = by_serial.get_mut(entry.serial()) {
                *slot = Some(Known { rule: entry.rule(), reasons: OnceLock::new() });
            }
        }
        Rules { arming, by_serial }
    }

    fn origin(&self, serial: usize) -> Option<&'a Origin> {
        self.arming.origin_of(serial)
    }

    fn rule(&self, serial: usize) -> Option<&'a Rule> {
        Some(self.by_serial.get(serial)?.as_ref()?.rule)
    }

    fn reason(&self, near: &Near) -> Option<&Reason> {
        let known = self.by_serial.get(near.rule)?.as_ref()?;
        let origin = self.origin(near.rule)?;
        let reasons = || Reasons::new(known.rule, origin, self.style());
        known.reasons.get_or_init(reasons).get(near.stop)
    }

    /// Returns why a rule does not decide an event, as a sentence.
    pub(super) fn why(&self, near: &Near, event: &Event) -> Option<String> {
        Some(self.reason(near)?.text(self.machine(), event))
    }

    fn machine(&self) -> Arch {
        self.arming.arch
    }

    fn style(&self) -> Style<'static> {
        Style { interpret: false, machine: Some(self.machine()), keep_arch: false, names: &NoNames }
    }

    /// Returns the rule as auditctl lists it.
    fn text(&self, serial: usize) -> Option<String> {
        let listed = Listing::of(self.style(), [self.rule(serial)?]);
        Some(String::from_utf8_lossy(listed.trim_ascii_end()).into_owned())
    }
}

impl<'a> Judged<'a> {
    /// Decides an event, and finds at most `most` rules that come near it, of all rules.
    pub fn new(rules: &'a Rules<'a>, evaluator: &Evaluator, event: &'a Event, most: usize) -> Self {
        let history = History::default();
        let decision = evaluator.decide(event);
        let near = evaluator.near(&history, event, most);
        let has_files = evaluator.knows_files() || !event.files.is_empty();
        Judged { rules, event, decision, near, has_files }
    }

    /// Decides one of many events after others. Rules that come near it are those with its syscall and its file.
    pub fn one_of_many(
        rules: &'a Rules<'a>,
        evaluator: &Evaluator,
        history: &History,
        event: &'a Event,
        most: usize,
    ) -> Self {
        let (decision, near) = evaluator.decide_and_near(history, event, most);
        Judged { rules, event, decision, near, has_files: true }
    }

    /// Returns the decision.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }
}
