//! Names of syscalls that an old auditctl does not know.

use rauditctl::catalog::{Arch, AuditctlVersion};
use rauditctl::lint::{Finding, KernelRange, LintSettings, lint};
use rauditctl::ruleset::{Input, RuleSet};
use rauditctl::source::Source;

/// Returns the findings of a code for the oldest auditctl that loads the rules.
fn found(code: &str, rules: &str, oldest: Option<&str>) -> Vec<Finding> {
    let source = Source::new("a.rules", rules.as_bytes().to_vec());
    let mut settings = LintSettings::new(Arch::X86_64);
    settings.scope.auditctl = oldest.map(|text| AuditctlVersion::parse(text).expect("a version"));
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let mut findings = lint(&set, &settings).findings;
    findings.retain(|finding| finding.lint.code == code);
    findings
}

/// Returns the text that the fix of the only finding adds.
fn added(rules: &str, oldest: Option<&str>) -> String {
    let findings = found("C111", rules, oldest);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    let fix = finding.fix.as_ref().expect("a fix");
    String::from_utf8(fix.edits[0].text.clone()).expect("text")
}

const FCHMODAT: &str = "-a always,exit -F arch=b64 -S fchmodat -F auid>=1000 -F key=mode\n";

#[test]
fn fixes_write_only_names_that_the_oldest_auditctl_knows() {
    // auditctl knows the name since 4.0; fchmodat2 is number 452.
    assert_eq!(added(FCHMODAT, None), ",fchmodat2");
    assert_eq!(added(FCHMODAT, Some("4.0")), ",fchmodat2");
    assert_eq!(added(FCHMODAT, Some("3.1.5")), ",452");
    let help = found("C111", FCHMODAT, None)[0].help.clone().unwrap_or_default();
    assert!(help.contains("`fchmodat2` (Linux 6.6, auditctl 4.0)"), "{help}");
}

#[test]
fn a_fixed_rule_has_no_name_that_is_too_new() {
    let fixed =
        FCHMODAT.replace("fchmodat", &format!("fchmodat{}", added(FCHMODAT, Some("3.0.9"))));
    assert!(found("E074", &fixed, Some("3.0.9")).is_empty());
    assert!(found("C111", &fixed, Some("3.0.9")).is_empty());
    let named = FCHMODAT.replace("fchmodat", "fchmodat,fchmodat2");
    assert_eq!(found("E074", &named, Some("3.0.9")).len(), 1);
    assert!(found("E074", &named, Some("4.0")).is_empty());
    assert!(found("E074", &named, None).is_empty());
}

#[test]
fn reports_lists_and_fields_that_an_old_auditctl_lacks() {
    let lines = |rules: &str, oldest: &str| {
        let found = found("E074", rules, Some(oldest)).into_iter();
        found.map(|finding| finding.message.into_owned()).collect::<Vec<String>>()
    };
    let uring = "-a always,io_uring -S openat2 -F key=uring\n";
    assert_eq!(lines(uring, "3.0.9"), ["auditctl before 3.1 does not know the io_uring list"]);
    assert!(lines(uring, "3.1").is_empty());
    let tracefs = "-a never,filesystem -F fstype=tracefs\n";
    assert_eq!(lines(tracefs, "2.7.8"), ["auditctl before 2.8 does not know the filesystem list"]);
    assert!(lines(tracefs, "2.8").is_empty());
    let family = "-a always,exit -F arch=b64 -S connect -F saddr_fam=10 -F key=ipv6\n";
    assert_eq!(lines(family, "2.8.5"), ["auditctl before 3.0 does not know `saddr_fam`"]);
    assert!(lines(family, "3.0").is_empty());
}

#[test]
fn proposes_no_list_that_an_old_auditctl_lacks() {
    let rules = "-D\n-a always,exit -F arch=b64 -S openat -F auid>=1000 -F key=open\n";
    assert!(found("C112", rules, Some("3.0.7")).is_empty());
    assert_eq!(found("C112", rules, Some("3.1")).len(), 1);
    assert_eq!(found("C112", rules, None).len(), 1);
}

#[test]
fn the_newest_kernel_of_a_range_without_an_oldest_is_checked() {
    let rules = "-a always,exit -F arch=b64 -S file_setattr -F key=attr\n-a always,io_uring -S openat2 -F key=uring\n";
    let source = Source::new("a.rules", rules.as_bytes().to_vec());
    let codes = |range: &str| {
        let mut settings = LintSettings::new(Arch::X86_64);
        settings.scope.kernels = KernelRange::parse(range).expect("a range");
        let set = RuleSet::new([Input { source: &source, directory: None }]);
        let mut codes: Vec<&str> =
            lint(&set, &settings).findings.iter().map(|finding| finding.lint.code).collect();
        codes.retain(|code| ["C115", "E073"].contains(code));
        codes
    };
    assert_eq!(codes("..5.4"), ["C115", "E073"]);
    assert_eq!(codes("5.4"), ["C115", "E073"]);
    assert!(codes("..7.0").is_empty() && codes("7.0").is_empty());
    // Which kernels are older than the newest is unknown.
    assert!(codes("6.18..").is_empty());
}
