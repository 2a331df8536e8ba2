//! R106 `odd-watch-path`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::paths::Use;
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R106",
    name: "odd-watch-path",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r106_odd_watch_path.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for one in facts.paths() {
        if one.path.iter().any(|byte| matches!(byte, b'*' | b'?')) {
            let message =
                "a wildcard matches no path: the kernel looks for a file with this exact name";
            let help = match one.is {
                Use::Program => "write one rule for each program",
                Use::File | Use::Tree => {
                    "write one rule for each file, or name the directory with `dir=`"
                }
            };
            let finding = Finding::new(&LINT, one.place, message);
            findings.push(finding.label("taken literally").help(help));
        } else if let Some(word) = unexpanded(one.path) {
            let word = String::from_utf8_lossy(word);
            let message = format!(
                "nothing expands `{word}`: the kernel looks for a file with this exact name"
            );
            let finding = Finding::new(&LINT, one.place, message);
            findings.push(finding.label("taken literally").help("write the path in full"));
        } else if one.path.split(|byte| *byte == b'/').any(|name| name == b"..") {
            let message = "`..` is resolved once, when the rule is loaded";
            findings.push(Finding::new(&LINT, one.place, message).help("write the resolved path"));
        }
    }
}

/// Returns a part of a path that a shell or a template would replace: `$HOME`, `${x}`, `{a,b}`, `{{ x }}` and `[abc]`.
fn unexpanded(path: &[u8]) -> Option<&[u8]> {
    let parts = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty());
    parts.into_iter().find(|part| is_variable(part) || is_braced(part) || is_class(part))
}

fn is_variable(part: &[u8]) -> bool {
    let starts = |pair: &[u8]| matches!(pair, [b'$', next] if next.is_ascii_alphabetic() || b"_{(".contains(next));
    part.windows(2).any(starts)
}

/// Returns whether a part has braces that mean something: a list, or those of a template.
fn is_braced(part: &[u8]) -> bool {
    let inside = part.iter().position(|byte| *byte == b'{').and_then(|open| part.get(open + 1..));
    inside.is_some_and(|inside| inside.starts_with(b"{") || inside.contains(&b','))
        && part.contains(&b'}')
}

/// Returns whether a part has a class of characters. `/usr/bin/[` is a program.
fn is_class(part: &[u8]) -> bool {
    let open = part.iter().position(|byte| *byte == b'[');
    let close = part.iter().rposition(|byte| *byte == b']');
    open.zip(close).is_some_and(|(open, close)| open + 1 < close)
}
