//! E073 `newer-than-kernel`. Its page is the Markdown file of the same name.

use crate::catalog::{self, FieldRow, KernelVersion, field};
use crate::compile::End;
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rule::FilterList;
use crate::ruleset::{CompiledLine, FileSpan, LoadedRule};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "E073",
    name: "newer-than-kernel",
    level: Level::Error,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("e073_newer_than_kernel.md"),
};

/// The first kernel that accepts more than a few fields on the exclude list (`EXCLUDE_EXTEND`).
const EXCLUDE_EXTEND: KernelVersion = KernelVersion::new(4, 9);
/// The first kernel that accepts `exe` on lists other than exit.
const EXE_ON_EVERY_LIST: KernelVersion = KernelVersion::new(4, 19);

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    if scope.kernels.oldest().is_none() {
        return;
    }
    for loaded in compiled.lines.iter().filter_map(CompiledLine::rule) {
        let list = loaded.rule.list;
        match list_since(list).filter(|since| scope.kernels.begins_before(*since)) {
            Some(since) => {
                findings.push(finding(
                    list_place(loaded),
                    &format!("the {} list", list.name()),
                    since,
                ));
            }
            None => check_fields(loaded, scope, findings),
        }
    }
}

fn check_fields(loaded: LoadedRule<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let spans = &loaded.line.checked.program.field_spans;
    for (condition, span) in loaded.rule.fields.iter().zip(spans) {
        let Some(row) = catalog::field_info(condition.number()) else { continue };
        let since = field_since(row, loaded.rule.list);
        let Some(since) = since.filter(|since| scope.kernels.begins_before(*since)) else {
            continue;
        };
        let what = match row.number {
            field::FIELD_COMPARE => "`-C`".to_owned(),
            _ if Some(since) == row.since => format!("`{}`", row.name),
            _ => format!("`{}` on the {} list", row.name, loaded.rule.list.name()),
        };
        findings.push(finding(loaded.line.place(*span), &what, since));
    }
}

fn finding(place: FileSpan, what: &str, since: KernelVersion) -> Finding {
    Finding::new(&LINT, place, format!("kernels before {since} do not support {what}"))
        .label(format!("since Linux {since}"))
        .help("remove it, or put the rule in a file that only hosts with newer kernels load")
}

/// Returns the place where a rule names its list.
fn list_place(loaded: LoadedRule<'_, '_>) -> FileSpan {
    match &loaded.line.checked.program.end {
        End::Rule(_, span) => loaded.line.place(*span),
        _ => loaded.line.whole(),
    }
}

fn list_since(list: FilterList) -> Option<KernelVersion> {
    catalog::KnownList::from_number(list.number())?.since()
}

/// Returns the first kernel that accepts a field on a list; `None` for kernels older than 3.0.
fn field_since(row: &FieldRow, list: FilterList) -> Option<KernelVersion> {
    let on_list = match list {
        FilterList::Exclude if !row.basic_exclude => Some(EXCLUDE_EXTEND),
        FilterList::Exit => None,
        _ if row.number == field::EXE => Some(EXE_ON_EVERY_LIST),
        _ => None,
    };
    row.since.max(on_list)
}
