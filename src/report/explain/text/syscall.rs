//! One syscall: whether it is armed, its walk, and the rules that can match it.

use std::fmt::{self, Write};

use crate::analysis::{Arming, Inspection, Verdict};
use crate::report::explain::sentences::syscall::{obstacle_text, winner};
use crate::report::explain::sentences::{count, rule::short_text};

/// Writes the inspected syscall, once for each arch that has it.
pub(super) fn write_inspections(
    out: &mut dyn Write,
    arming: &Arming,
    inspections: &[Inspection],
) -> fmt::Result {
    let mut separator = "";
    for inspection in inspections {
        out.write_str(separator)?;
        write_inspection(out, arming, inspection)?;
        separator = "\n";
    }
    Ok(())
}

fn write_inspection(out: &mut dyn Write, arming: &Arming, inspection: &Inspection) -> fmt::Result {
    let walk = &inspection.walk;
    let name = walk.name.unwrap_or("no syscall");
    writeln!(out, "syscall: {name}, number {} on {}", walk.nr, walk.arch.common_name())?;
    let is = |armed| if armed { "armed" } else { "not armed" };
    let why = match (inspection.is_armed, arming.bitmap.equal) {
        (true, false) => " (the bitmap is not used)",
        _ => "",
    };
    writeln!(
        out,
        "arming:  stock {}, bitmap {}{why}; in the mask of {}",
        is(arming.stock.armed),
        is(inspection.is_armed),
        count(inspection.rules.len(), "rule"),
    )?;
    writeln!(
        out,
        "walk:    {} tested at best, {} at worst; {} of them with this syscall in the mask, {} compared; \
         plus {} kept by inode",
        count(walk.best, "rule"),
        walk.worst,
        walk.hits,
        count(walk.fields, "field"),
        walk.inode_rules,
    )?;
    write_rules(out, arming, inspection)?;
    writeln!(out, "wins:    {}", winner(inspection))
}

fn write_rules(out: &mut dyn Write, arming: &Arming, inspection: &Inspection) -> fmt::Result {
    let origins: Vec<String> = inspection.rules.iter().map(|one| one.origin.to_string()).collect();
    let width = origins.iter().map(String::len).max().unwrap_or(0);
    for (one, origin) in inspection.rules.iter().zip(origins) {
        let matches = match (one.is_shadowed, one.verdict) {
            (_, Verdict::Never) => "never",
            (true, _) => "too late",
            (false, Verdict::Maybe) => "may match",
            (false, Verdict::Always) => "always",
        };
        let position = one.position.map_or("inode".to_owned(), |position| position.to_string());
        let rule = short_text(&one.rule, arming);
        let why = one.obstacle.map_or(String::new(), |why| format!("  ({})", obstacle_text(why)));
        writeln!(out, "{position:>7}  {origin:<width$}  {matches:<9}  {rule}{why}")?;
    }
    Ok(())
}
