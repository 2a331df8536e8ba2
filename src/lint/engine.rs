//! Runs the lints over a set, and puts together what they find.

use std::collections::HashMap;

use super::definition::Check;
use super::facts::Facts;
use super::finding::Finding;
use super::registry::lints;
use super::scope::Scope;
use super::selection::Selection;
use super::suppress::suppress;
use crate::catalog::Arch;
use crate::diag;
use crate::rewrite::{Change, keep_proven};
use crate::ruleset::{FileSpan, RuleSet};

/// How to lint.
#[derive(Clone)]
pub struct Settings<'a> {
    /// The machines, kernels and limits that checks look at.
    pub scope: Scope<'a>,
    /// Which lints are on, and their severity.
    pub selection: Selection,
    /// Lints that do not count in a file, by its index.
    pub ignored_in: HashMap<usize, Selection>,
}

impl Settings<'_> {
    /// For one machine, any kernel, all lints, nothing looked for on this machine.
    pub fn new(arch: Arch) -> Self {
        Settings {
            scope: Scope::new(arch),
            selection: Selection::default(),
            ignored_in: HashMap::new(),
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings, by file and place.
    pub findings: Vec<Finding>,
    /// How many were silenced by comments.
    pub silenced: usize,
}

/// Lints a set.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::lint::{Settings, lint};
/// use rauditctl::ruleset::{Input, RuleSet};
/// use rauditctl::source::Source;
///
/// let source = Source::new("audit.rules", b"-w /etc/passwd -p wa -k identity\n".to_vec());
/// let set = RuleSet::new([Input { source: &source, directory: None }]);
/// let report = lint(&set, &Settings::new(Arch::X86_64));
/// assert!(report.findings.iter().any(|finding| finding.lint.code == "P101"));
/// ```
pub fn lint(set: &RuleSet<'_>, settings: &Settings<'_>) -> Report {
    let mut findings = Vec::new();
    let is_on = |finding: &Finding| {
        settings.selection.has(finding.lint)
            && settings.ignored_in.get(&finding.place.file).is_none_or(|s| s.has(finding.lint))
    };
    for lint in lints() {
        if let Check::Text(check) = lint.check
            && settings.selection.has(lint)
        {
            check(set, &settings.scope, &mut findings);
        }
    }
    let machines = settings.scope.arches.iter().map(|arch| Facts::new(set, *arch, &settings.scope));
    let machines: Vec<Facts<'_, '_>> = machines.collect();
    let of_arches = machines.iter().map(|facts| (facts.compiled.arch, of_arch(facts, settings)));
    findings.extend(merged(of_arches.collect()));
    findings.retain(is_on);
    let silenced = suppress(set, settings, &mut findings);
    for finding in &mut findings {
        finding.level = settings.selection.level(finding.lint);
    }
    findings.sort_by(|a, b| (a.place, a.lint.code).cmp(&(b.place, b.lint.code)));
    for facts in &machines {
        let fixes = findings.iter_mut().map(|finding| &mut finding.fix);
        keep_proven(&facts.compiled, settings.scope.system, fixes);
    }
    Report { findings, silenced }
}

/// What is found for one machine.
fn of_arch(facts: &Facts<'_, '_>, settings: &Settings<'_>) -> Vec<Finding> {
    let mut findings = compiler_findings(facts);
    for lint in lints() {
        if let Check::Rules(check) = lint.check
            && settings.selection.has(lint)
        {
            check(facts, &settings.scope, &mut findings);
        }
    }
    findings
}

/// What the compiler says, as far as it is not a lint of its own that says it.
fn compiler_findings(facts: &Facts<'_, '_>) -> Vec<Finding> {
    let by_code: HashMap<diag::Code, _> = lints()
        .filter_map(|lint| match lint.check {
            Check::Compiler(code) => Some((code, lint)),
            _ => None,
        })
        .collect();
    let mut findings = Vec::new();
    for line in &facts.compiled.lines {
        for diagnostic in line.checked.program.diagnostics() {
            let Some(lint) = by_code.get(&diagnostic.code()) else { continue };
            let explanation = diagnostic.fault.explain();
            let place = FileSpan { file: line.line.file, span: diagnostic.span };
            let mut finding = Finding::new(lint, place, explanation.title).label(explanation.label);
            finding.help = explanation.help;
            findings.push(finding);
        }
    }
    findings
}

/// Whether a fix has to be one on every machine: what changes nothing on one may change another, and a rule
/// that goes because one machine does without it is gone on all.
fn is_for_all(change: Change) -> bool {
    matches!(change, Change::Nothing | Change::Narrower)
}

/// One finding for what is the same on several machines. What is not so on all of them says on which.
fn merged(of_arches: Vec<(Arch, Vec<Finding>)>) -> Vec<Finding> {
    let all = of_arches.len();
    let mut merged: Vec<Finding> = Vec::new();
    let mut seen: HashMap<(&str, FileSpan, String), usize> = HashMap::new();
    for (arch, findings) in of_arches {
        for mut finding in findings {
            let key = (finding.lint.code, finding.place, finding.message.clone());
            match seen.get(&key).and_then(|index| merged.get_mut(*index)) {
                Some(known) if known.only_on.contains(&arch) => {}
                Some(known) => {
                    known.only_on.push(arch);
                    // A fix that one machine needs and another does not take is none.
                    if known.fix != finding.fix {
                        known.fix = None;
                    }
                }
                None => {
                    finding.only_on = vec![arch];
                    seen.insert(key, merged.len());
                    merged.push(finding);
                }
            }
        }
    }
    for finding in &mut merged {
        if finding.only_on.len() == all {
            finding.only_on.clear();
        } else if finding.fix.as_ref().is_some_and(|fix| is_for_all(fix.change)) {
            finding.fix = None;
        }
    }
    merged
}
