//! Hash tables of names, which the compiler of Rust builds: a program starts with them.

use std::num::NonZeroU16;

/// The places of the names of a list by their hash, from 1 on; 0 is an empty slot. A name is in the first free slot from
/// its hash on.
pub(super) struct ByHash<const SLOTS: usize>([u16; SLOTS]);

impl<const SLOTS: usize> ByHash<SLOTS> {
    /// Returns the table of these names, which differ in more than their case.
    #[expect(
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        reason = "built by the compiler"
    )]
    pub(super) const fn of(names: &[&str]) -> Self {
        assert!(names.len() < SLOTS / 2 && SLOTS <= u16::MAX as usize);
        let mut slots = [0; SLOTS];
        let mut place = 0;
        while place < names.len() {
            let mut slot = hash(names[place].as_bytes()) % SLOTS;
            while slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            place += 1;
            slots[slot] = place as u16;
        }
        ByHash(slots)
    }

    /// Returns the place of the name that is spelled like this, in any case.
    pub(super) fn find(&self, names: &[&str], text: &[u8]) -> Option<NonZeroU16> {
        let mut slot = hash(text) % SLOTS;
        loop {
            let place = NonZeroU16::new(*self.0.get(slot)?)?;
            let name = names.get(usize::from(place.get()) - 1)?.as_bytes();
            // Nearly all names are written in lower case, as they are in the list.
            if name == text || name.eq_ignore_ascii_case(text) {
                return Some(place);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// Returns the place of a name that is in the list.
    #[expect(clippy::indexing_slicing, clippy::panic, reason = "called by the compiler")]
    pub(super) const fn place_of(&self, names: &[&str], text: &str) -> NonZeroU16 {
        let mut slot = hash(text.as_bytes()) % SLOTS;
        while let Some(place) = NonZeroU16::new(self.0[slot]) {
            if is_equal(names[place.get() as usize - 1].as_bytes(), text.as_bytes()) {
                return place;
            }
            slot = (slot + 1) % SLOTS;
        }
        panic!("a name is missing from the list of all names")
    }
}

/// Returns the names of a table that has `N` of them.
#[expect(clippy::indexing_slicing, reason = "called by the compiler")]
pub(super) const fn names<const N: usize>(table: &[(&'static str, u32)]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut index = 0;
    while index < N {
        names[index] = table[index].0;
        index += 1;
    }
    names
}

/// Returns the hash of a name, in any case: that of its length, its first and its last bytes.
const fn hash(name: &[u8]) -> usize {
    let (first, last) = ends(name);
    // This bit is all that differs between the cases of a letter.
    const CASE: u64 = u64::from_le_bytes([0x20; 8]);
    let ends = (first | CASE) ^ (last | CASE).rotate_left(27);
    let hash = (ends ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> 32) as usize
}

/// Returns the first and the last eight bytes of a name, or as many as it has; they may overlap.
const fn ends(name: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        return (u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64);
    }
    match name {
        [] => (0, 0),
        [only] => (*only as u64, 0),
        [first, middle @ .., last] => {
            let middle = if let [middle, ..] = middle { *middle } else { 0 };
            (*first as u64, (*last as u64) << 8 | middle as u64)
        }
    }
}

/// Returns whether two texts are equal, for the compiler.
const fn is_equal(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([first, rest_of_a @ ..], [second, rest_of_b @ ..]) = (a, b) {
        if *first != *second {
            return false;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    a.is_empty() && b.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_name_in_any_case_and_no_other() {
        const NAMES: &[&str] = &["a", "b_c", "open", "openat", "x32", "x64", "_sysctl"];
        const TABLE: ByHash<16> = ByHash::of(NAMES);
        for (name, place) in NAMES.iter().zip(1..) {
            for text in [name.to_string(), name.to_ascii_uppercase()] {
                let found = TABLE.find(NAMES, text.as_bytes()).map(NonZeroU16::get);
                assert_eq!(found, Some(place), "{text}");
            }
            assert_eq!(TABLE.find(NAMES, format!("{name}-").as_bytes()), None, "{name}");
            assert_eq!(TABLE.place_of(NAMES, name).get(), place);
        }
        assert_eq!(TABLE.find(NAMES, b""), None);
        // These bytes have the hash of another name, but are no other case of it.
        assert_eq!(TABLE.find(NAMES, b"\x7fsysctl"), None);
    }
}
