//! One cell per syscall number, which shows how many rules arm it.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::Layout;
use crate::analysis::{Arming, syscall_name};

/// The number of cells between two gaps.
const BLOCK: u32 = 10;
/// The width of the number and the space before the first cell.
const MARGIN: usize = 5;
/// The possible numbers of blocks in a row: rows begin at round numbers.
const BLOCKS: [u32; 3] = [10, 5, 2];

/// Writes the grid. Each row begins with the number of its first cell.
pub(super) fn write_grid(out: &mut dyn Write, arming: &Arming, layout: Layout) -> fmt::Result {
    let fits = |blocks: &&u32| MARGIN + **blocks as usize * (BLOCK as usize + 1) <= layout.columns;
    let blocks = BLOCKS.iter().find(fits).copied().unwrap_or(1);
    let per_row = blocks * BLOCK;
    let heads: Vec<String> =
        (0..blocks).map(|block| format!("{:<10}", format!("+{}", block * BLOCK))).collect();
    writeln!(out, "{:>4} {}", "nr", heads.join(" ").trim_end())?;
    for first in (0..arming.nr_syscalls).step_by(per_row as usize) {
        let end = arming.nr_syscalls.min(first + per_row);
        let mut row = format!("{first:>4}");
        for nr in first..end {
            if (nr - first) % BLOCK == 0 {
                row.push(' ');
            }
            cell(arming, nr).write(&mut row, layout)?;
        }
        writeln!(out, "{}", row.trim_end())?;
    }
    writeln!(
        out,
        "rules per number: . none, 1 to 9, + 10 to 99, # 100 to 999, @ more; blank: no such syscall"
    )?;
    if !arming.bitmap.equal {
        writeln!(out, "every number is armed, because the bitmap is not used")?;
    }
    Ok(())
}

/// A character and its color.
struct Cell(char, Style);

impl Cell {
    fn write(self, row: &mut String, layout: Layout) -> fmt::Result {
        let Cell(shade, color) = self;
        let style = if layout.has_color { color } else { Style::new() };
        write!(row, "{style}{shade}{style:#}")
    }
}

fn cell(arming: &Arming, nr: u32) -> Cell {
    let rules = arming.counters.of_syscall(nr);
    let (shade, style) = match rules {
        0 if !arming.arches().any(|arch| syscall_name(arch, nr).is_some()) => (' ', Style::new()),
        0 => ('.', Style::new().dimmed()),
        1..10 => (char::from_digit(rules, 10).unwrap_or('?'), color(AnsiColor::Green)),
        10..100 => ('+', color(AnsiColor::Yellow)),
        100..1000 => ('#', color(AnsiColor::Red)),
        _ => ('@', color(AnsiColor::Red).bold()),
    };
    Cell(shade, style)
}

fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(color.into()))
}
