//! The limits on the command line.

use super::syscall_name::on_one_arch;
use crate::analysis::Gate;
use crate::catalog::Arch;
use crate::cli::args::Gates;
use crate::cli::exit::Stop;

/// Returns the gates on a kernel for `arch`.
pub(super) fn gates(arguments: &Gates, arch: Arch) -> Result<Vec<Gate>, Stop> {
    let mut gates = Vec::new();
    for name in &arguments.deny_arm {
        match on_one_arch(name, arch) {
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
