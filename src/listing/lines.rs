//! The lines of a listing.

use super::rule::{self, Line, NOT_LISTED, Wrong, lossy};
use super::syscalls::mask_of;
use super::{Doubt, Listed, ListedRule, Problem, watch};
use crate::catalog::{Arch, field};
use crate::host::Host;
use crate::rule::{Field, FilterList, Mask, Op, Rule};
use crate::span::Span;

/// What auditctl prints for a kernel without rules.
const NO_RULES: &[u8] = b"No rules";

/// A line with the arch that auditctl may have used for the names of its syscalls.
struct Read<'t> {
    number: usize,
    span: Span,
    line: Line<'t>,
    /// The masks of a rule without an arch: by the last arch that was listed, and by that of the machine.
    masks: Option<(Option<Mask>, Option<Mask>)>,
}

/// Reads a listing as text.
pub(super) fn read(text: &[u8], machine: Arch, host: &dyn Host) -> Result<Listed, Vec<Problem>> {
    let text_end = text.strip_suffix(b"\n").unwrap_or(text);
    if text_end == NO_RULES {
        return Ok(Listed::default());
    }
    if text_end.is_empty() {
        let message = "the listing is empty; auditctl prints `No rules` for a kernel without rules";
        let (span, help) = (Span::new(0, text.len()), Some("save the listing again"));
        return Err(vec![Problem { line: 1, span, message: message.into(), help }]);
    }
    let mut problems = Vec::new();
    let mut read = Vec::new();
    let mut last: Option<Option<Arch>> = None;
    let mut start = 0;
    for (number, bytes) in (1..).zip(text_end.split(|byte| *byte == b'\n')) {
        let span = Span::new(start, start + bytes.len());
        start = span.end + 1;
        match line(bytes, machine, host) {
            Ok(line) => {
                if let Some(elf) = line.arch {
                    last = Some(Arch::from_elf(elf));
                }
                let masks = line.names.map(|names| {
                    let by = |arch| mask_of(names, arch);
                    (by(last.unwrap_or(Some(machine))), by(Some(machine)))
                });
                if let (Some(names), Some((None, None))) = (line.names, &masks) {
                    let known = |name: &&[u8]| mask_of(name, Some(machine)).is_none();
                    let name = names.split(|byte| *byte == b',').find(known).unwrap_or(names);
                    let message =
                        format!("`{}` is not the name or number of a syscall", lossy(name));
                    problems.push(Problem { line: number, span, message, help: None });
                }
                read.push(Read { number, span, line, masks });
            }
            Err(wrong) => problems.push(problem(wrong, number, span)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let whose = Whose::of(&read);
    let shows_operators = read.iter().any(|read| is_of_new_version(&read.line.rule));
    let rules = read.into_iter().map(|read| finish(read, whose, shows_operators));
    Ok(Listed { rules: rules.collect() })
}

fn line<'t>(bytes: &'t [u8], machine: Arch, host: &dyn Host) -> Result<Line<'t>, Wrong> {
    if bytes.is_empty() {
        let message = "this line is empty";
        let help = "a path or key may have a line break; `rauditctl -l --format json` shows it";
        return Err(Wrong { help: Some(help), ..Wrong::new(0..0, message) });
    }
    if bytes == NO_RULES {
        let message = "`No rules` is the whole listing of a kernel without rules";
        return Err(Wrong { help: Some(NOT_LISTED), ..Wrong::new(0..bytes.len(), message) });
    }
    match watch::is_watch(bytes) {
        true => watch::read(bytes, host),
        false => rule::read(bytes, machine),
    }
}

fn problem(wrong: Wrong, line: usize, of: Span) -> Problem {
    let Wrong { at, message, help } = wrong;
    let place = |offset: usize| (of.start + offset).min(of.end);
    Problem { line, span: Span::new(place(at.start), place(at.end)), message, help }
}

/// The arch of the syscall names in rules without an arch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// That of the last rule with an arch, as auditctl takes it.
    Last,
    /// That of the machine, as rauditctl takes it.
    Machine,
    /// The listing shows neither.
    Unknown,
}

impl Whose {
    /// Names that only one of the two has show whose names the listing has.
    fn of(read: &[Read<'_>]) -> Self {
        let masks = || read.iter().filter_map(|read| read.masks.as_ref());
        let only_last = masks().any(|masks| matches!(masks, (Some(_), None)));
        let only_machine = masks().any(|masks| matches!(masks, (None, Some(_))));
        match (only_last, only_machine) {
            (true, false) => Whose::Last,
            (false, true) => Whose::Machine,
            _ => Whose::Unknown,
        }
    }
}

/// Returns whether only an auditctl after version 3.0.9 can have printed the rule.
fn is_of_new_version(rule: &Rule) -> bool {
    let is_other = |field: &Field| matches!(field, Field::Text { op, .. } if *op != Op::EQUAL);
    // 3.0.9 prints the operators of labels.
    let is_exe = |field: &Field| field.number() == field::EXE;
    rule.list == FilterList::IoUring
        || rule.fields.iter().any(|field| is_exe(field) && is_other(field))
}

fn finish(read: Read<'_>, whose: Whose, shows_operators: bool) -> ListedRule {
    let Line { mut rule, mut others, mut doubts, .. } = read.line;
    if let Some(masks) = read.masks {
        let (mask, other) = match (masks, whose) {
            ((Some(last), _), Whose::Last) => (Some(last), None),
            ((_, Some(machine)), Whose::Machine) => (Some(machine), None),
            ((Some(last), Some(machine)), _) if last != machine => (Some(last), Some(machine)),
            ((last, machine), _) => (last.or(machine), None),
        };
        if let Some(other) = other {
            // Rules that differ in another way have the same two masks.
            let all = [&rule].into_iter().chain(&others);
            let more: Vec<Rule> =
                all.map(|rule| Rule { mask: other.clone(), ..rule.clone() }).collect();
            set_mask(&mut rule, &mut others, mask);
            others.extend(more);
            doubts.push(Doubt::Names);
        } else {
            set_mask(&mut rule, &mut others, mask);
        }
    }
    doubts.retain(|doubt| !shows_operators || *doubt != Doubt::ExeOperator);
    doubts.sort();
    doubts.dedup();
    ListedRule { line: read.number, span: read.span, rule, others, doubts, is_exact: false }
}

fn set_mask(rule: &mut Rule, others: &mut [Rule], mask: Option<Mask>) {
    let Some(mask) = mask else { return };
    for rule in [rule].into_iter().chain(others) {
        rule.mask = mask.clone();
    }
}
