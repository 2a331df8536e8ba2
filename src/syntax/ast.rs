//! One command as written: its options in order, without resolving names.

use super::expr::{Expression, Keywords, PathPair, SyscallList};
use super::options::Malformed;
use super::text::Text;
use crate::span::Span;

/// One command: a line of a rules file, or a whole command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command<'a> {
    /// Every word, in the order in which it was written.
    pub words: Vec<Text<'a>>,
    /// The options, in the order in which getopt returns them.
    pub options: Vec<Item<'a>>,
    /// Words that belong to no option.
    pub operands: Vec<Text<'a>>,
    /// Whether `--` ended the options.
    pub ended: bool,
}

/// One option with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// Its meaning.
    pub directive: Directive<'a>,
    /// The place of the option, without its value.
    pub span: Span,
    /// The index of the word after the option and its value.
    pub next: usize,
}

/// The meaning of one option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive<'a> {
    /// `-a list,action`
    Append(Keywords<'a>),
    /// `-A list,action`
    Prepend(Keywords<'a>),
    /// `-d list,action`
    Delete(Keywords<'a>),
    /// `-w path`
    Watch(Text<'a>),
    /// `-W path`
    RemoveWatch(Text<'a>),
    /// `-S name,...`
    Syscalls(SyscallList<'a>),
    /// `-F field=value`
    Field(Expression<'a>),
    /// `-C field=field`
    Compare(Expression<'a>),
    /// `-k key`
    Key(Text<'a>),
    /// `-p rwxa`
    Permissions(Text<'a>),
    /// `-e`, `-f`, `-r`, `-b`, `--backlog_wait_time` and their number
    Set(SettingName, Text<'a>),
    /// `-l`
    List,
    /// `-s`
    Status,
    /// `-D`
    DeleteAll,
    /// `-t`
    Trim,
    /// `-q mount,subtree`
    MakeEquivalent(PathPair<'a>),
    /// `-m text`
    Message(Text<'a>),
    /// `-R file`
    ReadRules(Text<'a>),
    /// `-i`
    Ignore,
    /// `-c`
    Continue,
    /// `-v`
    Version,
    /// `-h`, `--help`
    Help,
    /// `--loginuid-immutable`
    LoginuidImmutable,
    /// `--reset-lost`
    ResetLost,
    /// `--reset_backlog_wait_time_actual`
    ResetBacklogWaitTimeActual,
    /// `--signal name`
    Signal(Text<'a>),
    /// Not an option of auditctl.
    Malformed(Box<Malformed<'a>>),
}

/// A numeric setting of the kernel that an option sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettingName {
    /// `-e`
    Enabled,
    /// `-f`
    Failure,
    /// `-r`
    RateLimit,
    /// `-b`
    BacklogLimit,
    /// `--backlog_wait_time`
    BacklogWaitTime,
}

impl SettingName {
    /// Returns the option that sets it.
    pub const fn option(self) -> &'static str {
        match self {
            SettingName::Enabled => "-e",
            SettingName::Failure => "-f",
            SettingName::RateLimit => "-r",
            SettingName::BacklogLimit => "-b",
            SettingName::BacklogWaitTime => "--backlog_wait_time",
        }
    }
}

impl Command<'_> {
    /// Returns whether every option is known and complete: a value if it needs one, field, operator and value in
    /// conditions, one comma in pairs, and no further words. Names and numbers are not resolved here. The reference
    /// grammar in `grammar/` has the same limits.
    pub fn is_well_formed(&self) -> bool {
        self.operands.is_empty()
            && !self.options.is_empty()
            && self.options.iter().all(|item| item.directive.is_well_formed())
    }
}

impl Directive<'_> {
    /// Returns whether the option begins a rule.
    pub(crate) fn begins_rule(&self) -> bool {
        matches!(
            self,
            Directive::Append(_)
                | Directive::Prepend(_)
                | Directive::Delete(_)
                | Directive::Watch(_)
                | Directive::RemoveWatch(_)
        )
    }

    fn is_well_formed(&self) -> bool {
        match self {
            Directive::Append(keywords)
            | Directive::Prepend(keywords)
            | Directive::Delete(keywords) => keywords.pair().is_some(),
            Directive::Field(expression) => expression.parts().is_ok() || is_empty_key(expression),
            Directive::Compare(expression) => expression.parts().is_ok(),
            Directive::MakeEquivalent(paths) => paths.pair().is_some(),
            Directive::Malformed(_) => false,
            _ => true,
        }
    }
}

/// Returns whether this is `-F key=`, which is allowed and adds no key.
fn is_empty_key(expression: &Expression<'_>) -> bool {
    expression.text.bytes() == b"key="
}
