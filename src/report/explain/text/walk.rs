//! How many rules the kernel tests for each syscall.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::Layout;
use super::fill::{filled, first_names};
use crate::analysis::{Analysis, Walk};
use crate::catalog::Arch;
use crate::report::explain::sentences::count;

/// Writes the walks. Syscalls with equal walks share a row.
pub(super) fn write_walks(out: &mut dyn Write, analysis: &Analysis, layout: Layout) -> fmt::Result {
    let (arming, walks) = (&analysis.arming, analysis.walks());
    writeln!(
        out,
        "walk:    {} on the exit list; {} kept by inode, tested only for the files that a syscall names",
        count(walks.list_len, "rule"),
        count(walks.hashed, "rule"),
    )?;
    writeln!(
        out,
        "         best, worst: rules tested; hits: tested rules with the syscall in the mask; fields: \
         compared at worst; inode: rules kept by inode"
    )?;
    for arch in arming.arches() {
        writeln!(out)?;
        write_arch(out, analysis, arch, layout)?;
    }
    Ok(())
}

/// The columns of a row, which sort longer walks first.
type Columns = (Reverse<usize>, Reverse<usize>, usize, usize, usize);

fn columns(walk: &Walk) -> Columns {
    (Reverse(walk.worst), Reverse(walk.fields), walk.best, walk.hits, walk.inode_rules)
}

fn write_arch(out: &mut dyn Write, analysis: &Analysis, arch: Arch, layout: Layout) -> fmt::Result {
    let (arming, walks) = (&analysis.arming, analysis.walks());
    let mut rows: BTreeMap<Columns, Vec<String>> = BTreeMap::new();
    let mut others = 0usize;
    for walk in walks.walks.iter().filter(|walk| walk.arch == arch) {
        match walk.name {
            Some(name) if walk.hits + walk.inode_rules > 0 => {
                rows.entry(columns(walk)).or_default().push(name.to_owned());
            }
            Some(_) => others += 1,
            None => {}
        }
    }
    let head =
        format!("{:>6} {:>6} {:>6} {:>6} {:>6}  ", "best", "worst", "hits", "fields", "inode");
    writeln!(out, "{head}syscalls of {}", arch.common_name())?;
    for ((Reverse(worst), Reverse(fields), best, hits, inode), names) in &rows {
        let names = filled(&first_names(names), head.len(), layout.columns);
        writeln!(out, "{best:>6} {worst:>6} {hits:>6} {fields:>6} {inode:>6}  {names}")?;
    }
    if others > 0 {
        let all = walks.list_len;
        let unless =
            if arming.bitmap.equal { ", not armed on a kernel with the bitmap" } else { "" };
        let what =
            if rows.is_empty() { format!("all {others}") } else { format!("{others} others") };
        writeln!(out, "{all:>6} {all:>6} {:>6} {:>6} {:>6}  {what}{unless}", 0, 0, 0)?;
    }
    Ok(())
}
