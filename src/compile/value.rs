//! The value of a condition, read by the kind of its field.

use super::number::{hexadecimal, signed, starts_with_digit, starts_with_minus_digit, unsigned};
use super::{Compiler, Flow};
use crate::catalog::{self, Arch, FieldKind, FieldRow};
use crate::diag::{KeyFault, SyscallFault, ValueFault};
use crate::rule::MAX_KEY_LEN;
use crate::syntax::{Comparison, Text};

/// The maximum length of a string in a rule, in bytes (`PATH_MAX`).
const MAX_TEXT_LEN: usize = 4096;
/// The maximum number of letters of `perm`.
const MAX_PERMISSIONS: usize = 4;
/// No user, no session: written `unset`.
const UNSET: u32 = u32::MAX;

/// A parsed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Read {
    Number(u32),
    Text(Box<[u8]>),
}

impl Compiler<'_> {
    pub(super) fn read_value(
        &mut self,
        row: &FieldRow,
        comparison: &Comparison<'_>,
    ) -> Result<Read, Flow> {
        let field = comparison.field.bytes();
        let value = &comparison.value;
        let number = match row.kind {
            FieldKind::Text | FieldKind::Path | FieldKind::Key => {
                return self.read_text(row, field, value);
            }
            FieldKind::User => self.read_user(value)?,
            FieldKind::Group => self.read_group(value)?,
            FieldKind::Arch => self.read_arch(field, value)?,
            FieldKind::MessageType => self.read_message_type(field, value)?,
            FieldKind::SessionId => read_session(value.bytes()),
            FieldKind::FsType => self.read_fs_type(field, value)?,
            FieldKind::Errno => self.read_errno(field, value)?,
            FieldKind::Perm => self.read_permissions(field, value)?,
            FieldKind::FileType => match catalog::filetype_number(value.bytes()) {
                Some(number) => number,
                None => {
                    let (field, text) = (field.into(), value.bytes().into());
                    return self.fail(ValueFault::UnknownFileType { field, text }, value.span());
                }
            },
            FieldKind::Family => self.read_family(field, value)?,
            FieldKind::Argument => self.read_argument(field, value)?,
            FieldKind::Inode => self.read_digits(field, value)?.unsigned,
            FieldKind::Number | FieldKind::Success | FieldKind::Compare => {
                self.read_digits(field, value)?.signed
            }
        };
        self.check_reading(row.kind, value);
        Ok(Read::Number(number))
    }

    fn read_text(&mut self, row: &FieldRow, field: &[u8], value: &Text<'_>) -> Result<Read, Flow> {
        let is_key = row.kind == FieldKind::Key;
        if is_key && !self.seen.takes_key() {
            return self.fail(KeyFault::FieldMisplaced, value.span());
        }
        let limit = if is_key { MAX_KEY_LEN } else { MAX_TEXT_LEN };
        if value.bytes().len() > limit {
            return self.fail(ValueFault::TextTooLong { field: field.into() }, value.span());
        }
        self.check_operator_in_value(value);
        Ok(Read::Text(value.bytes().into()))
    }

    fn read_user(&mut self, value: &Text<'_>) -> Result<u32, Flow> {
        let text = value.bytes();
        match read_plus_minus(text) {
            Some(number) => Ok(number),
            None if text == b"unset" => Ok(UNSET),
            None => match self.host.user(text) {
                Some(number) => Ok(number),
                None => self.fail(ValueFault::UnknownUser(text.into()), value.span()),
            },
        }
    }

    fn read_group(&mut self, value: &Text<'_>) -> Result<u32, Flow> {
        let text = value.bytes();
        if starts_with_digit(text) {
            return Ok(signed(text).low32());
        }
        match self.host.group(text) {
            Some(number) => Ok(number),
            None => self.fail(ValueFault::UnknownGroup(text.into()), value.span()),
        }
    }

    fn read_arch(&mut self, field: &[u8], value: &Text<'_>) -> Result<u32, Flow> {
        let arch = self.arch_named(value.bytes()).filter(|arch| self.host.takes(*arch));
        match arch {
            Some(arch) => {
                self.rule.arch = Some(arch);
                Ok(arch.elf())
            }
            None => {
                let (field, text) = (field.into(), value.bytes().into());
                let is_side =
                    [b"b32", b"b64"].iter().any(|side| value.bytes().eq_ignore_ascii_case(*side));
                let fault = match self.host.machine().filter(|_| is_side) {
                    Some(machine) => SyscallFault::NoSuchSide { field, text, machine },
                    None => SyscallFault::UnknownArch { field, text },
                };
                self.fail(fault, value.span())
            }
        }
    }

    /// Returns the arch of `b64`, `b32`, the name of a machine or an ELF number: a number in C syntax if the first
    /// character is a digit, otherwise hexadecimal digits.
    fn arch_named(&self, name: &[u8]) -> Option<Arch> {
        if starts_with_digit(name) {
            let number = unsigned(name);
            return Arch::from_elf(number.low32()).filter(|_| !number.overflow);
        }
        let is_side = |side: &[u8]| name.eq_ignore_ascii_case(side);
        if is_side(b"b64") {
            self.host.machine()?.b64()
        } else if is_side(b"b32") {
            self.host.machine()?.b32()
        } else {
            Arch::from_name(name).or_else(|| Arch::from_elf(hexadecimal(name).low32()))
        }
    }

    fn read_message_type(&mut self, field: &[u8], value: &Text<'_>) -> Result<u32, Flow> {
        let text = value.bytes();
        if starts_with_digit(text) {
            return Ok(signed(text).low32());
        }
        match catalog::msgtype_number(text).or_else(|| unknown_message_type(text)) {
            Some(number) => Ok(number),
            None => {
                let (field, text) = (field.into(), text.into());
                self.fail(ValueFault::UnknownMessageType { field, text }, value.span())
            }
        }
    }

    fn read_fs_type(&mut self, field: &[u8], value: &Text<'_>) -> Result<u32, Flow> {
        let text = value.bytes();
        let number = match starts_with_digit(text) {
            true => Some(unsigned(text).low32()),
            false => catalog::fstype_number(text),
        };
        match number.filter(|number| *number != u32::MAX) {
            Some(number) => Ok(number),
            None => {
                let (field, text) = (field.into(), text.into());
                self.fail(ValueFault::UnknownFsType { field, text }, value.span())
            }
        }
    }

    /// Reads the result of a syscall. Errors are negative, as in `-EPERM`; a name without the minus sign is valid
    /// too, but never matches.
    fn read_errno(&mut self, field: &[u8], value: &Text<'_>) -> Result<u32, Flow> {
        let text = value.bytes();
        if starts_with_digit(text) || starts_with_minus_digit(text) {
            return Ok(signed(text).low32());
        }
        let (negative, name) = match text.strip_prefix(b"-") {
            Some(name) => (true, name),
            None => (false, text),
        };
        match catalog::errno_number(name) {
            Some(number) if negative => Ok(number.wrapping_neg()),
            Some(number) => Ok(number),
            None => {
                let (field, text) = (field.into(), text.into());
                self.fail(ValueFault::UnknownErrno { field, text }, value.span())
            }
        }
    }

    fn read_permissions(&mut self, field: &[u8], value: &Text<'_>) -> Result<u32, Flow> {
        let letters = value.bytes();
        if letters.len() > MAX_PERMISSIONS {
            return self.fail(ValueFault::TextTooLong { field: field.into() }, value.span());
        }
        let mut bits = 0;
        for (index, letter) in letters.iter().enumerate() {
            let letter_text = value.slice(index..index + 1);
            match catalog::Perm::from_letter(letter.to_ascii_lowercase()) {
                Some(perm) => {
                    bits |= perm.bit();
                    self.add_permission_syscalls(bits, value);
                }
                None => return self.fail(ValueFault::BadPermission, letter_text.span()),
            }
        }
        Ok(bits)
    }

    fn read_family(&mut self, field: &[u8], value: &Text<'_>) -> Result<u32, Flow> {
        let number = unsigned(value.bytes()).low32();
        if number >= catalog::AF_MAX {
            return self.fail(ValueFault::OutOfRange(field.into()), value.span());
        }
        Ok(number)
    }

    fn read_argument(&mut self, field: &[u8], value: &Text<'_>) -> Result<u32, Flow> {
        match read_plus_minus(value.bytes()) {
            Some(number) => Ok(number),
            None => self.fail(ValueFault::NotANumber(field.into()), value.span()),
        }
    }

    fn read_digits(&mut self, field: &[u8], value: &Text<'_>) -> Result<Digits, Flow> {
        let text = value.bytes();
        if starts_with_digit(text) {
            let (unsigned, signed) = (unsigned(text).low32(), signed(text).low32());
            return Ok(Digits { unsigned, signed });
        }
        self.fail(ValueFault::NotANumber(field.into()), value.span())
    }
}

/// A number read as signed and as unsigned. The two differ only above 63 bits.
struct Digits {
    unsigned: u32,
    signed: u32,
}

/// Reads positive and negative numbers separately, as auditctl does because of 32-bit machines.
fn read_plus_minus(text: &[u8]) -> Option<u32> {
    if starts_with_digit(text) {
        Some(unsigned(text).low32())
    } else if starts_with_minus_digit(text) {
        Some(signed(text).low32())
    } else {
        None
    }
}

/// Reads a session. Anything that is not a number is session 0.
fn read_session(text: &[u8]) -> u32 {
    match read_plus_minus(text) {
        Some(number) => number,
        None if text == b"unset" => UNSET,
        None => 0,
    }
}

/// Reads `UNKNOWN[1329]`, the form in which ausearch prints types without a name; at most seven digits are read.
fn unknown_message_type(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"UNKNOWN[")?.split(|byte| *byte == b']').next()?;
    if !text.contains(&b']') {
        return None;
    }
    let digits = digits.get(..digits.len().min(7))?;
    let decimal = digits.iter().take_while(|byte| byte.is_ascii_digit());
    let number = decimal.fold(0u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    (number > 0).then_some(number)
}
