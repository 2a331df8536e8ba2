//! Answers that are the same for events of one shape.

use std::hash::Hash;

use foldhash::HashMap;

use super::shape::Tested;
use crate::ingest::Group;

/// Maximum number of shapes that are remembered.
const MOST_SHAPES: usize = 100_000;

/// Maximum number of their bytes. Any user can make long names below a directory that a rule is about.
const MOST_BYTES: usize = 32 << 20;

/// Maximum number of different answers. Only a log with very many keys or types of records has more.
pub(super) const MOST_ANSWERS: usize = 16_384;

/// An answer about events.
pub(super) trait Answer: Clone + Eq + Hash {
    /// Returns an answer that is true for this event and for others, without what a log can have very many of.
    fn common(&self) -> Self;
}

/// Answers by number, and the shapes of the events that have them.
pub(super) struct Memo<T> {
    tested: Tested,
    known: HashMap<Vec<u8>, usize>,
    /// The number of bytes of these shapes.
    bytes: usize,
    answers: Vec<T>,
    numbers: HashMap<T, usize>,
    shape: Vec<u8>,
}

impl<T: Answer> Memo<T> {
    /// Makes an empty memory. Answers follow from what is tested.
    pub(super) fn new(tested: Tested) -> Self {
        Memo {
            tested,
            known: HashMap::default(),
            bytes: 0,
            answers: Vec::new(),
            numbers: HashMap::default(),
            shape: Vec::new(),
        }
    }

    /// Returns all answers that were given, by number.
    pub(super) fn all(&self) -> &[T] {
        &self.answers
    }

    /// Returns the number of the answer for an event.
    pub(super) fn of(&mut self, group: &Group, decide: impl FnOnce() -> T) -> usize {
        let mut shape = std::mem::take(&mut self.shape);
        shape.clear();
        self.tested.shape(group, &mut shape);
        let number = self.of_shape(&shape, decide);
        self.shape = shape;
        number
    }

    /// Returns the shape of the last event.
    pub(super) fn shape(&self) -> &[u8] {
        &self.shape
    }

    /// Returns what is tested.
    pub(super) fn tested(&self) -> &Tested {
        &self.tested
    }

    /// Returns the number of the answer for an event of a shape, which a memory of the same tests has made.
    pub(super) fn of_shape(&mut self, shape: &[u8], decide: impl FnOnce() -> T) -> usize {
        if let Some(known) = self.known.get(shape) {
            return *known;
        }
        let mut answer = decide();
        if self.answers.len() >= MOST_ANSWERS && !self.numbers.contains_key(&answer) {
            answer = answer.common();
        }
        let next = self.answers.len();
        let number = *self.numbers.entry(answer).or_insert_with_key(|answer| {
            self.answers.push(answer.clone());
            next
        });
        if self.known.len() >= MOST_SHAPES || self.bytes + shape.len() > MOST_BYTES {
            self.known.clear();
            self.bytes = 0;
        }
        self.known.insert(shape.to_vec(), number);
        self.bytes += shape.len();
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Answer for usize {
        fn common(&self) -> Self {
            0
        }
    }

    #[test]
    fn long_shapes_take_limited_memory() {
        let mut memo: Memo<usize> = Memo::new(Tested::default());
        let shape = |number: usize| vec![u8::try_from(number % 251).unwrap(); (1 << 20) + number];
        for number in 0..100 {
            assert_eq!(memo.of_shape(&shape(number), || number), number);
            let bytes: usize = memo.known.keys().map(Vec::len).sum();
            assert!(bytes <= MOST_BYTES && bytes == memo.bytes, "{bytes}");
        }
        // What is remembered is not decided again, and what is forgotten has the same answer.
        assert_eq!(memo.of_shape(&shape(99), || 7), 99);
        assert_eq!(memo.of_shape(&shape(0), || 0), 0);
    }
}
