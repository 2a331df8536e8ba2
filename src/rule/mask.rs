//! The syscall mask of a rule.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The syscalls that a rule is tested for: one bit for each of 2048 numbers, words in kernel order.
///
/// The last 16 bits (2032 to 2047) are not syscalls but *classes*: the kernel expands them when the
/// rule is added and clears them (`audit_to_entry_common`). On the io_uring list the bits are
/// io_uring operations instead.
#[derive(Clone)]
pub struct Mask(Words);

/// The words of a mask, which are 256 bytes. Most rules have one of two masks, and copies of a rule share theirs.
#[derive(Clone)]
enum Words {
    Usual(&'static [u32; Mask::WORDS]),
    Shared(Arc<[u32; Mask::WORDS]>),
}

static NONE: [u32; Mask::WORDS] = [0; Mask::WORDS];
static EVERY: [u32; Mask::WORDS] = [u32::MAX; Mask::WORDS];
static EVERY_SYSCALL: [u32; Mask::WORDS] = {
    let mut words = [u32::MAX; Mask::WORDS];
    words[Mask::WORDS - 1] = !Mask::CLASS_BITS;
    words
};

impl Mask {
    /// The number of 32-bit words in a mask (`AUDIT_BITMASK_SIZE`).
    pub const WORDS: usize = 64;
    /// The number of bits in a mask; the highest syscall number is one less.
    pub const BITS: u32 = 2048;
    /// The first of the class bits (`AUDIT_SYSCALL_CLASSES` of them, counted from the end).
    pub const FIRST_CLASS_BIT: u32 = Self::BITS - 16;
    /// The class bits in the last word.
    const CLASS_BITS: u32 = u32::MAX << (Self::FIRST_CLASS_BIT % 32);

    /// No numbers.
    pub const EMPTY: Mask = Mask(Words::Usual(&NONE));
    /// Every bit, as auditctl sends a rule for all syscalls.
    pub const ALL: Mask = Mask(Words::Usual(&EVERY));

    /// Creates the mask with these words.
    pub fn from_words(words: [u32; Self::WORDS]) -> Self {
        Mask(Words::Shared(Arc::new(words)))
    }

    /// Returns the mask without its class bits.
    pub(crate) fn without_classes(&self) -> Self {
        if *self == Mask::ALL {
            return Mask(Words::Usual(&EVERY_SYSCALL));
        }
        let mut mask = self.clone();
        if self.words().last().is_some_and(|last| last & Self::CLASS_BITS != 0) {
            mask.change(|[.., last]| *last &= !Self::CLASS_BITS);
        }
        mask
    }

    /// Returns the words in kernel order.
    pub fn words(&self) -> &[u32; Self::WORDS] {
        match &self.0 {
            Words::Usual(words) => words,
            Words::Shared(words) => words,
        }
    }

    /// Returns whether the words take no memory of their own.
    pub(crate) fn is_static(&self) -> bool {
        matches!(self.0, Words::Usual(_))
    }

    /// Changes the words.
    fn change(&mut self, change: impl FnOnce(&mut [u32; Self::WORDS])) {
        if let Words::Usual(words) = self.0 {
            *self = Mask::from_words(*words);
        }
        if let Words::Shared(words) = &mut self.0 {
            change(Arc::make_mut(words));
        }
    }

    /// Sets the bit of `number`. Returns `false` if the mask has no such bit.
    ///
    /// ```
    /// use rauditctl::rule::Mask;
    /// let mut mask = Mask::EMPTY;
    /// assert!(mask.insert(257));
    /// assert!(!mask.insert(2048));
    /// assert_eq!(mask.iter().collect::<Vec<_>>(), [257]);
    /// ```
    #[must_use]
    pub fn insert(&mut self, number: u32) -> bool {
        let at = (number / 32) as usize;
        if at >= Self::WORDS {
            return false;
        }
        self.change(|words| {
            if let Some(word) = words.get_mut(at) {
                *word |= 1 << (number % 32);
            }
        });
        true
    }

    /// Returns whether the bit of `number` is set; `false` for numbers beyond the mask.
    pub fn contains(&self, number: u32) -> bool {
        self.words()
            .get((number / 32) as usize)
            .is_some_and(|word| word & (1 << (number % 32)) != 0)
    }

    /// Returns whether this mask means *all syscalls*.
    ///
    /// Ignores the last word: the kernel clears its class bits, so a mask that was sent as
    /// [`Mask::ALL`] is listed with `0x0000ffff` there.
    pub fn is_all(&self) -> bool {
        let is_usual = |words| std::ptr::eq(self.words(), words);
        is_usual(&EVERY_SYSCALL)
            || is_usual(&EVERY)
            || self.words().iter().take(Self::WORDS - 1).all(|&word| word == u32::MAX)
    }

    /// Returns whether no bit is set.
    pub fn is_empty(&self) -> bool {
        self.words().iter().all(|&word| word == 0)
    }

    /// Returns the numbers whose bits are set, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(self.words()).flat_map(|(index, &word)| {
            let without_lowest = |rest: &u32| Some(rest & (rest - 1)).filter(|rest| *rest != 0);
            let rests = std::iter::successors(Some(word).filter(|word| *word != 0), without_lowest);
            rests.map(move |rest| index * 32 + rest.trailing_zeros())
        })
    }

    /// Returns whether every number of `other` is in this mask.
    ///
    /// ```
    /// use rauditctl::rule::Mask;
    /// let mut mask = Mask::EMPTY;
    /// assert!(mask.insert(59));
    /// assert!(Mask::ALL.contains_all(&mask) && !mask.contains_all(&Mask::ALL));
    /// ```
    pub fn contains_all(&self, other: &Mask) -> bool {
        // Without an early end, the compiler can compare several words at once.
        let missing = self.words().iter().zip(other.words()).map(|(own, other)| other & !own);
        missing.fold(0, |all, word| all | word) == 0
    }

    /// Returns whether the two masks have a number in common.
    pub fn intersects(&self, other: &Mask) -> bool {
        self.words().iter().zip(other.words()).any(|(own, other)| own & other != 0)
    }

    /// Adds every bit of `other`.
    pub fn extend_with(&mut self, other: &Mask) {
        if other.contains_all(self) {
            // The result shares the memory of the other mask.
            *self = other.clone();
            return;
        }
        if self.contains_all(other) {
            return;
        }
        self.change(|words| {
            for (word, more) in words.iter_mut().zip(other.words()) {
                *word |= more;
            }
        });
    }
}

impl PartialEq for Mask {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.words(), other.words()) || self.words() == other.words()
    }
}

impl Eq for Mask {}

impl Hash for Mask {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Most masks differ in the numbers that name syscalls, which are below 512.
        self.words().first_chunk::<16>().hash(state);
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            write!(f, "Mask(all, {:#010x})", self.words().last().copied().unwrap_or(0))
        } else {
            f.write_str("Mask")?;
            f.debug_list().entries(self.iter()).finish()
        }
    }
}
