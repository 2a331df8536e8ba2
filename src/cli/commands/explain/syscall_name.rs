//! Syscalls in options: `read`, `b32:read`, `i386:read`, `257`.

use crate::analysis::number_of;
use crate::catalog::{self, Arch};

/// A syscall as written: an arch if it has one, and a name or number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written<'t> {
    arch: Option<Arch>,
    name: &'t str,
}

/// Returns the syscall on each arch of the kernel that has it, or on the arch that it names. `machine` is the arch of
/// the kernel.
pub(super) fn on_each_arch(text: &str, machine: Arch) -> Result<Vec<(Arch, u32)>, String> {
    let written = Written::parse(text, machine)?;
    let arches = match written.arch {
        Some(arch) => vec![arch],
        None => std::iter::once(machine).chain(machine.compat()).collect(),
    };
    let found = arches.iter().filter_map(|arch| Some((*arch, written.number_on(*arch)?)));
    let found: Vec<_> = found.collect();
    if found.is_empty() { Err(written.unknown_on(machine)) } else { Ok(found) }
}

/// Returns the syscall on the arch that it names; otherwise on that of the kernel.
pub(super) fn on_one_arch(text: &str, machine: Arch) -> Result<(Arch, u32), String> {
    let written = Written::parse(text, machine)?;
    let arch = written.arch.unwrap_or(machine);
    match written.number_on(arch) {
        Some(number) => Ok((arch, number)),
        None => Err(written.unknown_on(arch)),
    }
}

impl<'t> Written<'t> {
    fn parse(text: &'t str, machine: Arch) -> Result<Self, String> {
        match text.split_once(':') {
            None => Ok(Written { arch: None, name: text }),
            Some((arch, name)) => Ok(Written { arch: Some(side(arch, machine)?), name }),
        }
    }

    fn number_on(&self, arch: Arch) -> Option<u32> {
        self.name.parse().ok().or_else(|| number_of(arch, self.name))
    }

    fn unknown_on(&self, arch: Arch) -> String {
        let arch = self.arch.unwrap_or(arch);
        let near = catalog::nearest_syscall(arch, self.name.as_bytes());
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("{} has no such syscall{near}", arch.common_name())
    }
}

/// Returns the arch of a prefix, if a kernel for `machine` runs its programs.
fn side(name: &str, machine: Arch) -> Result<Arch, String> {
    let arch = match name {
        "b64" => machine.b64(),
        "b32" => machine.b32(),
        _ => Arch::from_any_name(name.as_bytes()),
    };
    arch.filter(|arch| *arch == machine || machine.compat() == Some(*arch)).ok_or_else(|| {
        format!("a kernel for {} does not run programs of that arch", machine.common_name())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_syscalls_with_an_arch() {
        let of = |text| on_one_arch(text, Arch::X86_64);
        assert_eq!(of("read"), Ok((Arch::X86_64, 0)));
        assert_eq!(of("b32:read"), Ok((Arch::I386, 3)));
        assert_eq!(of("i386:write"), Ok((Arch::I386, 4)));
        assert_eq!(of("amd64:write"), Ok((Arch::X86_64, 1)));
        assert_eq!(of("257"), Ok((Arch::X86_64, 257)));
        assert_eq!(of("b32:11"), Ok((Arch::I386, 11)));
        assert!(of("aarch64:read").is_err());
        assert_eq!(on_one_arch("b32:read", Arch::I386), Ok((Arch::I386, 3)));
        assert!(on_one_arch("b64:read", Arch::I386).is_err());
    }

    #[test]
    fn finds_a_syscall_on_each_arch_that_has_it() {
        let of = |text| on_each_arch(text, Arch::X86_64);
        assert_eq!(of("read"), Ok(vec![(Arch::X86_64, 0), (Arch::I386, 3)]));
        assert_eq!(of("b32:read"), Ok(vec![(Arch::I386, 3)]));
        assert_eq!(of("socketcall"), Ok(vec![(Arch::I386, 102)]));
        assert_eq!(of("b32:11"), Ok(vec![(Arch::I386, 11)]));
    }

    #[test]
    fn suggests_a_similar_syscall() {
        let why = on_each_arch("opennat", Arch::X86_64).unwrap_err();
        assert_eq!(why, "x86_64 has no such syscall; did you mean `openat`?");
        let why = on_one_arch("b32:socketcal", Arch::X86_64).unwrap_err();
        assert_eq!(why, "i386 has no such syscall; did you mean `socketcall`?");
        assert_eq!(on_one_arch("xyzzy", Arch::X86_64).unwrap_err(), "x86_64 has no such syscall");
    }
}
