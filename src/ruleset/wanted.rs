//! What a set wants a kernel to hold: rules in order, and settings.

use super::checked::CheckedSet;
use super::compiled::CompiledLine;
use super::final_rules::FinalRules;
use super::set::FileSpan;
use crate::compile::Step;
use crate::rule::{Control, Request, Rule};

/// The rules and the settings of a set.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The rules in the form that the kernel keeps, in the order in which it lists them.
    pub rules: Vec<Rule>,
    /// The place of each rule.
    pub places: Vec<FileSpan>,
    /// The rules that are left out because an earlier rule is equal: the place of each, and that of the earlier one.
    pub repeated: Vec<(FileSpan, FileSpan)>,
    /// Everything but the rules.
    pub besides: Besides,
    /// Whether every line does something: none is faulty, and a kernel without other rules refuses none.
    pub is_whole: bool,
}

/// What a set has besides rules.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// The settings, each with its place; the last value of each.
    pub settings: Vec<(Control, FileSpan)>,
    /// Requests and questions that do more than describe a state, such as `-l`, `-t` and `--reset-lost`.
    pub others: Vec<FileSpan>,
    /// Whether all rules are deleted first, with `-D`.
    pub deletes_all: bool,
}

impl Wanted {
    /// Returns what a set without errors wants; `None` if the syscalls of the machine are unknown. Lines with errors that
    /// the set forgives are left out.
    pub fn of(set: &CheckedSet<'_, '_>) -> Option<Self> {
        let order = FinalRules::of(&set.lines, set.profile()?);
        let is_faulty = set.lines.iter().any(|line| line.checked.program.is_faulty());
        let mut wanted = Wanted {
            rules: Vec::with_capacity(order.order.len()),
            places: Vec::with_capacity(order.order.len()),
            repeated: Vec::new(),
            besides: Besides::of(set),
            is_whole: !is_faulty && !order.is_refused,
        };
        for loaded in order.order.iter().filter_map(|line| set.lines.get(*line)?.rule()) {
            wanted.rules.push(loaded.kernel_rule.clone());
            wanted.places.push(loaded.line.whole());
        }
        let place = |line: usize| set.lines.get(line).map(CompiledLine::whole);
        let pairs =
            order.again.iter().filter_map(|(line, first)| Some((place(*line)?, place(*first)?)));
        wanted.repeated.extend(pairs);
        Some(wanted)
    }
}

impl Besides {
    /// Returns what a set has besides rules.
    pub fn of(set: &CheckedSet<'_, '_>) -> Self {
        let mut besides = Besides::default();
        for line in set.lines.iter().filter(|line| !line.checked.program.is_faulty()) {
            for step in &line.checked.program.steps {
                match step {
                    Step::Send(request, span) => match &**request {
                        Request::Control(control) if is_setting(control) => {
                            besides.set(control.clone(), line.place(*span));
                        }
                        _ => besides.others.push(line.place(*span)),
                    },
                    Step::DeleteAll { key, .. } => besides.deletes_all |= key.is_empty(),
                    Step::Say(_) | Step::Ignore | Step::Continue => {}
                    Step::List { .. }
                    | Step::Status { .. }
                    | Step::Signal(_)
                    | Step::Version
                    | Step::Usage => besides.others.push(line.whole()),
                }
            }
        }
        besides
    }

    /// Returns the settings without their places.
    pub fn controls(&self) -> Vec<Control> {
        self.settings.iter().map(|(control, _)| control.clone()).collect()
    }

    /// Returns the place that gives the setting of a request its value; `None` if none does.
    pub fn place(&self, control: &Control) -> Option<FileSpan> {
        let kind = std::mem::discriminant(control);
        let mut settings = self.settings.iter();
        settings.find(|(known, _)| std::mem::discriminant(known) == kind).map(|(_, place)| *place)
    }

    fn set(&mut self, control: Control, place: FileSpan) {
        let kind = std::mem::discriminant(&control);
        self.settings.retain(|(known, _)| std::mem::discriminant(known) != kind);
        self.settings.push((control, place));
    }
}

/// Returns whether a request gives a setting a value, which the kernel can be asked for.
fn is_setting(control: &Control) -> bool {
    match control {
        Control::Enabled(_)
        | Control::Failure(_)
        | Control::RateLimit(_)
        | Control::BacklogLimit(_)
        | Control::BacklogWaitTime(_)
        | Control::LoginuidImmutable => true,
        Control::ResetLost
        | Control::ResetBacklogWaitTimeActual
        | Control::Trim
        | Control::MakeEquivalent { .. }
        | Control::UserMessage(_) => false,
    }
}
