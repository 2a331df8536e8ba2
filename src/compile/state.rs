//! The state that the options of a command leave for later options.

use crate::catalog::Arch;
use crate::rule::{Action, Field, FilterList, Mask, Placement};
use crate::span::Span;

/// The rule under construction.
pub(super) struct Draft {
    /// The list of `-a`, `-A` or `-w`.
    pub(super) add: Option<(FilterList, Placement)>,
    /// The list of `-d` or `-W`.
    pub(super) delete: Option<FilterList>,
    pub(super) action: Option<Action>,
    /// The option that begins the rule, with its value.
    pub(super) span: Span,
    /// The arch in which syscall names are looked up, once an `arch` or `-S` has decided it.
    pub(super) arch: Option<Arch>,
    pub(super) mask: Mask,
    pub(super) fields: Vec<Field>,
    /// Whether the command sends a rule (`OPT_SUCCESS_RULE`).
    pub(super) is_sent: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Draft {
            add: None,
            delete: None,
            action: None,
            span: Span::default(),
            arch: None,
            mask: Mask::EMPTY,
            fields: Vec::new(),
            is_sent: false,
        }
    }
}

impl Draft {
    /// Returns the list of the rule so far.
    pub(super) fn list(&self) -> Option<FilterList> {
        self.add.map(|(list, _)| list).or(self.delete)
    }
}

/// The keys of the rule, joined into one field at its end.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) bytes: Vec<u8>,
    /// The last key.
    pub(super) span: Span,
}

/// The parts of a rule that later options depend on.
#[derive(Default)]
pub(super) struct Seen {
    /// The number of `-a`, `-A` and `-d`.
    pub(super) rules: u32,
    pub(super) exclude_list: bool,
    pub(super) syscalls: bool,
    pub(super) path_or_perm: bool,
    pub(super) exe: bool,
    pub(super) fstype: bool,
}

impl Seen {
    /// Returns whether the rule has a part that a key can be for.
    pub(super) fn takes_key(&self) -> bool {
        self.syscalls || self.path_or_perm || self.exe || self.fstype
    }
}

/// The faults so far. Parts that depend on a faulty part are not checked.
#[derive(Default)]
pub(super) struct Faults {
    pub(super) any: bool,
    pub(super) in_list: bool,
    pub(super) in_arch: bool,
    /// Whether [`WatchFault::SlowPerm`](crate::diag::WatchFault::SlowPerm) is noted.
    pub(super) slow_perm: bool,
    /// Whether a fault ends the checks of the words after it.
    pub(super) end_checks: bool,
    /// Whether an option or a condition is malformed, so that the word after it may belong to it.
    pub(super) may_lack_a_word: bool,
}

/// `-l`, `-s` and `-D`.
#[derive(Default)]
pub(super) struct Question {
    /// Whether the command has `-l` or `-D`, so that a key belongs to it.
    pub(super) asked: bool,
    /// The words after the option that belong to it: `-i`, or `-k` and a key.
    pub(super) words: usize,
}
