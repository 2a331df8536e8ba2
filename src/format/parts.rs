//! The parts of a rule: its head, the parts whose order affects the rule in the kernel, and the
//! others.

use crate::catalog::{self, field};
use crate::syntax::{Command, Directive, Expression, Item, SyscallList, Text};

/// A rule's options by kind, each kind in the order in which it was written.
pub(super) struct Parts<'c, 'a> {
    /// `-a`, `-A`, `-d`, `-w` or `-W`.
    pub(super) head: &'c Item<'a>,
    /// `-p` of a watch. In other rules it is a condition.
    pub(super) permissions: Vec<&'c Item<'a>>,
    /// `-F` and `-C`, except keys.
    pub(super) conditions: Vec<&'c Item<'a>>,
    /// `-S`
    pub(super) syscalls: Vec<&'c SyscallList<'a>>,
    /// `-k` and `-F key=`
    pub(super) keys: Vec<Text<'a>>,
    /// The number of conditions up to the last arch.
    pub(super) after_arch: usize,
    /// The number of conditions before the first syscalls.
    pub(super) before_syscalls: usize,
}

impl<'c, 'a> Parts<'c, 'a> {
    /// Returns the parts of a rule; `None` for a command that is not a rule, or has two heads.
    pub(super) fn of(command: &'c Command<'a>) -> Option<Self> {
        let mut heads = command.options.iter().filter(|item| item.directive.begins_rule());
        let (head, None) = (heads.next()?, heads.next()) else { return None };
        let mut parts = Parts {
            head,
            permissions: Vec::new(),
            conditions: Vec::new(),
            syscalls: Vec::new(),
            keys: Vec::new(),
            after_arch: 0,
            before_syscalls: 0,
        };
        command.options.iter().try_for_each(|item| parts.sort_in(item))?;
        Some(parts)
    }

    /// Returns whether this is a watch, which is listed with `-k`.
    pub(super) fn is_watch(&self) -> bool {
        matches!(self.head.directive, Directive::Watch(_) | Directive::RemoveWatch(_))
    }

    fn sort_in(&mut self, item: &'c Item<'a>) -> Option<()> {
        match &item.directive {
            directive if directive.begins_rule() => {}
            Directive::Syscalls(list) => {
                if self.syscalls.is_empty() {
                    self.before_syscalls = self.conditions.len();
                }
                self.syscalls.push(list);
            }
            Directive::Key(key) => self.keys.push(key.clone()),
            Directive::Field(expression) => match key_of(expression) {
                Some(key) => self.keys.push(key),
                None => {
                    self.conditions.push(item);
                    if is_arch(expression) {
                        self.after_arch = self.conditions.len();
                    }
                }
            },
            Directive::Permissions(_) if self.is_watch() => self.permissions.push(item),
            Directive::Permissions(_) | Directive::Compare(_) => self.conditions.push(item),
            _ => return None,
        }
        Some(())
    }
}

/// Returns the key of `-F key=`. In capitals, or with another operator, it is an ordinary condition
/// and keeps its place.
fn key_of<'a>(expression: &Expression<'a>) -> Option<Text<'a>> {
    expression.text.bytes().starts_with(b"key=").then(|| expression.text.skip(4))
}

fn is_arch(expression: &Expression<'_>) -> bool {
    let parts = expression.parts().ok();
    parts.is_some_and(|parts| catalog::field_number(parts.field.bytes()) == Some(field::ARCH))
}
