//! Runs the checks over a set and merges their findings.

use std::borrow::Cow;

use foldhash::HashMap;

use super::definition::{Check, Finding, Group};
use super::facts::{Facts, assumed, compile_assuming};
use super::registry::lints;
use super::settings::LintSettings;
use super::suppress::suppress;
use crate::catalog::Arch;
use crate::diag::{self, Bytes, Fault, NotationFault};
use crate::host::{AssumingHost, HostOfArch};
use crate::rewrite::{Change, Edit, keep_proven};
use crate::ruleset::{CompiledLine, CompiledSet, FileSpan, RuleSet};

/// The result of a lint run.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The findings, by file and place.
    pub findings: Vec<Finding>,
    /// The number of findings silenced by comments.
    pub silenced: usize,
}

/// Lints a set.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::lint::{LintSettings, lint};
/// use rauditctl::ruleset::{Input, RuleSet};
/// use rauditctl::source::Source;
///
/// let source = Source::new("audit.rules", b"-w /etc/passwd -p wa -k identity\n".to_vec());
/// let set = RuleSet::new([Input { source: &source, directory: None }]);
/// let report = lint(&set, &LintSettings::new(Arch::X86_64));
/// assert!(report.findings.iter().any(|finding| finding.lint.code == "P101"));
/// ```
pub fn lint(set: &RuleSet<'_>, settings: &LintSettings<'_>) -> Report {
    let mut findings = Vec::new();
    for lint in lints() {
        if let Check::Text(check) = lint.check
            && settings.selection.has(lint)
        {
            check(set, &settings.scope, &mut findings);
        }
    }
    let arches = settings.scope.arches.iter();
    // One for all: a name of an account that the system does not have has one number.
    let assumed = assumed(set);
    let machines = arches.map(|arch| compile_assuming(&assumed, set, *arch, &settings.scope));
    let machines: Vec<CompiledSet<'_, '_>> = machines.collect();
    let of_arches = machines.iter().map(|compiled| (compiled.arch, of_arch(compiled, settings)));
    let of_machines = merged(of_arches.collect());
    findings.reserve_exact(of_machines.len());
    findings.extend(of_machines);
    findings.retain(|finding| settings.is_on(finding.lint, finding.place.file));
    let silenced = suppress(set, settings, &mut findings);
    for finding in &mut findings {
        finding.level = settings.selection.level(finding.lint);
    }
    findings.sort_by(|a, b| (a.place, a.lint.code).cmp(&(b.place, b.lint.code)));
    for compiled in &machines {
        let fixes = findings.iter_mut().map(|finding| &mut finding.fix);
        let others = &AssumingHost::over(settings.scope.system, &assumed);
        keep_proven(compiled, &HostOfArch { arch: compiled.arch, others }, fixes);
    }
    Report { findings, silenced }
}

/// Returns the findings for one machine, those of each lint by themselves: one vector that grows would take twice the
/// memory. Large facts of one group of lints are forgotten before the next, which needs others.
fn of_arch(compiled: &CompiledSet<'_, '_>, settings: &LintSettings<'_>) -> Vec<Vec<Finding>> {
    let mut all = vec![compiler_findings(compiled)];
    let mut facts = Facts::new(compiled);
    for group in Group::ALL {
        for lint in lints().filter(|lint| lint.group() == group) {
            if let Check::Rules(check) = lint.check
                && settings.selection.has(lint)
            {
                let mut findings = Vec::new();
                check(&facts, &settings.scope, &mut findings);
                findings.shrink_to_fit();
                all.push(findings);
            }
        }
        facts = facts.forget_large();
    }
    all
}

/// Maximum number of errors with help. To find a similar name takes long, and a text with more errors is not a rules
/// file.
const MOST_HELPED: usize = 1000;
/// Maximum number of errors in a line that are reported. The last one counts the others.
const MOST_IN_A_LINE: usize = 100;

/// Returns what the compiler reports, without the codes that a lint of its own reports.
fn compiler_findings(compiled: &CompiledSet<'_, '_>) -> Vec<Finding> {
    let by_code: HashMap<diag::Code, _> = lints()
        .filter_map(|lint| match lint.check {
            Check::Compiler(code) => Some((code, lint)),
            _ => None,
        })
        .collect();
    let mut findings = Vec::new();
    for line in &compiled.lines {
        let mut here = 0;
        for diagnostic in line.checked.program.diagnostics() {
            let Some(lint) = by_code.get(&diagnostic.code()) else { continue };
            here += 1;
            if here > MOST_IN_A_LINE {
                continue;
            }
            let explanation = match findings.len() < MOST_HELPED {
                true => diagnostic.fault.explain(),
                false => diagnostic.fault.explain_without_help(),
            };
            let place = FileSpan { file: line.line.file, span: diagnostic.span };
            let mut finding = Finding::new(lint, place, explanation.title).label(explanation.label);
            let help = Some(explanation.help).filter(|help| !help.is_empty());
            finding.help = help.map(Cow::Owned);
            if let Fault::Notation(fault) = &diagnostic.fault {
                finding = finding.fix("write it as auditctl reads it", edits_of(fault, line));
            }
            findings.push(finding);
        }
        let left_out = usize::saturating_sub(here, MOST_IN_A_LINE);
        if let Some(last) = findings.last_mut().filter(|_| left_out > 0) {
            let more = format!("{left_out} more errors in this line are left out");
            last.help = Some(Cow::Owned(match last.help.take() {
                Some(help) => format!("{help}; {more}"),
                None => more,
            }));
        }
    }
    findings.shrink_to_fit();
    findings
}

fn edits_of(fault: &NotationFault, line: &CompiledLine<'_, '_>) -> Vec<Edit> {
    let edit = |(span, text): &(_, Bytes)| Edit { place: line.place(*span), text: text.to_vec() };
    fault.edits.iter().map(edit).collect()
}

/// Returns whether a fix must be a fix on every machine: an edit that changes nothing on one machine may change
/// another, and a deleted rule is gone on all machines.
fn must_fit_all(change: Change) -> bool {
    matches!(change, Change::Nothing | Change::Narrower)
}

/// Merges equal findings of several machines into one. A finding that does not apply to all machines lists those it
/// applies to.
fn merged(of_arches: Vec<(Arch, Vec<Vec<Finding>>)>) -> Vec<Finding> {
    let all = of_arches.len();
    let most = of_arches.iter().map(|(_, findings)| findings.iter().map(Vec::len).sum()).max();
    let mut merged: Vec<Finding> = Vec::with_capacity(most.unwrap_or_default());
    // By code and place, the last finding there; before each finding, the one before it at the same place.
    let mut last: HashMap<(&str, FileSpan), usize> = HashMap::default();
    last.reserve(most.unwrap_or_default());
    let mut before: Vec<Option<usize>> = Vec::with_capacity(most.unwrap_or_default());
    for (arch, findings) in of_arches {
        for mut finding in findings.into_iter().flatten() {
            let key = (finding.lint.code, finding.place);
            let is_equal =
                |at: &usize| merged.get(*at).is_some_and(|one| one.message == finding.message);
            let next = |at: &usize| before.get(*at).copied().flatten();
            let equal = std::iter::successors(last.get(&key).copied(), next).find(is_equal);
            match equal.and_then(|at| merged.get_mut(at)) {
                Some(known) if known.only_on.contains(&arch) => {}
                Some(known) => {
                    known.only_on.push(arch);
                    // The machines need different edits: no edit fits both.
                    if known.fix != finding.fix {
                        known.fix = None;
                    }
                }
                None => {
                    finding.only_on = vec![arch];
                    before.push(last.insert(key, merged.len()));
                    merged.push(finding);
                }
            }
        }
    }
    for finding in &mut merged {
        if finding.only_on.len() == all {
            finding.only_on = Vec::new();
        } else if finding.fix.as_ref().is_some_and(|fix| must_fit_all(fix.change)) {
            finding.fix = None;
        }
    }
    merged
}
