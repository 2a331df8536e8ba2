//! Words of a command line in a comment.

use std::fmt;

use serde::Serialize;

use crate::diag::escaped;

/// Words without control characters, so that they fit on one line. They are written as a shell reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Words(Vec<String>);

impl Words {
    /// Returns the words; `None` if one has a control character.
    pub fn new(words: Vec<String>) -> Option<Self> {
        let is_plain = |word: &String| !word.contains(char::is_control);
        words.iter().all(is_plain).then_some(Words(words))
    }

    /// Returns words with escapes for what does not fit on a line.
    pub fn escaped(words: impl IntoIterator<Item = String>) -> Self {
        Words(words.into_iter().map(|word| escaped(&word).into_owned()).collect())
    }

    /// Reads words as a shell does; `None` if a quote is open.
    pub fn parse(text: &str) -> Option<Self> {
        Words::new(shlex::split(text)?)
    }

    /// Returns the words one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only a NUL is an error.
        f.write_str(&shlex::try_join(self.iter()).map_err(|_| fmt::Error)?)
    }
}
