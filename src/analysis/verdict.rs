//! What is certain about a rule and a syscall before the syscall is made.
//!
//! Of the fields only two can be decided beforehand: `arch`, and `perm` for most syscalls. Keys are
//! passed over (`audit_filter_rules`).

use super::arming::Arming;
use super::perm::{self, Kind};
use crate::catalog::{Arch, Operator, field};
use crate::rule::{Field, NumberId, Op, Rule};

/// Whether a rule, or one of its fields, holds for a syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Not for any call.
    Never,
    /// It depends on the call.
    Maybe,
    /// For every call.
    Always,
}

impl Verdict {
    /// Always or never.
    pub(super) fn of(holds: bool) -> Self {
        if holds { Verdict::Always } else { Verdict::Never }
    }
}

/// Why a rule that has a syscall in its mask never matches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is for another arch.
    Arch,
    /// The syscall does nothing that its `perm` is about.
    Perm,
}

/// What the fields of a rule come to for a syscall whose bit it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) obstacle: Option<Obstacle>,
    /// Fields compared when it does not match, at worst.
    pub(super) until_failure: usize,
    /// Fields compared when it matches.
    pub(super) until_match: usize,
}

/// The programs of one arch.
pub(super) struct Side {
    pub(super) arch: Arch,
    /// The kinds there are.
    kinds: Vec<Kind>,
    /// By syscall number, which of them.
    kind_of: Vec<usize>,
}

impl Side {
    pub(super) fn of(arming: &Arming, arch: Arch) -> Self {
        let mut kinds = Vec::new();
        let all = perm::kinds(arming.kernel(), arch);
        let position = |kind: Kind| {
            kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            })
        };
        let kind_of = all.into_iter().map(position).collect();
        Side { arch, kinds, kind_of }
    }

    /// What `rule` comes to, for each kind of syscall; see [`Side::kind_of`].
    pub(super) fn outcomes(&self, rule: &Rule) -> Vec<Outcome> {
        if rule.fields.iter().any(|field| field.number() == field::PERM) {
            self.kinds.iter().map(|kind| self.of_fields(rule, *kind)).collect()
        } else {
            vec![self.of_fields(rule, Kind::Classes(0)); self.kinds.len()]
        }
    }

    /// Which of the outcomes is that of syscall `nr`.
    pub(super) fn kind_of(&self, nr: u32) -> usize {
        self.kind_of.get(nr as usize).copied().unwrap_or(0)
    }

    /// What `rule` comes to for syscall `nr`.
    pub(super) fn outcome(&self, rule: &Rule, nr: u32) -> Outcome {
        let kind = self.kinds.get(self.kind_of(nr)).copied().unwrap_or(Kind::Classes(0));
        self.of_fields(rule, kind)
    }

    fn of_fields(&self, rule: &Rule, kind: Kind) -> Outcome {
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

    fn of_field(&self, field: &Field, kind: Kind) -> (Verdict, Option<Obstacle>) {
        match field {
            Field::Number { id: NumberId::ARCH, op, value } => {
                let is_equal = *value == self.arch.elf();
                let verdict = match op {
                    Op::Known(Operator::Equal) => Verdict::of(is_equal),
                    Op::Known(Operator::NotEqual) => Verdict::of(!is_equal),
                    _ => Verdict::Maybe,
                };
                (verdict, Some(Obstacle::Arch))
            }
            // `perm` is a set of bits whatever the operator says.
            Field::Number { id: NumberId::PERM, value, .. } => {
                (kind.verdict(*value), Some(Obstacle::Perm))
            }
            _ => (Verdict::Maybe, None),
        }
    }
}
