//! The comment that names the rules of the source that a rule of a product was made from.

use std::fmt;

use super::words::Words;
use crate::analysis::Origin;

/// The beginning of the comment.
const MARK: &str = "#@ from";

/// The rules that a rule was made from, and the steps that made it: `#@ from a.rules:4 b.rules:7 (merge-perm, order)`.
/// A rule as it was has no steps: `#@ from a.rules:4`. A rule that a step added comes from no other rule:
/// `#@ from (fast-path)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    /// The places of the rules.
    pub from: Vec<Origin>,
    /// The names of the steps. A later version may have others.
    pub steps: Vec<String>,
}

impl Origins {
    /// Reads a comment; `None` for another line.
    pub fn parse(line: &str) -> Option<Self> {
        let rest = line.strip_prefix(MARK)?.strip_prefix(' ')?;
        // A name with parentheses is in quotes.
        let (places, steps) = match rest.strip_suffix(')') {
            Some(rest) => rest.rsplit_once('(')?,
            None => (rest, ""),
        };
        let from = Words::parse(places)?.iter().map(origin).collect::<Option<_>>()?;
        let steps = steps.split(", ").filter(|step| !step.is_empty()).map(str::to_owned);
        Some(Origins { from, steps: steps.collect() })
    }
}

/// Reads the place of a rule.
fn origin(text: &str) -> Option<Origin> {
    let (file, line) = text.rsplit_once(':')?;
    Some(Origin { file: file.into(), line: line.parse().ok()? })
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = Words::escaped(self.from.iter().map(ToString::to_string));
        f.write_str(MARK)?;
        if !self.from.is_empty() {
            write!(f, " {places}")?;
        }
        match self.steps.as_slice() {
            [] => Ok(()),
            steps => write!(f, " ({})", steps.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_what_it_writes(
            from in prop::collection::vec(("[ -~\u{e9}]*", 0..100_000_usize), 0..4),
            steps in prop::collection::vec("[a-z-]{1,9}", 0..4),
        ) {
            prop_assume!(!from.is_empty() || !steps.is_empty());
            let from = from.into_iter().map(|(file, line)| Origin { file: file.into(), line });
            let origins = Origins { from: from.collect(), steps };
            prop_assert_eq!(Origins::parse(&origins.to_string()), Some(origins));
        }
    }

    #[test]
    fn names_with_spaces_have_quotes() {
        let text = "#@ from 'my rules/a.rules:4' b.rules:7 (merge-perm, order)";
        let origins = Origins::parse(text).expect("a comment");
        assert_eq!(&*origins.from[0].file, "my rules/a.rules");
        assert_eq!(origins.steps, ["merge-perm", "order"]);
        assert_eq!(origins.to_string(), text);
        assert_eq!(Origins::parse("#@ from (order)").map(|found| found.from.len()), Some(0));
        let whole = Origins::parse("#@ from a.rules:1").expect("a comment");
        assert_eq!((whole.from.len(), whole.steps.len()), (1, 0));
        for other in ["#@ from a.rules (order)", "#@ from a.rules:1 order)", "#@ from 'a:1", "-D"] {
            assert_eq!(Origins::parse(other), None, "{other}");
        }
    }
}
