//! Comparisons of two fields, `-C`: the values of the field `field_compare`.

use super::field_row::number_of;
use super::generated::compare::PAIRS;

/// Returns the number of a comparison of two fields, which are given by number in either order.
pub fn compare_number(left: u32, right: u32) -> Option<u32> {
    let at = NUMBERS.iter().position(|pair| *pair == (left, right) || *pair == (right, left))?;
    PAIRS.get(at).map(|(number, _, _)| *number)
}

/// The numbers of the fields of each pair.
#[expect(clippy::indexing_slicing, reason = "built by the compiler")]
static NUMBERS: [(u32, u32); PAIRS.len()] = {
    let mut numbers = [(0, 0); PAIRS.len()];
    let mut index = 0;
    while index < numbers.len() {
        let (_, left, right) = PAIRS[index];
        numbers[index] = (number_of(left), number_of(right));
        index += 1;
    }
    numbers
};

/// Returns every pair of fields that can be compared, in the order in which auditctl prints them.
pub fn compare_pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAIRS.iter().map(|(_, left, right)| (*left, *right))
}

/// Returns the two fields of a comparison, in the order in which auditctl prints them.
pub fn compare_pair(number: u32) -> Option<(&'static str, &'static str)> {
    let at = PAIRS.binary_search_by_key(&number, |(entry, _, _)| *entry).ok()?;
    PAIRS.get(at).map(|(_, left, right)| (*left, *right))
}
