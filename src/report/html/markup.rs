//! A buffer of HTML. Nothing else escapes text: a string that is not a constant of this program can
//! only be written as text.

use std::fmt::{self, Display, Write};

use crate::diag::is_unprintable;

/// Some HTML.
#[derive(Debug, Default)]
pub(in crate::report) struct Markup(String);

impl Markup {
    /// Writes markup: a constant of this program.
    pub(in crate::report) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Writes text, in an element or in a quoted attribute.
    pub(in crate::report) fn text(&mut self, text: impl Display) -> &mut Self {
        // Writing to a String does not fail.
        let _ = write!(Escaped(&mut self.0), "{text}");
        self
    }

    /// Returns the HTML.
    pub(in crate::report) fn into_string(self) -> String {
        self.0
    }
}

/// Escapes HTML text.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\t' => self.0.push('\t'),
                // Those that HTML does not allow are among them.
                c if is_unprintable(c) => write!(self.0, "{}", c.escape_default())?,
                c => self.0.push(c),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut markup = Markup::default();
        markup.text(text);
        markup.into_string()
    }

    #[test]
    fn escapes_markup() {
        assert_eq!(escaped("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
    }

    #[test]
    fn escapes_deceptive_characters() {
        assert_eq!(
            escaped("a\0\u{1b}[1m\u{202e}b\u{feff}"),
            "a\\u{0}\\u{1b}[1m\\u{202e}b\\u{feff}"
        );
        assert_eq!(escaped("tab\té\u{fffd}"), "tab\té\u{fffd}");
    }
}
