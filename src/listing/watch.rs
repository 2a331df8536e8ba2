//! A line of a listing that is printed as a watch: `-w PATH -p PERMISSIONS -k KEY`.
//!
//! It is a rule for all syscalls with a path or directory, permissions and keys, and no other condition. A rule without
//! a path is printed as the rest of a watch: ` -p x -k KEY`.

use super::rule::{Line, Wrong, lossy};
use super::shown::{new_watch, push_key};
use super::{Doubt, value};
use crate::catalog::{PathKind, field};
use crate::host::Host;
use crate::rule::{Field, FieldId, FilterList, NumberId, Op, Rule, TextId};

const PATH: &[u8] = b"-w ";
const PERMISSIONS: &[u8] = b" -p ";
const KEY: &[u8] = b" -k ";

/// Returns whether a line is printed as a watch.
pub(super) fn is_watch(line: &[u8]) -> bool {
    line.starts_with(PATH) || line.starts_with(PERMISSIONS) || line.starts_with(KEY)
}

/// Reads a watch.
pub(super) fn read<'t>(line: &'t [u8], host: &dyn Host) -> Result<Line<'t>, Wrong> {
    let mut rule = new_watch();
    let mut doubts = vec![Doubt::Action];
    let mut unknown = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let is_after_key = rule.fields.last().is_some_and(|field| field.number() == field::KEY);
        if let Some(path) = rest.strip_prefix(PATH).filter(|_| !is_after_key) {
            // Permissions may come before the path. Keys come after both.
            let is_complete = rule.fields.iter().any(|field| field.number() == field::PERM);
            let ends =
                |rest: &[u8]| starts_permissions(rest) || is_complete && rest.starts_with(KEY);
            let path = before(path, ends);
            at += PATH.len() + path.len();
            if memchr::memmem::find(path, KEY).is_some() {
                doubts.push(Doubt::Text);
            }
            let kind = kind_of(path, host);
            if kind == PathKind::Unknown {
                unknown.push(rule.fields.len());
            }
            let id = if kind == PathKind::Directory { TextId::DIR } else { TextId::PATH };
            rule.fields.push(Field::Text { id, op: Op::EQUAL, text: path.into() });
        } else if let Some((bits, length)) = permissions(rest) {
            at += length;
            rule.fields.push(Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: bits });
        } else if let Some(key) = rest.strip_prefix(KEY) {
            let key = before(key, |rest| rest.starts_with(KEY));
            if !push_key(&mut rule.fields, key) {
                return Err(not_printed(line, at));
            }
            at += KEY.len() + key.len();
        } else {
            return Err(not_printed(line, at));
        }
    }
    if !rule.is_watch() {
        let message = "this watch has no permissions; `-l` always prints them";
        return Err(Wrong::new(0..line.len(), message));
    }
    let mut others = Vec::new();
    if !unknown.is_empty() {
        doubts.push(Doubt::Directory);
        others.push(with_directories(&rule, &unknown));
    }
    let has_path = |field: &Field| {
        matches!(FieldId::of(field.number()), FieldId::Text(TextId::PATH | TextId::DIR))
    };
    if !rule.fields.iter().any(has_path) {
        doubts.push(Doubt::List);
        others.push(Rule { list: FilterList::Exclude, ..rule.clone() });
    }
    Ok(Line { rule, others, doubts, names: None, arch: None })
}

fn not_printed(line: &[u8], at: usize) -> Wrong {
    let rest = lossy(line.get(at..).unwrap_or_default());
    Wrong::new(at..line.len(), format!("`{}` is not what `-l` prints there", rest.trim()))
}

/// Returns the part of a text before the first space where something else begins.
fn before(text: &[u8], ends: impl Fn(&[u8]) -> bool) -> &[u8] {
    let is_end = |at: &usize| text.get(*at..).is_some_and(&ends);
    let end = memchr::memchr_iter(b' ', text).find(is_end).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn starts_permissions(text: &[u8]) -> bool {
    permissions(text).is_some()
}

/// Returns the permissions that a text begins with, and the length of the option. A path may follow without a space.
fn permissions(text: &[u8]) -> Option<(u32, usize)> {
    let letters = text.strip_prefix(PERMISSIONS)?;
    let length =
        letters.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(letters.len());
    let (letters, rest) = letters.split_at_checked(length)?;
    let bits = value::permissions(letters)?;
    let ends =
        rest.is_empty() || [PATH, KEY, PERMISSIONS].iter().any(|option| rest.starts_with(option));
    ends.then_some((bits, PERMISSIONS.len() + length))
}

fn kind_of(path: &[u8], host: &dyn Host) -> PathKind {
    // The kernel refuses such a path for a file.
    if path.ends_with(b"/") { PathKind::Directory } else { host.path_kind(path) }
}

/// Returns the rule with directories instead of the files at these places.
fn with_directories(rule: &Rule, places: &[usize]) -> Rule {
    let fields = rule.fields.iter().enumerate().map(|(at, field)| match field {
        Field::Text { op, text, .. } if places.contains(&at) => {
            Field::Text { id: TextId::DIR, op: *op, text: text.clone() }
        }
        field => field.clone(),
    });
    Rule { fields: fields.collect(), ..rule.clone() }
}
