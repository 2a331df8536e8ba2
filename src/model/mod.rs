//! A model of the kernel's rules: accepts or refuses them, orders and counts them, arms syscalls.
//!
//! The model reads no file and asks no kernel. [`KernelModel`] accepts rules in the order in which they would be
//! sent, and answers as Linux 6.1 does (`kernel/auditfilter.c`). [`Counters`] marks the counters that only the bitmap
//! patch of 2023 has.
//!
//! The model was compared with Linux 6.1.192 in a virtual machine, with 60,000 random requests, valid and invalid:
//! [without value checks](Profile::without_value_checks), every errno was the same, and the listing after every
//! thousand requests was byte for byte the same. `tests/guest` compares it with newer kernels too.
//!
//! Limits of the model: It does not resolve paths, so it accepts a `path=` whose directory does not exist
//! ([`Reason::NoSuchPath`] is for callers that check paths). No security module checks the labels of `subj_*` and
//! `obj_*`. Memory never runs out. A rule stays even if the kernel would drop it because its watched file is gone.

mod access;
mod addresses;
mod classes;
mod counters;
#[cfg(feature = "relate")]
mod file_types;
mod kernel_rule;
mod legality;
mod lists;
mod nameless;
mod names;
mod refusal;
mod results;
mod tested;

pub(crate) use access::{Access, AccessTable};
pub(crate) use addresses::may_have_address;
pub use counters::Counters;
#[cfg(feature = "relate")]
pub(crate) use file_types::{FileTypes, TypesOf};
pub use kernel_rule::Home;
pub use lists::Entry;
pub(crate) use nameless::is_about_file;
pub use nameless::names_no_file;
#[cfg(feature = "relate")]
pub(crate) use names::{Collected, NamesOf};
pub(crate) use names::{EntryChange, LinkAtEnd, names_of};
pub use refusal::{Reason, Refusal};
#[cfg(feature = "relate")]
pub(crate) use results::{FIRST_ERROR, Results};
pub(crate) use results::{is_error, never_returns};
pub(crate) use tested::is_tested;

use crate::catalog::Arch;
use crate::rule::{Mask, Placement, Rule};
use classes::Classes;
use legality::ValueChecks;
use lists::Lists;

/// The modeled kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    arch: Arch,
    nr_syscalls: u32,
    checks: ValueChecks,
}

impl Profile {
    /// Creates a kernel for `arch` with `nr_syscalls` entries in its syscall table (`NR_syscalls`; 451 for x86_64 in
    /// Linux 6.1). The mask of a rule has [`Mask::BITS`] bits; further entries do not count.
    pub fn new(arch: Arch, nr_syscalls: u32) -> Self {
        Profile { arch, nr_syscalls: nr_syscalls.min(Mask::BITS), checks: ValueChecks::Done }
    }

    /// Returns the same kernel without value checks: it accepts any value for `perm`, `filetype`, `saddr_fam`, a
    /// comparison or `loginuid_set`.
    ///
    /// Tests show that Linux 6.1, 6.12 and 7.2 are such kernels: `audit_field_valid` checks these values, but is
    /// called before the value is stored, so it checks 0. The default is the intended behavior: to refuse them.
    #[must_use]
    pub fn without_value_checks(self) -> Self {
        Profile { checks: ValueChecks::Skipped, ..self }
    }

    /// Returns the newest kernel for `arch` in the tables of this build.
    pub fn newest(arch: Arch) -> Self {
        Profile::new(arch, arch.nr_syscalls())
    }

    /// Returns the arch that the kernel is built for.
    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// Returns the number of entries in the kernel's syscall table.
    pub fn nr_syscalls(&self) -> u32 {
        self.nr_syscalls
    }
}

/// Returns whether a kernel takes a rule that is in the form in which it stores rules.
pub(crate) fn is_legal(rule: &Rule) -> bool {
    legality::check(rule, ValueChecks::Skipped).is_ok()
}

/// The audit rules of a kernel, and its answers.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::model::{KernelModel, Profile, Reason};
/// use rauditctl::rule::{Action, FilterList, Rule};
///
/// let mut kernel = KernelModel::new(Profile::new(Arch::X86_64, 451));
/// let mut unlink = Rule::new(FilterList::Exit, Action::Always);
/// assert!(unlink.mask.insert(10));
/// assert_eq!(kernel.add(&unlink), Ok(()));
/// assert_eq!(kernel.add(&unlink).unwrap_err().reason, Reason::Exists);
/// assert_eq!(kernel.counters().armed().collect::<Vec<_>>(), [(10, 1)]);
/// ```
#[derive(Clone, Debug)]
pub struct KernelModel {
    profile: Profile,
    classes: Classes,
    lists: Lists,
}

impl KernelModel {
    /// Creates a kernel without rules.
    pub fn new(profile: Profile) -> Self {
        KernelModel { profile, classes: Classes::of(profile), lists: Lists::default() }
    }

    /// Creates a kernel without rules that gets about `rules` rules.
    pub(crate) fn with_capacity(profile: Profile, rules: usize) -> Self {
        KernelModel { lists: Lists::with_capacity(rules), ..KernelModel::new(profile) }
    }

    /// Returns the kernel's profile.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Adds a rule (`AUDIT_ADD_RULE`).
    ///
    /// A prepended rule is never a duplicate: the kernel compares the prepend flag too, and clears it when the rule
    /// is stored.
    ///
    /// # Errors
    /// [`Refusal`] if the rule is not legal or an equal one is loaded; nothing changes then.
    pub fn add(&mut self, rule: &Rule) -> Result<(), Refusal> {
        let kernel_rule = self.kernel_rule(rule)?;
        self.add_kernel_rule(kernel_rule, rule.placement)
    }

    /// Adds a rule in the form that [this kernel](KernelModel::kernel_rule) keeps.
    pub(crate) fn add_kernel_rule(
        &mut self,
        kernel_rule: Rule,
        placement: Placement,
    ) -> Result<(), Refusal> {
        match self.lists.insert(kernel_rule, placement) {
            true => Ok(()),
            false => Err(Reason::Exists.into()),
        }
    }

    /// Deletes a rule (`AUDIT_DEL_RULE`), the first of several equal ones.
    ///
    /// # Errors
    /// [`Refusal`] if the rule is not legal or not found; a prepended rule is never found. Nothing changes
    /// then.
    pub fn delete(&mut self, rule: &Rule) -> Result<(), Refusal> {
        let kernel_rule = self.kernel_rule(rule)?;
        let found = match rule.placement {
            Placement::Append => self.lists.find(&kernel_rule),
            Placement::Prepend => None,
        };
        let position = found.ok_or(Reason::NotFound)?;
        self.lists.remove(position);
        Ok(())
    }

    /// Deletes the rules whose keys contain `key`, all of them if it is empty, one by one as `-D` does.
    pub fn delete_all(&mut self, key: &[u8]) {
        let rules: Vec<Rule> =
            self.rules().filter(|rule| rule.has_key_containing(key)).cloned().collect();
        for rule in &rules {
            // A listed rule is there, and legal.
            let _ = self.delete(rule);
        }
    }

    /// Returns the rule as this kernel would list it after adding it: class bits expanded and cleared, placement
    /// dropped (`audit_data_to_entry`, `audit_krule_to_data`).
    ///
    /// # Errors
    /// [`Refusal`] if the rule is not legal.
    pub fn kernel_rule(&self, rule: &Rule) -> Result<Rule, Refusal> {
        legality::check(rule, self.profile.checks)?;
        Ok(kernel_rule::kernel_rule(rule, &self.classes))
    }

    /// Returns the rules as the kernel lists them (`AUDIT_LIST_RULES`): by list, and front to back within a list.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> + Clone {
        self.lists.iter().map(Entry::rule)
    }

    /// Returns the rules with the kernel's data about each.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.lists.iter()
    }

    /// Returns the first rule that is equal to `kernel_rule`, a rule in the form that the kernel keeps.
    pub fn find(&self, kernel_rule: &Rule) -> Option<&Entry> {
        self.lists.get(self.lists.find(kernel_rule)?)
    }

    /// Returns the number of rules.
    pub fn len(&self) -> usize {
        self.lists.len()
    }

    /// Returns whether there are no rules.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the kernel's counters for its rules, which decide the armed syscalls.
    pub fn counters(&self) -> Counters {
        let mut counters = Counters::new(self.profile.nr_syscalls);
        self.rules().for_each(|rule| counters.count(rule));
        counters
    }
}
