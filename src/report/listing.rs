//! Rules as `auditctl -l` prints them (auditctl-listing.c).

use super::argument::{Call, Names};
use crate::catalog::{self, Arch, FieldKind, field};
use crate::rule::{Field, FilterList, KEY_SEPARATOR, Mask, NumberId, Op, Rule, TextId};

/// The style of a listing.
#[derive(Clone, Copy, Debug)]
pub struct Style<'n> {
    /// Whether to print names instead of `b64`, `b32`, the number of an unset user and the arguments of a
    /// syscall (`-l -i`).
    pub interpret: bool,
    /// The arch for the syscalls of rules without an arch; `None` prints numbers.
    pub machine: Option<Arch>,
    /// Whether a rule without an arch is printed with the syscall names of the last listed arch, as
    /// auditctl does, even if that is not the machine's own.
    pub keep_arch: bool,
    /// The system's names for arguments; [`NoNames`](super::argument::NoNames) for an unknown system.
    pub names: &'n dyn Names,
}

/// Builds a listing.
#[derive(Clone, Debug)]
pub struct Listing<'n> {
    style: Style<'n>,
    /// The ELF number of the arch for syscall names; `None` for the machine's own.
    arch: Option<u32>,
    out: Vec<u8>,
}

/// The syntax of a listed rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `-w PATH -p PERMISSIONS -k KEY`
    Watch,
    /// `-a ACTION,LIST -F FIELD...`
    Rule,
}

impl<'n> Listing<'n> {
    /// Returns an empty listing.
    pub fn new(style: Style<'n>) -> Self {
        Listing { style, arch: None, out: Vec::new() }
    }

    /// Lists rules, one per line.
    ///
    /// ```
    /// use rauditctl::catalog::Arch;
    /// use rauditctl::report::argument::NoNames;
    /// use rauditctl::report::listing::{Listing, Style};
    /// use rauditctl::rule::{Action, FilterList, Rule};
    ///
    /// let mut rule = Rule::new(FilterList::Exit, Action::Never);
    /// assert!(rule.mask.insert(1));
    /// let machine = Some(Arch::X86_64);
    /// let style = Style { interpret: false, machine, keep_arch: false, names: &NoNames };
    /// assert_eq!(Listing::of(style, [&rule]), b"-a never,exit -S write\n");
    /// ```
    pub fn of<'r>(style: Style<'n>, rules: impl IntoIterator<Item = &'r Rule>) -> Vec<u8> {
        let mut listing = Listing::new(style);
        rules.into_iter().for_each(|rule| listing.push(rule));
        listing.out
    }

    /// Returns one condition as a listed rule has it, such as `auid>=1000`.
    pub fn condition(style: Style<'n>, field: &Field) -> Vec<u8> {
        let mut listing = Listing::new(style);
        listing.arch(field);
        listing.field(field, Form::Rule);
        let text = listing.out.as_slice();
        let prefixes: [&[u8]; 3] = [b" -F ", b" -C ", b" "];
        prefixes.iter().find_map(|prefix| text.strip_prefix(*prefix)).unwrap_or(text).to_vec()
    }

    fn push(&mut self, rule: &Rule) {
        if !self.style.keep_arch {
            self.arch = None;
        }
        let form = if rule.is_watch() { Form::Watch } else { Form::Rule };
        let mut call = None;
        if form == Form::Rule {
            self.text(&format!("-a {},{}", rule.action.name(), rule.list.name()));
            rule.fields.iter().for_each(|field| self.arch(field));
            let only = self.mask(rule).filter(|_| self.style.interpret);
            call = only.map(|number| Call::new(arch_of(rule), number));
        }
        for field in &rule.fields {
            match (&mut call, argument(field)) {
                (Some(call), Some((number, op, value))) => {
                    self.text(&format!(" -F a{number}{}", symbol(op)));
                    self.out.extend(call.show(number, value, self.style.names));
                }
                _ => self.field(field, form),
            }
        }
        self.out.push(b'\n');
    }

    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn arch(&mut self, field: &Field) {
        let Field::Number { id: NumberId::ARCH, op, value } = field else { return };
        self.arch = Some(*value);
        let arch = Arch::from_elf(*value).filter(|arch| arch.known_to_auditctl());
        let name = match arch {
            None => format!("0x{value:X}"),
            Some(arch) if self.style.interpret => arch.name().into(),
            Some(arch) if arch.is_64bit() => "b64".into(),
            Some(_) => "b32".into(),
        };
        self.text(&format!(" -F arch{}{name}", symbol(*op)));
    }

    /// Prints the syscalls. Returns the number of the syscall for the arguments, if there is only one.
    /// Without a syscall, as on lists without a mask, auditctl uses number 0.
    fn mask(&mut self, rule: &Rule) -> Option<u32> {
        if !rule.list.has_mask() {
            return Some(0);
        }
        let is_uring = rule.list == FilterList::IoUring;
        if is_all(rule) {
            self.text(" -S all");
            return None;
        }
        let machine = match self.arch {
            Some(elf) => Arch::from_elf(elf),
            None => self.style.machine,
        };
        let name = |number: u32| match machine {
            _ if is_uring => catalog::uring_op_name(number),
            Some(arch) => catalog::syscall_name(arch, number),
            None => None,
        };
        let end = if is_uring { KNOWN_URING_OPS } else { Mask::BITS };
        let numbers: Vec<u32> = rule.mask.iter().filter(|number| *number < end).collect();
        let spelled =
            |number: &u32| name(*number).map_or_else(|| number.to_string(), str::to_owned);
        let names: Vec<String> = numbers.iter().map(spelled).collect();
        if !names.is_empty() {
            self.text(&format!(" -S {}", names.join(",")));
        }
        match numbers.as_slice() {
            [] => Some(0),
            [only] => Some(*only),
            _ => None,
        }
    }

    fn field(&mut self, field: &Field, form: Form) {
        match field {
            Field::Number { id: NumberId::ARCH, .. } => {}
            Field::Number { id: NumberId::PERM, value, .. } => {
                let option = match form {
                    Form::Watch => " -p ",
                    Form::Rule => " -F perm=",
                };
                self.text(&format!("{option}{}", permissions(*value)));
            }
            Field::Number { id: NumberId::FIELD_COMPARE, op, value } => {
                if let Some((left, right)) = catalog::compare_pair(*value) {
                    self.text(&format!(" -C {left}{}{right}", symbol(*op)));
                }
            }
            Field::Number { id, op, value } => {
                let value = self.number(id.number(), *value);
                match field.name() {
                    Some(name) => self.text(&format!(" -F {name}{}{value}", symbol(*op))),
                    None => self.text(&format!(" f{}{}{value}", id.number(), symbol(*op))),
                }
            }
            Field::Text { id: TextId::KEY, text, .. } => self.keys(text, form),
            Field::Text { id: TextId::PATH | TextId::DIR, text, .. } if form == Form::Watch => {
                self.text("-w ");
                self.out.extend_from_slice(text);
            }
            Field::Text { op, text, .. } => {
                let name = field.name().unwrap_or_default();
                self.text(&format!(" -F {name}{}", symbol(*op)));
                self.out.extend_from_slice(text);
            }
        }
    }

    fn keys(&mut self, keys: &[u8], form: Form) {
        let option = match form {
            Form::Watch => " -k ",
            Form::Rule => " -F key=",
        };
        for key in keys.split(|byte| *byte == KEY_SEPARATOR).filter(|key| !key.is_empty()) {
            self.text(option);
            self.out.extend_from_slice(key);
        }
    }

    /// Returns a number as auditctl prints it for this field: signed, with few exceptions.
    fn number(&self, field: u32, value: u32) -> String {
        let signed = value.cast_signed();
        let name = match field {
            field::MSGTYPE => catalog::msgtype_name(value).map(str::to_owned),
            field::FSTYPE => catalog::fstype_name(value).map(str::to_owned),
            field::EXIT if signed < 0 => {
                catalog::errno_name(signed.unsigned_abs()).map(|name| format!("-{name}"))
            }
            field::AUID | field::SESSIONID if self.style.interpret && value == u32::MAX => {
                Some("unset".into())
            }
            field::INODE => Some(value.to_string()),
            _ if is_account(field) => {
                let name = self.style.names.placeholder(value);
                name.map(|name| String::from_utf8_lossy(name).into_owned())
            }
            field::A0..=field::A3 => Some(format!("0x{value:X}")),
            _ => None,
        };
        name.unwrap_or_else(|| signed.to_string())
    }
}

fn is_account(field: u32) -> bool {
    catalog::field_info(field)
        .is_some_and(|row| matches!(row.kind, FieldKind::User | FieldKind::Group))
}

/// Returns the arch field of the rule, if auditctl knows the arch.
fn arch_of(rule: &Rule) -> Option<Arch> {
    let elf = rule.fields.iter().rev().find_map(|field| match field {
        Field::Number { id: NumberId::ARCH, value, .. } => Some(*value),
        _ => None,
    })?;
    Arch::from_elf(elf).filter(|arch| arch.known_to_auditctl())
}

/// Returns the number of an argument, 0 to 3, with its operator and value.
fn argument(field: &Field) -> Option<(u32, Op, u32)> {
    let Field::Number { id, op, value } = field else { return None };
    let number = id.number().checked_sub(field::A0).filter(|number| *number <= 3)?;
    Some((number, *op, *value))
}

/// io_uring operations that auditctl lists (`IORING_OP_LAST`, auditctl-listing.c).
const KNOWN_URING_OPS: u32 = 37;

/// Returns whether the rule is listed with `-S all`. auditctl tests 37 words of an io_uring mask: it uses the number
/// of operations as a number of words.
fn is_all(rule: &Rule) -> bool {
    match rule.list {
        FilterList::IoUring => {
            rule.mask.words().iter().take(KNOWN_URING_OPS as usize).all(|word| *word == u32::MAX)
        }
        _ => rule.mask.is_all(),
    }
}

fn permissions(bits: u32) -> String {
    let letters = catalog::Perm::ALL.iter().filter(|perm| bits & perm.bit() != 0);
    letters.map(|perm| char::from(perm.letter())).collect()
}

/// Returns the operator, as a number if it has no symbol.
fn symbol(op: Op) -> String {
    op.symbol().map_or_else(|| format!("{{{:#x}}}", op.bits()), str::to_owned)
}
