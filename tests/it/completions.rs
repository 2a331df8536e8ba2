//! The scripts that complete words in a shell offer every command, and every option of each.

use std::process::Command;

use crate::docs::{commands, help};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// Options that go without a command, besides those of auditctl.
const OWN: [&str; 3] = ["--explain-bitmap", "--format", "--max-size"];

fn script(shell: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
        .args(["completions", shell])
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{shell}");
    String::from_utf8(output.stdout).expect("text")
}

/// Returns the part of a script that completes a command; the part without a command for an empty name.
fn part(shell: &str, script: &str, command: &str) -> String {
    let quoted = |end: &str| match command {
        "" => format!("'rauditctl'{end}"),
        _ => format!("'rauditctl;{command}'{end}"),
    };
    let (start, end) = match shell {
        "bash" if command.is_empty() => ("        rauditctl)\n".to_owned(), "esac"),
        "bash" => (format!("        rauditctl__subcmd__{command})\n"), "esac"),
        "elvish" => (quoted("= {"), "\n        }"),
        "powershell" => (quoted(" {"), "\n            break"),
        "zsh" if command.is_empty() => ("_rauditctl() {".to_owned(), "case $state"),
        "zsh" => (format!("({command})\n_arguments"), "&& ret=0"),
        "fish" => {
            let condition = match command {
                "" => "__fish_rauditctl_needs_command\"".to_owned(),
                _ => format!("__fish_rauditctl_using_subcommand {command}\""),
            };
            return script.lines().filter(|line| line.contains(&condition)).collect();
        }
        _ => panic!("no shell {shell}"),
    };
    let at = script.find(&start).unwrap_or_else(|| panic!("no {start:?} in the script of {shell}"));
    let rest = &script[at..];
    rest[..rest.find(end).unwrap_or(rest.len())].to_owned()
}

/// Returns whether a part of a script offers an option: `--view` is not offered by `--views`.
fn offers(shell: &str, part: &str, option: &str) -> bool {
    let word = match (shell, option.strip_prefix("--")) {
        ("fish", Some(long)) => format!(" -l {long}"),
        ("fish", None) => format!(" -s {}", option.trim_start_matches('-')),
        _ => option.to_owned(),
    };
    part.match_indices(&word).any(|(at, _)| {
        let next = part[at + word.len()..].chars().next();
        if shell == "zsh" {
            // An option is also named where another excludes it.
            return next.is_some_and(|next| matches!(next, '=' | '[' | '+'));
        }
        next.is_none_or(|next| !next.is_ascii_alphanumeric() && !matches!(next, '-' | '_'))
    })
}

/// Returns the options that `--help` lists.
fn options(usage: &str) -> Vec<String> {
    let lines = usage.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = lines.flat_map(|line| line.split_whitespace().take(2));
    let names = words.map(|word| word.trim_end_matches(',').to_owned());
    names.filter(|name| name.starts_with('-') && name.len() > 1).collect()
}

#[test]
fn scripts_offer_every_option_of_every_command() {
    let usages: Vec<(String, Vec<String>)> = commands()
        .into_iter()
        .map(|command| {
            let options = options(&help(&[&command, "--help"]));
            (command, options)
        })
        .collect();
    for needed in [
        ("explain", "--event"),
        ("explain", "--never"),
        ("explain", "--rule-cost"),
        ("compare", "--deny"),
        ("covers", "--keys"),
        ("test", "--generate"),
        ("optimize", "--keep"),
        ("optimize", "--check"),
        ("optimize", "--workload"),
    ] {
        let (_, options) =
            usages.iter().find(|(command, _)| command == needed.0).expect("a command");
        assert!(options.iter().any(|option| option == needed.1), "{needed:?}");
    }
    let mut missing = Vec::new();
    for shell in SHELLS {
        let script = script(shell);
        let first = part(shell, &script, "");
        for (command, options) in &usages {
            let is_named = match shell {
                "zsh" => script.contains(&format!("'{command}:")),
                _ => first.contains(command.as_str()),
            };
            if !is_named {
                missing.push(format!("{shell}: {command}"));
            }
            let part = part(shell, &script, command);
            let absent = options.iter().filter(|option| !offers(shell, &part, option));
            missing.extend(absent.map(|option| format!("{shell}: {command} {option}")));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn scripts_offer_the_options_without_a_command() {
    let mut missing = Vec::new();
    for shell in SHELLS {
        let part = part(shell, &script(shell), "");
        let short =
            rauditctl::syntax::SHORT.iter().map(|(letter, ..)| format!("-{}", char::from(*letter)));
        let long = rauditctl::syntax::LONG.iter();
        let long = long.map(|(name, ..)| format!("--{}", String::from_utf8_lossy(name)));
        let own = OWN.iter().map(|name| (*name).to_owned());
        let absent = short.chain(long).chain(own).filter(|option| !offers(shell, &part, option));
        missing.extend(absent.map(|option| format!("{shell}: {option}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn an_option_is_not_offered_by_a_longer_one() {
    assert!(offers("bash", "--views --view -o", "--view"));
    assert!(!offers("bash", "--views -o", "--view"));
    assert!(!offers("fish", "-l views -s o", "--view"));
}
