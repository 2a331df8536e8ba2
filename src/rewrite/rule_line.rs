//! A rule as a line of a rules file.
//!
//! A listing is not always such a line: auditctl prints numbers for file types, which it does not read back, and does
//! not escape spaces.

use crate::catalog::{self, Arch, field};
use crate::compile::{End, Options, compile_once};
use crate::host::FixedHost;
use crate::rule::{
    Field, FilterList, KEY_SEPARATOR, Mask, NumberId, Op, Placement, Request, Rule, TextId,
};
use crate::syntax::{Content, escaped, lines, parse_line};

/// Returns the line of a rules file that auditctl compiles to exactly this rule on this machine; `None` if there is
/// none, for example for a field without a name.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::rewrite::rule_line;
/// use rauditctl::rule::{Action, Field, FieldId, FilterList, Op, Rule};
///
/// let mut rule = Rule::new(FilterList::Exit, Action::Always);
/// assert!(rule.mask.insert(59));
/// let FieldId::Number(id) = FieldId::of(108) else { panic!("filetype is a number") };
/// rule.fields.push(Field::Number { id, op: Op::EQUAL, value: 0o120_000 });
/// let line = rule_line(&rule, Arch::X86_64).expect("there is one");
/// assert_eq!(line, b"-a always,exit -S execve -F filetype=link");
/// ```
pub fn rule_line(rule: &Rule, machine: Arch) -> Option<Vec<u8>> {
    line_with(rule, machine, Syscalls::Names)
}

/// Returns such a line that any auditctl reads without a warning. It has numbers in place of the names of syscalls that Linux
/// has since 5.13, which an older auditctl does not know, and, without `arch`, of those that other word sizes number
/// otherwise.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::rewrite::quiet_rule_line;
/// use rauditctl::rule::{Action, FilterList, Rule};
///
/// let mut rule = Rule::new(FilterList::Exit, Action::Always);
/// // mkdir on x86_64 and symlink on i386; setns is another one on i386 too.
/// assert!(rule.mask.insert(83) && rule.mask.insert(308));
/// let line = quiet_rule_line(&rule, Arch::X86_64).expect("there is one");
/// assert_eq!(line, b"-a always,exit -S 83,308");
/// ```
pub fn quiet_rule_line(rule: &Rule, machine: Arch) -> Option<Vec<u8>> {
    line_with(rule, machine, Syscalls::Numbers)
}

/// Returns the line as [`rule_line`] does, but without `-S` if its other words stand for the same syscalls.
pub fn short_rule_line(rule: &Rule, machine: Arch) -> Option<Vec<u8>> {
    let writer = Writer { rule, machine, syscalls: Syscalls::Names };
    let short = writer.written(&[Place::Nowhere]);
    short.or_else(|| rule_line(rule, machine))
}

fn line_with(rule: &Rule, machine: Arch, syscalls: Syscalls) -> Option<Vec<u8>> {
    // The customary form comes first.
    Writer { rule, machine, syscalls }.written(&[Place::AfterArch, Place::Last])
}

/// Returns whether the kernel keeps this rule when auditctl sends the line.
fn compiles_to(line: &[u8], rule: &Rule, host: &FixedHost) -> bool {
    let text = [line, b"\n"].concat();
    let mut lines = lines(&text);
    let (Some(first), None) = (lines.next(), lines.next()) else { return false };
    let Content::Command(command) = parse_line(&first) else { return false };
    let program = compile_once(&command, host, Options::default());
    !program.is_faulty()
        && matches!(program.end, End::Rule(Request::Add(made), _) if is_kept_as(&made, rule))
}

/// Returns whether a kernel that gets the rule `made` keeps `rule`. It expands the class bits of a mask, so those of a
/// mask with every syscall make no difference.
fn is_kept_as(made: &Rule, rule: &Rule) -> bool {
    made == rule
        || made.mask == Mask::ALL
            && rule.mask == Mask::ALL.without_classes()
            && Rule { mask: Mask::ALL, ..rule.clone() } == *made
}

/// How integers without a name are written. auditctl accepts each for some fields only.
#[derive(Clone, Copy)]
enum Integers {
    Signed,
    Unsigned,
}

/// The place of `-S` among the conditions.
#[derive(Clone, Copy)]
enum Place {
    AfterArch,
    /// Before the keys: after a `perm`, which adds its syscalls to those before it.
    Last,
    /// There is none.
    Nowhere,
}

/// How the syscalls of a rule are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syscalls {
    Names,
    /// With numbers in place of new names, and of names that stand for another number on another arch of the machine.
    Numbers,
}

struct Writer<'r> {
    rule: &'r Rule,
    machine: Arch,
    syscalls: Syscalls,
}

impl Writer<'_> {
    /// Returns the first form that compiles to the rule.
    fn written(&self, places: &[Place]) -> Option<Vec<u8>> {
        let host = FixedHost::new(self.machine);
        let forms = [Integers::Signed, Integers::Unsigned]
            .into_iter()
            .flat_map(|integers| places.iter().map(move |place| (integers, *place)));
        let mut lines = forms.filter_map(|(integers, place)| self.line(integers, place));
        lines.find(|line| compiles_to(line, self.rule, &host))
    }

    /// Returns the rule in one form; `None` for a condition that no line can have.
    fn line(&self, integers: Integers, place: Place) -> Option<Vec<u8>> {
        let fields = &self.rule.fields;
        let arch = fields.iter().rposition(|field| field.number() == field::ARCH);
        let place = match place {
            Place::AfterArch => arch.map_or(0, |at| at + 1),
            Place::Last => {
                let is_key = |field: &&Field| field.number() == field::KEY;
                fields.len() - fields.iter().rev().take_while(is_key).count()
            }
            Place::Nowhere => usize::MAX,
        };
        let mut line = self.head().into_bytes();
        for (at, field) in fields.iter().enumerate() {
            if at == place {
                line.extend(self.syscalls().into_bytes());
            }
            line.extend(self.condition(field, integers)?);
        }
        if place == fields.len() {
            line.extend(self.syscalls().into_bytes());
        }
        Some(line)
    }

    fn head(&self) -> String {
        let option = match self.rule.placement {
            Placement::Append => "-a",
            Placement::Prepend => "-A",
        };
        format!("{option} {},{}", self.rule.action.name(), self.rule.list.name())
    }

    fn syscalls(&self) -> String {
        let Rule { list, mask, .. } = self.rule;
        match list {
            _ if !list.has_mask() || mask.is_empty() => return String::new(),
            // `all` is no operation, but stands for all where none is named.
            FilterList::IoUring if mask.is_all() => return String::new(),
            _ if mask.is_all() => return " -S all".to_owned(),
            _ => {}
        }
        let arch = self.rule.fields.iter().filter_map(arch_of).next_back();
        let is_quiet = self.syscalls == Syscalls::Numbers;
        let compat = self.machine.compat().filter(|_| is_quiet && arch.is_none());
        let arch = arch.unwrap_or(self.machine);
        let is_new = |number| is_quiet && catalog::syscall_since(arch, number).is_some();
        let name = |number| match *list {
            FilterList::IoUring => catalog::uring_op_name(number),
            _ => catalog::syscall_name(arch, number).filter(|_| !is_new(number)).filter(|name| {
                compat.is_none_or(|compat| {
                    catalog::syscall_number(compat, name.as_bytes()) == Some(number)
                })
            }),
        };
        let spelled = |number| name(number).map_or_else(|| number.to_string(), str::to_owned);
        let names: Vec<String> = mask.iter().map(spelled).collect();
        format!(" -S {}", names.join(","))
    }

    /// Returns a condition with its option.
    fn condition(&self, field: &Field, integers: Integers) -> Option<Vec<u8>> {
        let op = field.op().symbol()?;
        Some(match field {
            Field::Number { id: NumberId::FIELD_COMPARE, value, .. } => {
                let (left, right) = catalog::compare_pair(*value)?;
                format!(" -C {left}{op}{right}").into_bytes()
            }
            Field::Number { id, value, .. } => {
                let value = match self.name(id.number(), *value) {
                    Some(name) => name,
                    None => match integers {
                        Integers::Signed => value.cast_signed().to_string(),
                        Integers::Unsigned => value.to_string(),
                    },
                };
                format!(" -F {}{op}{value}", field.name()?).into_bytes()
            }
            Field::Text { id: TextId::KEY, op: Op::EQUAL, text } => {
                let keys = text.split(|byte| *byte == KEY_SEPARATOR);
                keys.flat_map(|key| [b" -k ", escaped(key).as_slice()].concat()).collect()
            }
            Field::Text { text, .. } => {
                [format!(" -F {}{op}", field.name()?).into_bytes(), escaped(text)].concat()
            }
        })
    }

    /// Returns a number as a word of the rule language, if the field has such words.
    fn name(&self, field: u32, value: u32) -> Option<String> {
        let signed = value.cast_signed();
        match field {
            field::ARCH => Arch::from_elf(value).map(|arch| match Some(arch) {
                own if own == self.machine.b64() => "b64".to_owned(),
                own if own == self.machine.b32() => "b32".to_owned(),
                _ => arch.name().to_owned(),
            }),
            field::PERM => {
                let letters = catalog::Perm::ALL.iter().filter(|perm| value & perm.bit() != 0);
                Some(letters.map(|perm| char::from(perm.letter())).collect())
            }
            field::FILETYPE => catalog::filetype_name(value).map(str::to_owned),
            field::MSGTYPE => catalog::msgtype_name(value).map(str::to_owned),
            field::FSTYPE => catalog::fstype_name(value).map(str::to_owned),
            field::AUID | field::SESSIONID if value == u32::MAX => Some("unset".to_owned()),
            field::EXIT if signed < 0 => {
                catalog::errno_name(signed.unsigned_abs()).map(|name| format!("-{name}"))
            }
            field::A0..=field::A3 => Some(format!("0x{value:X}")),
            _ => None,
        }
    }
}

fn arch_of(field: &Field) -> Option<Arch> {
    match field {
        Field::Number { id: NumberId::ARCH, value, .. } => Arch::from_elf(*value),
        _ => None,
    }
}
