//! The rules and settings of a kernel after files are loaded, and the number of refused lines.

use rauditctl::catalog::Arch;
use rauditctl::lint::{LintSettings, compile_for};
use rauditctl::model::{KernelModel, Reason};
use rauditctl::rule::{Control, Field, Request, Rule, TextId};
use rauditctl::ruleset::Sent;
use rauditctl::ruleset::{Input, RuleSet};

use super::made::Files;

/// A kernel after files were loaded. Refused lines are skipped, as with `-c`.
#[derive(Debug, PartialEq)]
pub(super) struct Loaded {
    /// The rules in the order of a listing.
    pub(super) rules: Vec<Rule>,
    /// The settings, in order.
    pub(super) controls: Vec<Control>,
    /// The number of lines refused for their content.
    pub(super) faulty: usize,
    /// The number of rules refused as duplicates.
    pub(super) repeated: usize,
    /// The number of lines that add a rule.
    pub(super) adding: usize,
    /// The number of `-i` and `-c` lines.
    pub(super) forgiving: usize,
}

pub(super) fn set_of(files: &Files) -> RuleSet<'_> {
    RuleSet::new(files.iter().map(|(source, directory)| Input { source, directory: *directory }))
}

impl Loaded {
    pub(super) fn on(arch: Arch, files: &Files, settings: &LintSettings<'_>) -> Self {
        let set = set_of(files);
        let compiled = compile_for(&set, arch, &settings.scope);
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

/// Deletes every rule, or those whose key contains the text.
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
        kernel.delete(&rule).expect("a rule of the kernel");
    }
}
