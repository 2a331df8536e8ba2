//! The steps of an optimization.

/// A step. Alone it changes neither what is recorded nor under which keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Drops rules that decide nothing.
    Drop,
    /// Merges rules that differ only in `perm`.
    MergePerm,
    /// Merges rules that differ only in their syscalls.
    MergeSyscalls,
    /// Merges rules for each word size into one rule without `arch`.
    MergeArch,
    /// Removes syscalls that a rule cannot match.
    Narrow,
    /// Puts conditions first that fail early and cost little.
    Order,
}

impl Step {
    /// Every step, in the order in which they are made.
    pub const ALL: [Self; 6] = [
        Step::Drop,
        Step::MergePerm,
        Step::MergeSyscalls,
        Step::MergeArch,
        Step::Narrow,
        Step::Order,
    ];

    /// Returns the name of the step.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Drop => "drop",
            Step::MergePerm => "merge-perm",
            Step::MergeSyscalls => "merge-syscalls",
            Step::MergeArch => "merge-arch",
            Step::Narrow => "narrow",
            Step::Order => "order",
        }
    }

    /// Returns the step with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Step::ALL.into_iter().find(|step| step.name() == name)
    }

    /// Returns why the step changes nothing that is recorded.
    pub const fn lemma(self) -> &'static str {
        match self {
            Step::Drop => "an earlier rule of the list decides every call that these rules match",
            Step::MergePerm => "`perm` matches a call if one of its letters does",
            Step::MergeSyscalls => "a rule matches a call if one of its syscalls is made",
            Step::MergeArch => "without `arch` the rule matches the same calls of both word sizes",
            Step::Narrow => "the conditions of the rule never hold for the other syscalls",
            Step::Order => "a rule matches if all its conditions hold, in any order",
        }
    }
}
