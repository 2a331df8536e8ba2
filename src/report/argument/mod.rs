//! Arguments of syscalls as `auditctl -l -i` prints them (auparse/interpret.c).
//!
//! The kind of an argument depends on the syscall and sometimes on the arguments before it; the tables
//! are in [`catalog::argument`]. The tables also define how to print a value without a name. An argument
//! of unknown kind is printed as a hexadecimal number.

mod names;
#[cfg(test)]
mod tests;

pub use names::{Names, NoNames};

use crate::catalog::argument::{Form, Kind, argument_kind, signal_name};
use crate::catalog::{self, Arch};

/// The syscall of a rule, if it is known, and its arguments so far.
#[derive(Clone, Debug)]
pub(super) struct Call {
    arch: Option<Arch>,
    syscall: Option<&'static str>,
    /// The first two arguments; 0 until they are shown.
    seen: [u32; 2],
}

impl Call {
    /// Returns a call of this syscall. Without an arch, auditctl does not look up the syscall.
    pub(super) fn new(arch: Option<Arch>, number: u32) -> Self {
        let syscall = arch.and_then(|arch| catalog::syscall_name(arch, number));
        Call { arch, syscall, seen: [0; 2] }
    }

    /// Returns an argument as text, and remembers it for the arguments after it.
    pub(super) fn show(&mut self, argument: u32, value: u32, system: &dyn Names) -> Vec<u8> {
        if let Some(seen) = usize::try_from(argument).ok().and_then(|at| self.seen.get_mut(at)) {
            *seen = value;
        }
        let seen = |argument: u32| usize::try_from(argument).ok().and_then(|at| self.seen.get(at));
        let kind = self.syscall.and_then(|syscall| {
            argument_kind(syscall, argument, |other| seen(other).copied().unwrap_or(0))
        });
        match kind {
            Some(kind) => self.value(kind, value, system),
            None => format!("0x{value:x}").into_bytes(),
        }
    }

    fn value(&self, kind: &Kind, value: u32, system: &dyn Names) -> Vec<u8> {
        let shown = match kind.form {
            Form::Name => name(kind, value),
            Form::Flags | Form::Modes => joined(flags(kind, value)),
            Form::Clone => joined(clone_flags(kind, value)),
            Form::SharedMemory => Some(shared_memory(kind, value)),
            Form::SocketOption => name(kind, self.socket_option(value)),
            Form::Permissions => Some(permissions(value)),
            Form::Mode => Some(mode(value)),
            Form::SocketLevel => return socket_level(kind, value, system),
            Form::User => return account(kind, value, || system.user(value)),
            Form::Group => return account(kind, value, || system.group(value)),
            Form::Protocol => return from_system(kind, value, system.protocol(value)),
        };
        shown.unwrap_or_else(|| unknown(kind, value)).into_bytes()
    }

    /// Returns the number of a socket option in the table. POWER has its own numbers for six options;
    /// the table has these 100 higher.
    fn socket_option(&self, value: u32) -> u32 {
        match (self.arch, value) {
            (Some(Arch::Ppc | Arch::Ppc64), 16..=21) => value + 100,
            _ => value,
        }
    }
}

/// The socket level that is not a protocol (asm-generic/socket.h). ICMP has the same number.
const SOL_SOCKET: u32 = 1;

/// The maximum length of an account's name in auparse, in bytes.
const ACCOUNT_MAX: usize = 63;

fn unknown(kind: &Kind, value: u32) -> String {
    let hexadecimal = format!("{value:x}");
    kind.unknown.replace("{x}", &hexadecimal).replace("{d}", &value.cast_signed().to_string())
}

fn name(kind: &Kind, value: u32) -> Option<String> {
    let name = kind.name(value & kind.mask)?;
    Some(match kind.more {
        Some((bit, more)) if value & bit != 0 => format!("{name}|{more}"),
        _ => name.to_owned(),
    })
}

fn flags(kind: &Kind, value: u32) -> Vec<&'static str> {
    let none = kind.none.filter(|(bits, _)| value & bits == 0).map(|(_, name)| name);
    match (none, kind.form) {
        (Some(none), Form::Modes) => vec![none],
        (none, _) => none.into_iter().chain(kind.flags(value)).collect(),
    }
}

/// Returns the names of the flags and of the signal in the lowest byte, which the child sends when it ends. Signals
/// above 31 have no name here.
fn clone_flags(kind: &Kind, value: u32) -> Vec<&'static str> {
    let signal = Some(value & 0xff).filter(|signal| *signal != 0).and_then(signal_name);
    flags(kind, value).into_iter().chain(signal).collect()
}

fn shared_memory(kind: &Kind, value: u32) -> String {
    let names = flags(kind, value).into_iter().map(str::to_owned);
    names.chain([permissions(value & 0o777)]).collect::<Vec<_>>().join("|")
}

fn joined(names: Vec<&str>) -> Option<String> {
    (!names.is_empty()).then(|| names.join("|"))
}

/// Returns the names of the set bits of suid, sgid and sticky.
fn special(mode: u32) -> impl Iterator<Item = String> {
    let bits = [(0o4000, "suid"), (0o2000, "sgid"), (0o1000, "sticky")];
    bits.into_iter().filter(move |(bit, _)| mode & bit != 0).map(|(_, name)| name.to_owned())
}

fn permissions(mode: u32) -> String {
    let permissions = format!("0{:03o}", mode & 0o777);
    special(mode).chain([permissions]).collect::<Vec<_>>().join(",")
}

/// Returns the type of the file, as digits if it has no name, and the permissions without a leading 0.
fn mode(mode: u32) -> String {
    let bits = mode & 0o170_000;
    let filetype =
        catalog::filetype_name(bits).map_or_else(|| format!("{:03o}", bits >> 12), str::to_owned);
    let permissions = format!("{:03o}", mode & 0o777);
    let parts = [filetype].into_iter().chain(special(mode)).chain([permissions]);
    parts.collect::<Vec<_>>().join(",")
}

fn socket_level(kind: &Kind, value: u32, system: &dyn Names) -> Vec<u8> {
    if value == SOL_SOCKET {
        return b"SOL_SOCKET".to_vec();
    }
    let level = || kind.name(value).map(|name| name.as_bytes().to_vec());
    from_system(kind, value, system.protocol(value).or_else(level))
}

/// Returns a user or a group. auparse does not look up 0 and the unset ID.
fn account(kind: &Kind, value: u32, name: impl FnOnce() -> Option<Vec<u8>>) -> Vec<u8> {
    match value {
        0 => b"root".to_vec(),
        u32::MAX => b"unset".to_vec(),
        _ => {
            let mut name = name();
            if let Some(name) = &mut name {
                name.truncate(ACCOUNT_MAX);
            }
            from_system(kind, value, name)
        }
    }
}

fn from_system(kind: &Kind, value: u32, name: Option<Vec<u8>>) -> Vec<u8> {
    name.map_or_else(|| unknown(kind, value).into_bytes(), |name| escaped(&name))
}

/// Escapes control characters as octal digits.
fn escaped(name: &[u8]) -> Vec<u8> {
    let escape = |byte: &u8| match byte {
        0..32 => format!("\\{byte:03o}").into_bytes(),
        _ => vec![*byte],
    };
    name.iter().flat_map(escape).collect()
}
