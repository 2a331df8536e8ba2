//! Fixes that are withheld because they would not keep their promise. Random rule sets found each of these cases.

use super::fixture::Fixture;
use rauditctl::lint::find;

/// Returns these lines with all fixes of one lint made.
fn with_fixes(code: &str, arches: &str, lines: &[&str]) -> Vec<String> {
    let text = format!("# arches: {arches}\n{}\n", lines.join("\n"));
    let text = Fixture::of_text(&text).with_fixes(find(code).expect("a lint")).texts().concat();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn stays(code: &str, arches: &str, lines: &[&str]) {
    assert_eq!(with_fixes(code, arches, lines), lines, "{code} on {arches}");
}

#[test]
fn keeps_a_line_that_does_two_things() {
    stays("C102", "x86_64", &["-a always,exit -F arch=b64 -S open -k key -e 1"]);
    let rule = "-a always,exit -F arch=b64 -S open -k key";
    stays("C103", "x86_64", &[rule, &format!("{rule} -e 1")]);
    stays("C103", "x86_64", &[rule, &format!("{rule} -c")]);
}

#[test]
fn makes_no_line_that_is_refused() {
    // auditctl refuses an arch before the list.
    stays("C101", "x86_64", &["-S fchmodat,openat -a exit,always -F perm=r -k key"]);
    // A condition before the list does not allow a key.
    let early = "-F perm=wa -A never,exit -F arch=b64 -F key=a";
    stays(
        "S102",
        "x86_64",
        &[early, "-w /a -k a", "-a always,exit -S 1 -k a", "-a always,exit -S 2 -k b"],
    );
}

#[test]
fn loses_no_rule_to_an_invisible_byte() {
    // Without the carriage return the path ends in a slash and cannot be a program.
    let rule = "-a always,exit -F exe=/usr/\r";
    let text =
        Fixture::of_text(&format!("{rule}\n")).with_fixes(find("R102").expect("a lint")).texts();
    assert_eq!(text, [format!("{rule}\n")]);
    // With a space the key has no syscalls or condition before it.
    stays("R103", "x86_64", &["-a always,exclude -F msgtype>=1400\t-ka"]);
}

/// An account that this machine does not have keeps its number from the set to the fix.
#[test]
fn offers_a_fix_of_a_rule_with_an_unknown_account() {
    let [bob, alice] = ["bob", "alice"].map(|user| format!("-a always,exit -S 1 -F uid={user}"));
    let lines =
        [format!("{bob} -k a"), format!("{bob} -F gid=0 -k b"), format!("{alice} -F key=c")];
    let lines = lines.each_ref().map(String::as_str);
    let fixed = with_fixes("S102", "x86_64", &lines);
    assert_eq!(fixed, [lines[0], lines[1], &format!("{alice} -k c")]);
    // Another user is another rule.
    let made = with_fixes("C103", "x86_64", &[&format!("{bob} -k a"), &format!("{alice} -k a")]);
    assert_eq!(made, [format!("{bob} -k a"), format!("{alice} -k a")]);
}

#[test]
fn makes_no_duplicate_rule() {
    // The kernel refuses the second. A change to the first would put the second into effect.
    stays("P101", "x86_64", &["-w /srv/a -k key", "-w /srv/a -k key"]);
    let counterparts = ["b64", "b32"]
        .map(|arch| format!("-a always,exit -F arch={arch} -F path=/srv/a -F perm=wa -F key=key"));
    stays("P101", "x86_64", &["-w /srv/a -p wa -k key", &counterparts[0], &counterparts[1]]);

    let late = "-a always,exit -F path=/srv/a -F perm=wa -F arch=b64 -k other";
    let early = "-a always,exit -F path=/srv/a -F perm=wa -k other";
    let made = with_fixes("P102", "x86_64", &[early, late]);
    assert_eq!(
        made,
        [
            "-a always,exit -F arch=b64 -F path=/srv/a -F perm=wa -k other",
            "-a always,exit -F arch=b32 -F path=/srv/a -F perm=wa -k other",
            late,
        ]
    );

    let (one, other) = ("-F perm=r -F uid=0 -F exit=1", "-F uid=0 -F perm=r -F exit=1");
    let rule = |fields| format!("-a always,exit -F arch=b64 -S unlink {fields}");
    let made = with_fixes("P107", "x86_64", &[&rule(one), &rule(other)]);
    assert_eq!(made, [rule("-F uid=0 -F exit=1 -F perm=r"), rule(other)]);
}

/// A kernel walks the new rules for every syscall: two take the place of one.
#[test]
fn makes_no_walk_longer() {
    stays("P101", "x86_64", &["-w /srv/a/ -p wa -k key"]);
    stays("P102", "x86_64", &["-a always,exit -F perm=wa -k other"]);
    stays("P102", "x86_64", &["-a always,exit -F dir=/srv/a -F perm=wa -k other"]);
    // A machine without 32-bit programs gets one rule for one, and a rule for a file is on no walk.
    let rules = |code, arch, rule| with_fixes(code, arch, &[rule]).len();
    assert_eq!(rules("P102", "riscv64", "-a always,exit -F dir=/srv/a -F perm=wa -k other"), 1);
    assert_eq!(rules("P101", "x86_64", "-w /etc/passwd -p wa -k key"), 2);
}

#[test]
fn makes_no_rule_that_is_deleted() {
    let rule = |fields| format!("-a always,exit -F arch=b64 -S unlink {fields} -k keys");
    let deleted = rule("-F uid=0 -F perm=r").replace("-a", "-d");
    stays("P107", "x86_64", &[&rule("-F perm=r -F uid=0"), &deleted]);
    // The -D deletes by a part of the key. Without it the kernel would refuse the second rule.
    stays("C103", "x86_64", &["-w /srv/a -k key", "-D -k ke", "-w /srv/a -k key"]);
}

#[test]
fn adds_nothing_on_a_machine_without_the_finding() {
    // aarch64 has no unlink, so the rule is not loaded there; 32-bit ARM has it.
    let rule = "-a always,exit -F arch=b64 -S unlink,execve -k key";
    stays("C102", "x86_64,aarch64", &[rule]);
    assert_eq!(with_fixes("C102", "x86_64", &[rule]).len(), 2);
    // `x86_64` is the same arch on both machines; `b32` is not.
    let rule = "-a always,exit -F arch=x86_64 -S 59,execve -k key";
    let counterpart = "-a always,exit -F arch=i386 -S execve -k key";
    assert_eq!(with_fixes("C102", "x86_64,aarch64", &[&rule.replace("59,", "")])[1], counterpart);
}

#[test]
fn keeps_a_path_that_cannot_be_a_value() {
    // Attached to its option, an escaped backslash is two other bytes to auditctl.
    stays("P101", "x86_64", &[r"-w/srv/a\\b -k key"]);
}

#[test]
fn counterparts_with_perm_need_no_equal_syscalls() {
    let rule = |arch| format!("-a always,exit -F arch={arch} -F dir=/etc -F perm=rwxa -k key");
    for arches in ["x86_64", "aarch64", "s390x"] {
        stays("C102", arches, &[&rule("b64"), &rule("b32")]);
        stays("C102", arches, &[&rule("b32"), &rule("b64")]);
    }
    // auditctl adds no syscalls for a `perm` before its arch.
    let rule = |arch| format!("-a always,exit -F perm=rwxa -F arch={arch} -S chmod -k key");
    stays("C102", "x86_64", &[&rule("b64"), &rule("b32")]);
}
