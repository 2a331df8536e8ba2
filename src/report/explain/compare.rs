//! Two sets of rules side by side.

use std::fmt::{self, Write};

use super::Layout;
use super::text::{Places, count, filled, first_names, shortened};
use crate::analysis::{Arming, Change, Comparison, Length, Origin, syscall_name};

/// Rules that are named as a cause; of the others the count.
const CAUSES_SHOWN: usize = 4;
/// Rules that are named as added or removed.
const RULES_SHOWN: usize = 8;

/// Writes what changes from `old` to `new`.
///
/// # Errors
/// Only those of `out`.
pub fn write_comparison(
    out: &mut dyn Write,
    old: &Arming,
    new: &Arming,
    comparison: &Comparison,
    layout: Layout,
) -> fmt::Result {
    write_rules(out, comparison)?;
    let stock = |arming: &Arming| if arming.stock.armed { "all armed" } else { "not armed" };
    let armed = |arming: &Arming| arming.bitmap.armed_count;
    writeln!(out, "stock:   {}", from_to(stock(old), stock(new)))?;
    writeln!(out, "bitmap:  {} of {} armed", from_to(armed(old), armed(new)), new.nr_syscalls)?;
    let (before, after): (Walked, Walked) = (|change| change.before, |change| change.after);
    // What was not armed before, or is not any more, has only one walk.
    let parts = [
        ("newly armed", &comparison.newly_armed, (after, after)),
        ("no longer armed", &comparison.disarmed, (before, before)),
        ("longer walk", &comparison.longer, (before, after)),
        ("shorter walk", &comparison.shorter, (before, after)),
    ];
    for (title, changes, shown) in parts.into_iter().filter(|(_, changes, _)| !changes.is_empty()) {
        writeln!(out, "\n{title}: {}", count(changes.len(), "syscall"))?;
        write_changes(out, new, comparison, (changes, shown), layout)?;
    }
    Ok(())
}

fn write_rules(out: &mut dyn Write, comparison: &Comparison) -> fmt::Result {
    let named = |origins: &[Origin]| match origins.len() {
        0 => "none".to_owned(),
        len => {
            let mut places = Places::default();
            let places = origins.iter().map(|origin| places.next(origin));
            format!("{len} ({})", shortened(places, len, RULES_SHOWN))
        }
    };
    writeln!(out, "added:   {}", named(&comparison.added))?;
    writeln!(out, "removed: {}", named(&comparison.removed))
}

/// `1 -> 2`, or what both are.
fn from_to<T: PartialEq + fmt::Display>(old: T, new: T) -> String {
    if old == new { format!("{new}, as before") } else { format!("{old} -> {new}") }
}

/// One of the two walks of a change.
type Walked = fn(&Change) -> Length;

/// Writes the changes, those alike together.
fn write_changes(
    out: &mut dyn Write,
    arming: &Arming,
    comparison: &Comparison,
    (changes, shown): (&[Change], (Walked, Walked)),
    layout: Layout,
) -> fmt::Result {
    let mut groups: Vec<(&Change, Vec<String>)> = Vec::new();
    for change in changes {
        let name = name(arming, change.nr);
        match groups.iter_mut().find(|(first, _)| is_alike(first, change)) {
            Some((_, names)) => names.push(name),
            None => groups.push((change, vec![name])),
        }
    }
    for (change, names) in groups {
        let causes = causes(comparison, change);
        let (before, after) = (shown.0(change), shown.1(change));
        writeln!(out, "  {}: {causes}", lengths(before, after))?;
        writeln!(out, "    {}", filled(&first_names(&names), 4, layout.columns))?;
    }
    Ok(())
}

fn is_alike(a: &Change, b: &Change) -> bool {
    (a.before, a.after, &a.added, &a.removed) == (b.before, b.after, &b.added, &b.removed)
}

/// The name on the kernel's own arch, or else that of 32-bit programs, or the number.
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

/// `+new.rules:3, -old.rules:1`
pub(in crate::report) fn causes(comparison: &Comparison, change: &Change) -> String {
    let named = |sign: char, origins: &[Origin], indexes: &[usize]| {
        let origins = indexes.iter().filter_map(|&index| origins.get(index));
        origins.map(|origin| format!("{sign}{origin}")).collect::<Vec<_>>()
    };
    let mut rules = named('+', &comparison.added, &change.added);
    rules.extend(named('-', &comparison.removed, &change.removed));
    match rules.len() {
        0 => "the order of the rules".to_owned(),
        len => shortened(rules.iter(), len, CAUSES_SHOWN),
    }
}
