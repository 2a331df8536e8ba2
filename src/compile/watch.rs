//! `-w`, `-W` and `-p`: the old form of a rule for a file or a directory tree.

use super::value::Read;
use super::{Compiler, Flow, Outcome};
use crate::catalog::{self, PathKind, field};
use crate::diag::{RuleFault, WatchFault};
use crate::rule::{Action, Field, FilterList, MAX_FIELDS, Mask, NumberId, Op, Placement};
use crate::span::Span;
use crate::syntax::Text;

/// The maximum length of a path in bytes, plus one (`PATH_MAX`).
const MAX_PATH_LEN: usize = 4096;
/// The maximum length of a name in a path, in bytes (`NAME_MAX`).
const MAX_NAME_LEN: usize = 255;
/// The maximum number of letters of `-p`.
const MAX_PERMISSIONS: usize = 4;
/// Execute, write, read and attribute change: the permissions of a watch without `-p`.
const ALL_PERMISSIONS: u32 = 15;

impl Compiler<'_> {
    pub(super) fn watch(&mut self, path: &Text<'_>, span: Span) -> Outcome {
        if self.rule.list().is_some() {
            return self.fail(WatchFault::AfterRule, span.join(path.span()));
        }
        self.rule.add = Some((FilterList::Exit, Placement::Append));
        self.set_watch(path, span)
    }

    pub(super) fn remove_watch(&mut self, path: &Text<'_>, span: Span) -> Outcome {
        self.rule.delete = Some(FilterList::Exit);
        self.set_watch(path, span)
    }

    fn set_watch(&mut self, path: &Text<'_>, span: Span) -> Outcome {
        self.rule.span = span.join(path.span());
        self.begin_rule();
        self.rule.action = Some(Action::Always);
        self.seen.syscalls = true;
        self.check_path(path)?;
        if !self.rule.fields.is_empty() || !self.rule.mask.is_empty() {
            self.rule.fields.clear();
            self.program.field_spans.clear();
            self.rule.mask = Mask::EMPTY;
            return self.fail(WatchFault::NotFirst, self.rule.span);
        }
        let trimmed = trim_slashes(path.bytes());
        let kind = self.host.path_kind(trimmed);
        let number = if kind == PathKind::Directory { field::DIR } else { field::PATH };
        self.program.watched = Some(kind);
        self.push_field(number, Op::EQUAL, Read::Text(trimmed.into()), path.span());
        self.cut_short(path, trimmed.len());
        self.push_field(field::PERM, Op::EQUAL, Read::Number(ALL_PERMISSIONS), self.rule.span);
        self.rule.mask = Mask::ALL;
        if self.rule.add.is_some() {
            self.note(WatchFault::Slow, self.rule.span);
        }
        self.rule.is_sent = true;
        Ok(Flow::Next)
    }

    fn check_path(&mut self, path: &Text<'_>) -> Result<(), Flow> {
        let bytes = path.bytes();
        if bytes.len() >= MAX_PATH_LEN {
            return self.fail(WatchFault::PathTooLong, path.span());
        }
        if bytes.first() != Some(&b'/') {
            return self.fail(WatchFault::PathRelative, path.span());
        }
        let name = bytes.rsplit(|byte| *byte == b'/').find(|name| !name.is_empty());
        if name.is_some_and(|name| name.len() > MAX_NAME_LEN) {
            return self.fail(WatchFault::NameTooLong, path.span());
        }
        if bytes.windows(2).any(|pair| pair == b"..") {
            self.note(WatchFault::PathDots, path.span());
        }
        if bytes.iter().any(|byte| matches!(byte, b'*' | b'?')) {
            self.note(WatchFault::PathWildcard, path.span());
        }
        Ok(())
    }

    /// Sets the permissions of the rule; replaces earlier ones.
    pub(super) fn permissions(&mut self, letters: &Text<'_>, span: Span) -> Outcome {
        if self.rule.list().is_none() && !self.faults.in_list {
            return self.fail(WatchFault::PermissionsMisplaced, span.join(letters.span()));
        }
        if letters.bytes().len() > MAX_PERMISSIONS {
            return self
                .fail(WatchFault::TooManyPermissions(letters.bytes().into()), letters.span());
        }
        let mut bits = 0;
        for (index, letter) in letters.bytes().iter().enumerate() {
            match catalog::Perm::from_letter(letter.to_ascii_lowercase()) {
                Some(perm) => bits |= perm.bit(),
                None => {
                    let place = letters.slice(index..index + 1).span();
                    return self.fail(WatchFault::UnknownPermission(*letter), place);
                }
            }
        }
        if self.rule.fields.is_empty() {
            if self.faults.any {
                // The fault is reported for the watch to which they belong.
                return Ok(Flow::Next);
            }
            return self.fail(WatchFault::PermissionsWithoutFields, span.join(letters.span()));
        }
        if !self.replace_permissions(bits) {
            if self.rule.fields.len() >= MAX_FIELDS {
                return self.fail(RuleFault::TooManyFieldsWithPermissions, letters.span());
            }
            self.push_field(field::PERM, Op::EQUAL, Read::Number(bits), letters.span());
        }
        self.seen.path_or_perm = true;
        self.rule.is_sent = true;
        Ok(Flow::Next)
    }

    fn replace_permissions(&mut self, bits: u32) -> bool {
        let mut found = false;
        for field in &mut self.rule.fields {
            if let Field::Number { id: NumberId::PERM, value, .. } = field {
                *value = bits;
                found = true;
            }
        }
        found
    }
}

/// Returns a path as auditctl sends it for a watch, without slashes at the end. One slash stays if there is nothing
/// else, and `//` stays as it is.
pub(crate) fn trim_slashes(path: &[u8]) -> &[u8] {
    if path.len() <= 2 {
        return path;
    }
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(1, |last| last + 1);
    path.get(..end).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::trim_slashes;

    #[test]
    fn cuts_slashes_at_the_end() {
        assert_eq!(trim_slashes(b"/etc//"), b"/etc");
        assert_eq!(trim_slashes(b"///"), b"/");
        assert_eq!(trim_slashes(b"//"), b"//");
        assert_eq!(trim_slashes(b"/"), b"/");
    }
}
