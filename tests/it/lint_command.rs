//! `rauditctl lint` and `compile` as commands: their options, notes, fixes and exit statuses.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// The output of a command.
struct Ran {
    status: Option<i32>,
    out: String,
    error: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("COLUMNS")
        .output()
        .expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { status: output.status.code(), out: text(&output.stdout), error: text(&output.stderr) }
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a directory");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    folder
}

#[test]
fn rejects_kernels_that_are_not_one_version_or_a_range() {
    let folder = folder(&[("a.rules", "-D\n")]);
    for range in ["6.1-6.12", "6.12,6.1", "6.1foo", "6.12..6.1", "6.1..", ".."] {
        let is_range = ["6.1..", ".."].contains(&range);
        let lint = run(folder.path(), &["lint", "--kernel", range, "a.rules"]);
        assert_eq!(lint.status, Some(if is_range { 0 } else { 2 }), "{range}: {}", lint.error);
        assert!(is_range || lint.error.contains("5.10..6.12"), "{}", lint.error);
        let explain = run(folder.path(), &["explain", "--kernel", range, "a.rules"]);
        assert_eq!(explain.status, Some(2), "{range}");
    }
    for version in ["6.1", "6.1.0-18-amd64"] {
        for command in ["lint", "explain"] {
            let ran = run(folder.path(), &[command, "--kernel", version, "a.rules"]);
            assert_eq!(ran.status, Some(0), "{command} {version}: {}", ran.error);
        }
    }
}

#[test]
fn notes_versions_that_no_table_has() {
    let folder = folder(&[("a.rules", "-D\n")]);
    let note = |option, value| run(folder.path(), &["lint", option, value, "a.rules"]).error;
    assert!(note("--kernel", "1.0").contains("Linux 1.0 is older than 3.0"));
    assert!(note("--auditctl", "9.0").contains("auditctl 9.0 is newer than 4.2.2"));
    assert_eq!(note("--kernel", "6.1") + &note("--auditctl", "3.0.7"), "");
}

#[test]
fn notes_patterns_of_files_that_match_none() {
    let config = "[lint.per-file-ignores]\n\"9*.rules\" = [\"P\"]\n\"a.rules\" = [\"P\"]\n";
    let folder = folder(&[("d/a.rules", "-D\n"), ("d/rauditctl.toml", config)]);
    let whole = run(folder.path(), &["lint", "d"]).error;
    assert!(whole.contains("`9*.rules` in per-file-ignores matches no file"), "{whole}");
    assert!(!whole.contains("`a.rules` in"), "{whole}");
    let single = run(folder.path(), &["lint", "d/a.rules"]).error;
    assert!(!single.contains("matches no file"), "{single}");
}

/// A watch, which is an info, and a syscall that a newer one bypasses, which is a warning.
const FIXABLE: &str = "-w /etc/passwd -p wa -k identity\n\
                       -a always,exit -F arch=b64 -S fchmodat -F auid>=1000 -F key=mode\n";

#[test]
fn fixes_what_it_shows() {
    let rules = |arguments: &[&str]| {
        let folder = folder(&[("a.rules", FIXABLE)]);
        let all =
            [&["lint", "--arch", "x86_64", "--fix", "--unsafe-fixes"], arguments, &["a.rules"]];
        let ran = run(folder.path(), &all.concat());
        (fs::read_to_string(folder.path().join("a.rules")).expect("a file"), ran.error)
    };
    let (text, error) = rules(&[]);
    assert!(text.starts_with("-w /etc/passwd") && text.contains("fchmodat2"), "{text}");
    assert!(error.contains("1 fix of an info not made"), "{error}");
    for (arguments, has_both) in [
        (&["--show", "info"][..], true),
        (&["--show", "info", "--format", "json"], true),
        (&["--select", "P101,C111"], true),
        (&["--severity", "P101=warning"], true),
        (&["--format", "json"], false),
    ] {
        let (text, error) = rules(arguments);
        assert!(text.contains("fchmodat2"), "{arguments:?}: {text}");
        assert_eq!(!text.contains("-w /etc/passwd"), has_both, "{arguments:?}: {text}");
        assert_eq!(error.contains("not made"), !has_both, "{arguments:?}: {error}");
    }
}

#[test]
fn diff_shows_the_fixes_that_fix_makes() {
    let folder = folder(&[("a.rules", FIXABLE)]);
    let diff = ["lint", "--arch", "x86_64", "--diff", "--unsafe-fixes", "a.rules"];
    let ran = run(folder.path(), &diff);
    assert!(ran.out.contains("fchmodat2") && !ran.out.contains("perm=wa"), "{}", ran.out);
    assert!(ran.error.contains("1 fix of an info not made"), "{}", ran.error);
}

#[test]
fn summary_promises_the_fixes_that_fix_makes() {
    let folder = folder(&[("a.rules", FIXABLE)]);
    let line = |arguments: &[&str]| {
        let all = [
            &["lint", "--arch", "x86_64", "--ignore", "C102", "--statistics"],
            arguments,
            &["a.rules"],
        ];
        run(folder.path(), &all.concat()).out.lines().last().unwrap_or_default().to_owned()
    };
    let usual = line(&[]);
    assert!(usual.contains("1 can be fixed with --fix --unsafe-fixes"), "{usual}");
    assert!(usual.contains("1 fix of an info needs --show info too"), "{usual}");
    let selected = line(&["--select", "ALL"]);
    assert!(selected.contains("2 can be fixed with --fix --unsafe-fixes"), "{selected}");
}

#[test]
fn compile_exits_as_a_load_that_skips_errors() {
    let compile = |rules: &str| {
        let folder = folder(&[("a.rules", rules)]);
        run(folder.path(), &["compile", "--arch", "x86_64", "a.rules"])
    };
    let wrong = "-a always,exit -F arch=b64 -S opennat -k x\n";
    for (first, status) in [("-c\n", 1), ("-i\n", 0), ("", 1)] {
        let ran = compile(&format!("{first}{wrong}-b 8192\n"));
        assert_eq!(ran.status, Some(status), "{first}");
        assert_eq!(ran.out.lines().count(), usize::from(!first.is_empty()), "{first}");
        assert_eq!(ran.error.contains("1 line with errors skipped"), !first.is_empty(), "{first}");
    }
    // auditctl forgets the errors before a second `-c`; an error before `-c` stops the load.
    assert_eq!(compile(&format!("-c\n{wrong}-c\n")).status, Some(0));
    assert_eq!(compile("-c\n-b 8192\n").status, Some(0));
    assert!(compile(&format!("{wrong}-c\n")).error.contains("1 error in 1 file"));
}

#[test]
fn formats_for_programs_name_the_other_place_and_the_remedy() {
    let rules = "-a always,exit -F arch=b64 -S unlinkat -F key=k\n\
                 -a always,exit -F arch=b64 -S unlinkat -F key=k\n\
                 -a always,exit -F arch=b64 -S unlinkat -F uid=0 -F key=other\n";
    let folder = folder(&[("a.rules", rules)]);
    for format in ["github", "gitlab", "junit", "concise"] {
        let select = ["lint", "--arch", "x86_64", "--select", "C103,C104", "--format", format];
        let ran = run(folder.path(), &[&select[..], &["a.rules"]].concat());
        let has = |text: &str| ran.out.to_lowercase().contains(text);
        assert!(has("the equal rule: a.rules:1"), "{format}: {}", ran.out);
        assert!(has("matches first: a.rules:1"), "{format}: {}", ran.out);
        if format != "concise" {
            assert!(
                has("delete this line") && has("write this rule before"),
                "{format}: {}",
                ran.out
            );
        }
    }
}

#[test]
fn help_of_one_line_is_not_given_for_others() {
    let rules = "-a always,exit -F arch=b64 -S fchmodat -F auid>=1000 -F key=mode\n\
                 -a always,exit -F arch=b64 -S kexec_load -F key=kexec\n";
    let folder = folder(&[("a.rules", rules)]);
    let lint = |arguments: &[&str]| {
        let all = [&["lint", "--arch", "x86_64", "--select", "C111"], arguments, &["a.rules"]];
        run(folder.path(), &all.concat()).out
    };
    assert!(lint(&[]).contains("help: in line 1, add `fchmodat2`"), "{}", lint(&[]));
    assert!(lint(&["--all"]).contains("help: add `fchmodat2`"), "{}", lint(&["--all"]));
}

#[test]
fn a_fix_without_a_visible_line_has_no_empty_block() {
    let folder = folder(&[("a.rules", "-D")]);
    let ran = run(folder.path(), &["lint", "--select", "R101", "a.rules"]);
    let after = ran.out.split("help: add a newline (--fix)\n").nth(1).expect("a fix");
    assert!(!after.contains('|'), "{}", ran.out);
}

#[test]
fn a_finding_about_many_places_is_short() {
    let rules = |number: usize| -> String {
        let rule = |nr| format!("-a always,exit -F arch=b64 -S {nr} -F auid>=1000 -F key=k\n");
        (80..80 + number).map(rule).collect()
    };
    let drawn = |number: usize| {
        let folder = folder(&[("a.rules", &rules(number))]);
        run(folder.path(), &["lint", "--arch", "x86_64", "--select", "P105", "a.rules"]).out
    };
    let many = drawn(40);
    assert_eq!(many.matches("could be part of it").count(), 8, "{many}");
    assert!(many.contains("31 more places that this is about"), "{many}");
    assert!(!drawn(9).contains("more place"));
}

/// The kernel looks up the directory of a watch (`audit_get_nd`), and a file is none: ENOTDIR. The rule is not loaded.
#[test]
fn a_path_below_a_file_is_refused() {
    let folder = folder(&[("file", "")]);
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::os::unix::fs::symlink("file", at("link")).expect("a link");
    let found = |rule: &str| {
        fs::write(at("a.rules"), format!("-c\n{rule}\n")).expect("a file");
        run(folder.path(), &["lint", "--host", "--select", "R109", "a.rules"])
    };
    for (path, file) in [("file/x", "file"), ("file/x/y", "file"), ("link/x", "link")] {
        for rule in [
            format!("-w {} -p wa -k x", at(path)),
            format!("-a always,exit -F arch=b64 -S openat -F path={} -F key=x", at(path)),
            format!("-a always,exit -F arch=b64 -S openat -F dir={} -F key=x", at(path)),
        ] {
            let ran = found(&rule);
            let refused = format!("refuses this rule on this host: `{}` is no directory", at(file));
            assert!(ran.out.contains(&refused) && ran.out.contains("ENOTDIR"), "{}", ran.out);
            assert_eq!(ran.status, Some(1), "{rule}");
        }
    }
    // A file that may come later.
    assert!(found(&format!("-w {} -p wa -k x", at("none"))).out.contains("until the path exists"));
}
