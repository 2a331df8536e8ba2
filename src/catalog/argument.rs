//! Arguments of syscalls: their kinds, and the names of their values as `auditctl -l -i` prints them.

use super::generated::{argument_names, arguments, parameters};
use super::lookup;

/// The form in which a value is printed.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Form {
    /// By its name.
    Name,
    /// By the names of its bits. A name for "none of these bits" comes first.
    Flags,
    /// By the names of its bits, or only by the name for "none of these bits".
    Modes,
    /// By the names of its bits, and the name of the signal in the lowest byte.
    Clone,
    /// By the names of its bits, and permissions.
    SharedMemory,
    /// By the name of a socket level, which may be a protocol of the system.
    SocketLevel,
    /// By the name of a socket option, which has another number on POWER.
    SocketOption,
    /// By the name of a user.
    User,
    /// By the name of a group.
    Group,
    /// By the name of a protocol.
    Protocol,
    /// As permissions of a file.
    Permissions,
    /// As type and permissions of a file.
    Mode,
}

/// A kind of argument.
#[derive(Debug)]
pub struct Kind {
    /// The form in which it is printed.
    pub form: Form,
    /// Names, sorted by number.
    pub(crate) names: &'static [(u32, &'static str)],
    /// The bits that are compared.
    pub mask: u32,
    /// Bits, and the name if none of them is set.
    pub none: Option<(u32, &'static str)>,
    /// A bit, and the name that it adds to the name of the value.
    pub more: Option<(u32, &'static str)>,
    /// The text for a value without a name: `{x}` is the value in hexadecimal, `{d}` in signed decimal.
    pub unknown: &'static str,
}

impl Kind {
    /// Returns the name of the whole number.
    pub fn name(&self, number: u32) -> Option<&'static str> {
        lookup::entry(self.names, number)
    }

    /// Returns the number with this name.
    pub(crate) fn number(&self, name: &[u8]) -> Option<u32> {
        self.names.iter().find(|(_, known)| known.as_bytes() == name).map(|(number, _)| *number)
    }

    /// Returns the names of the bits in `value` that are compared, lowest bit first.
    pub fn flags(&self, value: u32) -> impl Iterator<Item = &'static str> {
        let value = value & self.mask;
        self.names.iter().filter(move |(bits, _)| bits & value != 0).map(|(_, name)| *name)
    }
}

/// An argument of a syscall.
pub(crate) struct Argument {
    pub(crate) syscall: &'static str,
    pub(crate) argument: u32,
    pub(crate) kind: &'static Kind,
    pub(crate) when: When,
}

/// A condition on another argument.
pub(crate) enum When {
    /// Nothing.
    Always,
    /// It is one of these numbers.
    OneOf(u32, &'static [u32]),
    /// It has any of these bits.
    AnyBit(u32, u32),
}

/// Returns the kind of `argument`, 0 to 3, of the syscall that auditctl calls `syscall`; `None` for a plain number.
/// `value_of` returns the known values of other arguments of the call.
pub fn argument_kind(
    syscall: &str,
    argument: u32,
    value_of: impl Fn(u32) -> u32,
) -> Option<&'static Kind> {
    let key = (syscall, argument);
    let first = arguments::ARGUMENTS.partition_point(|row| (row.syscall, row.argument) < key);
    let rows = arguments::ARGUMENTS.iter().skip(first);
    let mut rows = rows.take_while(|row| (row.syscall, row.argument) == key);
    let holds = |when: &When| match when {
        When::Always => true,
        When::OneOf(other, numbers) => numbers.contains(&value_of(*other)),
        When::AnyBit(other, bits) => value_of(*other) & bits != 0,
    };
    rows.find(|row| holds(&row.when)).map(|row| row.kind)
}

/// What a syscall takes as one of its first four arguments.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Parameter {
    /// It has fewer arguments.
    Absent,
    /// An address.
    Address,
    /// A number with this meaning.
    Number(&'static str),
}

/// Returns what the syscall with this name in the kernel takes as `argument`, 0 to 3; `None` if it is unknown, or
/// differs by arch.
pub fn parameter(syscall: &str, argument: u32) -> Option<Parameter> {
    let rows = parameters::PARAMETERS;
    let row = rows.get(rows.binary_search_by_key(&syscall, |(name, _)| *name).ok()?);
    row.and_then(|(_, parameters)| parameters.get(usize::try_from(argument).ok()?)).copied()
}

/// Returns auditctl's name for a signal.
pub fn signal_name(number: u32) -> Option<&'static str> {
    lookup::entry(argument_names::SIGNALS, number)
}

#[cfg(test)]
mod tests {
    use super::super::{Arch, kernel_syscall_number, syscall_number};
    use super::*;

    #[test]
    fn table_is_sorted_and_names_syscalls() {
        let rows = arguments::ARGUMENTS;
        for pair in rows.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            let (before_key, key) =
                ((before.syscall, before.argument), (after.syscall, after.argument));
            assert!(before_key <= key, "{key:?}");
            // A row without a condition hides all later rows.
            assert!(before_key < key || !matches!(before.when, When::Always), "{key:?}");
        }
        for row in rows {
            let known = |arch: &Arch| syscall_number(*arch, row.syscall.as_bytes()).is_some();
            assert!(Arch::ALL.iter().any(known), "{}", row.syscall);
            match row.when {
                When::Always => {}
                When::OneOf(other, _) | When::AnyBit(other, _) => assert!(other < row.argument),
            }
        }
    }

    #[test]
    fn parameters_are_sorted_and_name_syscalls() {
        assert!(parameters::PARAMETERS.is_sorted_by_key(|(name, _)| *name));
        for (name, _) in parameters::PARAMETERS {
            let known = |arch: &Arch| kernel_syscall_number(*arch, name.as_bytes()).is_some();
            assert!(Arch::ALL.iter().any(known), "{name}");
        }
    }

    /// Arguments that auditctl prints by a name although they are none: the flags of the C library's `faccessat`, and
    /// the buffer of `readlinkat`.
    const MISNAMED: [(&str, u32); 2] = [("faccessat", 3), ("readlinkat", 2)];

    /// A number that auditctl prints by a name is no address, and is there.
    #[test]
    fn parameters_agree_with_the_kinds_of_arguments() {
        for row in arguments::ARGUMENTS {
            let argument = (row.syscall, row.argument);
            let is_number =
                matches!(parameter(argument.0, argument.1), None | Some(Parameter::Number(_)));
            assert_eq!(is_number, !MISNAMED.contains(&argument), "{argument:?}");
        }
    }

    #[test]
    fn kind_depends_on_other_arguments() {
        let kind = |a1| argument_kind("open", 2, |_| a1).map(|kind| kind.form);
        assert_eq!(kind(0o100), Some(Form::Permissions));
        assert_eq!(kind(0), None);
        assert_eq!(argument_kind("ope", 2, |_| 0o100).map(|kind| kind.form), None);
        assert_eq!(argument_kind("zzz", 3, |_| 0).map(|kind| kind.form), None);
    }
}
