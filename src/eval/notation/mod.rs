//! The notation of events: what a witness prints, a command line takes, and a comment in a rules file holds.
//!
//! ```text
//! syscall=openat path=/etc/shadow flags=O_WRONLY auid=1000
//! ```
//!
//! An attribute that is left out is unknown, except for `arch`: without it, the call is one of the machine's own arch.
//! A value ends at a space. Inside of double quotes, it may have spaces; `\` takes the next byte as it is, and `\xNN`
//! is the byte with that number. Commas separate the elements of a list: a call with two files has
//! `path=/etc/passwd,/etc/shadow`, and attributes of these files are lists of the same length, in which `?` is unknown.
//!
//! JSON and TOML have the same attributes as tables; [`Reader::set`] takes one of them.
//!
//! | file | subject |
//! |---|---|
//! | `words` | the words of an event, with quotes |
//! | `value` | one value, as a number, a name or a list |
//! | `read` | attributes by name |
//! | `call`, `kind` | those of a call, and those that decide which list judges the event |
//! | `names`, `files` | tables: the names of a call, and the files of a machine |
//! | `check` | attributes that contradict each other |
//! | `print` | an event as text |

mod call;
mod check;
mod files;
mod kind;
mod names;
mod print;
mod read;
mod value;
mod words;

#[cfg(feature = "serde")]
pub(super) use names::{attribute_of_name, set_name};
pub use print::Notation;
pub use read::Reader;
#[cfg(feature = "serde")]
pub(super) use read::attribute_of_event;
pub use value::Value;

use std::fmt;
use std::ops::Range;

use super::attribute::Attribute;
use crate::catalog;

/// Begins the name of an attribute that the task had when it was made.
const AT_ENTRY: &str = "at_entry.";

/// A mistake in the description of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the mistake in the text; empty for an attribute of a table.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to correct it.
    pub help: Option<String>,
}

impl Problem {
    fn new(message: impl Into<String>) -> Self {
        Problem { at: 0..0, message: message.into(), help: None }
    }

    #[must_use]
    fn with_help(self, help: impl Into<String>) -> Self {
        Problem { help: Some(help.into()), ..self }
    }

    /// Adds a suggestion, if there is one.
    #[must_use]
    fn suggesting(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(nearest) => self.with_help(format!("did you mean `{nearest}`?")),
            None => self,
        }
    }

    /// Names the attribute that a field compares, or else the most similar of some names.
    #[must_use]
    fn for_field(
        self,
        called: &str,
        of: impl Fn(Attribute) -> bool,
        known: &[&'static str],
    ) -> Self {
        match Attribute::of_field(called).filter(|attribute| of(*attribute)) {
            Some(attribute) => self
                .with_help(format!("write `{}`, which the field compares", attribute.short_name())),
            None => self.suggesting(catalog::nearest(called.as_bytes(), known.iter().copied())),
        }
    }

    #[must_use]
    fn at(self, at: Range<usize>) -> Self {
        Problem { at, ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}
