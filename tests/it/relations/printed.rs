//! Every witness of a comparison, as it is printed: read again, it must be decided differently in the same way. The
//! sets are the rule files of the fixtures and mutations of them.

use std::path::{Path, PathBuf};

use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, compile};
use rauditctl::eval::{Decision, Evaluator, Event, Files, Kind, Notation, Reader, Verdict};
use rauditctl::host::FixedHost;
use rauditctl::relate::sets::Change;
use rauditctl::rule::{Action, Field, Request, Rule};
use rauditctl::syntax::{Content, lines, parse_line};

use super::judged::{VERSION, compared};
use super::universe::{Case, Random};
const ARCH: Arch = Arch::X86_64;
/// Number of mutations of each file.
const MUTATIONS: u64 = 6;

/// The folders with rule files in `fixtures`.
const DIRECTORIES: [&str; 2] = ["rules", "requirements"];

/// Returns the rules of each file.
fn rule_files() -> Vec<(String, Vec<Rule>)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let in_directory = |name: &str| {
        let entries = std::fs::read_dir(fixtures.join(name)).expect("a directory");
        entries.map(|entry| entry.expect("a file").path())
    };
    let paths = DIRECTORIES.into_iter().flat_map(in_directory);
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "rules")).collect();
    paths.sort();
    let of = |path: PathBuf| {
        let text = std::fs::read(&path).expect("a rule file");
        (path.display().to_string(), rules_of(&text))
    };
    paths.into_iter().map(of).collect()
}

/// Returns the rules of a text.
pub(super) fn rules_of(text: &[u8]) -> Vec<Rule> {
    let host = FixedHost::new(ARCH);
    let rules = lines(text).filter_map(|line| {
        let Content::Command(command) = parse_line(&line) else { return None };
        match compile(&command, &host, Options::default()).end {
            End::Rule(Request::Add(rule), _) => Some(rule),
            _ => None,
        }
    });
    rules.collect()
}

/// Drops, moves or changes a few rules.
fn mutated(rules: &[Rule], random: &mut Random) -> Vec<Rule> {
    let mut rules = rules.to_vec();
    for _ in 0..1 + random.below(3) {
        if rules.len() < 2 {
            break;
        }
        let at = random.below(rules.len());
        match random.below(5) {
            0 => drop(rules.remove(at)),
            1 => {
                let rule = rules.remove(at);
                rules.insert(random.below(rules.len() + 1), rule);
            }
            2 => rules[at].fields.retain(|field| matches!(field, Field::Text { .. })),
            3 if rules[at].action == Action::Always => rules[at].action = Action::Never,
            _ => {
                let other = random.below(rules.len());
                rules.swap(at, other);
            }
        }
    }
    rules
}

fn is_recorded(event: &Event, decision: &Decision) -> bool {
    match event.kind {
        Kind::Record(_) | Kind::User(_) | Kind::Filesystem => {
            !matches!(decision.verdict, Verdict::Excluded | Verdict::Silenced)
        }
        _ => decision.verdict == Verdict::Recorded,
    }
}

/// Rules of the list task ask for what the task was when it was made.
#[test]
fn printed_witnesses_show_what_the_task_was() {
    let calls = "-a always,exit -F arch=b64 -S read,setuid -F uid=33 -k calls\n";
    let old = rules_of(calls.as_bytes());
    for (rule, expected) in [
        ("-a never,task -F uid=33", "syscall=read uid=33"),
        ("-a never,task -F uid!=33", "syscall=read uid=33 at_entry.uid=1000"),
        ("-a never,task -F auid=unset -F gid=5", "syscall=read uid=33 gid=5 auid=unset"),
        ("-a never,task -F uid=33 -F euid=1", "syscall=read uid=33 euid=1"),
    ] {
        let new = rules_of(format!("{rule}\n{calls}").as_bytes());
        let differences = compared(&old, &new).differences;
        let texts: Vec<String> = differences
            .iter()
            .map(|evidence| Notation::new(&evidence.event, ARCH).to_string())
            .collect();
        assert_eq!(texts, [expected], "{rule}");
        let judge = Evaluator::new(&Case::kernel(&new), VERSION, Files::default());
        let event = Reader::new(ARCH).read(expected.as_bytes()).expect("an event");
        assert_eq!(judge.decide(&event).verdict, Verdict::NoContext, "{rule}");
    }
}

#[test]
fn printed_witnesses_are_decided_as_they_show() {
    let mut count = 0;
    for (name, rules) in rule_files() {
        for seed in 0..MUTATIONS {
            let new = mutated(&rules, &mut Random::new(seed + 1));
            let [old_kernel, new_kernel] = [&rules, &new].map(|rules| Case::kernel(rules));
            let judges = [&old_kernel, &new_kernel]
                .map(|kernel| Evaluator::new(kernel, VERSION, Files::default()));
            for evidence in compared(&rules, &new).differences {
                let text = Notation::new(&evidence.event, ARCH).to_string();
                let event = Reader::new(ARCH).read(text.as_bytes());
                let event = event.unwrap_or_else(|problem| panic!("{name}: {text}: {problem:?}"));
                let [old, new] = judges.each_ref().map(|judge| judge.decide(&event));
                let is_real = match evidence.change {
                    Change::Lost => is_recorded(&event, &old) && !is_recorded(&event, &new),
                    Change::Gained => !is_recorded(&event, &old) && is_recorded(&event, &new),
                    Change::Rekeyed => {
                        is_recorded(&event, &old)
                            && is_recorded(&event, &new)
                            && old.keys != new.keys
                    }
                };
                assert!(is_real, "{name} {seed}: {:?} {text}\n{old:?}\n{new:?}", evidence.change);
                assert_eq!(
                    (old.verdict, old.rule, new.verdict, new.rule),
                    (
                        evidence.old.verdict,
                        evidence.old.rule,
                        evidence.new.verdict,
                        evidence.new.rule
                    ),
                    "{name} {seed}: {text}"
                );
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} witnesses");
}
