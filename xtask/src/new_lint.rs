//! Creates the files of a new lint, and registers it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The list of the lints.
const REGISTRY: &str = "src/lint/rules/mod.rs";

/// The groups of lints, each with the letter that its codes begin with. `errors` is left out: these lints come from
/// the compiler.
pub const GROUPS: [(&str, char); 4] =
    [("correctness", 'C'), ("performance", 'P'), ("robustness", 'R'), ("style", 'S')];

/// The reason why no lint was created.
#[derive(Debug)]
pub enum NewLintError {
    /// The name is not lower-case words with dashes.
    Name(String),
    /// The group is none of [`GROUPS`].
    Group(String),
    /// A lint of this name exists.
    Exists(String),
    /// The list of the lints does not have the expected form.
    Registry,
    /// A file cannot be read or written.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for NewLintError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NewLintError::Name(name) => {
                write!(
                    f,
                    "`{name}` is not a lint name: use lower-case words with dashes, such as `key-missing`"
                )
            }
            NewLintError::Group(group) => {
                let names: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
                write!(f, "`{group}` is not a group of lints: use {}", names.join(", "))
            }
            NewLintError::Exists(name) => write!(f, "a lint `{name}` exists"),
            NewLintError::Registry => {
                write!(f, "{REGISTRY} has no list `LINTS` or no `mod` lines: was it restructured?")
            }
            NewLintError::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

/// Creates the files of the lint `name` in the group and registers it. Returns the paths of the written files.
///
/// # Errors
/// [`NewLintError`]; nothing was written unless it is [`NewLintError::Io`].
pub fn run(root: &Path, group: &str, name: &str) -> Result<Vec<PathBuf>, NewLintError> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    if !name.split('-').all(is_word) {
        return Err(NewLintError::Name(name.to_owned()));
    }
    let known = GROUPS.iter().find(|(known, _)| *known == group);
    let (_, letter) = known.ok_or_else(|| NewLintError::Group(group.to_owned()))?;
    let registry = read(root.join(REGISTRY))?;
    let module_name = name.replace('-', "_");
    let is_same = |line: &str| {
        let module = line.strip_prefix("mod ").and_then(|module| module.split_once('_'));
        module.is_some_and(|(_, known)| known.trim_end_matches(';') == module_name)
    };
    if registry.lines().any(is_same) {
        return Err(NewLintError::Exists(name.to_owned()));
    }
    let code = free_code(&registry, *letter);
    let module = format!("{}_{module_name}", code.to_lowercase());
    let registered = register(&registry, &module).ok_or(NewLintError::Registry)?;
    let rules = root.join("src/lint/rules");
    let fixtures = root.join("fixtures/lints").join(&code);
    let files = [
        (rules.join(format!("{module}.rs")), check_file(&code, name, &module)),
        (rules.join(format!("{module}.md")), page(&code, name)),
        (
            fixtures.join("bad.rules"),
            "# expect: 3:1\n# The rule that the lint finds.\n\n".to_owned(),
        ),
        (fixtures.join("good.rules"), "# The most similar rule without a finding.\n".to_owned()),
        (root.join(REGISTRY), registered),
    ];
    for (path, text) in &files {
        write(path, text)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// Returns the next free code of a group. Codes from 190 on are for findings about suppressions.
fn free_code(registry: &str, letter: char) -> String {
    let prefix = format!("mod {}", letter.to_ascii_lowercase());
    let taken = registry.lines().filter_map(|line| {
        let number = line.strip_prefix(&prefix)?.split('_').next()?.parse::<u32>().ok()?;
        (number < 190).then_some(number)
    });
    format!("{letter}{}", taken.max().unwrap_or(100) + 1)
}

/// Returns the list of the lints with a new lint, in order; `None` if the text has no such list.
fn register(registry: &str, module: &str) -> Option<String> {
    let declared = insert(registry, &format!("mod {module};"), |line| {
        line.starts_with("mod ") && line.ends_with(';')
    })?;
    insert(&declared, &format!("    &{module}::LINT,"), |line| {
        line.starts_with("    &") && line.ends_with("::LINT,")
    })
}

/// Inserts a line among those of its kind, in order.
fn insert(text: &str, new: &str, is_alike: impl Fn(&str) -> bool) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let after = lines.iter().rposition(|line| is_alike(line) && *line < new);
    let first = lines.iter().position(|line| is_alike(line))?;
    let at = after.map_or(first, |after| after + 1);
    let (before, rest) = lines.split_at_checked(at)?;
    let all = before.iter().chain([&new]).chain(rest);
    Some(all.flat_map(|line| [*line, "\n"]).collect())
}

fn check_file(code: &str, name: &str, module: &str) -> String {
    format!(
        r#"//! {code} `{name}`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{{Check, Finding, Lint}};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {{
    code: "{code}",
    name: "{name}",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("{module}.md"),
}};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {{
    for rule in facts.compiled.rules() {{
        // Replace this condition: it finds rules without a condition.
        if rule.kernel_rule.fields.is_empty() {{
            let message = "what is wrong, without a full stop";
            let finding = Finding::new(&LINT, rule.line.whole(), message);
            findings.push(finding.label("why, in a few words").help("do this instead"));
        }}
    }}
}}
"#
    )
}

fn page(code: &str, name: &str) -> String {
    format!(
        "\
# {code} {name}

What the lint finds, in a sentence or two.

## Why it matters
What goes wrong for the person who loads such a rule.

## Instead of
```text
```
## Write
```text
```
## Source
The function of the kernel or of auditctl that decides, and the version that was read.
"
    )
}

fn read(path: PathBuf) -> Result<String, NewLintError> {
    fs::read_to_string(&path).map_err(|error| NewLintError::Io(path, error))
}

fn write(path: &Path, text: &str) -> Result<(), NewLintError> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = folder.and_then(|()| fs::write(path, text));
    written.map_err(|error| NewLintError::Io(path.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
mod c101_a;
mod c103_b;
mod s190_unused_suppression;

pub(super) static LINTS: &[&Lint] = &[
    &c101_a::LINT,
    &c103_b::LINT,
    &s190_unused_suppression::LINT,
];
";

    #[test]
    fn takes_the_next_free_code() {
        assert_eq!(free_code(LIST, 'C'), "C104");
        assert_eq!(free_code(LIST, 'S'), "S101");
    }

    #[test]
    fn registers_in_order() {
        let list = register(LIST, "c104_new").unwrap();
        assert!(list.contains("mod c103_b;\nmod c104_new;\nmod s190"), "{list}");
        assert!(list.contains("    &c103_b::LINT,\n    &c104_new::LINT,\n    &s190"), "{list}");
        assert!(register("", "c104_new").is_none());
    }

    #[test]
    fn refuses_bad_names_unknown_groups_and_lints_that_exist() {
        let folder = std::env::temp_dir().join(format!("new-lint-{}", std::process::id()));
        write(&folder.join(REGISTRY), LIST).unwrap();
        let refused = |group, name| run(&folder, group, name).unwrap_err();
        assert!(matches!(refused("style", "Bad_Name"), NewLintError::Name(_)));
        assert!(matches!(refused("taste", "new"), NewLintError::Group(_)));
        assert!(matches!(refused("style", "b"), NewLintError::Exists(_)));
        assert!(run(&folder, "style", "suppression").is_ok(), "the end of another name");
        let written = run(&folder, "performance", "new-lint").unwrap();
        assert!(written.iter().all(|path| path.is_file()), "{written:?}");
        assert!(folder.join("src/lint/rules/p101_new_lint.rs").is_file());
        fs::remove_dir_all(folder).unwrap();
    }
}
