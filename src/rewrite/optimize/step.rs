//! The steps of an optimization.

/// A step. The exact ones change neither what is recorded nor under which keys; the others have a
/// [price](Step::price).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Drops rules that decide nothing.
    Drop,
    /// Merges rules that differ only in `perm`.
    MergePerm,
    /// Merges rules that differ only in their syscalls.
    MergeSyscalls,
    /// Merges rules that differ only in a range of numbers.
    MergeRanges,
    /// Merges rules for each word size into one rule without `arch`.
    MergeArch,
    /// Merges rules that differ only in their syscalls and keys.
    MergeKeys,
    /// Removes syscalls that a rule cannot match.
    Narrow,
    /// Puts conditions first that fail early and cost little.
    Order,
    /// Puts rules that end the walk before rules that cannot match the same calls.
    Lead,
    /// Ends the walk early for syscalls that no later rule can record.
    FastPath,
    /// Takes tasks without a login user out of auditing.
    SkipDaemons,
}

impl Step {
    /// Every step, in the order in which they are made.
    pub const ALL: [Self; 11] = [
        Step::Drop,
        Step::MergePerm,
        Step::MergeSyscalls,
        Step::MergeRanges,
        Step::MergeArch,
        Step::MergeKeys,
        Step::Narrow,
        Step::Order,
        Step::Lead,
        Step::FastPath,
        Step::SkipDaemons,
    ];

    /// Returns the steps that change nothing that is recorded.
    pub fn exact() -> impl Iterator<Item = Self> + Clone {
        Step::ALL.into_iter().filter(|step| step.price().is_none())
    }

    /// Returns the steps that have a price.
    pub fn priced() -> impl Iterator<Item = Self> + Clone {
        Step::ALL.into_iter().filter(|step| step.price().is_some())
    }

    /// Returns the name of the step.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Drop => "drop",
            Step::MergePerm => "merge-perm",
            Step::MergeSyscalls => "merge-syscalls",
            Step::MergeRanges => "merge-ranges",
            Step::MergeArch => "merge-arch",
            Step::MergeKeys => "merge-keys",
            Step::Narrow => "narrow",
            Step::Order => "order",
            Step::Lead => "lead",
            Step::FastPath => "fast-path",
            Step::SkipDaemons => "skip-daemons",
        }
    }

    /// Returns the step with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Step::ALL.into_iter().find(|step| step.name() == name)
    }

    /// Returns why the step changes nothing that is recorded, apart from its price.
    pub const fn lemma(self) -> &'static str {
        match self {
            Step::Drop => "no call matches these rules, or an earlier rule of the list decides it",
            Step::MergePerm => "`perm` matches a call if one of its letters does",
            Step::MergeSyscalls | Step::MergeKeys => {
                "a rule matches a call if one of its syscalls is made"
            }
            Step::MergeRanges => "a number is in the joined range if it is in one of the ranges",
            Step::MergeArch => "without `arch` the rule matches the same calls of both word sizes",
            Step::Narrow => "the conditions of the rule never hold for the other syscalls",
            Step::Order => "a rule matches if all its conditions hold, in any order",
            Step::Lead => "the rules that they pass cannot match the same calls",
            Step::FastPath => "no later rule records a call that the new `never` rules match",
            Step::SkipDaemons => "every rule that records asks for a login user",
        }
    }

    /// Returns what is lost by the step; `None` for an exact step.
    ///
    /// ```
    /// use rauditctl::rewrite::optimize::Step;
    ///
    /// assert_eq!(Step::Narrow.price(), None);
    /// assert!(Step::MergeKeys.price().is_some_and(|price| price.contains("keys")));
    /// ```
    pub const fn price(self) -> Option<&'static str> {
        match self {
            Step::MergeKeys => {
                Some("an event of one of the merged rules has the keys of all of them")
            }
            Step::FastPath => Some(
                "records of other subsystems, such as AVC, LOGIN and CONFIG_CHANGE, come without their SYSCALL record in the syscalls of the new rules",
            ),
            Step::SkipDaemons => Some(
                "the calls of a process that sets its own login user are lost until it makes another process, and records of other subsystems come without their SYSCALL record in daemons",
            ),
            _ => None,
        }
    }
}
