//! What steps with a price took away, and what more is possible.

use std::fmt::{self, Write};

use super::Optimization;
use super::costs::Both;
use crate::catalog::{Arch, kernel_syscall_name};
use crate::diag::escaped;
use crate::eval::Notation;
use crate::relate::sets::Evidence;
use crate::rewrite::optimize::{Done, Loss, Step};

/// Maximum number of syscalls that a line names.
const MOST: usize = 12;

/// Writes the price of each step that was made, and why others were not.
pub(super) fn write_losses(out: &mut impl Write, optimization: &Optimization<'_>) -> fmt::Result {
    for done in &optimization.optimized.steps {
        if let Some(loss) = &done.loss {
            write_loss(out, optimization, done, loss)?;
        }
    }
    Ok(())
}

fn write_loss(
    out: &mut impl Write,
    optimization: &Optimization<'_>,
    done: &Done,
    loss: &Loss,
) -> fmt::Result {
    let name = done.step.name();
    let price = done.step.price().unwrap_or_default();
    let event = |evidence: &Evidence| {
        escaped(&Notation::new(&evidence.event, optimization.before.arch).to_string()).into_owned()
    };
    match loss {
        Loss::Companions(syscalls) => {
            let names = names(syscalls, optimization.before.arch);
            let more = names.len().saturating_sub(MOST);
            let shown: Vec<&str> = names.iter().map(String::as_str).take(MOST).collect();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            writeln!(out, "Price of {name}: {price}: {}{more}", shown.join(", "))
        }
        Loss::Keys(None) => writeln!(out, "Price of {name}: {price}"),
        Loss::Keys(Some(example)) | Loss::Logins(example) => {
            writeln!(out, "Price of {name}: {price}; for example {}", event(example))
        }
        Loss::RecordsDaemons(rule) => {
            let place = rule.and_then(|serial| optimization.before.origin_of(serial));
            let place = place.map_or_else(|| "a rule".to_owned(), ToString::to_string);
            writeln!(
                out,
                "{name} is not possible: {} may record tasks without a login user",
                escaped(&place)
            )
        }
        _ if done.step == Step::FastPath => {
            writeln!(out, "{name} is not made: it saves nothing, or makes a common syscall dearer")
        }
        _ => writeln!(out, "{name} is not made: it changes nothing"),
    }
}

/// Returns the names of syscalls, those of other arches with the arch before them.
pub(super) fn names(syscalls: &[(Arch, u32)], machine: Arch) -> Vec<String> {
    let name = |(arch, number): &(Arch, u32)| {
        let name = kernel_syscall_name(*arch, *number);
        let name = name.map_or_else(|| number.to_string(), str::to_owned);
        if *arch == machine { name } else { format!("{}:{name}", arch.name()) }
    };
    syscalls.iter().map(name).collect()
}

/// Writes what is possible with `--allow`.
pub(super) fn write_offers(out: &mut impl Write, optimization: &Optimization<'_>) -> fmt::Result {
    for offered in &optimization.offered {
        let (step, price) = (offered.step, offered.step.price().unwrap_or_default());
        let gain = match (step, optimization.best_of(offered)) {
            (Step::SkipDaemons, _) => "audit costs daemons nothing".to_owned(),
            (_, Some(best)) => {
                let Both { before, after } = best.instructions;
                format!("{} {before:.0} -> {after:.0}", best.syscall)
            }
            (_, None) => continue,
        };
        writeln!(out, "Possible at a price: --allow {:<12} {gain}; {price}", step.name())?;
    }
    Ok(())
}
