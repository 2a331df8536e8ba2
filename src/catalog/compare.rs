//! Comparisons of two fields, `-C`: the values of the field `field_compare`.

use super::field_name;
use super::generated::compare::PAIRS;

/// Returns the number of a comparison of two fields, which are given by number in either order.
pub fn compare_number(left: u32, right: u32) -> Option<u32> {
    let (left, right) = (field_name(left)?, field_name(right)?);
    let is_pair = |a: &str, b: &str| (a == left && b == right) || (a == right && b == left);
    PAIRS.iter().find(|(_, a, b)| is_pair(a, b)).map(|(number, _, _)| *number)
}

/// Returns every pair of fields that can be compared, in the order in which auditctl prints them.
pub fn compare_pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAIRS.iter().map(|(_, left, right)| (*left, *right))
}

/// Returns the two fields of a comparison, in the order in which auditctl prints them.
pub fn compare_pair(number: u32) -> Option<(&'static str, &'static str)> {
    let at = PAIRS.binary_search_by_key(&number, |(entry, _, _)| *entry).ok()?;
    PAIRS.get(at).map(|(_, left, right)| (*left, *right))
}
