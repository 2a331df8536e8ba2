//! E073 newer-than-kernel
//!
//! A field or a list that the oldest kernel of `--kernel MIN..MAX` does not have.
//!
//! ## Why it matters
//! An old kernel answers such a rule with EINVAL, or auditctl asks it for its features and does not even
//! send the rule. Either way auditctl ends at this line with status 1, and no rule below it is loaded on
//! those hosts, while the newer ones take the whole file. Distributions carry some of these fields back
//! to older kernels: allow the finding where yours does.
//!
//! Nothing is found without `--kernel`. The example is for a range that begins before 5.3.
//!
//! ## Instead of
//! ```text
//! # kernels: 4.18..6.1
//! -a always,exit -F arch=b64 -S connect -F saddr_fam=10 -F key=ipv6
//! ```
//! ## Write
//! ```text
//! # kernels: 4.18..6.1
//! -a always,exit -F arch=b64 -S connect -F key=connect
//! ```
//! ## Source
//! `audit_field_valid` and `audit_to_entry_common`, kernel/auditfilter.c: numbers they do not know are
//! EINVAL. First kernels: `obj_uid`, `obj_gid` and `-C` 3.3, `exe` 4.3 (4.19 on other lists than exit,
//! linux-audit/audit-kernel#54), `sessionid` 4.10, `fstype` and the filesystem list 4.16, `saddr_fam` 5.3,
//! the io_uring list 5.16; fields beyond the first few on the exclude list 4.9
//! (linux-audit/audit-testsuite#52).

use crate::catalog::{self, FieldRow, KernelVersion, field};
use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine, LoadedRule};
use crate::lint::engine::Settings;
use crate::lint::finding::{Finding, Place};
use crate::lint::registry::{Check, Lint};
use crate::rule::FilterList;
use crate::rule::compile::End;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "E073",
    name: "newer-than-kernel",
    level: Level::Error,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("e073_newer_than_kernel.rs"),
};

/// The first kernel with more on the exclude list than a few fields (`EXCLUDE_EXTEND`).
const EXCLUDE_EXTEND: KernelVersion = KernelVersion::new(4, 9);
/// The first kernel with `exe` on other lists than exit.
const EXE_ON_EVERY_LIST: KernelVersion = KernelVersion::new(4, 19);

fn check(compiled: &Compiled<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    if settings.kernels.min.is_none() {
        return;
    }
    for loaded in compiled.lines.iter().filter_map(CompiledLine::rule) {
        let list = loaded.rule.list;
        match list_since(list).filter(|since| settings.kernels.begins_before(*since)) {
            Some(since) => {
                findings.push(finding(begun(loaded), &format!("the {} list", list.name()), since));
            }
            None => check_fields(loaded, settings, findings),
        }
    }
}

fn check_fields(loaded: LoadedRule<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    let spans = &loaded.line.checked.program.field_spans;
    for (condition, span) in loaded.rule.fields.iter().zip(spans) {
        let Some(row) = catalog::field_info(condition.number()) else { continue };
        let since = field_since(row, loaded.rule.list);
        let Some(since) = since.filter(|since| settings.kernels.begins_before(*since)) else {
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

fn finding(place: Place, what: &str, since: KernelVersion) -> Finding {
    Finding::new(&LINT, place, format!("kernels before {since} do not have {what}"))
        .label(format!("since Linux {since}"))
        .help("write the rule without it, or load it from a file that only newer kernels get")
}

/// Where a rule names its list.
fn begun(loaded: LoadedRule<'_, '_>) -> Place {
    match &loaded.line.checked.program.end {
        End::Rule(_, span) => loaded.line.place(*span),
        _ => loaded.line.whole(),
    }
}

fn list_since(list: FilterList) -> Option<KernelVersion> {
    catalog::FilterList::from_number(list.number())?.since()
}

/// The first kernel that takes a field on a list; `None` when older than 3.0.
fn field_since(row: &FieldRow, list: FilterList) -> Option<KernelVersion> {
    let on_list = match list {
        FilterList::Exclude if !row.basic_exclude => Some(EXCLUDE_EXTEND),
        FilterList::Exit => None,
        _ if row.number == field::EXE => Some(EXE_ON_EVERY_LIST),
        _ => None,
    };
    row.since.max(on_list)
}
