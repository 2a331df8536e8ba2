//! What the words of a rule mean, in a few words each.

use super::generated::meanings::MEANINGS;

/// A kind of word.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub enum Word {
    /// An option, with its dashes.
    Option,
    /// A filter list.
    List,
    /// An action.
    Action,
    /// A comparison operator.
    Operator,
    /// A letter of `rwxa`.
    Perm,
    /// A field of `-F`.
    Field,
}

/// What a word means.
#[derive(Debug)]
pub struct Meaning {
    /// Which kind of word it is.
    pub kind: Word,
    /// The word.
    pub word: &'static str,
    /// What an option takes: `list,action`.
    pub value: Option<&'static str>,
    /// What it means: the beginning of a sentence, without a full stop.
    pub text: &'static str,
}

/// What a word means; letters count as they are written.
///
/// ```
/// use rauditctl::catalog::{Word, meaning};
/// assert_eq!(meaning(Word::Option, "-a").unwrap().value, Some("list,action"));
/// assert!(meaning(Word::Field, "nosuch").is_none());
/// ```
pub fn meaning(kind: Word, word: &str) -> Option<&'static Meaning> {
    meanings(kind).find(|meaning| meaning.word == word)
}

/// All words of a kind that have a meaning, in the order in which a person would name them.
pub fn meanings(kind: Word) -> impl Iterator<Item = &'static Meaning> {
    MEANINGS.iter().filter(move |meaning| meaning.kind == kind)
}
