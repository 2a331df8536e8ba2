//! S102 `mixed-key-forms`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::rewrite::line::item_span;
use crate::rewrite::{Change, Edit};
use crate::ruleset::{FileSpan, RuleSet};
use crate::span::Span;
use crate::syntax::{Command, Directive};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "S102",
    name: "mixed-key-forms",
    level: Level::Info,
    fix: Some(Change::Nothing),
    check: Check::Text(check),
    page: include_str!("s102_mixed_key_forms.md"),
};

/// A key of a syscall rule, as written.
struct WrittenKey {
    place: FileSpan,
    /// The text after `-k` or `-F key=`.
    value: Span,
    /// Whether the other form can replace it: it is an option and a separate value, after a condition or a syscall.
    is_plain: bool,
}

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let (mut short, mut long) = (Vec::new(), Vec::new());
    for (_, line, command) in set.loaded() {
        keys(line.file, command, &mut short, &mut long);
    }
    let (rare, common, is_short) = match short.len() <= long.len() {
        true => (&short, &long, true),
        false => (&long, &short, false),
    };
    let (Some(first), Some(usual)) = (rare.first(), common.first()) else { return };
    let message = match is_short {
        true => "this key is written as `-k`, but other keys of the set as `-F key=`",
        false => "this key is written as `-F key=`, but other keys of the set as `-k`",
    };
    let edits = rare.iter().filter(|key| key.is_plain).map(|key| {
        let option = if is_short { b"-F key=".as_slice() } else { b"-k " };
        Edit { place: key.place, text: [option, set.text(key.place.file, key.value)].concat() }
    });
    let edits: Vec<Edit> = edits.collect();
    let mut finding = Finding::new(&LINT, first.place, message)
        .help("write all keys the same way")
        .related(usual.place, "the other form");
    if rare.len() > 1 {
        finding = finding.label(format!("the first of {}", rare.len()));
    }
    findings.push(match edits.is_empty() {
        true => finding,
        false => finding.fix("write the keys like the others", edits),
    });
}

fn keys(
    file: usize,
    command: &Command<'_>,
    short: &mut Vec<WrittenKey>,
    long: &mut Vec<WrittenKey>,
) {
    let is_rule = |directive: &Directive<'_>| {
        matches!(directive, Directive::Append(_) | Directive::Prepend(_))
    };
    if !command.options.iter().any(|item| is_rule(&item.directive)) {
        return;
    }
    let mut can_have_key = false;
    for item in &command.options {
        let Some(span) = item_span(item) else { continue };
        let place = FileSpan { file, span };
        let is_alone = item.span.range().len() == 2;
        match &item.directive {
            Directive::Key(text) => {
                // A text that looks like an option is probably not a key.
                let is_plain =
                    is_alone && !text.bytes().is_empty() && !text.bytes().starts_with(b"-");
                short.push(WrittenKey { place, value: text.span(), is_plain });
            }
            Directive::Field(expression) if expression.text.bytes().starts_with(b"key=") => {
                let value = expression.text.skip(4);
                let is_plain = is_alone && can_have_key && !value.bytes().is_empty();
                long.push(WrittenKey { place, value: value.span(), is_plain });
            }
            // A condition before the list does not count for a key after it.
            Directive::Append(_) | Directive::Prepend(_) => can_have_key = false,
            Directive::Syscalls(_) => can_have_key = true,
            Directive::Field(expression) => {
                let bytes = expression.text.bytes();
                let words: [&[u8]; 5] = [b"path=", b"dir=", b"perm=", b"exe=", b"fstype="];
                can_have_key |= words.iter().any(|word| bytes.starts_with(word));
            }
            _ => {}
        }
    }
}
