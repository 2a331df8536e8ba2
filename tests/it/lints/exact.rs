//! Findings about rules without effect are proved, and their examples are decided as they claim, in every fixture.

use std::fs;
use std::path::{Path, PathBuf};

use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::eval::{Evaluator, Files, Outcome, Reader, Verdict};
use rauditctl::lint::{Finding, LintSettings, compile_for, find, lint};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::relate::{Decides, Deciding};
use rauditctl::rule::{Action, FilterList, Placement, Rule};
use rauditctl::ruleset::{CompiledSet, FileSpan, Input, RuleSet};
use rauditctl::source::Source;

use super::only;
use super::proved::numbers;
use crate::no_panic::cases_or;

/// Default number of random sets.
const FEW: u32 = 24;

const MACHINE: Arch = Arch::X86_64;
const VERSION: KernelVersion = KernelVersion::NEWEST;

/// The codes of rules without effect.
const CODES: [&str; 4] = ["C104", "C105", "C120", "C121"];

/// A set, and what is found in it.
struct Set {
    source: Source,
    findings: Vec<Finding>,
}

/// A set on a machine.
struct Decided<'c> {
    compiled: &'c CompiledSet<'c, 'c>,
    kernel: KernelModel,
    evaluator: Evaluator,
}

impl Set {
    fn of(name: &str, text: &[u8]) -> Self {
        let source = Source::new(name, text.to_vec());
        let set = RuleSet::new([Input { source: &source, directory: None }]);
        let mut findings = Vec::new();
        for code in CODES {
            let selection = only(find(code).expect("a lint"));
            let settings = LintSettings { selection, ..LintSettings::new(MACHINE) };
            findings.extend(lint(&set, &settings).findings);
        }
        findings.retain(|finding| CODES.contains(&finding.lint.code));
        Set { source, findings }
    }

    fn lines(&self, code: &str) -> Vec<usize> {
        let found = self.findings.iter().filter(|finding| finding.lint.code == code);
        found.map(|finding| self.source.location(finding.place.span.start).line).collect()
    }

    /// Checks every finding; returns how many have an example, and how many have none.
    fn check(&self) -> [usize; 2] {
        let set = RuleSet::new([Input { source: &self.source, directory: None }]);
        let compiled = compile_for(&set, MACHINE, &LintSettings::new(MACHINE).scope);
        let mut kernel = KernelModel::new(compiled.profile);
        for loaded in compiled.rules() {
            let _ = kernel.add(loaded.rule);
        }
        let evaluator = evaluator(&kernel);
        let decided = Decided { compiled: &compiled, kernel, evaluator };
        let mut examples = [0, 0];
        for finding in &self.findings {
            let name = format!("{}:{:?}: {}", self.source.name(), finding.place, finding.message);
            match finding.lint.code {
                "C105" => decided.never_matches(finding, &name),
                _ => {
                    decided.is_without_effect(finding, &name);
                    match &finding.witness {
                        Some(event) => decided.shows(finding, event, &name),
                        // No event shows a rule that matches nothing.
                        None if decided.matches_nothing(decided.rule_at(finding.place)) => continue,
                        None => println!("no example: {name}"),
                    }
                    examples[usize::from(finding.witness.is_none())] += 1;
                }
            }
        }
        examples
    }
}

impl Decided<'_> {
    fn rule_at(&self, place: FileSpan) -> &Rule {
        let mut rules = self.compiled.rules();
        let loaded = rules.find(|loaded| {
            let whole = loaded.line.whole();
            whole.file == place.file
                && whole.span.start <= place.span.start
                && place.span.end <= whole.span.end
        });
        loaded.expect("a rule").kernel_rule
    }

    fn never_matches(&self, finding: &Finding, name: &str) {
        let rule = self.rule_at(finding.place);
        let found = Deciding::new(self.kernel.profile(), VERSION).after(&[], rule);
        match finding.message.contains("results such as") {
            true => assert!(has_large_result(&found), "{name}: {found:?}"),
            false => assert_eq!(found, Decides::Nothing, "{name}"),
        }
    }

    /// Returns whether the rule matches nothing by itself, such as one on a result that its calls never have.
    fn matches_nothing(&self, rule: &Rule) -> bool {
        let deciding = Deciding::new(self.kernel.profile(), VERSION);
        deciding.after(&[], rule) == Decides::Nothing
    }

    /// Proves that the rule decides nothing after those that the finding names, and needs all of them for that.
    fn is_without_effect(&self, finding: &Finding, name: &str) {
        if finding.lint.code != "C104" {
            return;
        }
        let rule = self.rule_at(finding.place);
        let earlier: Vec<&Rule> =
            finding.related.iter().map(|one| self.rule_at(one.place)).collect();
        let deciding = Deciding::new(self.kernel.profile(), VERSION);
        let found = deciding.after(&earlier, rule);
        assert_eq!(found, Decides::Nothing, "{name}");
        let matches_nothing = self.matches_nothing(rule);
        for left_out in (0..earlier.len()).filter(|_| !matches_nothing) {
            let mut fewer = earlier.clone();
            fewer.remove(left_out);
            let found = deciding.after(&fewer, rule);
            assert_ne!(found, Decides::Nothing, "{name}: {left_out} is not needed");
        }
    }

    /// Checks that the rule matches the example, and that another rule decides it: in the whole set, or, if that needs
    /// more, among the rules that the finding names.
    fn shows(&self, finding: &Finding, text: &str, name: &str) {
        let event = Reader::new(MACHINE).read(text.as_bytes()).expect("an event");
        let rule = self.rule_at(finding.place);
        let related = finding.related.iter().map(|one| self.rule_at(one.place));
        let related: Vec<&Rule> = related.collect();
        let named = kernel_of(related.iter().copied().chain([rule]));
        let whole = self.evaluator.decide(&event);
        let (kernel, decision) = match whole.verdict {
            Verdict::Undecided => (&named, evaluator(&named).decide(&event)),
            _ => (&self.kernel, whole),
        };
        assert_ne!(decision.verdict, Verdict::Undecided, "{name}: {text}");
        let serial = kernel.find(rule).expect("a rule of the kernel").serial();
        // A watch of a directory is a tree, which only a machine with the directory knows. `-A` adds a rule again that is
        // there.
        let is_odd = finding.lint.code == "C121" || related.contains(&rule);
        assert!(is_odd || decision.rule != Some(serial), "{name}: {text}: {decision:?}");
        if finding.lint.code == "C120" {
            assert_eq!(decision.verdict, Verdict::Recorded, "{name}: {text}");
        }
        let alone = Rule { action: Action::Always, ..rule.clone() };
        let decision = evaluator(&kernel_of([&alone].into_iter())).decide(&event);
        assert_eq!(decision.rule, Some(0), "{name}: {text}: {decision:?}");
    }
}

fn kernel_of<'r>(rules: impl Iterator<Item = &'r Rule>) -> KernelModel {
    let mut kernel = KernelModel::new(Profile::newest(MACHINE));
    for rule in rules {
        // A rule that is there twice counts once.
        let _ = kernel.add(&Rule { placement: Placement::Append, ..rule.clone() });
    }
    kernel
}

fn evaluator(kernel: &KernelModel) -> Evaluator {
    Evaluator::new(kernel, VERSION, Files::default())
}

/// Returns whether a rule decides a call whose result has the low half of an error and is none.
fn has_large_result(decides: &Decides) -> bool {
    let Decides::Event(event) = decides else { return false };
    matches!(
        event.call.outcome,
        Outcome::Returned { value: Some(value), .. } if value > i64::from(i32::MAX)
    )
}

fn rules_files(folder: &Path) -> Vec<PathBuf> {
    super::proved::rules_files(folder)
}

#[test]
fn findings_in_fixtures_are_proved() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let (mut with, mut without) = (0, 0);
    for path in rules_files(&folder) {
        let name = path.strip_prefix(&folder).expect("a fixture").display().to_string();
        let [shown, others] = Set::of(&name, &fs::read(&path).expect("a fixture")).check();
        with += shown;
        without += others;
    }
    println!("{with} findings with an example, {without} without");
    assert!(with > 50 && without == 0, "{with} with an example, {without} without");
}

/// The findings are proved in random sets too, and few rules are missed that decide nothing.
#[test]
fn findings_in_random_sets_are_proved() {
    let (mut found, mut missed) = (0, Vec::new());
    let mut below = numbers();
    for _ in 0..cases_or(FEW) {
        let set = Set::of("random", alike(&mut below).as_bytes());
        set.check();
        found += set.lines("C104").len() + set.lines("C121").len();
        missed.extend(set.missed());
    }
    println!("{found} rules are shadowed, {} are missed: {missed:#?}", missed.len());
    assert!(found > 10 && missed.len() * 20 <= found, "{found}: {missed:#?}");
}

/// Returns rules for the same few calls, files and users.
fn alike(below: &mut dyn FnMut(usize) -> usize) -> String {
    const CONDITIONS: [&str; 14] = [
        "-F auid>=1000",
        "-F auid<1000",
        "-F auid!=unset",
        "-F uid=0",
        "-F uid!=0",
        "-F success=1",
        "-F success=0",
        "-F exit=-EACCES",
        "-F exe=/bin/x",
        "-F exe!=/bin/x",
        "-F gid=5",
        "-C uid!=euid",
        "-C uid=euid",
        "-F egid>5",
    ];
    let mut rules = String::new();
    for _ in 0..8 {
        let mut one = |all: &[&'static str]| all[below(all.len())];
        let action = one(&["always", "always", "never"]);
        let arch = one(&["-F arch=b64", "-F arch=b32", "-F arch=b64", ""]);
        let calls = one(&["-S chmod", "-S chown", "-S chmod,chown", "-S all"]);
        let file = one(&["", "", "-F dir=/a", "-F dir=/a/b", "-F path=/a/b/c"]);
        let perm =
            if file.is_empty() { "" } else { one(&["", "-F perm=wa", "-F perm=a", "-F perm=w"]) };
        let (first, second) = (one(&CONDITIONS), one(&CONDITIONS));
        let conditions = [first, second].map(|text| one(&["", text]));
        let words = [arch, calls, file, perm, conditions[0], conditions[1]];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        rules += &format!("-a {action},exit {} -k {}\n", words.join(" "), one(&["a", "b"]));
    }
    rules
}

impl Set {
    /// Returns the rules that decide nothing after all rules before them, though nothing is found.
    fn missed(&self) -> Vec<String> {
        let set = RuleSet::new([Input { source: &self.source, directory: None }]);
        let compiled = compile_for(&set, MACHINE, &LintSettings::new(MACHINE).scope);
        let deciding = Deciding::new(compiled.profile, VERSION);
        let known: Vec<usize> =
            ["C104", "C105", "C121"].iter().flat_map(|code| self.lines(code)).collect();
        let again: Vec<_> = compiled.repeated().map(|(again, _)| again.line.id).collect();
        let mut earlier: Vec<&Rule> = Vec::new();
        let mut missed = Vec::new();
        for loaded in
            compiled.in_kernel_order().filter(|one| one.kernel_rule.list == FilterList::Exit)
        {
            let rule = loaded.kernel_rule;
            let line = self.source.location(loaded.line.whole().span.start).line;
            let is_known = known.contains(&line) || again.contains(&loaded.line.id);
            if !is_known
                && deciding.after(&earlier, rule) == Decides::Nothing
                && deciding.after(&[], rule) != Decides::Nothing
            {
                let text = String::from_utf8_lossy(self.source.text()).into_owned();
                missed.push(format!("line {line} of\n{text}"));
            }
            earlier.push(rule);
        }
        missed
    }
}

#[test]
fn several_rules_shadow_one_together() {
    let of = |text: &str| {
        let set = Set::of("a.rules", text.as_bytes());
        set.check();
        let related = set.findings.iter().map(|finding| {
            let lines =
                finding.related.iter().map(|one| set.source.location(one.place.span.start).line);
            lines.collect::<Vec<usize>>()
        });
        (set.lines("C104"), related.collect::<Vec<_>>())
    };
    let rules = "-a always,exit -F arch=b64 -S chmod,chown -F auid>=1000 -k a\n\
                 -a always,exit -F arch=b32 -S chmod -F auid>=1000 -k b\n\
                 -a always,exit -F arch=b64 -S fchmod,chmod -F auid<1000 -k c\n\
                 -a always,exit -F arch=b64 -S chmod -F uid=0 -k d\n";
    // The rule for b32 is not needed, nor is the rule for chown.
    assert_eq!(of(rules), (vec![4], vec![vec![1, 3]]));
    let other = rules.replace("auid<1000", "auid<999");
    assert_eq!(of(&other), (vec![], vec![]));
}

#[test]
fn examples_can_be_pasted() {
    let rules = "-a always,exit -F arch=b64 -F path=/etc/shadow -F perm=wa -F auid>=1000 -F auid!=unset -k a\n\
                 -a always,exit -F arch=b64 -F path=/etc/shadow -F perm=w -F auid=1000 -k b\n";
    let set = Set::of("a.rules", rules.as_bytes());
    set.check();
    let events: Vec<&str> = set.findings.iter().filter_map(|one| one.witness.as_deref()).collect();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert!(event.contains("path=/etc/shadow") && event.contains("auid=1000"), "{event}");
}
