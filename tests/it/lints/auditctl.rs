//! Names of syscalls that an old auditctl does not know.

use rauditctl::catalog::{Arch, AuditctlVersion};
use rauditctl::lint::{Finding, LintSettings, lint};
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
