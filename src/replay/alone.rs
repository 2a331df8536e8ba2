//! The rules with the same keys, without all others.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::catalog::KernelVersion;
use crate::eval::{Evaluator, Files, Tasks};
use crate::model::{KernelModel, Profile};
use crate::rule::Rule;

/// The rules of a kernel by their keys. A log needs few of them, and each is prepared when it is first asked.
pub(super) struct Alone {
    profile: Profile,
    version: KernelVersion,
    by_keys: BTreeMap<Vec<Vec<u8>>, Rules>,
}

/// The rules with the same keys.
#[derive(Default)]
struct Rules {
    rules: Vec<Rule>,
    evaluator: OnceLock<Evaluator>,
}

impl Alone {
    /// Takes the rules that a kernel of this version holds.
    pub(super) fn new(kernel: &KernelModel, version: KernelVersion) -> Self {
        let mut by_keys: BTreeMap<Vec<Vec<u8>>, Rules> = BTreeMap::new();
        for rule in kernel.rules() {
            let keys = rule.keys().map(<[u8]>::to_vec).collect();
            by_keys.entry(keys).or_default().rules.push(rule.clone());
        }
        Alone { profile: kernel.profile(), version, by_keys }
    }

    /// Returns what the rules with these keys decide; `None` if there are none.
    pub(super) fn with(&self, keys: &[Vec<u8>]) -> Option<&Evaluator> {
        let Rules { rules, evaluator } = self.by_keys.get(keys)?;
        Some(evaluator.get_or_init(|| {
            let mut kernel = KernelModel::new(self.profile);
            for rule in rules {
                // The kernel has taken the rule, so it takes it alone, too.
                let _ = kernel.add(rule);
            }
            Evaluator::new(&kernel, self.version, Files::default()).with_tasks(Tasks::Recorded)
        }))
    }
}
