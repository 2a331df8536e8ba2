//! The comment that names the rules of the source that a rule of a product was made from.

use std::fmt;

use super::words::Words;
use crate::analysis::Origin;

/// The beginning of the comment.
const MARK: &str = "#@ from";

/// The maximum length of the places in a comment, in bytes. auditctl reads lines of up to 6,143 bytes, so a long list of
/// places has several comments.
const MOST: usize = 1000;

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

impl Origins {
    /// Reads the comments that are the last lines of a text; `None` if there are none.
    pub fn above(lines: &[&str]) -> Option<Self> {
        let comments = lines.iter().rev().map_while(|line| Self::parse(line.trim()));
        let mut comments: Vec<Self> = comments.collect();
        let steps = comments.first()?.steps.clone();
        comments.reverse();
        Some(Origins { from: comments.into_iter().flat_map(|one| one.from).collect(), steps })
    }

    /// Returns the comments: one, or more if it were too long.
    pub fn lines(&self) -> Vec<String> {
        let mut parts: Vec<Origins> = vec![Origins { from: Vec::new(), steps: self.steps.clone() }];
        let mut length = 0;
        for origin in &self.from {
            length += origin.to_string().len() + 1;
            if length > MOST && parts.last().is_some_and(|part| !part.from.is_empty()) {
                parts.push(Origins { from: Vec::new(), steps: self.steps.clone() });
                length = 0;
            }
            if let Some(part) = parts.last_mut() {
                part.from.push(origin.clone());
            }
        }
        parts.iter().map(ToString::to_string).collect()
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
    fn many_places_have_several_comments() {
        let from = (1..=420).map(|line| Origin { file: "some.rules".into(), line });
        let origins = Origins { from: from.collect(), steps: vec!["drop".to_owned()] };
        let lines = origins.lines();
        assert!(lines.len() > 3 && lines.iter().all(|line| line.len() < 1100));
        let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        lines.insert(0, "-D");
        assert_eq!(Origins::above(&lines), Some(origins));
        assert_eq!(Origins::above(&["-D"]), None);
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
