//! The page of a lint, parsed from Markdown of this form:
//!
//! ```text
//! # P101 watch-arms-everything
//!
//! What it finds, in a sentence or two.
//!
//! ## Why it matters
//! ...
//! ## Instead of
//! (the rules of an example, fenced by three backquotes and `text`)
//! ## Write
//! ...
//! ## Fix
//! What the fix does, and what it changes; for lints that have one.
//! ## Source
//! ...
//! ```

/// The indent of an example in the text of a [`Section`].
const EXAMPLE: &str = "    ";

/// A parsed page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LintPage {
    /// `P101 watch-arms-everything`
    pub title: String,
    /// A description of the findings.
    pub summary: String,
    /// The sections after the summary.
    pub sections: Vec<Section>,
}

/// A heading with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Section {
    /// `Why it matters`
    pub heading: String,
    /// The text. Lines are as written; examples are indented by four spaces.
    pub text: String,
}

impl LintPage {
    /// Parses a page.
    pub fn parse(source: &str) -> Self {
        let mut lines = source.lines();
        let title = lines.next().unwrap_or_default();
        let title = title.strip_prefix("# ").unwrap_or(title).to_owned();
        let mut page = LintPage { title, summary: String::new(), sections: Vec::new() };
        let mut is_example = false;
        for line in lines {
            if line.starts_with("```") {
                is_example = !is_example;
                continue;
            }
            match line.strip_prefix("## ").filter(|_| !is_example) {
                Some(heading) => {
                    let heading = heading.to_owned();
                    page.sections.push(Section { heading, text: String::new() });
                }
                None => {
                    let last = page.sections.last_mut().map(|section| &mut section.text);
                    let text = last.unwrap_or(&mut page.summary);
                    text.push_str(if is_example { EXAMPLE } else { "" });
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        page.summary = page.summary.trim_matches('\n').to_owned();
        for section in &mut page.sections {
            section.text = section.text.trim_matches('\n').to_owned();
        }
        page
    }

    /// Returns the text below a heading.
    pub fn section(&self, heading: &str) -> Option<&str> {
        self.sections.iter().find(|section| section.heading == heading).map(|s| &*s.text)
    }

    /// Returns the rules of an example: the indented lines below a heading, without the indent.
    pub fn example(&self, heading: &str) -> Option<String> {
        let text = self.section(heading)?;
        let lines = text.lines().filter_map(|line| line.strip_prefix(EXAMPLE));
        Some(lines.flat_map(|line| [line, "\n"]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_title_summary_and_examples() {
        let page = LintPage::parse(
            "# X1 name

It finds.

## Instead of
```text
-D
-e 1
```
",
        );
        assert_eq!(page.title, "X1 name");
        assert_eq!(page.summary, "It finds.");
        assert_eq!(page.example("Instead of").as_deref(), Some("-D\n-e 1\n"));
        assert_eq!(page.section("Fix"), None);
    }
}
