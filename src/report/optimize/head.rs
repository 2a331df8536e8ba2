//! The head of a product: the program, source and options that it was made with.
//!
//! ```text
//! ## made by rauditctl 0.1.0 optimize; edit the source and make this file again
//! ## source sha256:6a72…
//! ## rules sha256:03bd…
//! ## options --arch x86_64 --kernel 6.1 --skip merge-arch
//! ```

use std::fmt;
use std::ops::Range;

use super::digest::Digest;
use super::words::Words;
use crate::cases::PRODUCT_MARK;
use crate::eval::Problem;
use crate::source::Source;

/// The end of the first line, after the version.
const REMARK: &str = " optimize; edit the source and make this file again";

/// The head of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The version of rauditctl that made the product.
    pub version: String,
    /// The digest of the texts of the source, in load order.
    pub source: Digest,
    /// The digest of the lines below the head.
    pub rules: Digest,
    /// The options of `optimize` that decide what the rules are.
    pub options: Words,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head { version, source, rules, options } = self;
        let mark = String::from_utf8_lossy(PRODUCT_MARK);
        writeln!(f, "{mark}{version}{REMARK}")?;
        writeln!(f, "## source {source}")?;
        writeln!(f, "## rules {rules}")?;
        writeln!(f, "## options {options}")
    }
}

/// A head that was read.
#[derive(Clone, Debug)]
pub struct ReadHead<'s> {
    /// The head.
    pub head: Head,
    /// The place of the options in the text.
    pub options_at: Range<usize>,
    /// The lines below the head.
    pub rules: &'s [u8],
}

impl<'s> ReadHead<'s> {
    /// Reads the head of a product.
    ///
    /// # Errors
    /// The mistake with its place.
    pub fn of(source: &'s Source) -> Result<Self, Problem> {
        let mut lines = Lines { text: source.text(), at: 0 };
        let mark = String::from_utf8_lossy(PRODUCT_MARK);
        let first = lines.after(&mark)?;
        let version = first.text.strip_suffix(REMARK).unwrap_or_default();
        if version.is_empty() || version.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(mistake(first.at, format!("`{mark}VERSION{REMARK}` is expected")));
        }
        let mut digest = |beginning: &str| {
            let line = lines.after(beginning)?;
            let wrong = || mistake(line.at.clone(), "`sha256:` and 64 digits are expected");
            Digest::parse(line.text).ok_or_else(wrong)
        };
        let (source, rules) = (digest("## source ")?, digest("## rules ")?);
        let line = lines.after("## options ")?;
        let wrong = || mistake(line.at.clone(), "a quote is open");
        let options = Words::parse(line.text).ok_or_else(wrong)?;
        Ok(ReadHead {
            head: Head { version: version.to_owned(), source, rules, options },
            options_at: line.at,
            rules: lines.text.get(lines.at..).unwrap_or_default(),
        })
    }
}

/// The rest of a line, with its place.
struct Rest<'t> {
    text: &'t str,
    at: Range<usize>,
}

/// The lines of a text that are not read yet.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Lines<'t> {
    /// Returns the next line after its beginning.
    fn after(&mut self, beginning: &str) -> Result<Rest<'t>, Problem> {
        let left = self.text.get(self.at..).unwrap_or_default();
        let length = left.iter().position(|byte| *byte == b'\n').unwrap_or(left.len());
        let whole = self.at..self.at + length;
        let line = left.get(..length).unwrap_or_default();
        let rest = std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix(beginning));
        let wrong = || mistake(whole.clone(), format!("`{}` is expected", beginning.trim_end()));
        let text = rest.ok_or_else(wrong)?;
        self.at = (whole.end + 1).min(self.text.len());
        Ok(Rest { text, at: whole.end - text.len()..whole.end })
    }
}

fn mistake(at: Range<usize>, message: impl Into<String>) -> Problem {
    let help = "`rauditctl optimize` writes the head; make the file again";
    Problem { at, message: message.into(), help: Some(help.to_owned()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_what_it_writes(
            version in "[0-9a-z.+-]{1,12}",
            texts in any::<[Vec<u8>; 2]>(),
            words in prop::collection::vec("\\PC*", 0..6),
            rules in any::<Vec<u8>>(),
        ) {
            let [source, digested] = texts.each_ref().map(|text| Digest::of([text.as_slice()]));
            let options = Words::new(words).expect("no control character");
            let head = Head { version, source, rules: digested, options };
            let text = [head.to_string().as_bytes(), &rules].concat();
            let text = Source::new("a.rules", text);
            let read = ReadHead::of(&text).expect("a head");
            prop_assert_eq!(&read.head, &head);
            prop_assert_eq!(read.rules, rules);
            let options = String::from_utf8_lossy(&text.text()[read.options_at]);
            prop_assert_eq!(options, head.options.to_string());
        }
    }

    #[test]
    fn mistakes_have_their_place() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let good = format!(
            "## made by rauditctl 1.0 optimize; edit the source and make this file again\n\
             ## source {digest}\n## rules {digest}\n## options --arch x86_64\n-D\n"
        );
        let problem = |text: &str| {
            let source = Source::new("a.rules", text.as_bytes().to_vec());
            let problem = ReadHead::of(&source).expect_err("a mistake");
            let place = source.location(problem.at.start);
            (place.line, place.column, problem.message)
        };
        let wrong = |old: &str, new: &str| problem(&good.replacen(old, new, 1));
        let expected = |line, column, message: &str| (line, column, message.to_owned());
        assert_eq!(problem("-D\n"), expected(1, 1, "`## made by rauditctl` is expected"));
        let first = "`## made by rauditctl VERSION optimize; edit the source and make this file again` is expected";
        assert_eq!(wrong("1.0", "1 0"), expected(1, 22, first));
        assert_eq!(wrong("## source", "## from"), expected(2, 1, "`## source` is expected"));
        let digits = "`sha256:` and 64 digits are expected";
        assert_eq!(wrong(":0a0", ":0A0"), expected(2, 11, digits));
        assert_eq!(wrong("a\n## opt", "\n## opt"), expected(3, 10, digits));
        assert_eq!(wrong("x86_64", "'x86"), expected(4, 12, "a quote is open"));
        assert_eq!(
            wrong("## options --arch x86_64\n-D\n", ""),
            expected(4, 1, "`## options` is expected")
        );
    }
}
