//! Where the fields of a record are, by the names of the fields of records before it.
//!
//! The kernel writes the fields of records of a type in the same order. So what a record has after the value of a field is
//! mostly known, and is only compared. A record that differs in any name, or that is not plain, has no places: its fields
//! are searched, and are the same.

use super::bytes::{WORD, end_of_value, first_bytes};
use super::slots::{Place, Slot};
use crate::catalog::record;

/// The number of spaces that are after the fields of a record, so that a name and the start of its value can
/// be read at once.
pub(super) const PADDING: usize = 2 * MOST_NAME + WORD;

/// Maximum number of bytes of a name with its `=`.
const MOST_NAME: usize = 2 * WORD;

/// Maximum number of layouts of a type that are known. A kernel has a few: some fields are there only at times.
const MOST: usize = 8;

/// Maximum number of fields of a record that has a layout.
const MOST_FIELDS: usize = 64;

/// The layouts of the records that were read.
#[derive(Clone, Debug, Default)]
pub(super) struct Layouts {
    of_calls: Known,
    of_names: Known,
}

/// The layouts of the records of a type.
#[derive(Clone, Debug, Default)]
struct Known {
    all: Vec<Layout>,
    /// The number of that of the last record.
    last: usize,
    /// The number of the next that is forgotten.
    oldest: usize,
}

/// The fields of a record, in order.
type Layout = Vec<Field>;

/// A field of a layout, or a word without a value.
#[derive(Clone, Debug)]
struct Field {
    /// The first bytes of the name with its `=`, or of the word with the space after it.
    first: u64,
    /// The bits that count.
    mask: u64,
    /// The next bytes.
    second: u64,
    second_mask: u64,
    /// Where the value begins; for a word, where it ends.
    len: usize,
    slot: Slot,
}

impl Layouts {
    /// Adds the places of the fields of a record to `to`; none if they must be searched. `text` has the fields and
    /// [`PADDING`] spaces after them.
    pub(super) fn place(&mut self, kind: Option<u32>, text: &[u8], to: &mut Vec<Place>) {
        let Some(number) = Slot::all_of(kind) else { return };
        let known =
            if kind == Some(record::PATH) { &mut self.of_names } else { &mut self.of_calls };
        let start = to.len();
        to.resize(start + number, Place::default());
        let places = to.get_mut(start..).unwrap_or_default();
        if text.len() > usize::from(u16::MAX) || known.place(text, places).is_none() {
            to.truncate(start);
        }
    }
}

impl Known {
    fn place(&mut self, text: &[u8], places: &mut [Place]) -> Option<()> {
        if let Some(last) = self.all.get(self.last)
            && walk(last, text, places).is_some()
        {
            return Some(());
        }
        for (number, layout) in self.all.iter().enumerate() {
            places.fill(Place::default());
            if walk(layout, text, places).is_some() {
                self.last = number;
                return Some(());
            }
        }
        places.fill(Place::default());
        let layout = learned(text.get(..text.len().checked_sub(PADDING)?)?, places.len())?;
        walk(&layout, text, places)?;
        self.keep(layout);
        Some(())
    }

    fn keep(&mut self, layout: Layout) {
        if self.all.len() < MOST {
            self.last = self.all.len();
            self.all.push(layout);
        } else if let Some(oldest) = self.all.get_mut(self.oldest) {
            *oldest = layout;
            self.last = self.oldest;
            self.oldest = (self.oldest + 1) % MOST;
        }
    }
}

/// Finds the fields of a record of a layout; `None` if the record has another one, or a value that is not plain: one with a
/// space in quotes, or a message of a program.
fn walk(layout: &[Field], text: &[u8], places: &mut [Place]) -> Option<()> {
    let mut at = 0;
    for field in layout {
        let seen: &[u8; PADDING] = text.get(at..)?.first_chunk()?;
        if word_in(seen, 0) & field.mask != field.first {
            return None;
        }
        if field.second_mask != 0 && word_in(seen, WORD) & field.second_mask != field.second {
            return None;
        }
        let value = at + field.len;
        let end = end_of_value(text, value, word_in(seen, field.len))?;
        *places.get_mut(field.slot.number())? = Place { start: low(value), len: low(end - value) };
        at = end + 1;
    }
    // After the last value comes the padding.
    (at + PADDING == text.len() + 1).then_some(())
}

/// Returns a word that begins within a name, or after it.
#[inline]
fn word_in(seen: &[u8; PADDING], at: usize) -> u64 {
    // The remainder changes nothing, and spares a comparison: names are shorter.
    first_bytes(seen, at % (2 * MOST_NAME)).unwrap_or_default()
}

/// Returns the number of a place in a record, which has less than 65,536 bytes.
#[inline]
const fn low(number: usize) -> u16 {
    let [low, high, ..] = number.to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// Returns the layout of a record; `None` if it has a field twice that is looked at, or an empty word.
fn learned(fields: &[u8], slots: usize) -> Option<Layout> {
    let mut layout = Layout::new();
    for word in fields.split(|byte| *byte == b' ') {
        let name = match word.iter().position(|byte| *byte == b'=') {
            Some(0) => return None,
            Some(len) => word.get(..=len)?,
            None => word,
        };
        let slot = name.strip_suffix(b"=").and_then(Slot::of).filter(|slot| slot.number() < slots);
        let is_twice = slot.is_some() && layout.iter().any(|field| Some(field.slot) == slot);
        if name.is_empty() || is_twice || layout.len() == MOST_FIELDS {
            return None;
        }
        layout.push(Field::new(name, slot.unwrap_or(Slot::OTHER))?);
    }
    Some(layout)
}

impl Field {
    fn new(name: &[u8], slot: Slot) -> Option<Self> {
        let mut text = name.to_vec();
        if !name.ends_with(b"=") {
            text.push(b' ');
        }
        if text.len() > MOST_NAME {
            return None;
        }
        let mut mask = vec![u8::MAX; text.len()];
        [&mut text, &mut mask].into_iter().for_each(|bytes| bytes.resize(MOST_NAME, 0));
        Some(Field {
            first: first_bytes(&text, 0)?,
            mask: first_bytes(&mask, 0)?,
            second: first_bytes(&text, WORD)?,
            second_mask: first_bytes(&mask, WORD)?,
            len: name.len(),
            slot,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fields::{Fields, Search};
    use super::super::slots::NAMES;
    use super::super::{Assembly, Record};
    use super::*;

    /// What a record has, so that layouts occur again.
    fn word() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            6 => prop::sample::select(NAMES.to_vec()).prop_map(|name| String::from_utf8_lossy(name).into_owned()),
            1 => "[a-z0-9_]{0,18}",
        ];
        let value = prop_oneof![
            6 => prop::sample::select(vec!["0", "yes", "\"/bin/a\"", "c000003e", "1000", "(null)", "NORMAL"])
                .prop_map(str::to_owned),
            2 => "[ -~]{0,40}",
            1 => "\"[ -~]{0,12}\"?",
            1 => "'[ -~]{0,12}'?",
        ];
        prop_oneof![
            12 => (name, value).prop_map(|(name, value)| format!("{name}={value}")),
            1 => "[ -~\u{80}-\u{ff}]{0,9}",
        ]
    }

    /// Records of few layouts, of which some are changed in a byte.
    fn records() -> impl Strategy<Value = Vec<(bool, Vec<u8>)>> {
        let known = prop::collection::vec(prop::collection::vec(word(), 0..12), 1..4);
        let picks = prop::collection::vec(
            (
                any::<bool>(),
                any::<prop::sample::Index>(),
                any::<Option<(prop::sample::Index, u8)>>(),
            ),
            1..20,
        );
        (known, picks).prop_map(|(known, picks)| {
            let made = picks.into_iter().map(|(is_name, which, change)| {
                let mut text = which.get(&known).join(" ").into_bytes();
                if let Some((at, byte)) = change
                    && !text.is_empty()
                {
                    let at = at.index(text.len());
                    // Rather another space, quote or sign than any byte.
                    text[at] = *b" =\"'".get(usize::from(byte)).unwrap_or(&byte);
                }
                (is_name, text)
            });
            made.collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// A field whose place is known has the value that a search finds, and that all fields have, read one by one.
        #[test]
        fn places_are_those_that_a_search_finds(records in records()) {
            let searches: Vec<(&[u8], Search)> =
                NAMES.iter().map(|name| (*name, Search::of(name))).collect();
            let mut assembly = Assembly::default();
            for (is_name, fields) in &records {
                let kind = Some(if *is_name { record::PATH } else { record::SYSCALL });
                let stamp = Default::default();
                assembly.add(&Record { node: None, kind, stamp, fields }, 1, |_| {});
            }
            assembly.finish(|group| {
                assert_eq!(group.parts().count(), records.len());
                for part in group.parts() {
                    for (name, search) in &searches {
                        let found = search.find(&part);
                        assert_eq!(found, search.find_in(part.fields), "{part:?}");
                        if part.is_placed() {
                            assert_eq!(found, Fields::of(part.fields).get(name), "{part:?}");
                        }
                    }
                }
            });
        }
    }

    fn places(records: &[&str]) -> Vec<bool> {
        let (mut layouts, mut found) = (Layouts::default(), Vec::new());
        for fields in records {
            let text = [fields.as_bytes(), &[b' '; PADDING]].concat();
            let mut places = Vec::new();
            layouts.place(Some(record::SYSCALL), &text, &mut places);
            found.push(!places.is_empty());
        }
        found
    }

    /// The last layout of the kernel is always known again, also after many others.
    #[test]
    fn records_of_the_kernel_have_places() {
        let call = r#"arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=5581 a2=0 a3=0 items=1 ppid=1 pid=7 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="cat" exe="/bin/cat" subj=/usr/sbin/cupsd (enforce) key=(null)"#;
        assert_eq!(places(&[call, call]), [true, true]);
        let others: Vec<String> = (0..50).map(|at| format!("f{at}=1 key=x")).collect();
        let mut all: Vec<&str> = others.iter().map(String::as_str).collect();
        all.push(call);
        assert!(places(&all).into_iter().all(|is_placed| is_placed));
    }

    #[test]
    fn records_that_are_not_plain_have_none() {
        let plain = r#"exe="/bin/a" key="k""#;
        for other in [
            r#"exe="/bin/a key=x" key="k""#,
            r#"exe="/bin"a" key="k""#,
            r#"exe="/bin/a key="k""#,
            "exe=\"/bin/a\"  key=\"k\"",
            "exe=\"/bin/a\" key=\"k\" ",
            "exe='/bin/a' key=\"k\"",
            "exe=1 exe=2",
            "=1 key=2",
            "",
        ] {
            assert_eq!(places(&[plain, other, plain]), [true, false, true], "{other}");
        }
    }
}
