//! Everything about one syscall.

use std::fmt::{self, Write};

use super::text::{Places, count, rule_text, shortened};
use crate::analysis::{Arming, Candidate, Inspection, Obstacle, Verdict};

/// Rules that are named as possible winners; of the others the count.
const CONTENDERS_SHOWN: usize = 4;

/// Writes what was found about a syscall, on each arch that has it.
///
/// # Errors
/// Only those of `out`.
pub fn write_inspections(
    out: &mut dyn Write,
    arming: &Arming,
    inspections: &[Inspection<'_>],
) -> fmt::Result {
    let mut separator = "";
    for inspection in inspections {
        out.write_str(separator)?;
        write_inspection(out, arming, inspection)?;
        separator = "\n";
    }
    Ok(())
}

fn write_inspection(
    out: &mut dyn Write,
    arming: &Arming,
    inspection: &Inspection<'_>,
) -> fmt::Result {
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
        "walk:    at best {}, at worst {} of the exit list tested, {} for this syscall, {} compared; \
         besides {} by inode",
        walk.best,
        count(walk.worst, "rule"),
        walk.hits,
        count(walk.fields, "field"),
        walk.inode_rules,
    )?;
    write_rules(out, arming, inspection)?;
    writeln!(out, "wins:    {}", winner(inspection))
}

fn write_rules(out: &mut dyn Write, arming: &Arming, inspection: &Inspection<'_>) -> fmt::Result {
    let place = |one: &Candidate<'_>| match one.place {
        Some(place) => place.to_string(),
        None => "inode".to_owned(),
    };
    let origins: Vec<String> =
        inspection.rules.iter().map(|one| one.kernel_rule.origin.to_string()).collect();
    let width = origins.iter().map(String::len).max().unwrap_or(0);
    for (one, origin) in inspection.rules.iter().zip(origins) {
        let matches = match (one.is_shadowed, one.verdict) {
            (_, Verdict::Never) => "never",
            (true, _) => "too late",
            (false, Verdict::Maybe) => "may match",
            (false, Verdict::Always) => "always",
        };
        let why =
            one.obstacle.map_or(String::new(), |obstacle| format!("  ({})", reason(obstacle)));
        writeln!(
            out,
            "{:>7}  {origin:<width$}  {matches:<9}  {}{why}",
            place(one),
            rule_text(one.kernel_rule.rule, arming.arch)
        )?;
    }
    Ok(())
}

/// Why the rule never matches.
pub(in crate::report) fn reason(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Arch => "for another arch",
        Obstacle::Perm => "nothing that perm asks for",
    }
}

/// Which rule decides.
pub(in crate::report) fn winner(inspection: &Inspection<'_>) -> String {
    let contenders: Vec<&Candidate<'_>> = inspection.contenders().collect();
    let Some((last, before)) = contenders.split_last() else {
        return "no rule: nothing is recorded".to_owned();
    };
    let is_sure = last.verdict == Verdict::Always;
    let outcome = format!("{} ({})", last.kernel_rule.origin, last.kernel_rule.rule.action.name());
    if is_sure && before.is_empty() {
        return format!("always {outcome}");
    }
    let doubtful = if is_sure { before } else { contenders.as_slice() };
    let mut places = Places::default();
    let places = doubtful.iter().map(|one| {
        format!("{} ({})", places.next(one.kernel_rule.origin), one.kernel_rule.rule.action.name())
    });
    let places = shortened(places, doubtful.len(), CONTENDERS_SHOWN);
    let first = match doubtful.len() {
        1 => format!("{places} if its fields hold"),
        _ => format!("the first whose fields hold of {places}"),
    };
    if is_sure { format!("{first}; else {outcome}") } else { format!("{first}; else no rule") }
}
