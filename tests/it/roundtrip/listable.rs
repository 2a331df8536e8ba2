//! Rules that a listing prints without loss. They reach every limit of a listing, and exceed none. `unlistable` has
//! rules that lose something.

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use rauditctl::catalog::{self, Arch, FieldKind, FieldRow, Operator, Perm, field, syscall_number};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Mask, Op, Rule};

use super::{listed, mask_of};

/// A listing does not escape, so texts have these bytes instead of spaces, backslashes and bytes that no line can have.
/// Nothing else in a rule has these bytes.
const PLACEHOLDERS: [(u8, u8); 5] =
    [(0x10, b' '), (0x11, b'\\'), (0x12, 0x07), (0x13, 0x04), (0x14, b'\n')];
/// The placeholders for bytes that a file can have, with their escapes.
const ESCAPES: [(u8, &[u8]); 2] = [(0x10, b"\\ "), (0x11, b"\\\\")];

/// A rule, with placeholders in its texts while it is listed.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(super) rule: Rule,
    with_placeholders: Rule,
    /// Whether its texts have only bytes that a file can have; others are replaced.
    fits_file: bool,
}

impl Written {
    fn new(mut with_placeholders: Rule, fits_file: bool) -> Self {
        if fits_file {
            texts(&mut with_placeholders).for_each(|text| {
                let fits = |byte: &u8| ESCAPES.iter().any(|(known, _)| known == byte);
                text.iter_mut()
                    .filter(|byte| (0x10..=0x14).contains(*byte) && !fits(byte))
                    .for_each(|byte| *byte = b'_');
            });
        }
        let mut rule = with_placeholders.clone();
        texts(&mut rule).for_each(|text| text.iter_mut().for_each(|byte| *byte = meant(*byte)));
        Written { rule, with_placeholders, fits_file }
    }

    /// Returns the line of the listing, escaped for a file. Bytes that no file can have are `_`.
    pub(crate) fn line(&self) -> Vec<u8> {
        assert!(self.fits_file);
        let escape = |byte: u8| match ESCAPES.iter().find(|(known, _)| *known == byte) {
            Some((_, escape)) => escape.to_vec(),
            None => vec![byte],
        };
        listed(&self.with_placeholders).into_iter().flat_map(escape).collect()
    }

    /// Returns the words of the line as arguments.
    pub(super) fn words(&self) -> Vec<Vec<u8>> {
        let line = listed(&self.with_placeholders);
        let words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        words.map(|word| word.iter().map(|byte| meant(*byte)).collect()).collect()
    }

    /// Returns the paths that must be directories so that the line compiles to the same rule.
    pub(super) fn directories(&self) -> Vec<Vec<u8>> {
        let is_dir = |field: &&Field| field.number() == field::DIR;
        let texts = self.rule.fields.iter().filter(is_dir).filter_map(|field| match field {
            Field::Text { text, .. } => Some(text.to_vec()),
            Field::Number { .. } => None,
        });
        texts.collect()
    }
}

fn texts(rule: &mut Rule) -> impl Iterator<Item = &mut Box<[u8]>> {
    rule.fields.iter_mut().filter_map(|field| match field {
        Field::Text { text, .. } => Some(text),
        Field::Number { .. } => None,
    })
}

fn meant(byte: u8) -> u8 {
    PLACEHOLDERS
        .iter()
        .find(|(placeholder, _)| *placeholder == byte)
        .map_or(byte, |(_, byte)| *byte)
}

/// A rule that a listing prints without loss, for a file or for a command line.
pub(crate) fn written_rule(fits_file: bool) -> impl Strategy<Value = Written> {
    prop_oneof![
        3 => rule_on(FilterList::Exit),
        1 => rule_on(FilterList::Task),
        1 => rule_on(FilterList::User),
        1 => rule_on(FilterList::Exclude),
        1 => rule_on(FilterList::Filesystem),
        1 => rule_on(FilterList::IoUring),
        2 => watch(),
    ]
    .prop_map(move |rule| Written::new(rule, fits_file))
}

/// `-w`: path or dir, perm, and keys, in this order, on the exit list.
fn watch() -> BoxedStrategy<Rule> {
    let path = vec(name(30), 1..4).prop_map(|names| {
        names.into_iter().flat_map(|name| [b"/", &*name].concat()).collect::<Vec<u8>>()
    });
    (any::<bool>(), path, 1..16u32, keys())
        .prop_map(|(is_dir, path, perm, keys)| {
            let mut rule = Rule::new(FilterList::Exit, Action::Always);
            rule.mask = Mask::ALL;
            rule.fields.push(text(if is_dir { field::DIR } else { field::PATH }, &path));
            rule.fields.push(number(field::PERM, Op::EQUAL, perm));
            rule.fields.extend(keys.map(|keys| text(field::KEY, &keys)));
            rule
        })
        .boxed()
}

/// `-a`: arches first, then fields, then keys.
fn rule_on(list: FilterList) -> BoxedStrategy<Rule> {
    let action = prop_oneof![Just(Action::Always), Just(Action::Never)];
    let arch =
        proptest::option::of((prop_oneof![Just(Arch::X86_64), Just(Arch::I386)], any::<bool>()));
    (action, arch, mask_on(list), vec(field_on(list), 0..8), keys())
        .prop_map(move |(action, arch, mask, fields, keys)| {
            let mut rule = Rule::new(list, action);
            rule.mask = mask;
            if let Some((arch, is_equal)) = arch {
                let op = if is_equal { Operator::Equal } else { Operator::NotEqual };
                rule.fields.push(number(field::ARCH, Op::Known(op), arch.elf()));
            }
            rule.fields.extend(fields);
            add_permission_syscalls(&mut rule, arch.map(|(arch, _)| arch));
            if can_have_key(&rule) {
                rule.fields.extend(keys.map(|keys| text(field::KEY, &keys)));
            }
            if rule.is_watch() {
                // A watch without a path, or with two, would not be listed as a rule.
                rule.fields.insert(0, number(field::A0, Op::EQUAL, 0));
            }
            rule
        })
        .boxed()
}

/// Some lists have a fixed mask, which is not listed. On other lists the mask is not empty, and a mask for all syscalls
/// has every bit set.
fn mask_on(list: FilterList) -> BoxedStrategy<Mask> {
    match list {
        FilterList::Exit => prop_oneof![
            Just(Mask::ALL),
            vec(0..500u32, 1..20).prop_map(mask_of),
            vec(0..Mask::BITS, 1..20).prop_map(mask_of),
        ]
        .boxed(),
        FilterList::IoUring => vec(0..37u32, 1..10).prop_map(mask_of).boxed(),
        FilterList::Task => Just(Mask::EMPTY).boxed(),
        _ => Just(Mask::ALL).boxed(),
    }
}

/// `-F perm` after `-S` or after an arch adds its syscalls.
fn add_permission_syscalls(rule: &mut Rule, arch: Option<Arch>) {
    let bits = rule.fields.iter().filter_map(|field| match field {
        Field::Number { value, .. } if field.number() == field::PERM => Some(*value),
        _ => None,
    });
    let bits = bits.fold(0, |all, bits| all | bits);
    if bits == 0 || (arch.is_none() && !rule.list.has_mask()) {
        return;
    }
    let perms = Perm::ALL.iter().filter(|perm| bits & perm.bit() != 0);
    let arch = arch.unwrap_or(Arch::X86_64);
    let names = perms.flat_map(|perm| perm.syscalls());
    let numbers = names.filter_map(|name| syscall_number(arch, name.as_bytes()));
    let mask = mask_of(numbers.filter(|number| *number < Mask::BITS).collect());
    match rule.list.has_mask() {
        true => rule.mask.extend_with(&mask),
        false => rule.mask = mask,
    }
}

/// A key comes after syscalls, a path, permissions, a program or a file system type.
fn can_have_key(rule: &Rule) -> bool {
    let is_known = |field: &Field| {
        let number = field.number();
        matches!(number, field::PATH | field::DIR | field::PERM | field::EXE | field::FSTYPE)
    };
    rule.list.has_mask() || rule.fields.iter().any(is_known)
}

/// A field that the list accepts, with a value that can be written.
fn field_on(list: FilterList) -> BoxedStrategy<Field> {
    let takes =
        move |row: &&FieldRow| row.lists.iter().any(|known| known.number() == list.number());
    let is_listable =
        |row: &&FieldRow| !matches!(row.number, field::ARCH | field::KEY | field::FILETYPE);
    let rows: Vec<&FieldRow> =
        (0..211).filter_map(catalog::field_info).filter(takes).filter(is_listable).collect();
    proptest::sample::select(rows).prop_flat_map(move |row| field_of(row, list)).boxed()
}

fn field_of(row: &'static FieldRow, list: FilterList) -> BoxedStrategy<Field> {
    let known: Vec<Operator> =
        Operator::ALL.into_iter().filter(|operator| row.operators.contains(*operator)).collect();
    let op = proptest::sample::select(known).prop_map(Op::Known);
    let any = || any::<u32>().boxed();
    // Values that are listed with a sign and parsed without.
    let positive = || prop_oneof![0..500u32, 0..=i32::MAX as u32].boxed();
    let id = row.number;
    let value = match row.kind {
        FieldKind::Text | FieldKind::Path | FieldKind::Key => {
            return (op, value_text())
                .prop_map(move |(op, value)| match FieldId::of(id) {
                    FieldId::Text(id) => Field::Text { id, op, text: value.into() },
                    FieldId::Number(_) => unreachable!("a field with a text"),
                })
                .boxed();
        }
        FieldKind::User | FieldKind::SessionId | FieldKind::Argument | FieldKind::Inode => any(),
        FieldKind::Errno => prop_oneof![any(), (0..200u32).prop_map(u32::wrapping_neg)].boxed(),
        FieldKind::Family => (0..catalog::AF_MAX).boxed(),
        FieldKind::Perm => (1..16u32).boxed(),
        FieldKind::Compare if list == FilterList::Exit => comparison(),
        FieldKind::Compare => return field_on(list),
        _ => positive(),
    };
    let equality = row.number == field::FIELD_COMPARE;
    (op, value)
        .prop_map(move |(op, value)| {
            let op = match op {
                Op::Known(Operator::NotEqual) => op,
                _ if equality => Op::EQUAL,
                _ => op,
            };
            number(id, op, value)
        })
        .boxed()
}

/// Returns the numbers of the pairs that `-C` accepts.
fn comparison() -> BoxedStrategy<u32> {
    let known = (0..64).filter(|number| catalog::compare_pair(*number).is_some());
    proptest::sample::select(known.collect::<Vec<_>>()).boxed()
}

fn number(id: u32, op: Op, value: u32) -> Field {
    match FieldId::of(id) {
        FieldId::Number(id) => Field::Number { id, op, value },
        FieldId::Text(_) => unreachable!("a field with a number"),
    }
}

fn text(id: u32, text: &[u8]) -> Field {
    match FieldId::of(id) {
        FieldId::Text(id) => Field::Text { id, op: Op::EQUAL, text: text.into() },
        FieldId::Number(_) => unreachable!("a field with a text"),
    }
}

/// Bytes of a text, with placeholders, without bytes of a stronger operator.
fn value_text() -> BoxedStrategy<Vec<u8>> {
    let byte = prop_oneof![
        4 => proptest::sample::select(b"abz019/._-,:*?#\"'\t\r".to_vec()),
        1 => 0x10..=0x14u8,
        1 => 0x80..=0xffu8,
    ];
    vec(byte, 1..40).boxed()
}

/// A name in a path.
fn name(longest: usize) -> BoxedStrategy<Vec<u8>> {
    value_text()
        .prop_map(move |mut name| {
            name.truncate(longest);
            name.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'_');
            name
        })
        .boxed()
}

/// One to three keys, joined.
fn keys() -> BoxedStrategy<Option<Vec<u8>>> {
    let keys = btree_set(value_text(), 1..4);
    let joined = keys.prop_map(|keys| keys.into_iter().collect::<Vec<_>>().join(&0x01));
    proptest::option::of(joined).boxed()
}
