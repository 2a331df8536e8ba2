//! What changes from one set of rules to another.

use std::collections::HashMap;
use std::fmt::{self, Write};

use super::Layout;
use super::fill::{filled, first_names};
use crate::analysis::{Arming, Change, Changes, Comparison, Length, Origin, syscall_name};
use crate::catalog::Arch;
use crate::report::explain::sentences::rule::line_text;
use crate::report::explain::sentences::{count, shortened};
use crate::rule::Rule;

/// The maximum number of rules named as a cause. The others are counted.
const CAUSES_SHOWN: usize = 4;
/// The maximum number of rules named as added or removed.
const RULES_SHOWN: usize = 20;

/// Writes what changes from the old set to the new one.
///
/// # Errors
/// Only the errors of `out`.
pub fn write_comparison(
    out: &mut dyn Write,
    comparison: &Comparison,
    layout: Layout,
) -> fmt::Result {
    let Comparison { old, new, changes, .. } = comparison;
    write_rules(out, "added", '+', (new, &changes.added))?;
    write_rules(out, "removed", '-', (old, &changes.removed))?;
    let stock = |arming: &Arming| if arming.stock.armed { "all armed" } else { "not armed" };
    let armed = |arming: &Arming| arming.bitmap.armed_count;
    writeln!(out, "stock:   {}", from_to(stock(old), stock(new)))?;
    let of_all = |shown: &dyn fmt::Display| format!("{shown} of {} armed", new.nr_syscalls);
    let bitmap = match (armed(old), armed(new)) {
        (old, new) if old == new => format!("{}, as before", of_all(&new)),
        (old, new) => of_all(&format!("{old} -> {new}")),
    };
    writeln!(out, "bitmap:  {bitmap}")?;
    let (before, after): (Walked, Walked) = (|change| change.before, |change| change.after);
    write_recorded(out, new, changes, layout)?;
    // A syscall that only one set arms has only one walk.
    let parts = [
        ("newly armed", &changes.newly_armed, (after, after)),
        ("no longer armed", &changes.disarmed, (before, before)),
        ("longer walk", &changes.longer, (before, after)),
        ("shorter walk", &changes.shorter, (before, after)),
        (
            "fewer rules tested but more fields compared, or more rules but fewer fields",
            &changes.mixed,
            (before, after),
        ),
    ];
    for (title, part, shown) in parts.into_iter().filter(|(_, part, _)| !part.is_empty()) {
        writeln!(out, "\n{title}: {}", count(part.len(), "syscall"))?;
        write_changes(out, new, changes, (part, shown), layout)?;
    }
    Ok(())
}

/// Writes the rules that only one set has, each with its text.
fn write_rules(
    out: &mut dyn Write,
    title: &str,
    sign: char,
    (arming, origins): (&Arming, &[Origin]),
) -> fmt::Result {
    if origins.is_empty() {
        return writeln!(out, "{:<8} none", format!("{title}:"));
    }
    writeln!(out, "{:<8} {}", format!("{title}:"), count(origins.len(), "rule"))?;
    let texts: HashMap<&Origin, &Rule> =
        arming.rules().map(|kernel_rule| (kernel_rule.origin, kernel_rule.rule)).collect();
    for origin in origins.iter().take(RULES_SHOWN) {
        let text = texts.get(origin).map(|rule| line_text(rule, arming)).unwrap_or_default();
        writeln!(out, "  {sign} {origin}: {text}")?;
    }
    match origins.len().checked_sub(RULES_SHOWN) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "  {sign} {more} more"),
    }
}

/// Writes the syscalls that only one set can record.
fn write_recorded(
    out: &mut dyn Write,
    arming: &Arming,
    changes: &Changes,
    layout: Layout,
) -> fmt::Result {
    for change in &changes.recorded {
        let programs = programs(arming, change.arch);
        let parts = [("no longer recorded", &change.lost), ("newly recorded", &change.gained)];
        for (title, numbers) in parts.into_iter().filter(|(_, numbers)| !numbers.is_empty()) {
            writeln!(out, "\n{title} {programs}: {}", count(numbers.len(), "syscall"))?;
            let name = |nr: &u32| {
                syscall_name(change.arch, *nr).map_or_else(|| nr.to_string(), str::to_owned)
            };
            let names: Vec<String> = numbers.iter().map(name).collect();
            writeln!(out, "    {}", filled(&first_names(&names), 4, layout.columns))?;
        }
    }
    Ok(())
}

/// Returns `in programs of i386 (32 bit)`.
fn programs(arming: &Arming, arch: Arch) -> String {
    let bits = if arch == arming.arch { "" } else { " (32 bit)" };
    format!("in programs of {}{bits}", arch.common_name())
}

/// Returns `1 -> 2`, or `2, as before` if both are equal.
fn from_to<T: PartialEq + fmt::Display>(old: T, new: T) -> String {
    if old == new { format!("{new}, as before") } else { format!("{old} -> {new}") }
}

/// Selects one of the two walks of a change.
type Walked = fn(&Change) -> Length;

/// Writes the changes, with equal ones on one line.
fn write_changes(
    out: &mut dyn Write,
    arming: &Arming,
    changes: &Changes,
    (part, shown): (&[Change], (Walked, Walked)),
    layout: Layout,
) -> fmt::Result {
    let mut groups: Vec<(&Change, Vec<String>)> = Vec::new();
    for change in part {
        let name = name(arming, change.nr);
        match groups.iter_mut().find(|(first, _)| is_alike(first, change)) {
            Some((_, names)) => names.push(name),
            None => groups.push((change, vec![name])),
        }
    }
    for (change, names) in groups {
        let causes = causes(changes, change);
        let (before, after) = (shown.0(change), shown.1(change));
        writeln!(out, "  {}: {causes}", lengths(before, after))?;
        writeln!(out, "    {}", filled(&first_names(&names), 4, layout.columns))?;
    }
    Ok(())
}

fn is_alike(a: &Change, b: &Change) -> bool {
    (a.before, a.after, &a.added, &a.removed) == (b.before, b.after, &b.added, &b.removed)
}

/// Returns the name on the kernel's own arch, otherwise the number with the name of 32-bit programs.
fn name(arming: &Arming, nr: u32) -> String {
    let mut names = arming.arches().map(|arch| syscall_name(arch, nr));
    match names.next().flatten() {
        Some(name) => name.to_owned(),
        None => match names.next().flatten() {
            Some(compat) => format!("{nr} ({compat})"),
            None => nr.to_string(),
        },
    }
}

fn lengths(before: Length, after: Length) -> String {
    let number = |old: usize, new: usize, what: &str| match old == new {
        true => count(new, what),
        false => format!("{old} -> {}", count(new, what)),
    };
    format!(
        "{} tested, {} compared at worst",
        number(before.rules, after.rules, "rule"),
        number(before.fields, after.fields, "field")
    )
}

/// Returns `+new.rules:3, -old.rules:1`.
fn causes(changes: &Changes, change: &Change) -> String {
    let named = |sign: char, origins: &[Origin], indexes: &[usize]| {
        let origins = indexes.iter().filter_map(|&index| origins.get(index));
        origins.map(|origin| format!("{sign}{origin}")).collect::<Vec<_>>()
    };
    let mut rules = named('+', &changes.added, &change.added);
    rules.extend(named('-', &changes.removed, &change.removed));
    match rules.len() {
        0 => "the order of the rules".to_owned(),
        len => shortened(rules.iter(), len, CAUSES_SHOWN),
    }
}
