//! One line of a listing: `-a ACTION,LIST`, arches, syscalls, conditions, keys.

use std::ops::Range;

use super::Doubt;
use super::condition::{
    comparison, field_name, has_unnamed, number_of, split_operator, starts_condition, unnamed, word,
};
use super::shown::push_key;
use super::syscalls::{syscalls, without_syscalls};
use super::value;
use crate::catalog::{self, Arch, FieldKind, KnownAction, KnownList, Operator, field};
use crate::rule::{Action, Field, FieldId, FilterList, Mask, NumberId, Op, Rule, TextId};

/// A line, and what it leaves open.
#[derive(Debug)]
pub(super) struct Line<'t> {
    /// The rule. Its mask is empty if the names of syscalls still need an arch.
    pub(super) rule: Rule,
    pub(super) others: Vec<Rule>,
    pub(super) doubts: Vec<Doubt>,
    /// The syscalls of a rule without an arch.
    pub(super) names: Option<&'t [u8]>,
    /// The ELF number of the last arch that the line names.
    pub(super) arch: Option<u32>,
}

/// A part of a line that no listing has.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
}

impl Wrong {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Wrong { at, message: message.into(), help: None }
    }

    fn with_help(self, help: &'static str) -> Self {
        Wrong { help: Some(help), ..self }
    }
}

/// Shown for lines that are not in a listing at all.
pub(super) const NOT_LISTED: &str = "save the output of `auditctl -l`";

/// The part of a line that is not read yet.
struct Rest<'t> {
    line: &'t [u8],
    at: usize,
}

impl<'t> Rest<'t> {
    fn bytes(&self) -> &'t [u8] {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, prefix: &[u8]) -> bool {
        let found = self.bytes().starts_with(prefix);
        self.at += if found { prefix.len() } else { 0 };
        found
    }

    /// Returns the bytes up to the next space, and passes them.
    fn word(&mut self) -> &'t [u8] {
        let word = word(self.bytes());
        self.at += word.len();
        word
    }

    /// Returns a text up to the next condition, and passes it.
    fn text(&mut self) -> &'t [u8] {
        let rest = self.bytes();
        let starts = |at: &usize| rest.get(*at..).is_some_and(starts_condition);
        let end = memchr::memchr_iter(b' ', rest).find(starts).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Returns the place from `start` to here.
    fn since(&self, start: usize) -> Range<usize> {
        start..self.at
    }
}

/// Reads a line that begins with `-a`.
pub(super) fn read(line: &[u8], machine: Arch) -> Result<Line<'_>, Wrong> {
    let mut rest = Rest { line, at: 0 };
    let (action, list) = action_and_list(&mut rest)?;
    let mut read = Line {
        rule: Rule { mask: Mask::EMPTY, ..Rule::new(list, action) },
        others: Vec::new(),
        doubts: Vec::new(),
        names: None,
        arch: None,
    };
    while rest.skip(b" -F arch") {
        arch(&mut rest, &mut read, machine)?;
    }
    let calls = rest.at;
    let names = rest.skip(b" -S ").then(|| rest.word());
    if names.is_some() && !list.has_mask() {
        let message = format!("a rule on the list {} has no syscalls", list.name());
        return Err(Wrong::new(rest.since(calls), message));
    }
    let key = conditions(&mut rest, &mut read)?;
    match names {
        Some(names) => {
            let at = calls + b" -S ".len()..calls + b" -S ".len() + names.len();
            syscalls(names, at, &mut read)?;
        }
        None => without_syscalls(&mut read),
    }
    let followed = |field: &Field| field.number() != field::KEY;
    if let (Some(start), true) = (key, read.rule.fields.last().is_some_and(followed)) {
        doubt_key(line.get(start..).unwrap_or_default(), &mut read);
    }
    Ok(read)
}

fn action_and_list(rest: &mut Rest<'_>) -> Result<(Action, FilterList), Wrong> {
    if !rest.skip(b"-a ") {
        let message = "this line is not a rule as `-l` prints it";
        return Err(Wrong::new(0..rest.line.len(), message).with_help(NOT_LISTED));
    }
    let start = rest.at;
    let words = rest.word();
    let comma = memchr::memchr(b',', words).unwrap_or(words.len());
    let (action, list) = words.split_at_checked(comma).unwrap_or((words, &[]));
    let list = list.strip_prefix(b",").unwrap_or_default();
    if list == b"(null)" {
        let message = "the auditctl that printed this has no name for the list of the rule";
        return Err(Wrong::new(rest.since(start), message)
            .with_help("list the rules with a newer auditctl, or with `rauditctl -l`"));
    }
    let known = |word: &[u8], name: &str| word == name.as_bytes();
    let action = KnownAction::from_name(action).filter(|one| known(action, one.name()));
    let list = KnownList::from_name(list).filter(|one| known(list, one.name()));
    match (action, list) {
        (Some(action), Some(list)) => {
            Ok((Action::from_number(action.number()), FilterList::from(list)))
        }
        _ => Err(Wrong::new(
            rest.since(start),
            format!("`{}` is not an action and a list", lossy(words)),
        )),
    }
}

/// Reads an arch, from its operator on.
fn arch(rest: &mut Rest<'_>, read: &mut Line<'_>, machine: Arch) -> Result<(), Wrong> {
    let start = rest.at;
    let word = rest.word();
    let (op, name) = split_operator(word).ok_or_else(|| not_a_condition(rest, start))?;
    let Some(elf) = value::arch(name, machine) else {
        let (name, machine) = (lossy(name), machine.common_name());
        let message = format!("`{name}` is not an arch of a machine that is {machine}");
        return Err(Wrong::new(rest.since(start), message)
            .with_help("name the arch of the machine that the listing comes from"));
    };
    read.arch = Some(elf);
    read.rule.fields.push(Field::Number { id: NumberId::ARCH, op: Op::Known(op), value: elf });
    Ok(())
}

/// Reads the conditions after the syscalls. Returns the place of the first key.
fn conditions(rest: &mut Rest<'_>, read: &mut Line<'_>) -> Result<Option<usize>, Wrong> {
    let mut key = None;
    while !rest.bytes().is_empty() {
        let start = rest.at;
        let fields = &mut read.rule.fields;
        if rest.skip(b" -C ") {
            let pair = comparison(rest.word()).ok_or_else(|| not_a_condition(rest, start))?;
            fields.push(pair);
            continue;
        }
        if !rest.skip(b" -F ") {
            let field = rest.skip(b" f").then(|| unnamed(rest.word())).flatten();
            fields.push(field.ok_or_else(|| not_a_condition(rest, start))?);
            continue;
        }
        let Some((id, name)) = field_name(rest.bytes()) else {
            rest.word();
            return Err(not_a_condition(rest, start));
        };
        rest.at += name;
        let found = split_operator(rest.bytes());
        let Some((op, _)) = found else {
            rest.word();
            return Err(not_a_condition(rest, start));
        };
        rest.at += op.symbol().len();
        match FieldId::of(id) {
            FieldId::Number(number) => {
                let text = rest.word();
                let Some(value) = number_of(number, op, text) else {
                    return Err(not_a_value(rest, start, id, text));
                };
                fields.push(Field::Number { id: number, op: Op::Known(op), value });
            }
            FieldId::Text(TextId::KEY) => {
                key = key.or(Some(rest.at));
                // Keys are printed with `=`, also if they have another operator.
                if !push_key(fields, rest.text()) || op != Operator::Equal {
                    return Err(not_a_condition(rest, start));
                }
            }
            FieldId::Text(text) => {
                let value = rest.text();
                if id == field::EXE && op == Operator::Equal {
                    read.doubts.push(Doubt::ExeOperator);
                }
                if has_unnamed(value) {
                    read.doubts.push(Doubt::Text);
                }
                fields.push(Field::Text { id: text, op: Op::Known(op), text: value.into() });
            }
        }
    }
    Ok(key)
}

fn not_a_condition(rest: &Rest<'_>, start: usize) -> Wrong {
    let part = rest.line.get(start..rest.at.max(start)).unwrap_or_default();
    if part.is_empty() {
        let at = start..rest.line.len();
        let part = lossy(rest.bytes());
        return Wrong::new(at, format!("`{}` is not what `-l` prints there", part.trim()));
    }
    let message = format!("`{}` is not a condition as `-l` prints it", lossy(part).trim());
    Wrong::new(rest.since(start), message)
}

fn not_a_value(rest: &Rest<'_>, start: usize, id: u32, text: &[u8]) -> Wrong {
    let name = catalog::field_name(id).unwrap_or_default();
    let message = format!("`{}` is not a value of {name} as `-l` prints it", lossy(text));
    let wrong = Wrong::new(rest.since(start), message);
    let may_be_interpreted = matches!(id, field::A0..=field::A3) || is_account(id);
    if may_be_interpreted { wrong.with_help("save the listing without `-i`") } else { wrong }
}

fn is_account(id: u32) -> bool {
    let row = catalog::field_info(id);
    row.is_some_and(|row| matches!(row.kind, FieldKind::User | FieldKind::Group))
}

/// Adds the rule whose key is the rest of the line: auditctl puts keys last.
fn doubt_key(key: &[u8], read: &mut Line<'_>) {
    let is_key = |field: &Field| field.number() == field::KEY;
    let before = read.rule.fields.iter().take_while(|field| !is_key(field)).cloned();
    let text = key.into();
    let joined = Field::Text { id: TextId::KEY, op: Op::EQUAL, text };
    let fields = before.chain([joined]).collect();
    read.others.push(Rule { fields, ..read.rule.clone() });
    read.doubts.push(Doubt::Text);
}

pub(super) fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}
