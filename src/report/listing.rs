//! Rules as `auditctl -l` prints them (auditctl-listing.c).

use crate::catalog::{self, Arch, field};
use crate::rule::{Field, FilterList, KEY_SEPARATOR, Mask, NumberId, Op, Rule, TextId};

/// How rules are listed.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Names instead of `b64`, `b32` and the number of an unset user (`-l -i`).
    pub interpret: bool,
    /// The machine whose syscalls rules without an arch are about; `None` prints numbers.
    pub machine: Option<Arch>,
    /// As auditctl does it: a rule without an arch is printed with the names of the last arch that was
    /// listed before it, which may not be the machine's own.
    pub keep_arch: bool,
}

/// A listing in the making.
#[derive(Clone, Debug)]
pub struct Listing {
    style: Style,
    /// Which arch the names of syscalls are from, by its ELF number; `None` for the machine's own.
    arch: Option<u32>,
    out: Vec<u8>,
}

impl Listing {
    /// An empty listing.
    pub fn new(style: Style) -> Self {
        Listing { style, arch: None, out: Vec::new() }
    }

    /// Lists rules, one a line.
    ///
    /// ```
    /// use rauditctl::catalog::Arch;
    /// use rauditctl::report::listing::{Listing, Style};
    /// use rauditctl::rule::{Action, FilterList, Rule};
    ///
    /// let mut rule = Rule::new(FilterList::Exit, Action::Never);
    /// assert!(rule.mask.insert(1));
    /// let style = Style { interpret: false, machine: Some(Arch::X86_64), keep_arch: false };
    /// assert_eq!(Listing::of(style, [&rule]), b"-a never,exit -S write\n");
    /// ```
    pub fn of<'r>(style: Style, rules: impl IntoIterator<Item = &'r Rule>) -> Vec<u8> {
        let mut listing = Listing::new(style);
        rules.into_iter().for_each(|rule| listing.push(rule));
        listing.out
    }

    fn push(&mut self, rule: &Rule) {
        if !self.style.keep_arch {
            self.arch = None;
        }
        let watch = rule.is_watch();
        if !watch {
            self.text(&format!("-a {},{}", action_name(rule), list_name(rule.list)));
            rule.fields.iter().for_each(|field| self.arch(field));
            self.mask(rule);
        }
        for field in &rule.fields {
            self.field(field, watch);
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

    fn mask(&mut self, rule: &Rule) {
        if !rule.list.has_mask() {
            return;
        }
        let is_uring = rule.list == FilterList::IoUring;
        if is_all(rule) {
            return self.text(" -S all");
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
        let names: Vec<String> = rule
            .mask
            .iter()
            .filter(|number| *number < end)
            .map(|number| name(number).map_or_else(|| number.to_string(), str::to_owned))
            .collect();
        if !names.is_empty() {
            self.text(&format!(" -S {}", names.join(",")));
        }
    }

    fn field(&mut self, field: &Field, watch: bool) {
        match field {
            Field::Number { id: NumberId::ARCH, .. } => {}
            Field::Number { id: NumberId::PERM, value, .. } => {
                let option = if watch { " -p " } else { " -F perm=" };
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
            Field::Text { id: TextId::KEY, text, .. } => self.keys(text, watch),
            Field::Text { id: TextId::PATH | TextId::DIR, text, .. } if watch => {
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

    fn keys(&mut self, keys: &[u8], watch: bool) {
        for key in keys.split(|byte| *byte == KEY_SEPARATOR).filter(|key| !key.is_empty()) {
            self.text(if watch { " -k " } else { " -F key=" });
            self.out.extend_from_slice(key);
        }
    }

    /// A number as auditctl writes it for this field: most of them signed.
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
            field::A0..=field::A3 => Some(format!("0x{value:X}")),
            _ => None,
        };
        name.unwrap_or_else(|| signed.to_string())
    }
}

/// io_uring operations that auditctl lists (`IORING_OP_LAST`, auditctl-listing.c).
const KNOWN_URING_OPS: u32 = 37;

/// Whether the rule is listed as one for all. auditctl looks at 37 words of an io_uring mask, taking
/// the number of operations for a number of words.
fn is_all(rule: &Rule) -> bool {
    match rule.list {
        FilterList::IoUring => {
            rule.mask.words().iter().take(KNOWN_URING_OPS as usize).all(|word| *word == u32::MAX)
        }
        _ => rule.mask.is_all(),
    }
}

fn action_name(rule: &Rule) -> String {
    let number = rule.action.number();
    catalog::Action::from_number(number)
        .map_or_else(|| number.to_string(), |action| action.name().into())
}

fn list_name(list: FilterList) -> String {
    let number = list.number();
    catalog::FilterList::from_number(number)
        .map_or_else(|| number.to_string(), |list| list.name().into())
}

fn permissions(bits: u32) -> String {
    let letters = catalog::Perm::ALL.iter().filter(|perm| bits & perm.bit() != 0);
    letters.map(|perm| char::from(perm.letter())).collect()
}

/// The operator; a bare number where it has no symbol, so that nothing is hidden.
fn symbol(op: Op) -> String {
    op.symbol().map_or_else(|| format!("{{{:#x}}}", op.bits()), str::to_owned)
}
