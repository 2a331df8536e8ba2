//! Options that would have no effect.

use super::{Folder, call};

fn folder() -> Folder {
    Folder::new(&call(1, 59, "\"exec\"", "\"/bin/x\""))
}

/// A key that no rule has protects nothing.
#[test]
fn a_kept_key_of_no_rule_is_reported() {
    let folder = folder();
    let run = |key: &str| {
        let all = ["audit.log", "--rules", "a.rules", "--suggest", "--keep-key", key];
        let (exit, _, err) = folder.run(&all);
        assert_eq!(exit, Some(0), "{err}");
        err
    };
    let near = "no rule has the key `identity2` of --keep-key; did you mean `identity`?";
    assert!(run("identity2").contains(near), "{}", run("identity2"));
    let far = run("\u{1b}[2Jbackups");
    assert!(far.contains("of --keep-key") && !far.contains("did you mean"), "{far}");
    assert!(!far.contains("\u{1b}[2J"), "{far:?}");
    assert_eq!(run("identity"), "");
}

/// What lists or compiles rules needs rules.
#[test]
fn options_about_rules_need_rules() {
    let folder = folder();
    let run = |arguments: &[&str]| folder.run(arguments);
    for (arguments, expected) in [
        (&["audit.log", "--unused"][..], "--rules <RULES>"),
        (&["audit.log", "--unused", "--against", "a.rules"], "--rules <RULES>"),
        (&["audit.log", "--kernel", "6.1"], "--kernel is about rules; add --rules or --against"),
        (&["audit.log", "--max-size", "1"], "--max-size is about rules; add --rules or --against"),
        (&["audit.log", "--exit-zero"], "--budget <FILE>"),
    ] {
        let (exit, out, err) = run(arguments);
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(expected), "{err}");
    }
    for rules in ["--rules", "--against"] {
        assert_eq!(run(&["audit.log", "--kernel", "6.1", rules, "a.rules"]).0, Some(0));
    }
}

/// JSON and the page list the rules that made no event without the option.
#[test]
fn unused_is_for_text() {
    let folder = folder();
    for format in ["json", "html"] {
        let arguments = ["audit.log", "--rules", "a.rules", "--format", format];
        let (exit, out, _) = folder.run(&arguments);
        assert!(exit == Some(0) && out.contains("perm_mod"), "{out}");
        let (exit, out, err) = folder.run(&[&arguments[..], &["--unused"]].concat());
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains("--unused is for text"), "{err}");
    }
}

/// As `explain` and `lint` report it.
#[test]
fn a_kernel_that_is_not_known_yet_is_reported() {
    let folder = folder();
    let arguments = ["audit.log", "--rules", "a.rules", "--kernel"];
    let of = |version: &str| folder.run(&[&arguments[..], &[version]].concat());
    let (exit, _, err) = of("99.1");
    assert!(exit == Some(0) && err.contains("Linux 99.1 is newer than "), "{err}");
    assert_eq!(of("6.12").2, "");
}

/// `--max-size` is about what people write: a log can have any size.
#[test]
fn a_log_has_no_maximum_size() {
    let event = call(1, 59, "\"exec\"", "\"/bin/x\"");
    let folder = Folder::new(&event.repeat((2 << 20) / event.len()));
    let arguments = ["audit.log", "--rules", "a.rules", "--max-size", "1"];
    assert_eq!(folder.run(&arguments).0, Some(0));
    folder.write("a.rules", "# a comment\n".repeat(100_000).as_bytes());
    let (exit, _, err) = folder.run(&arguments);
    assert!(exit == Some(2) && err.contains("a.rules"), "{err}");
    let help = folder.run(&["--help"]).1;
    let help = help.split("--max-size").nth(1).expect("its help");
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("logs have none"), "{help}");
}
