//! The colors of counts. The scale begins at zero and is even, so that a color shows how many rules there are, and equal
//! counts everywhere look as heavy as they are.

/// The number of colors of armed numbers, from light to heavy.
const LEVELS: u32 = 6;
/// The heaviest color stands for at least this count: a set with few rules looks light.
const LEAST_SCALE: u32 = 24;

/// A range of counts with the same color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shade {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) level: usize,
}

/// Returns the shades of these counts, in ascending order.
pub(super) fn shades(counts: impl Iterator<Item = u32>) -> Vec<Shade> {
    let counts: Vec<u32> = counts.filter(|count| *count > 0).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    let scale = most.max(LEAST_SCALE);
    // Ten thousand rules times six colors fit into 64 bits.
    let end = |level: u32| {
        u32::try_from(u64::from(level) * u64::from(scale) / u64::from(LEVELS)).unwrap_or(scale)
    };
    let shade = |level: u32| Shade {
        from: end(level - 1) + 1,
        to: end(level).min(most),
        level: level as usize,
    };
    let is_used =
        |shade: &Shade| counts.iter().any(|count| (shade.from..=shade.to).contains(count));
    (1..=LEVELS).map(shade).filter(is_used).collect()
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
    fn scale_begins_at_zero() {
        let of = |counts: &[u32]| {
            let shades = shades(counts.iter().copied());
            shades.iter().map(|shade| (shade.from, shade.to, shade.level)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[0, 0]), []);
        // Many rules everywhere are heavy, few are light.
        assert_eq!(of(&[315, 315]), [(263, 315, 6)]);
        assert_eq!(of(&[300, 301]), [(251, 301, 6)]);
        assert_eq!(of(&[1, 1]), [(1, 1, 1)]);
        assert_eq!(of(&[1, 7, 24]), [(1, 4, 1), (5, 8, 2), (21, 24, 6)]);
        assert_eq!(of(&(1..=60).collect::<Vec<_>>()).len(), 6);
    }

    #[test]
    fn every_count_has_a_level() {
        let counts = [1, 2, 3, 5, 8, 13, 21, 34, 9999];
        let shades = shades(counts.into_iter());
        assert!(counts.iter().all(|count| (1..=6).contains(&level_of(&shades, *count))));
        assert_eq!(level_of(&shades, 0), 0);
    }
}
