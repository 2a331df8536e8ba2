//! The rules with the same keys, without all others.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::eval::Evaluator;
use crate::model::KernelModel;
use crate::rule::Rule;

/// The rules of a kernel by their keys. A log needs few of them, and each is prepared when it is first asked.
pub(super) struct Alone {
    by_keys: BTreeMap<Vec<Vec<u8>>, Rules>,
}

/// The rules with the same keys.
#[derive(Default)]
struct Rules {
    rules: Vec<Rule>,
    evaluator: OnceLock<Evaluator>,
}

impl Alone {
    /// Takes the rules that a kernel holds.
    pub(super) fn new(kernel: &KernelModel) -> Self {
        let mut by_keys: BTreeMap<Vec<Vec<u8>>, Rules> = BTreeMap::new();
        for rule in kernel.rules() {
            let keys = rule.keys().map(<[u8]>::to_vec).collect();
            by_keys.entry(keys).or_default().rules.push(rule.clone());
        }
        Alone { by_keys }
    }

    /// Returns the rules with these keys, which decide as `all` does; `None` if there are none.
    pub(super) fn with(&self, keys: &[Vec<u8>], all: &Evaluator) -> Option<&Evaluator> {
        let Rules { rules, evaluator } = self.by_keys.get(keys)?;
        Some(evaluator.get_or_init(|| {
            let mut kernel = KernelModel::new(all.profile());
            for rule in rules {
                // The kernel has taken the rule, so it takes it alone, too.
                let _ = kernel.add(rule);
            }
            all.for_rules(&kernel)
        }))
    }
}
