//! Random numbers, the same on every run, and fields to put them into.
//!
//! The program that runs inside the guest has this file too.

use rauditctl::rule::{Field, FieldId, Mask, Op};

/// A sequence of numbers that follows from its seed (xorshift64*).
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of this seed. Neighboring seeds have nothing in common.
    pub(crate) fn new(seed: u64) -> Self {
        let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Random((mixed ^ (mixed >> 31)) | 1)
    }

    /// Any 32 bits.
    pub(crate) fn bits(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        self.bits() % end
    }

    /// Returns true once in `times` calls, on average.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.index(of.len())].clone()
    }

    /// An index below `length`.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.bits() as usize % length
    }

    /// A mask with up to `most` bits of those below `end`.
    pub(crate) fn mask(&mut self, most: u32, end: u32) -> Mask {
        let mut mask = Mask::EMPTY;
        for _ in 0..self.below(most + 1) {
            assert!(mask.insert(self.below(end)));
        }
        mask
    }
}

/// A field with a number.
///
/// # Panics
/// If the field has a text.
pub(crate) fn number(id: u32, op: Op, value: u32) -> Field {
    match FieldId::of(id) {
        FieldId::Number(id) => Field::Number { id, op, value },
        FieldId::Text(_) => panic!("field {id} has a text"),
    }
}

/// A field with a text.
///
/// # Panics
/// If the field has a number.
pub(crate) fn text(id: u32, op: Op, text: &[u8]) -> Field {
    match FieldId::of(id) {
        FieldId::Text(id) => Field::Text { id, op, text: text.into() },
        FieldId::Number(_) => panic!("field {id} has a number"),
    }
}
