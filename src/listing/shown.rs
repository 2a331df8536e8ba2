//! The part of a rule that a listing shows.

use crate::catalog::{self, field};
use crate::rule::{
    Action, Field, FieldId, Fields, FilterList, KEY_SEPARATOR, Mask, NumberId, Op, Placement, Rule,
    TextId,
};

/// io_uring operations that auditctl lists (`IORING_OP_LAST`, auditctl-listing.c).
pub(super) const KNOWN_URING_OPS: u32 = 37;

/// Returns the usual rule among those that a listing prints like `rule`. Two rules are printed alike if this is the same
/// rule. `operators` is whether the listing shows the operator of `exe`.
pub(super) fn shown(rule: &Rule, operators: bool) -> Rule {
    if rule.is_watch() {
        let fields = rule.fields.iter().map(of_watch).map(|field| printed(&field, operators));
        return Rule { fields: fields.flatten().collect(), ..new_watch() };
    }
    let is_arch = |field: &&Field| field.number() == field::ARCH;
    let arches = rule.fields.iter().filter(is_arch);
    let rest = rule.fields.iter().filter(|field| !is_arch(field));
    Rule {
        list: rule.list,
        placement: Placement::Append,
        action: rule.action,
        mask: shown_mask(rule.list, &rule.mask),
        fields: arches.chain(rest).filter_map(|field| printed(field, operators)).collect(),
        unclaimed: Box::default(),
    }
}

/// Returns a watch without conditions.
pub(super) fn new_watch() -> Rule {
    let rule = Rule::new(FilterList::Exit, Action::Always);
    Rule { mask: Mask::ALL.without_classes(), ..rule }
}

/// Returns the mask that auditctl sends on a list without syscalls, as the kernel keeps it.
pub(super) fn usual_mask(list: FilterList) -> Mask {
    match list {
        FilterList::Task => Mask::EMPTY,
        _ => Mask::ALL.without_classes(),
    }
}

fn shown_mask(list: FilterList, mask: &Mask) -> Mask {
    if !list.has_mask() {
        return usual_mask(list);
    }
    let words = match list {
        // auditctl uses the number of operations as a number of words.
        FilterList::IoUring => KNOWN_URING_OPS as usize,
        _ => Mask::WORDS - 1,
    };
    if mask.words().iter().take(words).all(|word| *word == u32::MAX) {
        return usual_mask(list);
    }
    match list {
        FilterList::IoUring => of_numbers(mask.iter().filter(|number| *number < KNOWN_URING_OPS)),
        _ => mask.without_classes(),
    }
}

/// Returns the mask of numbers; those that no mask has are left out.
pub(super) fn of_numbers(numbers: impl Iterator<Item = u32>) -> Mask {
    let mut words = [0; Mask::WORDS];
    for number in numbers {
        if let Some(word) = words.get_mut((number / 32) as usize) {
            *word |= 1 << (number % 32);
        }
    }
    Mask::from_words(words)
}

/// Returns the field of a watch: a directory is printed like a file, unless no file can have its path.
fn of_watch(field: &Field) -> Field {
    match field {
        Field::Text { id: TextId::DIR, op, text } if !text.ends_with(b"/") => {
            Field::Text { id: TextId::PATH, op: *op, text: text.clone() }
        }
        field => field.clone(),
    }
}

/// Returns the field as it is printed; `None` if it is not.
fn printed(field: &Field, operators: bool) -> Option<Field> {
    match field {
        Field::Number { id: NumberId::PERM, value, .. } => {
            let bits = catalog::Perm::ALL.iter().fold(0, |all, perm| all | perm.bit());
            Some(Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: value & bits })
        }
        Field::Number { id: NumberId::FIELD_COMPARE, value, .. } => {
            catalog::compare_pair(*value).map(|_| field.clone())
        }
        Field::Text { id: TextId::KEY, text, .. } => {
            let keys = text.split(|byte| *byte == KEY_SEPARATOR).filter(|key| !key.is_empty());
            let text = keys.collect::<Vec<_>>().join(&KEY_SEPARATOR);
            let key = Field::Text { id: TextId::KEY, op: Op::EQUAL, text: text.into() };
            (!is_empty(&key)).then_some(key)
        }
        Field::Text { id, text, .. } if !operators && id.number() == field::EXE => {
            Some(Field::Text { id: *id, op: Op::EQUAL, text: text.clone() })
        }
        field => Some(field.clone()),
    }
}

fn is_empty(field: &Field) -> bool {
    matches!(field, Field::Text { text, .. } if text.is_empty())
}

/// Returns a field with a number, if this field has one.
pub(super) fn number(id: u32, op: Op, value: u32) -> Option<Field> {
    match FieldId::of(id) {
        FieldId::Number(id) => Some(Field::Number { id, op, value }),
        FieldId::Text(_) => None,
    }
}

/// Adds a key to the fields. Keys that follow each other are one field. Returns `false` for a text that no listing prints
/// as a key: it is empty, or has the separator.
#[must_use]
pub(super) fn push_key(fields: &mut Fields, key: &[u8]) -> bool {
    if key.is_empty() || key.contains(&KEY_SEPARATOR) {
        return false;
    }
    if let Some(Field::Text { id: TextId::KEY, text, .. }) = fields.last_mut() {
        *text = [&**text, &[KEY_SEPARATOR], key].concat().into();
        return true;
    }
    fields.push(Field::Text { id: TextId::KEY, op: Op::EQUAL, text: key.into() });
    true
}
