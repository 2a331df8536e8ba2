//! The rules and settings that a kernel shall hold, read from rules files.

use std::path::PathBuf;

use super::absent::{self, Absent, is_absent_account};
use super::exit::{Exit, Stop};
use super::host::SystemHost;
use super::own_rules::{OwnKeys, is_own};
use super::read::Policy;
use super::report::{self, Voice};
use super::rules_files::RulesFiles;
use crate::cases::PRODUCT_MARK;
use crate::diag::{Diagnostic, escaped};
use crate::eval::Problem;
use crate::plan::KnownSwaps;
use crate::report::decision::render_problem;
use crate::report::optimize::{Digest, Origins, ReadHead};
use crate::rule::Control;
use crate::ruleset::{CheckedSet, FileSpan, RuleSet, Wanted};
use crate::source::Source;

/// The most rules that are named one by one for one reason. The others are counted.
const MOST_NAMED: usize = 20;

/// What is read, and what is left out of it.
#[derive(Clone, Debug)]
pub(super) struct Reading<'r> {
    /// Files and directories, in load order.
    pub(super) paths: &'r [PathBuf],
    pub(super) policy: Policy,
    /// Leave out rules whose path or account this machine lacks.
    pub(super) skip_absent: bool,
    /// The keys of the rules that may change.
    pub(super) own_keys: &'r [OwnKeys],
}

/// The rules and settings that a kernel shall hold.
#[derive(Debug)]
pub(super) struct Desired {
    files: RulesFiles,
    pub(super) wanted: Wanted,
    /// The rules that are left out because this machine lacks their path or account.
    absent: Vec<Absent>,
    /// What is known about the order of the rules, for all kernels that they are compared with.
    pub(super) known_swaps: KnownSwaps,
    /// The files are what `optimize` made: the order of conditions and rules counts.
    pub(super) is_product: bool,
}

impl Desired {
    /// Reads files, and all files of directories as augenrules joins them. Errors are printed.
    pub(super) fn read(
        reading: &Reading<'_>,
        host: &SystemHost,
        voice: Voice,
    ) -> Result<Self, Stop> {
        let files = RulesFiles::read(reading.paths, reading.policy).map_err(Stop::unanswered)?;
        let is_product = files
            .sources()
            .into_iter()
            .try_fold(false, |any, source| Ok::<bool, Stop>(any | is_product(source)?))?;
        let (wanted, absent) = {
            let set = RuleSet::new(files.inputs());
            let checked = CheckedSet::new(&set, host);
            check(&checked, reading.skip_absent, voice)?;
            let Some(wanted) = Wanted::of(&checked) else {
                return Err(Stop::unanswered("the syscalls of this machine are unknown"));
            };
            let absent = match reading.skip_absent {
                true => absent::of_accounts(&checked),
                false => Vec::new(),
            };
            // Read once by the program, which frees all memory at once when it ends.
            std::mem::forget(checked);
            std::mem::forget(set);
            (wanted, absent)
        };
        let mut desired =
            Desired { files, wanted, absent, known_swaps: KnownSwaps::default(), is_product };
        if reading.skip_absent {
            desired.leave_out_absent_paths();
        }
        desired.check_keys(reading.own_keys, voice)?;
        desired.note_what_is_not_done(voice);
        Ok(desired)
    }

    /// Returns the place of a wanted rule as messages show it. A rule that `optimize` made has its place in the source.
    pub(super) fn place(&self, wanted: usize) -> String {
        let place = self.wanted.places.get(wanted);
        place.map(|place| self.name_of(*place)).unwrap_or_default()
    }

    /// Returns a place in a file as messages show it.
    pub(super) fn name_of(&self, place: FileSpan) -> String {
        let Some((source, _)) = self.files.texts.get(place.file) else { return String::new() };
        let line = source.location(place.span.start).line;
        let from = self.is_product.then(|| origins(source, line)).flatten();
        let from = from.and_then(|origins| origins.from.first().map(ToString::to_string));
        from.unwrap_or_else(|| format!("{}:{line}", escaped(source.name())))
    }

    /// Prints a diagnostic at a place.
    pub(super) fn diagnostic(&self, voice: Voice, place: FileSpan, diagnostic: &Diagnostic) {
        if let Some((source, _)) = self.files.texts.get(place.file) {
            voice.diagnostic(source, diagnostic);
        }
    }

    /// Returns the settings that the files set.
    pub(super) fn settings(&self) -> Vec<Control> {
        self.wanted.besides.controls()
    }

    fn leave_out_absent_paths(&mut self) {
        let rules = self.wanted.rules.iter().enumerate();
        let absent: Vec<(usize, String)> =
            rules.filter_map(|(at, rule)| Some((at, absent::path_of(rule)?))).collect();
        for (at, lack) in absent.into_iter().rev() {
            self.wanted.rules.remove(at);
            self.absent.push(Absent { place: self.wanted.places.remove(at), lack });
        }
        self.absent.sort_unstable_by_key(|one| one.place);
    }

    /// Stops if rules have none of the keys, and shows them.
    fn check_keys(&self, own_keys: &[OwnKeys], voice: Voice) -> Result<(), Stop> {
        let rules = self.wanted.rules.iter().zip(&self.wanted.places);
        let others = rules.filter(|(rule, _)| !is_own(rule, own_keys)).map(|(_, place)| *place);
        let mut others: Vec<FileSpan> = others.collect();
        others.sort_unstable();
        if others.is_empty() {
            return Ok(());
        }
        for place in others.iter().take(MOST_NAMED) {
            let problem = Problem {
                at: place.span.range(),
                message: "rule without a key that `--own-keys` matches".to_owned(),
                help: Some(
                    "give it such a key, so that the next plan knows whose it is".to_owned(),
                ),
            };
            if let Some((source, _)) = self.files.texts.get(place.file) {
                voice.problem(source, &problem);
            }
        }
        let rules = report::count(others.len(), "rule");
        voice.note(format_args!("{rules} without such a key; nothing was sent to the kernel"));
        Err(Stop::after_report(Exit::Unanswered))
    }

    /// Returns whether no rule of the files is left, and they have no `-D` that asks for that. It is most likely a mistake.
    pub(super) fn lacks_rules(&self) -> bool {
        let wanted = &self.wanted;
        wanted.rules.is_empty() && !wanted.besides.deletes_all
    }

    /// Returns why there is no rule.
    pub(super) fn no_rules(&self) -> &'static str {
        match self.absent.is_empty() {
            true => "the files have no rules",
            false => "all rules of the files are left out",
        }
    }

    /// Returns the rules that are left out: their places, and what this machine lacks.
    pub(super) fn absent(&self) -> impl Iterator<Item = (String, &str)> {
        self.absent.iter().map(|one| (self.name_of(one.place), one.lack.as_str()))
    }

    fn note_what_is_not_done(&self, voice: Voice) {
        for place in &self.wanted.besides.others {
            voice.note(format_args!(
                "{}: not carried out, since it is neither a rule nor a setting; `rauditctl -R` does it",
                self.name_of(*place)
            ));
        }
        for (place, first) in self.wanted.repeated.iter().take(MOST_NAMED) {
            voice.note(format_args!(
                "{}: equal to {}, and loaded once; `rauditctl -R` refuses it",
                self.name_of(*place),
                self.name_of(*first)
            ));
        }
        if let Some(more @ 1..) = self.wanted.repeated.len().checked_sub(MOST_NAMED) {
            let rules = report::count(more, "more rule");
            voice.note(format_args!("{rules} that equal an earlier rule, and are loaded once"));
        }
        for (place, lack) in self.absent() {
            voice.note(format_args!("{place}: left out: {lack}"));
        }
    }
}

/// Prints the faults of a set, and stops if there are errors.
fn check(checked: &CheckedSet<'_, '_>, skip_absent: bool, voice: Voice) -> Result<(), Stop> {
    let mut errors = 0;
    for (index, file) in checked.set.files().iter().enumerate() {
        let is_shown = |found: &&Diagnostic| !(skip_absent && is_absent_account(found));
        voice.diagnostics(file.source, checked.diagnostics(index).filter(is_shown));
        errors += checked.errors(index).filter(is_shown).count();
    }
    voice.forgiven(checked.forgiven_count());
    if errors > 0 {
        let errors = report::count(errors, "error");
        voice.note(format_args!("{errors}; nothing was sent to the kernel"));
        return Err(Stop::after_report(Exit::Unanswered));
    }
    Ok(())
}

/// Returns whether `optimize` made a file. Stops if somebody has edited it since.
fn is_product(source: &Source) -> Result<bool, Stop> {
    if !source.text().starts_with(PRODUCT_MARK) {
        return Ok(false);
    }
    let head = ReadHead::of(source).map_err(|problem| {
        report::rendered(render_problem(source, &problem));
        Stop::after_report(Exit::Unanswered)
    })?;
    match Digest::of([head.rules]) == head.head.rules {
        true => Ok(true),
        false => Err(Stop::unanswered(format_args!(
            "`{}` was edited after `rauditctl optimize` made it; edit its source, and make it again",
            escaped(source.name())
        ))),
    }
}

/// Returns the comment above a line of a product.
fn origins(source: &Source, line: usize) -> Option<Origins> {
    let text = String::from_utf8_lossy(source.text());
    let lines: Vec<&str> = text.lines().take(line.saturating_sub(1)).collect();
    Origins::above(&lines)
}
