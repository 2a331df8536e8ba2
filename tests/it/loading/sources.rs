//! What `plan` and `apply` say about the files that they are given: without rules, with equal or foreign rules, or of
//! another kind.

use std::fs;

use super::Changes;
use super::applied::{Applies, exits};
use crate::golden::kernel::with_kernel;

/// A file that is empty by mistake does not delete everything.
#[test]
fn all_rules_are_deleted_only_if_the_files_say_so() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let folder = kernel.path("empty.d");
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join("a.rules"), "").expect("a file");
        let comments = kernel.write("comments.rules", "## nothing but comments\n-b 1000\n");
        for empty in [folder.to_str().expect("a path"), &comments] {
            let planned = kernel.rauditctl(&["plan", empty]);
            exits(&planned, 1);
            // OLD has four rules.
            let note = "this deletes 4 rules; `apply` does so only if a file has `-D`";
            assert!(planned.2.contains(note), "{planned:?}");
            let refused = kernel.rauditctl(&["apply", empty]);
            exits(&refused, 2);
            assert!(refused.2.contains("write `-D` in a file"), "{refused:?}");
            assert_eq!(kernel.changes(), 0);
            assert_eq!(kernel.listing(), old);
        }
        let listing = kernel.write("listing", &old);
        let against = kernel.rauditctl(&["plan", &comments, "--against", &listing]);
        assert!(against.2.contains("only if a file has `-D`"), "{against:?}");
        let delete = kernel.write("delete.rules", "-D\n");
        assert!(!kernel.rauditctl(&["plan", &delete]).2.contains("only if"));
        let deleted = kernel.rauditctl(&["apply", &delete]);
        exits(&deleted, 0);
        assert!(deleted.2.contains("this deletes 4 rules"), "{deleted:?}");
        assert!(!kernel.listing().contains("-k"), "{}", kernel.listing());
        // A kernel without rules has what the files say; nothing is printed where programs read.
        let same = kernel.rauditctl(&["apply", &comments]);
        exits(&same, 0);
        assert_eq!(same.1, "");
        assert!(same.2.contains("The kernel already has the rules"), "{same:?}");
    });
}

#[test]
fn every_rule_without_an_own_key_is_shown() {
    with_kernel(|kernel| {
        let text = "-w /a -p wa\n-w /b -p wa -k site-b\n-w /c -p wa -k other\n";
        let rules = kernel.write("keys.rules", text);
        let refused = kernel.rauditctl(&["plan", "--own-keys", "site-*", &rules]);
        exits(&refused, 2);
        for shown in
            ["keys.rules:1:1", "1 | -w /a -p wa", "keys.rules:3:1", "3 | -w /c -p wa -k other"]
        {
            assert!(refused.2.contains(shown), "{}", refused.2);
        }
        assert!(refused.2.contains("2 rules without such a key"), "{}", refused.2);
        assert!(!refused.2.contains("/b"), "{}", refused.2);
    });
}

/// The first rule that matches decides, and rules of others stay where they are.
#[test]
fn a_rule_after_one_of_another_owner_is_noted() {
    with_kernel(|kernel| {
        let others = "-a never,exit -F arch=b64 -S openat -F uid=7 -k other\n\
                      -a always,exit -F arch=b64 -S chmod -k other\n";
        exits(&kernel.rauditctl(&["apply", &kernel.write("others.rules", others)]), 0);
        let text = "-a always,exit -F arch=b64 -S openat -k site-a\n\
                    -a always,exit -F arch=b64 -S openat -F uid=8 -k site-b\n\
                    -a always,exit -F arch=b64 -S unlink -k site-c\n";
        let rules = kernel.write("own.rules", text);
        let planned = kernel.rauditctl(&["plan", "--own-keys", "site-*", &rules]);
        exits(&planned, 1);
        let noted = |line: usize| planned.2.contains(&format!("own.rules:{line}: some of its"));
        // No openat has both uid 7 and uid 8, and no rule of others is about unlink.
        assert_eq!([1, 2, 3].map(noted), [true, false, false], "{}", planned.2);
        assert!(planned.2.contains("loaded rule 1, which `--own-keys` leaves alone: -a never"));
        // Without the option there are no others.
        exits(&kernel.rauditctl(&["apply", "--own-keys", "site-*", &rules]), 0);
        let planned = kernel.rauditctl(&["plan", &rules]);
        assert!(!planned.2.contains("decided before"), "{}", planned.2);
    });
}

/// `-R` stops at the second line, with the answer of the kernel.
#[test]
fn equal_rules_are_noted() {
    with_kernel(|kernel| {
        kernel.restart();
        let text = "-w /a -p wa -k a\n-w /b -p wa -k b\n-w /a -p aw -k a\n";
        let rules = kernel.write("equal.rules", text);
        for command in ["plan", "apply"] {
            let ran = kernel.rauditctl(&[command, &rules]);
            let note = format!("equal.rules:3: equal to {rules}:1, and loaded once");
            assert!(ran.2.contains(&note), "{ran:?}");
        }
    });
}

#[test]
fn files_of_another_kind_are_named() {
    with_kernel(|kernel| {
        kernel.restart();
        let rules = kernel.write("new.rules", "-w /a -p wa -k a\n");
        let plan = kernel.path("change.plan");
        let plan = plan.to_str().expect("a path");
        exits(&kernel.rauditctl(&["plan", &rules, "-o", plan]), 1);
        let both = kernel.rauditctl(&["apply", plan, &rules]);
        exits(&both, 2);
        assert!(both.2.contains("change.plan` is a saved plan"), "{both:?}");
        assert_eq!(both.2.lines().count(), 1, "{both:?}");
        // Every command that reads rules reports that, instead of an error in each line.
        let shown = format!(
            "`{plan}` is a saved plan and not a rules file; show it with `rauditctl plan --show {plan}`"
        );
        for command in [
            &["lint", plan][..],
            &["fmt", plan],
            &["compile", plan],
            &["explain", plan],
            &["compare", plan, &rules],
            &["covers", &rules, plan],
            &["covers", plan, &rules],
            &["optimize", plan],
            &["test", plan],
            &["plan", plan],
            &["plan", &rules, "--against", plan],
            &["replay", &rules, "--rules", plan],
            &["-R", plan],
            &["-l", "--source", plan],
        ] {
            let ran = kernel.rauditctl(command);
            let told: Vec<&str> = ran.2.lines().filter(|line| line.contains(&shown)).collect();
            assert_eq!(told.len(), 1, "{command:?}: {ran:?}");
            assert!(ran.0 != Some(0) && ran.2.lines().count() <= 2, "{command:?}: {ran:?}");
        }

        let folder = kernel.path("hosts");
        fs::create_dir(&folder).expect("a folder");
        let folder = folder.to_str().expect("a path");
        let against = kernel.rauditctl(&["plan", &rules, "--against", folder]);
        exits(&against, 2);
        assert!(against.2.contains("hosts/*`"), "{against:?}");
        // The option takes all words after it.
        let none = kernel.rauditctl(&["plan", "--against", folder, &rules]);
        exits(&none, 2);
        assert!(none.2.contains("--against takes all words after it"), "{none:?}");
    });
}

/// A file system that is not mounted does not delete everything.
#[test]
fn rules_that_are_all_left_out_delete_nothing() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let absent = kernel.write("absent.rules", "-w /nosuchdir/nosuchfile -p wa -k absent\n");
        let refused = kernel.rauditctl(&["apply", "--skip-absent", &absent]);
        exits(&refused, 2);
        assert!(refused.2.contains("all rules of the files are left out"), "{refused:?}");
        assert_eq!(kernel.listing(), old);
    });
}

/// A time such as 0.00015 s is read from a saved plan as it was written.
#[test]
fn a_saved_plan_fits_for_any_number_of_rules() {
    with_kernel(|kernel| {
        let saved = kernel.path("some.plan");
        let saved = saved.to_str().expect("a path");
        for number in 1..=40 {
            exits(&kernel.rauditctl(&["-D"]), 0);
            let rules: String = (0..number).map(|at| format!("-w /s/{at} -p wa -k s\n")).collect();
            let rules = kernel.write("some.rules", &rules);
            exits(&kernel.rauditctl(&["plan", &rules, "-o", saved]), 1);
            exits(&kernel.rauditctl(&["apply", saved]), 0);
        }
    });
}

#[test]
fn unknown_kernels_and_empty_keys_are_errors() {
    with_kernel(|kernel| {
        let rules = kernel.write("own.rules", "-w /a -p wa -k a\n");
        let listing = kernel.write("listing", "No rules\n");
        let old = kernel.rauditctl(&["plan", &rules, "--kernel", "0.1", "--against", &listing]);
        exits(&old, 2);
        assert!(old.2.contains("the oldest known is 5.13"), "{old:?}");
        exits(&kernel.rauditctl(&["apply", "--own-keys", "", &rules]), 2);
    });
}

/// What reads as a question changes nothing.
#[test]
fn list_belongs_to_undo() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let rules = kernel.write("more.rules", "-w /more -p wa -k more\n");
        for arguments in [&["apply", "--list", &rules][..], &["apply", "--keep", "--list"]] {
            exits(&kernel.rauditctl(arguments), 2);
        }
        assert_eq!(kernel.listing(), old);
    });
}

/// Without an own rule, "0 rules" would read as if the kernel had none.
#[test]
fn rules_of_others_are_counted() {
    with_kernel(|kernel| {
        kernel.restart();
        let own = ["--own-keys", "site-*"];
        let none = kernel.write("none.rules", "-D\n");
        let one = kernel.write("one.rules", "-w /a -p wa -k site-a\n");
        // OLD has four rules, and none of these keys.
        for command in ["plan", "apply"] {
            let ran = kernel.rauditctl(&[command, own[0], own[1], &none]);
            exits(&ran, 0);
            let said = format!("{}{}", ran.1, ran.2);
            assert!(said.contains("0 own rules, and 4 rules of others. Nothing to do."), "{said}");
        }
        let planned = kernel.rauditctl(&["plan", own[0], own[1], &one]);
        assert!(planned.1.contains("0 stay, and 4 of others stay."), "{planned:?}");
        let planned = kernel.rauditctl(&["plan", "--format=json", own[0], own[1], &one]);
        let report: serde_json::Value = serde_json::from_str(&planned.1).expect("JSON");
        crate::schema::check("plan", &report);
        assert_eq!(report["count"]["others"], 4);
        let applied = kernel.rauditctl(&["apply", own[0], own[1], &one]);
        exits(&applied, 0);
        assert!(applied.2.contains("0 kept, and 4 rules of others left alone"), "{applied:?}");
        let deleted = kernel.rauditctl(&["apply", own[0], own[1], &none]);
        assert!(deleted.2.contains("no own rule stays or is added"), "{deleted:?}");
        // A saved plan counts the rules of others that are there when it is applied.
        let plan = kernel.path("one.plan");
        let plan = plan.to_str().expect("a path");
        exits(&kernel.rauditctl(&["plan", own[0], own[1], &one, "-o", plan]), 1);
        exits(&kernel.rauditctl(&["-w", "/more", "-p", "wa", "-k", "more"]), 0);
        let applied = kernel.rauditctl(&["apply", plan]);
        exits(&applied, 0);
        assert!(applied.2.contains("and 5 rules of others left alone"), "{applied:?}");
        let undone = kernel.rauditctl(&["apply", "--undo"]);
        assert!(undone.2.contains("again: 0 own rules, and 5 rules of others"), "{undone:?}");
    });
}
