//! What the rules cost a workload.

use std::fmt::{self, Write};

use super::Layout;
use super::fill::first_names;
use crate::analysis::Arming;
use crate::analysis::cost::{Cost, SyscallCost, Total};
use crate::report::explain::sentences::count;
use crate::report::share::percent;

/// The maximum number of syscalls in a short explanation.
const ROWS_SHOWN: usize = 20;

/// Writes what the rules cost a workload, the most expensive syscalls on a stock kernel first.
pub(super) fn write_cost(out: &mut dyn Write, cost: &Cost, layout: Layout) -> fmt::Result {
    let seconds = cost.seconds.map_or(String::new(), |seconds| format!(" in {seconds} s"));
    let calls = usize::try_from(cost.calls).unwrap_or(usize::MAX);
    writeln!(out, "cost:    {}{seconds}, assuming that no rule matches", count(calls, "call"))?;
    writeln!(
        out,
        "         instructions: added by the rules, estimated from measurements of Linux {}",
        cost.calibrated_on
    )?;
    let recordable = cost.stock.armed - cost.stock.needless;
    if recordable > 0 {
        writeln!(out, "         records: not included; rules can match {recordable} of the calls")?;
    }
    write_totals(out, cost)?;
    if let Some(seconds) = cost.seconds {
        let per_second = |total: &Total| {
            let Total { tests, instructions, .. } = total;
            format!("{:.0} rule tests, {:.0} instructions", tests / seconds, instructions / seconds)
        };
        writeln!(
            out,
            "per second: stock {}; bitmap {}",
            per_second(&cost.stock),
            per_second(&cost.bitmap)
        )?;
    }
    write_syscalls(out, cost, layout)?;
    write_unknown(out, cost)
}

/// Writes for which tasks the figures hold, if a rule keeps new tasks out of syscall auditing.
pub(super) fn write_spared(out: &mut dyn Write, arming: &Arming) -> fmt::Result {
    match arming.spares_new_tasks() {
        Some(origin) => writeln!(
            out,
            "\nonly for tasks that run before {origin} is loaded: later tasks cost less than without any rule"
        ),
        None => Ok(()),
    }
}

fn write_totals(out: &mut dyn Write, cost: &Cost) -> fmt::Result {
    writeln!(
        out,
        "\n{:<7} {:>12} {:>12} {:>7} {:>14} {:>16}",
        "", "armed", "needlessly", "", "rule tests", "instructions"
    )?;
    for (name, total) in [("stock", &cost.stock), ("bitmap", &cost.bitmap)] {
        writeln!(
            out,
            "{name:<7} {:>12} {:>12} {:>7} {:>14.0} {:>16.0}",
            total.armed,
            total.needless,
            percent(total.needless_share(cost.calls), 1),
            total.tests,
            total.instructions
        )?;
    }
    Ok(())
}

fn write_syscalls(out: &mut dyn Write, cost: &Cost, layout: Layout) -> fmt::Result {
    if cost.syscalls.is_empty() {
        return Ok(());
    }
    let shown = if layout.is_whole { cost.syscalls.len() } else { ROWS_SHOWN };
    writeln!(
        out,
        "\n{:>12} {:>10} {:>14}  {:<13} syscall",
        "calls", "tests", "instructions", "armed"
    )?;
    for one in cost.syscalls.iter().take(shown) {
        let name = one.name.unwrap_or("-");
        let arch = one.arch.common_name();
        let is_native = cost.syscalls.iter().all(|other| other.arch == one.arch);
        let arch = if is_native { String::new() } else { format!(" ({arch})") };
        writeln!(
            out,
            "{:>12} {:>10.1} {:>14.0}  {:<13} {name}{arch}",
            one.calls,
            one.tests,
            one.instructions,
            armed(one)
        )?;
    }
    if cost.syscalls.len() > shown {
        let all = cost.syscalls.len();
        writeln!(out, "the {shown} of {all} syscalls that cost most; --view cost shows all")?;
    }
    Ok(())
}

/// Returns the kernels that arm the syscall.
fn armed(one: &SyscallCost) -> &'static str {
    match (one.stock_armed, one.bitmap_armed, one.is_wanted) {
        (false, false, _) => "no",
        (_, true, true) => "yes",
        (_, true, false) => "needlessly",
        (true, false, _) => "on stock only",
    }
}

fn write_unknown(out: &mut dyn Write, cost: &Cost) -> fmt::Result {
    if cost.unknown.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = cost
        .unknown
        .iter()
        .map(|call| format!("{} ({})", call.name.escape_default(), call.count))
        .collect();
    writeln!(
        out,
        "\nnot counted, because this kernel has no such syscall: {}",
        first_names(&names).join(", ")
    )
}
