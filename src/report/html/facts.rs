//! What several parts of the page ask.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::markup::Markup;
use crate::analysis::{ArmedSyscall, Arming, Length, Origin, Walks};
use crate::report::explain::text::shortened;
use crate::source::Source;

/// Rules that are shown with their lines.
pub(super) const MOST_RULES: usize = 500;
/// Pieces of advice that are shown.
pub(super) const MOST_ADVICE: usize = 20;
/// Notes that are shown.
pub(super) const MOST_NOTES: usize = 50;
/// Files that are named in the title.
const FILES_NAMED: usize = 3;

/// What the parts of the page share.
pub(super) struct Facts<'a> {
    pub(super) arming: &'a Arming,
    pub(super) walks: &'a Walks,
    /// The texts, by the names of their files.
    sources: HashMap<&'a str, &'a Source>,
    /// By number, the longest walk of any arch.
    lengths: Vec<Length>,
    /// By number, what arms it.
    armed: BTreeMap<u32, &'a ArmedSyscall>,
    /// By load, whether it is a rule that arms everything.
    arms_all: Vec<bool>,
    /// Where each load was written, in order.
    loads: Vec<&'a Origin>,
    /// The loads whose lines are shown, by place.
    listed: HashMap<&'a Origin, usize>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(arming: &'a Arming, walks: &'a Walks, sources: &'a [Source]) -> Self {
        let mut lengths = vec![Length::default(); arming.nr_syscalls as usize];
        for walk in &walks.walks {
            if let Some(length) = lengths.get_mut(walk.nr as usize) {
                *length = (*length).max(Length { rules: walk.worst, fields: walk.fields });
            }
        }
        let arms_all: HashSet<&Origin> = arming.bitmap.arms_all.iter().collect();
        let mut facts = Facts {
            arming,
            walks,
            sources: sources.iter().map(|source| (source.name(), source)).collect(),
            lengths,
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

    /// Where the rules stand that the kernel holds or has refused.
    fn rule_origins(&self) -> impl Iterator<Item = &'a Origin> + use<'a> {
        let refused = self.arming.refused.iter().map(|(origin, _)| origin);
        self.arming.rules().map(|kernel_rule| kernel_rule.origin).chain(refused)
    }

    /// The files that the rules are from.
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

    /// The line that something was written in, if its file is known.
    pub(super) fn line(&self, origin: &Origin) -> Option<String> {
        let source = self.sources.get(&*origin.file)?;
        let line = source.text().get(source.line(origin.line).range())?;
        Some(String::from_utf8_lossy(line).trim().to_owned())
    }

    /// The number that the anchor of a rule has; none where its line is not shown.
    pub(super) fn anchor(&self, origin: &Origin) -> Option<usize> {
        self.listed.get(origin).copied()
    }

    /// The rules whose lines are shown, in the order they were loaded.
    pub(super) fn listed(&self) -> Vec<(usize, &'a Origin)> {
        let mut listed: Vec<_> =
            self.listed.iter().map(|(origin, load)| (*load, *origin)).collect();
        listed.sort_unstable_by_key(|(load, _)| *load);
        listed
    }

    /// How many rules there are to show.
    pub(super) fn rule_count(&self) -> usize {
        self.rule_origins().collect::<HashSet<_>>().len()
    }

    /// What arms a number.
    pub(super) fn armed(&self, nr: u32) -> Option<&'a ArmedSyscall> {
        self.armed.get(&nr).copied()
    }

    /// How far a number is walked at worst.
    pub(super) fn length(&self, nr: u32) -> Length {
        self.lengths.get(nr as usize).copied().unwrap_or_default()
    }

    /// The first rules that are about this very syscall and not about all, and how many these are.
    pub(super) fn special(&self, syscall: &ArmedSyscall, most: usize) -> (Vec<&'a Origin>, usize) {
        let members = syscall.rules.members();
        // All rules that arm everything arm this too.
        let count = members.len().saturating_sub(self.arming.bitmap.arms_all.len());
        let is_special = |load: &&usize| !self.arms_all.get(**load).copied().unwrap_or(false);
        let special = members.iter().filter(is_special).take(most.min(count));
        (special.filter_map(|&load| self.loads.get(load).copied()).collect(), count)
    }

    /// Writes the place of a rule, as a link where the rule is shown; without its file if that is
    /// what was named `before`.
    pub(super) fn write_place(&self, out: &mut Markup, origin: &Origin, before: Option<&Origin>) {
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

/// Whether a number is armed although no rule can match the kernel's own syscall of that number.
pub(super) fn is_bystander(syscall: &ArmedSyscall) -> bool {
    let is_other = syscall.name != syscall.compat_name || !syscall.rules.reaches_compat();
    syscall.name.is_some() && is_other && !syscall.rules.reaches_native()
}

/// The first of many.
pub(super) fn shown<T>(all: &[T], most: usize) -> &[T] {
    all.get(..most).unwrap_or(all)
}

/// Writes how many more there are than are shown, and how to see them.
pub(super) fn write_more(out: &mut Markup, count: usize, most: usize, with: &'static str) {
    if count > most {
        out.raw("<li class=\"more\">+").text(count - most);
        out.raw(" more: all with <code>").raw(with).raw("</code></li>\n");
    }
}

/// `1 rule`, `2 rules`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
