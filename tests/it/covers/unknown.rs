//! What is unknown on this machine: accounts, and what paths are.

use super::{Case, json};

/// `/srv/data` is a directory for every set if one of them names it as one.
#[test]
fn a_path_is_the_same_in_both_sets() {
    let forms = [
        "-w /srv/data -p wa\n",
        "-w /srv/data/ -p wa\n",
        "-a always,exit -F dir=/srv/data -F perm=wa\n",
    ];
    for required in forms {
        for set in forms {
            let case = Case::new(required, set);
            assert_eq!(case.states(&[]), ["covered"], "{required} {set}");
            let compare = ["compare", "--arch", "x86_64", "--format", "json"];
            let output = case.run(&[&compare[..], &["required.rules", "set.rules"]].concat());
            assert_eq!(json(&output)["result"], "same", "{required} {set}");
        }
    }
}

#[test]
fn an_unknown_path_is_noted() {
    let case = Case::new("-w /srv/data -p wa\n", "-w /srv/data -p wa\n-w /etc/passwd -p wa\n");
    let errors = String::from_utf8_lossy(&case.covers(&[]).stderr).into_owned();
    assert!(errors.contains("what `/srv/data` (set.rules:1) is, is unknown"), "{errors}");
    let known = Case::new("-w /etc/passwd -p wa\n", "-w /etc/passwd -p wa\n-w /srv/data/ -p wa\n");
    let errors = String::from_utf8_lossy(&known.covers(&[]).stderr).into_owned();
    assert!(!errors.contains("unknown"), "{errors}");
}

#[test]
fn accounts_that_are_unknown_are_no_numbers() {
    let rule = |condition: &str| format!("-a always,exit -F arch=b64 -S kill {condition}\n");
    for (required, set, state) in [
        ("-F auid=no-such-account", "-F auid>=1000", "undecided"),
        ("-F auid=no-such-account", "-F auid<1000", "undecided"),
        ("-F auid=no-such-account", "-F auid=no-such-account", "covered"),
        ("-F auid=no-such-account", "-F auid=no-such-one", "missing"),
    ] {
        let case = Case::new(&rule(required), &rule(set));
        assert_eq!(case.states(&[]), [state], "{required} {set}");
        let errors = String::from_utf8_lossy(&case.covers(&[]).stderr).into_owned();
        assert!(errors.contains("`no-such-account` (40"), "{errors}");
    }
}

/// A requirement without a key is met under any key.
#[test]
fn keys_count_where_the_requirement_has_one() {
    let (plain, keyed) =
        ("-a always,exit -F arch=b64 -S kill", "-a always,exit -F arch=b64 -S kill -k del");
    let states = |required: &str, set: &str| {
        Case::new(&format!("{required}\n"), &format!("{set}\n")).states(&["--keys"])
    };
    assert_eq!(states(plain, keyed), ["covered"]);
    assert_eq!(states(keyed, plain), ["partly"]);
    assert_eq!(states(keyed, keyed), ["covered"]);
}
