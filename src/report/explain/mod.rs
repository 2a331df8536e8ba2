//! `--explain-bitmap` as text: one file a view.
//!
//! | file | view |
//! |---|---|
//! | `explain` | the summary |
//! | `advice` | rules that arm everything, and what to write instead |
//! | `table` | the armed syscalls, with their rules |
//! | `grid` | a cell a syscall number |
//! | `walk` | how many rules are tested for each syscall |
//! | `explain_notes` | what surprises |
//! | `inspect` | one syscall |
//! | `compare` | two sets of rules |
//! | `cost` | what a workload pays |
//! | `gate` | limits that are not kept |
//! | `text` | words that they share |

pub(super) mod advice;
mod compare;
mod cost;
pub(super) mod gate;
mod grid;
pub(super) mod inspect;
mod table;
pub(super) mod text;
mod walk;

pub use compare::write_comparison;
pub use cost::write_cost;
pub use gate::failure_text;
pub use inspect::write_inspections;

use std::fmt::{self, Write};

use super::explain_notes::write_notes;
use super::explain_reason::{bitmap_reason, stock_reason};
use crate::analysis::{Arming, missing};
use crate::catalog::KernelVersion;

/// A part of the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What is counted, and what stock kernels and those with the bitmap make of it.
    Summary,
    /// The rules that arm everything, and what to write instead.
    Advice,
    /// The armed syscalls, with their rules.
    Table,
    /// One cell a syscall number.
    Grid,
    /// How many rules are tested for each syscall.
    Walk,
    /// What surprises.
    Notes,
}

/// How views are written.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Columns of the terminal.
    pub columns: usize,
    /// With the escape sequences for colours.
    pub has_color: bool,
    /// All of it; otherwise the parts that can be long are cut, which is said.
    pub is_whole: bool,
    /// The kernel, if it was named: syscalls that it does not have are said.
    pub version: Option<KernelVersion>,
}

impl Default for Layout {
    fn default() -> Self {
        Layout { columns: 80, has_color: false, is_whole: false, version: None }
    }
}

/// What is written when nothing else is asked for.
pub const DEFAULT_VIEWS: [View; 4] = [View::Summary, View::Advice, View::Table, View::Notes];

/// Writes what `arming` found, for a person to read: the [`DEFAULT_VIEWS`].
///
/// # Errors
/// Only those of `out`.
pub fn write_explanation(out: &mut dyn Write, arming: &Arming) -> fmt::Result {
    write_views(out, arming, &DEFAULT_VIEWS, Layout::default())
}

/// Writes some views of what `arming` found, with an empty line between those that have something to say.
///
/// # Errors
/// Only those of `out`.
pub fn write_views(
    out: &mut dyn Write,
    arming: &Arming,
    views: &[View],
    layout: Layout,
) -> fmt::Result {
    let mut separator = "";
    for view in views {
        let mut text = String::new();
        match view {
            View::Summary => write_summary(&mut text, arming, layout)?,
            View::Advice => advice::write_advice(&mut text, arming, layout)?,
            View::Table => table::write_table(&mut text, arming, layout)?,
            View::Grid => grid::write_grid(&mut text, arming, layout)?,
            View::Walk => walk::write_walks(&mut text, arming, layout)?,
            View::Notes => {
                write_notes(&mut text, arming, &missing(arming, layout.version))?;
            }
        }
        if !text.is_empty() {
            write!(out, "{separator}{text}")?;
            separator = "\n";
        }
    }
    Ok(())
}

fn write_summary(out: &mut dyn Write, arming: &Arming, layout: Layout) -> fmt::Result {
    let Arming { counters, nr_syscalls, .. } = arming;
    let version = layout.version.map_or(String::new(), |version| format!("Linux {version}, "));
    let arch = arming.arch.common_name();
    writeln!(out, "kernel:  {arch}, {version}{nr_syscalls} syscalls (NR_syscalls)")?;
    let kernel_rules = match arming.rules_held {
        1 => "1 rule".to_owned(),
        more => format!("{more} rules"),
    };
    writeln!(
        out,
        "rules:   {kernel_rules}; counted {} (audit_n_rules), on the exit list {} (audit_n_syscall_rules)",
        counters.n_rules(),
        counters.n_syscall_rules(),
    )?;
    let stock = if arming.stock.armed { "all armed" } else { "not armed" };
    writeln!(out, "stock:   {stock}: {}", stock_summary(arming))?;
    writeln!(
        out,
        "bitmap:  {} of {nr_syscalls} syscalls armed: {}",
        arming.bitmap.armed_count,
        bitmap_reason(arming)
    )
}

/// The reason of the stock kernel alone; the bitmap's stands in a line of its own.
pub(super) fn stock_summary(arming: &Arming) -> String {
    let reason = stock_reason(arming);
    match reason.split_once("; ") {
        Some((stock, _)) if !arming.bitmap.equal => stock.to_owned(),
        _ => reason,
    }
}
