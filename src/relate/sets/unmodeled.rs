//! Rules that the space does not model: a set with one of them is never said to be the same as another.
//!
//! A rule with `path` and `exe` loses its program when its file is replaced, also by the judged call itself. A watched
//! directory is a name of every call that changes an entry of it, besides the names that other rules watch.

use std::collections::HashSet;

use super::{Change, Undecided};
use crate::catalog::field;
use crate::eval::{Attribute, Attributes};
use crate::model::{Entry, KernelModel};
use crate::rule::{Field, Rule};

/// Returns the rules of either set that are not modeled; none if both sets have the same rules in the same order.
pub(super) fn unmodeled(old: &KernelModel, new: &KernelModel) -> Vec<Undecided> {
    if old.rules().eq(new.rules()) {
        return Vec::new();
    }
    let rules = || old.rules().chain(new.rules());
    let below: HashSet<&[u8]> = rules()
        .flat_map(|rule| [text(rule, field::PATH), text(rule, field::DIR)])
        .flatten()
        .filter_map(directory)
        .collect();
    let attribute = |rule: &Rule| {
        let path = text(rule, field::PATH)?;
        if text(rule, field::EXE).is_some() {
            return Some(Attribute::Files);
        }
        below.contains(path).then_some(Attribute::Names)
    };
    let of = |kernel: &KernelModel| -> Vec<(usize, Attribute)> {
        let entries = kernel.entries();
        entries
            .filter_map(|entry: &Entry| Some((entry.serial(), attribute(entry.rule())?)))
            .collect()
    };
    let open = |old, new, attribute| Undecided {
        old,
        new,
        change: Change::Lost,
        attributes: Attributes::of(attribute),
    };
    let of_old = of(old).into_iter().map(|(serial, attribute)| open(Some(serial), None, attribute));
    let of_new = of(new).into_iter().map(|(serial, attribute)| open(None, Some(serial), attribute));
    of_old.chain(of_new).collect()
}

fn text(rule: &Rule, number: u32) -> Option<&[u8]> {
    rule.fields.iter().find_map(|field| match field {
        Field::Text { text, .. } if field.number() == number => Some(&**text),
        _ => None,
    })
}

/// Returns the directory of a path.
fn directory(path: &[u8]) -> Option<&[u8]> {
    let path = path.strip_suffix(b"/").unwrap_or(path);
    match path.iter().rposition(|byte| *byte == b'/')? {
        0 => Some(b"/"),
        slash => path.get(..slash),
    }
}
