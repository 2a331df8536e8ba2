//! Hover: describes the word at the cursor.

mod syscall;

use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind};

use super::context::{Context, arch_of, condition, key};
use super::values::{kind_text, lists, operators};
use super::workspace::Cursor;
use crate::catalog::{
    self, Arch, FieldKind, KnownList, Perm, Word, field_info, field_number, meaning,
};
use crate::lint;
use crate::ruleset::{Line, RuleSet};
use crate::span::Span;
use crate::syntax::{Command, Comparison, Directive, LONG, LineKind, SettingName, Text};

/// Maximum number of rules listed for a key.
const MAX_RULES: usize = 20;

/// The span of a word, and its description in Markdown.
type Description = (Span, String);

/// Describes the word at the cursor.
pub(super) fn hover(at: &Cursor) -> Option<Description> {
    let offset = at.offset;
    let rules = at.set.rules();
    let line = rules.lines_of(at.file).iter().find(|line| is_in(line.span, offset))?;
    match line.kind {
        LineKind::Blank => None,
        LineKind::Comment => comment(&rules, line, offset),
        LineKind::Command => {
            let command = line.command()?;
            let text = rules.text(at.file, line.span);
            let context = Context::of(command, at.machine);
            HoverContext {
                rules: &rules,
                text,
                start: line.span.start,
                machine: at.machine,
                context,
            }
            .command(command, offset)
        }
    }
}

/// Converts a description for the editor.
pub(super) fn to_lsp(range: gen_lsp_types::Range, value: String) -> Hover {
    let contents = Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value });
    Hover { contents, range: Some(range) }
}

fn is_in(span: Span, offset: usize) -> bool {
    span.start <= offset && offset < span.end
}

/// Describes the code of a lint in a comment.
fn comment(rules: &RuleSet<'_>, line: &Line<'_>, offset: usize) -> Option<Description> {
    let text = rules.text(line.file, line.span);
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let at = offset.checked_sub(line.span.start)?;
    let before = text.get(..at)?.iter().rev().take_while(|byte| is_word(byte)).count();
    let after = text.get(at..)?.iter().take_while(|byte| is_word(byte)).count();
    let span = Span::new(offset - before, offset + after);
    let word = std::str::from_utf8(text.get(at - before..at + after)?).ok()?;
    let is_ours = text.windows(10).any(|window| window == b"rauditctl:");
    let page = lint::find(word).filter(|_| is_ours)?.page();
    Some((span, format!("**{}**\n\n{}", page.title, page.summary)))
}

/// The line at the cursor, and what the meaning of its words depends on.
struct HoverContext<'c, 's> {
    rules: &'c RuleSet<'s>,
    /// The text of the line.
    text: &'c [u8],
    /// The offset of the line in its file.
    start: usize,
    machine: Arch,
    context: Context,
}

impl HoverContext<'_, '_> {
    fn command(&self, command: &Command<'_>, offset: usize) -> Option<Description> {
        command.options.iter().find_map(|item| {
            if is_in(item.span, offset) {
                return Some((item.span, self.option(item.span)?));
            }
            self.value(&item.directive, offset)
        })
    }

    /// Describes the option at a span. The span may contain several short options, such as `-iD`: the last one
    /// counts.
    fn option(&self, span: Span) -> Option<String> {
        let written = self.text.get(span.start - self.start..span.end - self.start)?;
        let written = std::str::from_utf8(written).ok()?;
        let name = match written.strip_prefix("--") {
            Some(name) => {
                let full = LONG.iter().find(|(long, ..)| long.starts_with(name.as_bytes()))?;
                format!("--{}", std::str::from_utf8(full.0).ok()?)
            }
            None => format!("-{}", written.chars().next_back()?),
        };
        let found = meaning(Word::Option, &name)?;
        let value = found.value.map(|value| format!(" {value}")).unwrap_or_default();
        Some(format!("`{name}{value}`\n\n{}", sentence(found.text)))
    }

    fn value(&self, directive: &Directive<'_>, offset: usize) -> Option<Description> {
        let at = |text: &Text<'_>| is_in(text.span(), offset);
        match directive {
            Directive::Append(words) | Directive::Prepend(words) | Directive::Delete(words) => {
                let (left, right) = words.pair()?;
                let word = [left, right].into_iter().find(at)?;
                Some((word.span(), keyword(&word)?))
            }
            Directive::Syscalls(list) => {
                let name = list.names().find(at)?;
                Some((name.span(), syscall::hover(name.bytes(), self.context)?))
            }
            Directive::Compare(expression) => {
                let parts = expression.parts().ok()?;
                let name = [&parts.field, &parts.value].into_iter().find(|name| at(name))?;
                Some((name.span(), field(name)?))
            }
            Directive::Permissions(text) if at(text) => {
                Some((text.span(), permissions(text.bytes(), None)))
            }
            Directive::Set(SettingName::Enabled, text) if at(text) => {
                Some((text.span(), sentence(meaning(Word::Option, "-e")?.text)))
            }
            Directive::Set(SettingName::Failure, text) if at(text) => {
                Some((text.span(), sentence(meaning(Word::Option, "-f")?.text)))
            }
            _ => match key(directive).filter(|key| at(key)) {
                Some(key) => Some((key.span(), self.key(key.bytes()))),
                None => self.condition(&condition(directive)?, offset),
            },
        }
    }

    fn condition(&self, parts: &Comparison<'_>, offset: usize) -> Option<Description> {
        if is_in(parts.field.span(), offset) {
            return Some((parts.field.span(), field(&parts.field)?));
        }
        if is_in(parts.operator_span(), offset) {
            let found = meaning(Word::Operator, parts.operator.symbol())?;
            return Some((parts.operator_span(), format!("`{}`: {}", found.word, found.text)));
        }
        let kind = field_info(field_number(parts.field.bytes())?)?.kind;
        let span = parts.value.span();
        is_in(span, offset).then_some(())?;
        Some((span, self.field_value(kind, parts.value.bytes())?))
    }

    fn field_value(&self, kind: FieldKind, value: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(value).ok()?;
        let number = |number: u32| format!("`{text}`: {number}");
        match kind {
            FieldKind::Arch => {
                let arch = arch_of(value, self.machine)?;
                let (name, elf) = (arch.common_name(), arch.elf());
                Some(format!("`{text}`: {name}, ELF id {elf:#x}"))
            }
            FieldKind::Errno => {
                let (name, sign) = match text.strip_prefix('-') {
                    Some(name) => (name, "-"),
                    None => (text, ""),
                };
                let error = catalog::errno_number(name.as_bytes())?;
                let hint = if sign.is_empty() {
                    "\n\nFailed syscalls return negative numbers."
                } else {
                    ""
                };
                Some(format!("`{text}`: {sign}{error}{hint}"))
            }
            FieldKind::MessageType => catalog::msgtype_number(value).map(number),
            FieldKind::FsType => {
                catalog::fstype_number(value).map(|number| format!("`{text}`: {number:#x}"))
            }
            FieldKind::FileType => {
                catalog::filetype_number(value).map(|number| format!("`{text}`: {number:#o}"))
            }
            FieldKind::Family => {
                catalog::family_name(text.parse().ok()?).map(|name| format!("`{text}`: {name}"))
            }
            FieldKind::User | FieldKind::SessionId if text.eq_ignore_ascii_case("unset") => {
                Some(number(u32::MAX))
            }
            FieldKind::Perm => Some(permissions(value, Some(self.context.arch))),
            _ => None,
        }
    }

    /// Describes a key: the number of rules in the set that have it, and their places.
    fn key(&self, wanted: &[u8]) -> String {
        let commands = self.rules.written().filter(|(_, _, command)| {
            let mut keys = command.options.iter().filter_map(|item| key(&item.directive));
            adds_rule(command) && keys.any(|key| key.bytes() == wanted)
        });
        let places: Vec<String> = commands
            .filter_map(|(_, line, _)| {
                let source = self.rules.source(line.file)?;
                let name = source.name().rsplit('/').next().unwrap_or_default();
                Some(format!("- {name}:{}", source.location(line.span.start).line))
            })
            .collect();
        let rules = if places.len() == 1 { "rule has" } else { "rules have" };
        let head =
            format!("{} {rules} the key `{}`", places.len(), String::from_utf8_lossy(wanted));
        let listed = places.iter().take(MAX_RULES).cloned().collect::<Vec<_>>().join("\n");
        let more = match places.len().checked_sub(MAX_RULES).filter(|more| *more > 0) {
            Some(more) => format!("\n- and {more} more"),
            None => String::new(),
        };
        format!("{head}\n\n{listed}{more}")
    }
}

/// Returns whether a command adds a rule.
fn adds_rule(command: &Command<'_>) -> bool {
    let adds = |directive: &Directive<'_>| {
        matches!(directive, Directive::Append(_) | Directive::Prepend(_) | Directive::Watch(_))
    };
    command.options.iter().any(|item| adds(&item.directive))
}

/// Describes a list or an action.
fn keyword(word: &Text<'_>) -> Option<String> {
    let found = match KnownList::from_name(word.bytes()) {
        Some(list) => meaning(Word::List, list.name()),
        None => meaning(Word::Action, std::str::from_utf8(word.bytes()).ok()?),
    };
    found.map(|found| format!("`{}`\n\n{}", found.word, sentence(found.text)))
}

fn field(name: &Text<'_>) -> Option<String> {
    let row = field_info(field_number(name.bytes())?)?;
    let mut text = format!("`{}`\n\n", row.name);
    if let Some(found) = meaning(Word::Field, row.name) {
        text += &format!("{}\n\n", sentence(found.text));
    }
    text += &format!("- value: {}\n- lists: {}\n", kind_text(row.kind), lists(row));
    text += &format!("- operators: {}\n", operators(row.operators));
    if row.kernel_operators != row.operators {
        text += &format!("- accepted by the kernel: {}\n", operators(row.kernel_operators));
    }
    if let Some(since) = row.since {
        text += &format!("- since Linux {since}\n");
    }
    Some(text)
}

/// Describes permissions. With an arch, also lists the syscalls that they put into the mask.
fn permissions(letters: &[u8], arch: Option<Arch>) -> String {
    let perms = letters.iter().filter_map(|letter| Perm::from_letter(*letter));
    let lines = perms.filter_map(|perm| {
        let letter = char::from(perm.letter()).to_string();
        let mut line = format!("- `{letter}`: {}", meaning(Word::Perm, &letter)?.text);
        if let Some(arch) = arch {
            let has = |name: &&str| catalog::syscall_number(arch, name.as_bytes()).is_some();
            let names = perm.syscalls().iter().filter(|name| has(name)).copied();
            line += &format!(" ({})", names.collect::<Vec<_>>().join(", "));
        }
        Some(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Capitalizes the first letter and adds a period.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), chars.as_str())
}
