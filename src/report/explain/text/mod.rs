//! `explain` as text: one file per view.
//!
//! | file | view |
//! |---|---|
//! | `mod` | the summary and the notes |
//! | `advice` | the rules that arm every syscall, and what to write instead |
//! | `table` | the armed syscalls with their rules |
//! | `grid` | one cell per syscall number |
//! | `walk` | how many rules the kernel tests for each syscall |
//! | `syscall` | one syscall |
//! | `cost` | what the rules cost a workload |
//! | `compare` | what changes from one set of rules to another |
//! | `fill` | lists of names on lines of a limited width |

mod advice;
mod compare;
mod cost;
mod fill;
mod grid;
mod syscall;
mod table;
mod walk;

pub use compare::write_comparison;

use std::fmt::{self, Write};

use super::sentences::count;
use super::sentences::notes::notes;
use super::sentences::reason::{bitmap_reason, stock_summary};
use crate::analysis::Analysis;

/// A part of the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The counters, and what a stock kernel and one with the bitmap arm.
    Summary,
    /// The rules that arm every syscall, and what to write instead.
    Advice,
    /// The armed syscalls with their rules.
    Table,
    /// One cell per syscall number.
    Grid,
    /// The number of rules that the kernel tests for each syscall.
    Walk,
    /// Results that are easy to miss.
    Notes,
    /// The inspected syscall, if there is one.
    Syscall,
    /// The cost of the rules for the workload, if there is one.
    Cost,
}

/// The layout of the views.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The width of the terminal.
    pub columns: usize,
    /// Whether to write escape sequences for colors.
    pub has_color: bool,
    /// Whether to write long views completely. Otherwise they are cut, with a note.
    pub is_whole: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Layout { columns: 80, has_color: false, is_whole: false }
    }
}

/// The views of a short explanation.
pub const DEFAULT_VIEWS: [View; 4] = [View::Summary, View::Advice, View::Table, View::Notes];

/// Writes some views of an analysis, separated by empty lines. Views without content are left out.
///
/// # Errors
/// Only the errors of `out`.
pub fn write_explanation(
    out: &mut dyn Write,
    analysis: &Analysis,
    views: &[View],
    layout: Layout,
) -> fmt::Result {
    let mut separator = "";
    for view in views {
        let mut text = String::new();
        write_view(&mut text, analysis, *view, layout)?;
        if !text.is_empty() {
            write!(out, "{separator}{text}")?;
            separator = "\n";
        }
    }
    Ok(())
}

fn write_view(out: &mut dyn Write, analysis: &Analysis, view: View, layout: Layout) -> fmt::Result {
    let Analysis { arming, inspections, cost, .. } = analysis;
    match view {
        View::Summary => write_summary(out, analysis),
        View::Advice => advice::write_advice(out, analysis, layout),
        View::Table => table::write_table(out, arming, layout),
        View::Grid => grid::write_grid(out, arming, layout),
        View::Walk => walk::write_walks(out, analysis, layout),
        View::Notes => write_notes(out, analysis),
        View::Syscall => {
            syscall::write_inspections(out, arming, inspections.as_deref().unwrap_or_default())
        }
        View::Cost => cost.iter().try_for_each(|cost| {
            cost::write_cost(out, cost, layout)?;
            cost::write_spared(out, arming)
        }),
    }
}

fn write_summary(out: &mut dyn Write, analysis: &Analysis) -> fmt::Result {
    let Analysis { arming, version, .. } = analysis;
    let (counters, of) = (&arming.counters, arming.nr_syscalls);
    let version = version.map_or(String::new(), |version| format!("Linux {version}, "));
    writeln!(out, "kernel:  {}, {version}{of} syscalls (NR_syscalls)", arming.arch.common_name())?;
    writeln!(
        out,
        "rules:   {} loaded, {} counted (audit_n_rules), {} on the exit list (audit_n_syscall_rules)",
        count(arming.rules_held, "rule"),
        counters.n_rules(),
        counters.n_syscall_rules(),
    )?;
    let stock = if arming.stock.armed { "all armed" } else { "not armed" };
    writeln!(out, "stock:   {stock}: {}", stock_summary(arming))?;
    let armed = arming.bitmap.armed_count;
    writeln!(out, "bitmap:  {armed} of {of} syscalls armed: {}", bitmap_reason(arming))
}

fn write_notes(out: &mut dyn Write, analysis: &Analysis) -> fmt::Result {
    let notes = notes(analysis);
    notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    if notes.is_empty() { Ok(()) } else { writeln!(out, "terms: see docs/terms.md") }
}
