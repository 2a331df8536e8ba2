//! Diagnostics: converts findings into the form that editors use.

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Location, Uri,
};

use super::comments::problems;
use super::options::Options;
use super::workspace::{FileSet, Linted};
use crate::diag::Level;
use crate::eval::Problem;
use crate::lint::Finding;
use crate::rewrite::Change;
use crate::ruleset::FileSpan;
use crate::span::Span;

/// The source that editors show beside each diagnostic.
const SOURCE: &str = "rauditctl";

/// Returns the diagnostics of one file of a set.
pub(super) fn diagnostics(linted: &Linted, file: usize, options: &Options) -> Vec<Diagnostic> {
    let here = linted.findings.iter().filter(|finding| finding.place.file == file);
    let findings = here.filter_map(|finding| diagnostic(&linted.set, finding, options));
    findings.chain(of_comments(linted, file, options)).collect()
}

/// Returns the mistakes in comments of one file.
fn of_comments(linted: &Linted, file: usize, options: &Options) -> Vec<Diagnostic> {
    let (Some(here), Some(machine)) = (linted.set.files.get(file), linted.machine) else {
        return Vec::new();
    };
    let problems = problems(here.buffer.source(), machine).into_iter();
    let diagnostic = |problem: Problem| {
        let span = Span::new(problem.at.start, problem.at.end);
        Diagnostic {
            range: here.buffer.range(span, options.encoding),
            severity: Some(DiagnosticSeverity::Error),
            source: Some(SOURCE.to_owned()),
            message: with_help(problem.message, problem.help.as_deref()).into(),
            ..Diagnostic::default()
        }
    };
    problems.map(diagnostic).collect()
}

fn with_help(message: String, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}\n{help}"),
        None => message,
    }
}

/// Converts one finding.
pub(super) fn diagnostic(
    set: &FileSet,
    finding: &Finding,
    options: &Options,
) -> Option<Diagnostic> {
    let related = finding.related.iter().filter_map(|related| {
        let location = location(set, related.place, options)?;
        Some(DiagnosticRelatedInformation { location, message: related.label.to_string() })
    });
    let related: Vec<_> = related.collect();
    let docs = options.docs.as_ref();
    Some(Diagnostic {
        range: location(set, finding.place, options)?.range,
        severity: Some(match finding.level {
            Level::Error => DiagnosticSeverity::Error,
            Level::Warning => DiagnosticSeverity::Warning,
            Level::Info => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(finding.lint.code.to_owned())),
        code_description: docs
            .map(|docs| CodeDescription { href: Uri(format!("{docs}/{}.md", finding.lint.code)) }),
        source: Some(SOURCE.to_owned()),
        message: message(finding).into(),
        tags: is_unnecessary(finding).then(|| vec![DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        data: None,
    })
}

fn location(set: &FileSet, place: FileSpan, options: &Options) -> Option<Location> {
    let file = set.files.get(place.file)?;
    let range = file.buffer.range(place.span, options.encoding);
    Some(Location { uri: file.uri.clone(), range })
}

/// Returns the text of a diagnostic: the problem, the machines if not all are affected, and the help.
fn message(finding: &Finding) -> String {
    let mut message = finding.message.to_string();
    if !finding.label.is_empty() {
        message += &format!(": {}", finding.label);
    }
    if !finding.only_on.is_empty() {
        let names: Vec<_> = finding.only_on.iter().map(|arch| arch.common_name()).collect();
        message += &format!(" (for {} only)", names.join(", "));
    }
    if let Some(event) = &finding.witness {
        message += &format!("\nfor example {event}");
    }
    with_help(message, finding.help.as_deref())
}

/// Returns whether the reported text can be deleted without changing the rules in the kernel.
fn is_unnecessary(finding: &Finding) -> bool {
    let is_here = |place: FileSpan| place.file == finding.place.file;
    finding.fix.as_ref().is_some_and(|fix| {
        fix.change == Change::Nothing
            && !fix.edits.is_empty()
            && fix.edits.iter().all(|edit| edit.text.is_empty() && is_here(edit.place))
    })
}
