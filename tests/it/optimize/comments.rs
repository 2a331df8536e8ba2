//! The comments of the source come along with its rules.

use std::fs;

use super::command::{run, stderr, stdout};

/// Returns the rules that are made of a source, below the head. Their cases hold.
fn made(source: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.rules"), source).expect("a file");
    let command = ["optimize", "--arch", "x86_64", "--kernel", "6.1", "-o", "b.rules", "a.rules"];
    let made = run(folder.path(), &command);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let text = fs::read_to_string(folder.path().join("b.rules")).expect("a file");
    if text.contains("#@ records") {
        let tested = run(folder.path(), &["test", "--arch", "x86_64", "b.rules"]);
        assert_eq!(tested.status.code(), Some(0), "{text}{}{}", stdout(&tested), stderr(&tested));
    }
    let lines: Vec<&str> = text.splitn(5, '\n').collect();
    lines[4].to_owned()
}

fn rule(syscalls: &str, key: &str) -> String {
    format!("-a always,exit -F arch=b64 -S {syscalls} -F auid>=1000 -k {key}\n")
}

#[test]
fn merged_rules_keep_all_names() {
    let source = "#@ source A guide\n#@ id A-1\n#@ title one\n".to_owned()
        + &rule("chmod", "perm")
        + &rule("mount", "mount")
        + "#@ id A-2\n#@ title  two\n#@ attack T1222\n"
        + &rule("fchmod", "perm")
        + "# nothing\n"
        + &rule("umount2", "other");
    let expected = "#@ id A-1\n#@ title one\n#@ id A-2\n#@ title  two\n#@ attack T1222\n\
        #@ from a.rules:4 a.rules:9 (merge-syscalls)\n"
        .to_owned()
        + &rule("chmod,fchmod", "perm")
        + "#@ id A-1\n#@ from a.rules:5\n"
        + &rule("mount", "mount")
        + "#@ id A-2\n#@ from a.rules:11\n"
        + &rule("umount2", "other");
    assert_eq!(made(&source), expected);
}

/// A product is a source, too.
#[test]
fn names_above_one_rule_share_it() {
    let product = made(
        &("#@ id A-1\n".to_owned()
            + &rule("chmod", "perm")
            + "#@ id A-2\n"
            + &rule("fchmod", "perm")),
    );
    let names = "#@ id A-1\n#@ id A-2\n";
    assert!(product.starts_with(names), "{product}");
    let again = made(&product);
    assert!(again.starts_with(names), "{again}");
}

#[test]
fn cases_stay_with_their_rules() {
    let narrow = |syscalls: &str| {
        format!("-a always,exit -F arch=b64 -S {syscalls} -F auid>=1000 -F obj_uid=0 -k own\n")
    };
    let source = "#@ records syscall=mount auid=1000\n#@ ignores syscall=kill auid=1000\n"
        .to_owned()
        + &rule("mount", "one")
        + "\n#@ ignores syscall=kill\n"
        + &rule("umount2", "two")
        + "\n"
        + &rule("swapon", "two").replace("auid>=1000", "success=1")
        + "\n#@ ignores syscall=kill auid=0\n"
        + &narrow("getpid,unlink");
    let expected = "#@ records syscall=mount auid=1000\n#@ ignores syscall=kill auid=1000\n\
                    #@ from a.rules:3\n"
        .to_owned()
        + &rule("mount", "one")
        + "#@ ignores syscall=kill\n#@ from a.rules:6\n"
        + &rule("umount2", "two")
        + "\n#@ from a.rules:8\n"
        + &rule("swapon", "two").replace("auid>=1000", "success=1")
        + "#@ ignores syscall=kill auid=0\n#@ from a.rules:11 (narrow)\n"
        + &narrow("unlink");
    assert_eq!(made(&source), expected);
}

#[test]
fn cases_about_other_rules_are_left_out() {
    let ignores = "#@ ignores syscall=fchmod auid=1000\n";
    let source = ignores.to_owned() + &rule("chmod", "perm") + "\n" + &rule("fchmod", "perm");
    let expected =
        "#@ from a.rules:2 a.rules:4 (merge-syscalls)\n".to_owned() + &rule("chmod,fchmod", "perm");
    assert_eq!(made(&source), expected);
    let records = "#@ records syscall=chmod auid=1000\n";
    assert_eq!(made(&source.replace(ignores, records)), records.to_owned() + &expected);
}

#[test]
fn rules_without_a_name_are_parted_from_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = [rule("chmod", "a"), rule("mount", "b")];
    fs::write(folder.path().join("a.rules"), "#@ id A\n".to_owned() + &rules[0]).expect("a file");
    fs::write(folder.path().join("b.rules"), &rules[1]).expect("a file");
    let command = ["optimize", "--arch", "x86_64", "a.rules", "b.rules"];
    let text = stdout(&run(folder.path(), &command));
    let expected =
        format!("#@ id A\n#@ from a.rules:2\n{}\n#@ from b.rules:1\n{}", rules[0], rules[1]);
    assert!(text.ends_with(&expected), "{text}");
}

#[test]
fn names_of_dropped_rules_go_to_the_rules_that_replace_them() {
    let twice = rule("chmod", "perm");
    let part = twice.replace("auid>=1000", "auid=1000");
    let source = format!("#@ id A\n{twice}#@ id B\n{part}#@ id C\n{}", rule("mount", "mount"));
    let expected = "#@ id A\n#@ id B\n#@ from a.rules:2 a.rules:4\n".to_owned()
        + &twice
        + "#@ id C\n#@ from a.rules:6\n"
        + &rule("mount", "mount");
    assert_eq!(made(&source), expected);
}
