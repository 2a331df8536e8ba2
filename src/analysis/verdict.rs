//! Whether a rule matches every call, some calls or no call of a syscall.
//!
//! Only two fields can be decided before the call: `arch`, and `perm` for most syscalls. The kernel
//! skips keys (`audit_filter_rules`).

use super::arming::Arming;
use crate::catalog::{Arch, Operator, field};
use crate::model::{Access, AccessTable};
use crate::rule::{Field, NumberId, Op, Rule};

/// Whether a rule, or one of its fields, matches the calls of a syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It matches no call.
    Never,
    /// It matches some calls.
    Maybe,
    /// It matches every call.
    Always,
}

impl From<bool> for Verdict {
    fn from(matches: bool) -> Self {
        if matches { Verdict::Always } else { Verdict::Never }
    }
}

/// The reason why a rule never matches a syscall in its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// The rule is for another arch.
    Arch,
    /// The syscall makes no access that the rule's `perm` asks for.
    Perm,
}

/// The result of a rule's fields for a syscall in its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) obstacle: Option<Obstacle>,
    /// The number of fields compared when it does not match, at worst.
    pub(super) until_failure: usize,
    /// The number of fields compared when it matches.
    pub(super) until_match: usize,
}

/// The programs of one arch.
pub(super) struct Side {
    pub(super) arch: Arch,
    /// The different kinds of syscalls.
    kinds: Vec<Access>,
    /// By syscall number, an index into `kinds`.
    kind_of: Vec<usize>,
}

impl Side {
    pub(super) fn of(arming: &Arming, arch: Arch) -> Self {
        let mut kinds = Vec::new();
        let table = AccessTable::of(arming.kernel().profile(), arch);
        let position = |kind: Access| {
            kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            })
        };
        let kind_of = table.iter().map(position).collect();
        Side { arch, kinds, kind_of }
    }

    /// Returns the outcome of `rule` for each kind of syscall; see [`Side::kind_of`].
    pub(super) fn outcomes(&self, rule: &Rule) -> Vec<Outcome> {
        if rule.fields.iter().any(|field| field.number() == field::PERM) {
            self.kinds.iter().map(|kind| self.of_fields(rule, *kind)).collect()
        } else {
            vec![self.of_fields(rule, Access::Classes(0)); self.kinds.len()]
        }
    }

    /// Returns the index of the outcome of syscall `nr`.
    pub(super) fn kind_of(&self, nr: u32) -> usize {
        self.kind_of.get(nr as usize).copied().unwrap_or(0)
    }

    /// Returns the outcome of `rule` for syscall `nr`.
    pub(super) fn outcome(&self, rule: &Rule, nr: u32) -> Outcome {
        let kind = self.kinds.get(self.kind_of(nr)).copied().unwrap_or(Access::Classes(0));
        self.of_fields(rule, kind)
    }

    fn of_fields(&self, rule: &Rule, kind: Access) -> Outcome {
        let mut outcome =
            Outcome { verdict: Verdict::Always, obstacle: None, until_failure: 0, until_match: 0 };
        for field in rule.fields.iter().filter(|field| field.number() != field::KEY) {
            outcome.until_match += 1;
            let (verdict, obstacle) = self.of_field(field, kind);
            if verdict == Verdict::Always {
                continue;
            }
            outcome.verdict = verdict;
            outcome.until_failure = outcome.until_match;
            if verdict == Verdict::Never {
                outcome.obstacle = obstacle;
                break;
            }
        }
        outcome
    }

    fn of_field(&self, field: &Field, kind: Access) -> (Verdict, Option<Obstacle>) {
        match field {
            Field::Number { id: NumberId::ARCH, op, value } => {
                let is_equal = *value == self.arch.elf();
                let verdict = match op {
                    Op::Known(Operator::Equal) => Verdict::from(is_equal),
                    Op::Known(Operator::NotEqual) => Verdict::from(!is_equal),
                    _ => Verdict::Maybe,
                };
                (verdict, Some(Obstacle::Arch))
            }
            Field::Number { id: NumberId::PERM, op, value } => {
                let asks_for_access = *op == Op::EQUAL;
                let verdict = kind
                    .matches(*value, None, None)
                    .map_or(Verdict::Maybe, |matches| Verdict::from(matches == asks_for_access));
                (verdict, Some(Obstacle::Perm))
            }
            _ => (Verdict::Maybe, None),
        }
    }
}
