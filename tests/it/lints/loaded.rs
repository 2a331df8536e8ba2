//! What a kernel has in the end when files are loaded, and what is refused on the way.

use rauditctl::catalog::Arch;
use rauditctl::lint::{Facts, Settings};
use rauditctl::model::{KernelModel, Reason};
use rauditctl::rule::{Control, Field, Request, Rule, TextId};
use rauditctl::ruleset::Sent;
use rauditctl::ruleset::{Input, RuleSet};

use super::made::Files;

/// A kernel that files were loaded into. What is refused is passed over, as with `-c`.
#[derive(Debug, PartialEq)]
pub(super) struct Loaded {
    /// The rules, as they are listed.
    pub(super) rules: Vec<Rule>,
    /// The settings, as they are made.
    pub(super) controls: Vec<Control>,
    /// How many lines are refused for what stands in them.
    pub(super) faulty: usize,
    /// How many rules are refused because an equal one is there.
    pub(super) repeated: usize,
    /// How many lines add a rule.
    pub(super) adding: usize,
    /// How many lines say that what is refused is to be passed over.
    pub(super) forgiving: usize,
}

pub(super) fn set_of(files: &Files) -> RuleSet<'_> {
    RuleSet::new(files.iter().map(|(source, directory)| Input { source, directory: *directory }))
}

impl Loaded {
    pub(super) fn on(arch: Arch, files: &Files, settings: &Settings<'_>) -> Self {
        let set = set_of(files);
        let compiled = Facts::new(&set, arch, &settings.scope).compiled;
        let mut kernel = KernelModel::new(compiled.profile);
        let mut loaded = Loaded {
            rules: Vec::new(),
            controls: Vec::new(),
            faulty: 0,
            repeated: 0,
            adding: 0,
            forgiving: 0,
        };
        for line in &compiled.lines {
            loaded.faulty += usize::from(line.checked.program.is_faulty());
            loaded.forgiving += usize::from(line.checked.forgives());
            for (sent, _) in line.checked.sent() {
                match sent {
                    Sent::Request(Request::Add(rule)) => match kernel.add(rule) {
                        Ok(()) => loaded.adding += 1,
                        Err(refusal) if refusal.reason == Reason::Exists => loaded.repeated += 1,
                        Err(_) => loaded.faulty += 1,
                    },
                    Sent::Request(Request::Delete(rule)) => drop(kernel.delete(rule)),
                    Sent::Request(Request::Control(control)) => {
                        loaded.controls.push(control.clone())
                    }
                    Sent::DeleteAll(key) => delete_all(&mut kernel, key),
                }
            }
        }
        loaded.rules = kernel.rules().cloned().collect();
        loaded
    }
}

/// Every rule, or those in whose key the text is found.
fn delete_all(kernel: &mut KernelModel, text: &[u8]) {
    let is_key = |field: &Field| match field {
        Field::Text { id: TextId::KEY, text: key, .. } => {
            key.windows(text.len()).any(|part| part == text)
        }
        _ => false,
    };
    let is_meant = |rule: &&Rule| text.is_empty() || rule.fields.iter().any(is_key);
    let meant: Vec<Rule> = kernel.rules().filter(is_meant).cloned().collect();
    for rule in meant {
        kernel.delete(&rule).expect("a rule that is there");
    }
}
