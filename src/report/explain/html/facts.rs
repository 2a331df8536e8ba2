//! Lookups that several parts of the page share.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::analysis::{Analysis, ArmedSyscall, Arming, Length, Origin};
use crate::report::explain::sentences::shortened;
use crate::report::html::{Markup, RuleLines};
use crate::source::Source;

/// The maximum number of rules on the page.
pub(super) const MOST_RULES: usize = 500;
/// The maximum number of rules with advice.
pub(super) const MOST_ADVICE: usize = 20;
/// The maximum number of notes.
pub(super) const MOST_NOTES: usize = 50;
/// The maximum number of files in the title.
const FILES_NAMED: usize = 3;

/// An analysis with indexes for the parts of the page.
pub(super) struct Facts<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) arming: &'a Arming,
    lines: RuleLines<'a>,
    /// The longest walk of each number.
    lengths: Vec<Length>,
    /// The armed syscalls, by number.
    armed: BTreeMap<u32, &'a ArmedSyscall>,
    /// Whether a load is a rule that arms every syscall, by load.
    arms_all: Vec<bool>,
    /// The origin of each load.
    loads: Vec<&'a Origin>,
    /// The loads whose lines are shown, by origin.
    listed: HashMap<&'a Origin, usize>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(analysis: &'a Analysis, sources: &'a [Source]) -> Self {
        let arming = &analysis.arming;
        let arms_all: HashSet<&Origin> = arming.bitmap.arms_all.iter().collect();
        let mut facts = Facts {
            analysis,
            arming,
            lines: RuleLines::of(sources),
            lengths: analysis.walks().lengths(arming.nr_syscalls),
            armed: arming.bitmap.syscalls.iter().map(|one| (one.nr, one)).collect(),
            arms_all: arming.loads().map(|origin| arms_all.contains(origin)).collect(),
            loads: arming.loads().collect(),
            listed: HashMap::new(),
        };
        let rules: HashSet<&Origin> = facts.rule_origins().collect();
        let loads = facts.loads.iter().enumerate();
        let is_rule = |(_, origin): &(usize, &&'a Origin)| rules.contains(**origin);
        for (load, origin) in loads.filter(is_rule) {
            if facts.listed.len() == MOST_RULES {
                break;
            }
            facts.listed.entry(origin).or_insert(load);
        }
        facts
    }

    /// Returns the origins of the loaded and the refused rules.
    fn rule_origins(&self) -> impl Iterator<Item = &'a Origin> + use<'a> {
        let refused = self.arming.refused.iter().map(|(origin, _)| origin);
        self.arming.rules().map(|kernel_rule| kernel_rule.origin).chain(refused)
    }

    /// Returns the names of the files.
    pub(super) fn files(&self) -> String {
        let mut files: Vec<&str> = Vec::new();
        let mut known = HashSet::new();
        for origin in &self.loads {
            if known.insert(&*origin.file) {
                files.push(&origin.file);
            }
        }
        match files.len() {
            0 => "an empty set of rules".to_owned(),
            many => shortened(files.iter(), many, FILES_NAMED),
        }
    }

    /// Returns the line of an origin, if its file is known.
    pub(super) fn line(&self, origin: &Origin) -> Option<String> {
        self.lines.line(origin)
    }

    /// Returns the number in the anchor of a rule; `None` if its line is not shown.
    pub(super) fn anchor(&self, origin: &Origin) -> Option<usize> {
        self.listed.get(origin).copied()
    }

    /// Returns the rules whose lines are shown, in load order.
    pub(super) fn listed(&self) -> Vec<(usize, &'a Origin)> {
        let mut listed: Vec<_> =
            self.listed.iter().map(|(origin, load)| (*load, *origin)).collect();
        listed.sort_unstable_by_key(|(load, _)| *load);
        listed
    }

    /// Returns the number of rules, shown or not.
    pub(super) fn rule_count(&self) -> usize {
        self.rule_origins().collect::<HashSet<_>>().len()
    }

    /// Returns the armed syscall with this number.
    pub(super) fn armed(&self, nr: u32) -> Option<&'a ArmedSyscall> {
        self.armed.get(&nr).copied()
    }

    /// Returns the longest walk of a number.
    pub(super) fn length(&self, nr: u32) -> Length {
        self.lengths.get(nr as usize).copied().unwrap_or_default()
    }

    /// Returns the first rules that arm this syscall but not every syscall, and their number.
    pub(super) fn special(&self, syscall: &ArmedSyscall, most: usize) -> (Vec<&'a Origin>, usize) {
        let members = syscall.rules.members();
        // Every rule that arms every syscall is a member too.
        let count = members.len().saturating_sub(self.arming.bitmap.arms_all.len());
        let is_special = |load: &&usize| !self.arms_all.get(**load).copied().unwrap_or(false);
        let special = members.iter().filter(is_special).take(most.min(count));
        (special.filter_map(|&load| self.loads.get(load).copied()).collect(), count)
    }

    /// Writes the origin of a rule, as a link if the rule is shown, without the file if that is the
    /// same as `before`.
    pub(super) fn write_origin(&self, out: &mut Markup, origin: &Origin, before: Option<&Origin>) {
        let anchor = self.anchor(origin);
        if let Some(anchor) = anchor {
            out.raw("<a href=\"#r").text(anchor).raw("\">");
        }
        match before {
            Some(before) if before.file == origin.file => out.raw(":").text(origin.line),
            _ => out.text(origin),
        };
        out.raw(if anchor.is_some() { "</a>" } else { "" });
    }
}

/// Returns the first `most` elements.
pub(super) fn shown<T>(all: &[T], most: usize) -> &[T] {
    all.get(..most).unwrap_or(all)
}

/// Writes the number of entries that are not shown, and the option that shows them.
pub(super) fn write_more(out: &mut Markup, count: usize, most: usize, with: &'static str) {
    if count > most {
        out.raw("<li class=\"more\">+").text(count - most);
        out.raw(" more; <code>").raw(with).raw("</code> shows all</li>\n");
    }
}
