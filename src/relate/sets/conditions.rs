//! Conditions of rules as functions of the variables.

use super::calls::CallId;
use super::demands::{compared, ordered};
use super::names::of_any;
use super::space::{Space, Value};
use super::test::{Fact, Role, SUCCESS, Test, Trait, UNSET, When};
use crate::catalog::{Arch, field};
use crate::model::{Access, EntryChange, is_error};
use crate::relate::diagram::Diagram;
use crate::rule::{Field, Mask, Op, Rule};

impl<'r> Space<'r> {
    /// Returns the events of a region that a rule matches, if it is tested.
    pub(super) fn matches_within(
        &mut self,
        rule: &'r Rule,
        role: Role,
        region: Diagram,
    ) -> Diagram {
        let mask = self.mask(&rule.mask, role);
        let mut all = self.diagrams.both(mask, region);
        for field in &rule.fields {
            if all == Diagram::NOTHING {
                break;
            }
            let holds = self.holds(field, role);
            all = self.diagrams.both(holds, all);
        }
        all
    }

    /// Returns the condition that the call is a syscall.
    pub(super) fn syscalls(&mut self) -> Diagram {
        self.calls(|class| matches!(class.call, CallId::Syscall { .. }))
    }

    /// Returns the condition that the judged name is at a watched path.
    pub(super) fn at_path(&mut self, path: &[u8]) -> Diagram {
        let place = self.locations.of_path(path);
        place.map_or(Diagram::NOTHING, |place| self.at_places(place, place))
    }

    /// Returns the events for which a condition holds.
    pub(super) fn holds(&mut self, field: &'r Field, role: Role) -> Diagram {
        let test = Test::of(field, role, self.version);
        let key = (test, role);
        if let Some(known) = self.tests.get(&key) {
            return *known;
        }
        let holds = self.test(&key.0, role);
        self.tests.insert(key, holds);
        holds
    }

    fn mask(&mut self, mask: &Mask, role: Role) -> Diagram {
        if !matches!(role, Role::Exit | Role::IoUring) && !role.is_by_inode() {
            return Diagram::ALWAYS;
        }
        let key = (mask.clone(), role);
        if let Some(known) = self.masks.get(&key) {
            return *known;
        }
        let calls = self.calls(|class| match (role, class.call) {
            (Role::Exit, CallId::Operation(_)) | (Role::IoUring, CallId::Syscall { .. }) => false,
            (Role::IoUring, CallId::Operation(operation)) => mask.contains(operation),
            (_, call) => mask.contains(call.number()),
        });
        self.masks.insert(key, calls);
        calls
    }

    fn test(&mut self, test: &Test<'r>, role: Role) -> Diagram {
        match test {
            Test::Known(true) => Diagram::ALWAYS,
            Test::Known(false) | Test::Ends => Diagram::NOTHING,
            Test::Number(of, op, value) => self.numbers(*of, |number| op.compares(number, *value)),
            Test::Argument(of, op, value) => {
                let number = self.numbers(*of, |number| op.compares(number, *value));
                let syscalls = self.syscalls();
                let of_syscalls = self.diagrams.both(syscalls, number);
                if !op.compares(0, *value) {
                    return of_syscalls;
                }
                let operations = self.diagrams.not(syscalls);
                self.diagrams.first(of_syscalls, operations)
            }
            Test::LoggedIn(when, op, value) => {
                let auid = Trait::Number(field::AUID, *when);
                self.numbers(auid, |auid| op.compares(u32::from(auid != UNSET), *value))
            }
            Test::Group(of, when, op, value) => {
                let own = self.numbers(*of, |number| op.compares(number, *value));
                let among = self.fact(&Fact::InGroup(*value, *when));
                match op {
                    Op::Known(crate::catalog::Operator::Equal) => self.diagrams.first(own, among),
                    Op::Known(crate::catalog::Operator::NotEqual) => {
                        let not = self.diagrams.not(among);
                        self.diagrams.both(own, not)
                    }
                    _ => own,
                }
            }
            Test::Arch(op, value) => self.calls(|class| {
                op.compares(class.arch().map_or(0, Arch::elf), *value)
            }),
            Test::Access { bits, is_negated } => {
                let access = self.access(*bits);
                self.negated_if(*is_negated, access)
            }
            Test::Result(op, value) => {
                let low = |result: i64| u32::try_from(result & 0xffff_ffff).unwrap_or(0);
                self.result(role, |result| op.compares(low(result), *value))
            }
            Test::Success(op, asked) => self.result(role, |result| {
                op.compares(SUCCESS + u32::from(is_error(result)), *asked)
            }),
            Test::Family(op, value) => self.values(Trait::Family, |family| {
                matches!(family, Value::Family(Some(family)) if op.compares(*family, *value))
            }),
            Test::Exe { path, is_negated } => {
                let is = self.values(Trait::Exe, |exe| *exe == Value::Text(Some(path.clone())));
                self.negated_if(*is_negated, is)
            }
            Test::Label(part, when, op, text) => self.label(*part, *when, *op, text),
            Test::Fact(fact, is_negated) => {
                let fact = self.name_fact(fact, role);
                self.negated_if(*is_negated, fact)
            }
            Test::SameIds { pair, when, is_negated } => {
                let same = self.same_ids(*pair, *when);
                self.negated_if(*is_negated, same)
            }
            Test::Inside(dir) => {
                let inside = self.locations.inside(dir);
                inside.map_or(Diagram::NOTHING, |(first, last)| self.at_places(first, last))
            }
            Test::At(path) => self.at_path(path),
        }
    }

    /// Returns a fact about the names that are collected when the rule is tested.
    fn name_fact(&mut self, fact: &Fact, role: Role) -> Diagram {
        let late = self.fact(fact);
        let Some(test) = of_any(fact).filter(|_| role == Role::Removed) else { return late };
        // All names of other calls are early.
        let moves = self.calls(|class| class.change == EntryChange::Moves);
        let early = self.fact(&Fact::EarlyName(test.clone()));
        // A name that is collected early is collected.
        let others = self.diagrams.not(moves);
        let early = self.diagrams.first(early, others);
        self.diagrams.both(late, early)
    }

    /// Returns the condition on the result. It does not hold for a call that never returns, and not before the result
    /// is known.
    fn result(&mut self, role: Role, holds: impl Fn(i64) -> bool) -> Diagram {
        if role == Role::Removed {
            return Diagram::NOTHING;
        }
        let result =
            self.values(Trait::Result, |value| matches!(value, Value::Result(r) if holds(*r)));
        let returns = self.calls(|class| class.returns);
        self.diagrams.both(returns, result)
    }

    fn access(&mut self, bits: u32) -> Diagram {
        let matches = |access: Option<Access>, flags, a0| {
            access.is_some_and(|access| access.matches(bits, flags, a0) == Some(true))
        };
        let mut all = self.calls(|class| matches(class.access, None, None));
        for mode in 0..3 {
            let calls = self.calls(|class| matches(class.access, Some(mode), None));
            let is_mode = self.numbers(Trait::OpenMode, |known| known == mode);
            let both = self.diagrams.both(calls, is_mode);
            all = self.diagrams.first(all, both);
        }
        let a0 = Trait::Number(field::A0, When::Now);
        let calls = self.calls(|class| {
            class.access == Some(Access::SocketCall) && matches(class.access, None, Some(2))
        });
        let binds = self.numbers(a0, |a0| a0 == 2);
        let both = self.diagrams.both(calls, binds);
        self.diagrams.first(all, both)
    }

    fn label(&mut self, part: u32, when: When, op: Op, text: &[u8]) -> Diagram {
        use crate::catalog::Operator::{Equal, GreaterEqual, LessEqual, NotEqual};
        let of = Trait::Label(part, when);
        let is = self.values(of, |value| matches!(value, Value::Text(Some(own)) if own == text));
        let is_other = self.values(of, |value| match value {
            Value::Text(Some(own)) => own != text,
            Value::Text(None) => true,
            _ => false,
        });
        match op {
            Op::Known(Equal) => is,
            Op::Known(NotEqual) => is_other,
            _ => {
                let fact = ordered(part, when, op, text);
                let fact = fact.map_or(Diagram::NOTHING, |fact| self.fact(&fact));
                let ordered = self.diagrams.both(is_other, fact);
                match op {
                    Op::Known(LessEqual | GreaterEqual) => self.diagrams.first(is, ordered),
                    _ => ordered,
                }
            }
        }
    }

    /// Returns the condition that two ids are the same. Both have the same regions; a region with one number leaves no
    /// choice.
    fn same_ids(&mut self, pair: u32, when: When) -> Diagram {
        let Some([one, other]) = compared(pair, when) else { return Diagram::NOTHING };
        let fact = self.fact(&Fact::SameIds(pair, when));
        let regions = self.traits.get(&one).map_or(Vec::new(), |domain| domain.values.clone());
        let mut all = Diagram::NOTHING;
        for region in regions {
            let Value::Number(number, spare) = region else { continue };
            let one = self.numbers(one, |known| known == number);
            let other = self.numbers(other, |known| known == number);
            let both = self.diagrams.both(one, other);
            let both = if spare.is_some() { self.diagrams.both(both, fact) } else { both };
            all = self.diagrams.first(all, both);
        }
        all
    }
}
