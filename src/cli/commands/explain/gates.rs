//! The limits on the command line.

use crate::analysis::{Gate, number_of};
use crate::catalog::Arch;
use crate::cli::args::Gates;
use crate::cli::exit::Stop;

/// Returns the gates on a kernel for `arch`.
pub(super) fn gates(arguments: &Gates, arch: Arch) -> Result<Vec<Gate>, Stop> {
    let mut gates = Vec::new();
    for name in &arguments.deny_arm {
        match denied(name, arch) {
            Ok((arch, nr)) => gates.push(Gate::DenyArm { arch, nr }),
            Err(why) => {
                return Err(Stop::unanswered(format_args!("--deny-arm {name}: {why}")));
            }
        }
    }
    gates.extend(arguments.max_armed.map(Gate::MaxArmed));
    gates.extend(arguments.max_walk.map(Gate::MaxWalk));
    gates.extend(arguments.deny_stock_arm.then_some(Gate::DenyStockArm));
    Ok(gates)
}

/// Parses `read`, `b32:read`, `i386:read`, or a number.
fn denied(text: &str, machine: Arch) -> Result<(Arch, u32), String> {
    let (arch, name) = match text.split_once(':') {
        None => (machine, text),
        Some((arch, name)) => (side(arch, machine)?, name),
    };
    let number = name.parse().ok().or_else(|| number_of(arch, name));
    let number = number.ok_or_else(|| format!("{} has no such syscall", arch.common_name()))?;
    Ok((arch, number))
}

/// Returns the arch of a prefix, if a kernel for `machine` runs its programs.
fn side(name: &str, machine: Arch) -> Result<Arch, String> {
    let arch = match name {
        "b64" => machine.b64(),
        "b32" => machine.b32(),
        _ => Arch::from_name(name.as_bytes()),
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
        let of = |text| denied(text, Arch::X86_64);
        assert_eq!(of("read"), Ok((Arch::X86_64, 0)));
        assert_eq!(of("b32:read"), Ok((Arch::I386, 3)));
        assert_eq!(of("i386:write"), Ok((Arch::I386, 4)));
        assert_eq!(of("257"), Ok((Arch::X86_64, 257)));
        assert!(of("aarch64:read").is_err());
        assert!(of("opennat").is_err());
        assert_eq!(denied("b32:read", Arch::I386), Ok((Arch::I386, 3)));
        assert!(denied("b64:read", Arch::I386).is_err());
    }
}
