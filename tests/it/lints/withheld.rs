//! Fixes that are not made, for the rules would be others than is said. Made-up rule sets have shown each of them.

use super::fixture::Fixture;
use rauditctl::lint::find;

/// What all fixes of one lint make of these lines.
fn mended(code: &str, arches: &str, lines: &[&str]) -> Vec<String> {
    let text = format!("# arches: {arches}\n{}\n", lines.join("\n"));
    let text = Fixture::of_text(&text).mended(find(code).expect("a lint")).texts().concat();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn stays(code: &str, arches: &str, lines: &[&str]) {
    assert_eq!(mended(code, arches, lines), lines, "{code} on {arches}");
}

#[test]
fn a_line_that_does_two_things_is_left_alone() {
    stays("C102", "x86_64", &["-a always,exit -F arch=b64 -S open -k key -e 1"]);
    let rule = "-a always,exit -F arch=b64 -S open -k key";
    stays("C103", "x86_64", &[rule, &format!("{rule} -e 1")]);
    stays("C103", "x86_64", &[rule, &format!("{rule} -c")]);
}

#[test]
fn no_fix_makes_a_line_that_is_refused() {
    // An arch does not stand in front of the list.
    stays("C101", "x86_64", &["-S fchmodat,openat -a exit,always -F perm=r -k key"]);
    // A key does not follow from what stands in front of the list.
    let early = "-F perm=wa -A never,exit -F arch=b64 -F key=a";
    stays(
        "S102",
        "x86_64",
        &[early, "-w /a -k a", "-a always,exit -S 1 -k a", "-a always,exit -S 2 -k b"],
    );
}

#[test]
fn no_rule_is_lost_to_a_byte_that_is_not_seen() {
    // Without the carriage return the path ends in a slash, which is no program.
    let rule = "-a always,exit -F exe=/usr/\r";
    let text = Fixture::of_text(&format!("{rule}\n")).mended(find("R102").expect("a lint")).texts();
    assert_eq!(text, [format!("{rule}\n")]);
    // With a space there is a key, and nothing that it is for.
    stays("R103", "x86_64", &["-a always,exclude -F msgtype>=1400\t-ka"]);
}

#[test]
fn no_fix_makes_a_rule_twice() {
    // The second is refused; were the first another rule, it would not be.
    stays("P101", "x86_64", &["-w /srv/a -k key", "-w /srv/a -k key"]);
    let twins = ["b64", "b32"]
        .map(|arch| format!("-a always,exit -F arch={arch} -F path=/srv/a -F perm=wa -F key=key"));
    stays("P101", "x86_64", &["-w /srv/a -p wa -k key", &twins[0], &twins[1]]);

    let late = "-a always,exit -F perm=wa -F arch=b64 -k other";
    let made = mended("P102", "x86_64", &["-a always,exit -F perm=wa -k other", late]);
    assert_eq!(
        made,
        [
            "-a always,exit -F arch=b64 -F perm=wa -k other",
            "-a always,exit -F arch=b32 -F perm=wa -k other",
            late,
        ]
    );

    let (one, other) = ("-F perm=r -F uid=0 -F exit=1", "-F uid=0 -F perm=r -F exit=1");
    let rule = |fields| format!("-a always,exit -F arch=b64 -S unlink {fields}");
    let made = mended("P107", "x86_64", &[&rule(one), &rule(other)]);
    assert_eq!(made, [rule("-F uid=0 -F exit=1 -F perm=r"), rule(other)]);
}

#[test]
fn no_fix_makes_a_rule_that_is_deleted() {
    let rule = |fields| format!("-a always,exit -F arch=b64 -S unlink {fields} -k keys");
    let deleted = rule("-F uid=0 -F perm=r").replace("-a", "-d");
    stays("P107", "x86_64", &[&rule("-F perm=r -F uid=0"), &deleted]);
    // Without the -D the second would be refused. It deletes by a part of the key.
    stays("C103", "x86_64", &["-w /srv/a -k key", "-D -k ke", "-w /srv/a -k key"]);
}

#[test]
fn a_fix_for_one_machine_brings_nothing_to_another() {
    // aarch64 has no unlink, so that the rule is not loaded there, and 32-bit ARM has.
    let rule = "-a always,exit -F arch=b64 -S unlink,execve -k key";
    stays("C102", "x86_64,aarch64", &[rule]);
    assert_eq!(mended("C102", "x86_64", &[rule]).len(), 2);
    // What is x86_64 on both is not b32 on both.
    let rule = "-a always,exit -F arch=x86_64 -S 59,execve -k key";
    let twin = "-a always,exit -F arch=i386 -S execve -k key";
    assert_eq!(mended("C102", "x86_64,aarch64", &[&rule.replace("59,", "")])[1], twin);
}

#[test]
fn a_path_that_cannot_be_written_as_a_value_is_left_alone() {
    // Glued to its option an escaped backslash is two other bytes to auditctl.
    stays("P101", "x86_64", &[r"-w/srv/a\\b -k key"]);
}

#[test]
fn twins_with_perm_need_no_equal_syscalls() {
    let rule = |arch| format!("-a always,exit -F arch={arch} -F dir=/etc -F perm=rwxa -k key");
    for arches in ["x86_64", "aarch64", "s390x"] {
        stays("C102", arches, &[&rule("b64"), &rule("b32")]);
        stays("C102", arches, &[&rule("b32"), &rule("b64")]);
    }
    // auditctl adds none to a `perm` in front of its arch.
    let rule = |arch| format!("-a always,exit -F perm=rwxa -F arch={arch} -S chmod -k key");
    stays("C102", "x86_64", &[&rule("b64"), &rule("b32")]);
}
