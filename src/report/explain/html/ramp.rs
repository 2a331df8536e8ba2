//! The colors of counts. The shades follow the counts of the rules: if some rules arm every syscall,
//! differences between the others are still visible.

use std::collections::BTreeSet;

/// The number of colors of armed numbers, from light to heavy.
const LEVELS: usize = 6;
/// The color if all numbers have the same count.
const ONLY_LEVEL: usize = 3;

/// A range of counts with the same color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shade {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) level: usize,
}

/// Returns the shades for these counts, in ascending order.
pub(super) fn shades(counts: impl Iterator<Item = u32>) -> Vec<Shade> {
    let distinct: BTreeSet<u32> = counts.filter(|count| *count > 0).collect();
    let distinct: Vec<u32> = distinct.into_iter().collect();
    let groups = distinct.len().min(LEVELS);
    let group = |index: usize| {
        let (start, end) = (index * distinct.len() / groups, (index + 1) * distinct.len() / groups);
        let (from, to) = (distinct.get(start)?, distinct.get(end.checked_sub(1)?)?);
        Some(Shade { from: *from, to: *to, level: level(index, groups) })
    };
    (0..groups).filter_map(group).collect()
}

fn level(index: usize, groups: usize) -> usize {
    match groups {
        0 | 1 => ONLY_LEVEL,
        more => 1 + (index * (LEVELS - 1) + (more - 1) / 2) / (more - 1),
    }
}

/// Returns the level of a count; 0 for no rules.
pub(super) fn level_of(shades: &[Shade], count: u32) -> usize {
    let shade = shades.iter().find(|shade| (shade.from..=shade.to).contains(&count));
    shade.map_or(0, |shade| shade.level)
}

/// Returns the CSS class of a level.
pub(super) fn class(level: usize) -> &'static str {
    ["l0", "l1", "l2", "l3", "l4", "l5", "l6"].get(level).copied().unwrap_or("l6")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_follow_the_counts() {
        let of = |counts: &[u32]| {
            let shades = shades(counts.iter().copied());
            shades.iter().map(|shade| (shade.from, shade.to, shade.level)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[0, 0]), []);
        assert_eq!(of(&[0, 7, 7]), [(7, 7, 3)]);
        assert_eq!(of(&[28, 29, 0]), [(28, 28, 1), (29, 29, 6)]);
        assert_eq!(of(&[1, 2, 3]), [(1, 1, 1), (2, 2, 4), (3, 3, 6)]);
        let many = of(&(1..=100).collect::<Vec<_>>());
        assert_eq!(many.first(), Some(&(1, 16, 1)));
        assert_eq!(many.last(), Some(&(84, 100, 6)));
    }

    #[test]
    fn every_count_has_a_level() {
        let counts = [1, 2, 3, 5, 8, 13, 21, 34, 9999];
        let shades = shades(counts.into_iter());
        assert!(counts.iter().all(|count| (1..=LEVELS).contains(&level_of(&shades, *count))));
        assert_eq!(level_of(&shades, 0), 0);
    }
}
