//! Debian's aureport reads auditd's log, too, and `replay` counts the same.

use std::collections::{BTreeMap, BTreeSet};

use rauditctl::catalog::KernelVersion;
use rauditctl::eval::UNSET;
use rauditctl::model::{KernelModel, Profile};
use rauditctl::replay::{By, Makers, Of, Table, Window, keys_of};

/// The commands of the reports. That of the keys leaves out changes of rules, which name the keys of rules.
pub(super) const SCRIPT: &str = "
aureport -if /tmp/audit/audit.log -nc -k --summary >/out/aureport-key
aureport -if /tmp/audit/audit.log -x --summary >/out/aureport-exe
aureport -if /tmp/audit/audit.log -s --summary >/out/aureport-syscall
aureport -if /tmp/audit/audit.log -u --summary >/out/aureport-user
";

type Counts = BTreeMap<String, u64>;

/// Compares the counts of a log with the reports.
pub(super) fn check(profile: Profile, log: &str, files: &BTreeMap<String, Vec<u8>>) {
    for by in [By::Key, By::Exe, By::Syscall, By::User] {
        let report = &files[&format!("aureport-{}", by.name())];
        let theirs = counts_of_report(&String::from_utf8_lossy(report), by);
        assert!(!theirs.is_empty(), "{by:?}");
        let ours = counts_of_log(profile, log, by);
        let all: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        let differences = all.into_iter().filter(|value| ours.get(*value) != theirs.get(*value));
        let differences: Vec<_> =
            differences.map(|value| (value, ours.get(value), theirs.get(value))).collect();
        assert!(differences.is_empty(), "{by:?}, ours and theirs: {differences:?}");
    }
}

/// Reads the lines `NUMBER VALUE` of a report.
fn counts_of_report(report: &str, by: By) -> Counts {
    let lines = report.lines().filter_map(|line| line.split_once("  "));
    let counts = lines.filter_map(|(number, value)| Some((value, number.parse().ok()?)));
    counts
        .map(|(value, number)| match (by, value) {
            (By::User, "-1") => (UNSET.to_string(), number),
            _ => (value.to_owned(), number),
        })
        .collect()
}

/// Counts the events of a log.
fn counts_of_log(profile: Profile, log: &str, by: By) -> Counts {
    let makers = Makers::new(&KernelModel::new(profile), KernelVersion::NEWEST);
    let mut table = Table::new(makers, Window::default(), by);
    log.lines().for_each(|line| table.add(Ok(line.as_bytes())));
    table.finish();
    let mut counts = Counts::new();
    for (of, row) in table.rows() {
        let Of::Value(Some(value)) = of else { continue };
        let values: Vec<&[u8]> = match by {
            // aureport counts an event for each of its keys.
            By::Key => keys_of(value).collect(),
            // It does not look at the arch.
            By::Syscall => value.rsplit(|byte| *byte == b' ').take(1).collect(),
            _ => vec![value],
        };
        for value in values {
            let value = String::from_utf8_lossy(value).into_owned();
            *counts.entry(value).or_default() += row.total.events;
        }
    }
    if by == By::Syscall {
        // aureport takes the number 0, which is `read`, for none.
        assert!(counts.remove("0").is_some());
    }
    counts
}
