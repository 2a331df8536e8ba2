//! Short descriptions of the words of a rule.

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

/// The description of a word.
#[derive(Debug)]
pub struct Meaning {
    /// The kind of the word.
    pub kind: Word,
    /// The word.
    pub word: &'static str,
    /// The value of an option: `list,action`.
    pub value: Option<&'static str>,
    /// The description: the beginning of a sentence, without a full stop.
    pub text: &'static str,
}

/// Returns the description of a word. Case matters.
///
/// ```
/// use rauditctl::catalog::{Word, meaning};
/// assert_eq!(meaning(Word::Option, "-a").unwrap().value, Some("list,action"));
/// assert!(meaning(Word::Field, "nosuch").is_none());
/// ```
pub fn meaning(kind: Word, word: &str) -> Option<&'static Meaning> {
    meanings(kind).find(|meaning| meaning.word == word)
}

/// Returns all words of a kind that have a description, in the usual order.
pub fn meanings(kind: Word) -> impl Iterator<Item = &'static Meaning> {
    MEANINGS.iter().filter(move |meaning| meaning.kind == kind)
}
