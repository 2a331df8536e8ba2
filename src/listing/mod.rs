//! The rules of a kernel from a saved listing: what `auditctl -l` has printed, or `rauditctl -l --format json`.
//!
//! | file | what it reads |
//! |---|---|
//! | `lines` | the lines of a listing, and the arch of their syscall names |
//! | `rule` | one line: the list, the action and its other parts |
//! | `syscalls` | the mask of a rule |
//! | `condition` | one condition, and where a text ends |
//! | `watch` | one line that is printed as a watch |
//! | `value` | the value of a condition |
//! | `shown` | the part of a rule that a listing shows |
//! | `json` | the bytes of the rules, with the feature `serde` |
//!
//! The JSON has the bytes of each rule. The text does not show everything: several rules are printed alike. The reader
//! returns the usual rule, and a [`Doubt`] if another rule is as likely. It takes this for granted:
//!
//! * `b64` and `b32` are the two sides of the machine, and a condition on the arch comes before all others, since it is
//!   printed there. A key has the operator `=`.
//! * A text ends where something follows that is printed like the next condition. Texts are printed as they are, so the
//!   key `a -F uid=0` looks like a key and a condition.
//! * A watch is on a directory if it is one on the host.
//! * On a list without syscalls the mask is what auditctl sends there.
//! * A condition that is not printed at all is not there. This can only be a comparison by an unknown number.
//!
//! [`ListedRule::may_be`] takes nothing for granted but the second point.

mod condition;
#[cfg(feature = "serde")]
mod json;
mod lines;
mod rule;
mod shown;
mod syscalls;
mod value;
mod watch;

use std::fmt;

use foldhash::{HashMap, HashMapExt as _};

use crate::catalog::Arch;
use crate::host::Host;
use crate::rule::Rule;
use crate::span::Span;
use shown::shown;

/// The rules of a kernel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The rules in the kernel's order.
    pub rules: Vec<ListedRule>,
}

/// One rule of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRule {
    /// The line, counted from 1.
    pub line: usize,
    /// The place of the line in the listing.
    pub span: Span,
    /// The rule, in the form in which the kernel keeps it.
    pub rule: Rule,
    /// Other rules that are as likely.
    pub others: Vec<Rule>,
    /// What the line does not show.
    pub doubts: Vec<Doubt>,
    /// Whether the listing has the bytes of the rule.
    is_exact: bool,
}

/// Something that the line of a rule does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Doubt {
    /// The action of a watch: a rule with `never` is printed as the same watch. Watches with `never` are rare.
    Action,
    /// The operator of `exe`: auditctl 3.0.9 prints `exe=` for `exe!=` too, which is rare. A listing that has something
    /// newer does not leave this open.
    ExeOperator,
    /// Whether a watch is on a file or on a directory, which the host does not know.
    Directory,
    /// The list of a rule with only permissions: it is exit or exclude.
    List,
    /// The arch of the syscall names in a rule without an arch. auditctl takes that of an earlier line, and rauditctl
    /// that of the machine.
    Names,
    /// The syscalls that permissions have added on a list that has none.
    Mask,
    /// Operations of io_uring from number 37 on: auditctl does not print them.
    Operations,
    /// The end of a text: what follows is not where auditctl puts it, so it may be a part of the text.
    Text,
}

impl Doubt {
    /// Returns whether nearly all rules with such a line are equal to the rule that is read.
    pub const fn is_slight(self) -> bool {
        matches!(self, Doubt::Action | Doubt::ExeOperator)
    }

    /// Returns what the line does not show.
    pub const fn describe(self) -> &'static str {
        match self {
            Doubt::Action => "whether the watch records or suppresses",
            Doubt::ExeOperator => "whether `exe=` is `exe!=`, which old versions print alike",
            Doubt::Directory => "whether the watch is on a file or on a directory",
            Doubt::List => "whether the rule is on the list exit or exclude",
            Doubt::Names => "the arch of the syscall names",
            Doubt::Mask => "the syscalls of the permissions",
            Doubt::Operations => "operations of io_uring from number 37 on",
            Doubt::Text => "the end of a path, label or key",
        }
    }
}

/// A part of a listing that is not a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// The place in the listing.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// How to correct it.
    pub help: Option<&'static str>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)?;
        match self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// Reads the listing of a kernel of this arch, as text or as JSON. The host knows which watched paths are directories;
/// for the listing of another machine, that is [`AnyHost`](crate::host::AnyHost).
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::host::AnyHost;
/// use rauditctl::listing::{Doubt, read};
///
/// let text = b"-w /etc/shadow -p wa -k accounts\n-w /srv/new -p w\n";
/// let listed = read(text, Arch::X86_64, &AnyHost::new(Some(Arch::X86_64))).unwrap();
/// let [shadow, new] = listed.rules.as_slice() else { panic!("two rules") };
/// assert!(!shadow.is_ambiguous() && shadow.rule.is_watch());
/// // Another machine may have a directory there.
/// assert!(new.is_ambiguous() && new.doubts.contains(&Doubt::Directory));
/// assert_eq!(new.others.len(), 1);
/// ```
///
/// # Errors
/// Every part that is not a rule, with its place.
pub fn read(text: &[u8], machine: Arch, host: &dyn Host) -> Result<Listed, Vec<Problem>> {
    #[cfg(feature = "serde")]
    if text.trim_ascii_start().starts_with(b"{") {
        return json::read(text).map_err(|problem| vec![problem]);
    }
    lines::read(text, machine, host)
}

impl ListedRule {
    /// Returns whether another rule is as likely as this rule.
    pub fn is_ambiguous(&self) -> bool {
        self.doubts.iter().any(|doubt| !doubt.is_slight())
    }

    /// Returns whether the line may be that of `rule`, a rule in the form in which the kernel keeps it.
    pub fn may_be(&self, rule: &Rule) -> bool {
        if self.is_exact {
            return self.rule == *rule;
        }
        let operators = self.shows_operators();
        let looked_for = shown(rule, operators);
        [&self.rule].into_iter().chain(&self.others).any(|own| shown(own, operators) == looked_for)
    }

    /// Returns whether the operator of `exe` is printed.
    fn shows_operators(&self) -> bool {
        !self.doubts.contains(&Doubt::ExeOperator)
    }
}

impl Listed {
    /// Returns the rules in the kernel's order. A line that may be one of `expected`, which are rules in the form in
    /// which the kernel keeps them, is taken as that one. Each of them is taken once.
    ///
    /// ```
    /// # use rauditctl::{catalog::Arch, host::AnyHost, listing::read, rule::{Action, Rule}};
    /// # let host = AnyHost::new(Some(Arch::X86_64));
    /// let listed = read(b"-w /srv/new -p w\n", Arch::X86_64, &host).unwrap();
    /// let never = Rule { action: Action::Never, ..listed.rules[0].rule.clone() };
    /// assert_eq!(listed.expecting(&[never.clone()]), [never]);
    /// ```
    pub fn expecting(&self, expected: &[Rule]) -> Vec<Rule> {
        let mut by_look: HashMap<Rule, Vec<usize>> = HashMap::with_capacity(expected.len());
        for (index, rule) in expected.iter().enumerate().rev() {
            by_look.entry(shown(rule, false)).or_default().push(index);
        }
        self.rules
            .iter()
            .map(|listed| {
                let own = || [&listed.rule].into_iter().chain(&listed.others);
                let looks = own().map(|rule| shown(rule, false)).find(|look| {
                    let found = by_look.get(look).into_iter().flatten();
                    found.filter_map(|index| expected.get(*index)).any(|rule| listed.may_be(rule))
                });
                let Some(indices) = looks.and_then(|look| by_look.get_mut(&look)) else {
                    return listed.rule.clone();
                };
                let is = |index: &usize, wanted: &Rule| expected.get(*index) == Some(wanted);
                // The usual rule first, then one as likely, then any that is printed alike.
                let exact = own().find_map(|rule| indices.iter().rposition(|at| is(at, rule)));
                let alike = || {
                    indices
                        .iter()
                        .rposition(|at| expected.get(*at).is_some_and(|rule| listed.may_be(rule)))
                };
                let taken = exact.or_else(alike).map(|at| indices.remove(at));
                taken.and_then(|index| expected.get(index)).unwrap_or(&listed.rule).clone()
            })
            .collect()
    }

    /// Returns the rules in the kernel's order, each as it was read.
    pub fn into_rules(self) -> Vec<Rule> {
        self.rules.into_iter().map(|listed| listed.rule).collect()
    }
}
