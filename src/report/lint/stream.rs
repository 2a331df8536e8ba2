//! Sequences that are written while they are made.

use serde::{Serialize, Serializer};

/// What an iterator makes, as a sequence; nothing of it is kept.
pub(super) struct Stream<F>(pub(super) F);

impl<F, I> Serialize for Stream<F>
where
    F: Fn() -> I,
    I: Iterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}
