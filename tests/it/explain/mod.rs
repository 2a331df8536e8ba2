//! `rauditctl explain`: invariants, the JSON and its schema, the command line.

mod advice;
mod cost;
mod invariants;
mod program;
mod rule_cost;
mod schema;

use std::sync::Arc;

use rauditctl::analysis::{Analysis, Arming, Load, Origin, Questions, arming};
use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, compile};
use rauditctl::host::FixedHost;
use rauditctl::model::Profile;
use rauditctl::rule::{Request, Rule};
use rauditctl::syntax::{parse_words, words};

/// Linux 6.1.
fn profile() -> Profile {
    Profile::new(Arch::X86_64, 451)
}

/// Compiles a line to a rule on x86_64.
fn rule(line: &str) -> Rule {
    let mut host = FixedHost::new(Arch::X86_64);
    host.directories.push(b"/etc/audit".to_vec());
    let program = compile(&parse_words(words(line.as_bytes(), 0)), &host, Options::default());
    match program.end {
        End::Rule(Request::Add(rule), _) => rule,
        other => panic!("{line}: {other:?}"),
    }
}

fn arming_of(rules: impl IntoIterator<Item = Rule>) -> Arming {
    let file: Arc<str> = "a.rules".into();
    let loads: Vec<Load> = (1..)
        .zip(rules)
        .map(|(line, rule)| Load::new(Origin { file: Arc::clone(&file), line }, Request::Add(rule)))
        .collect();
    arming(profile(), &loads)
}

fn arming_of_lines(lines: &[&str]) -> Arming {
    arming_of(lines.iter().map(|line| rule(line)))
}

fn analysis_of_lines(lines: &[&str], questions: Questions) -> Analysis {
    Analysis::of(arming_of_lines(lines), questions)
}
