//! The comments of the source's rules above the rules that take their place.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::analysis::{Arming, Origin};
use crate::cases::{WrittenCase, WrittenName, written_cases, written_names};
use crate::diag::escaped;
use crate::rewrite::optimize::Optimal;
use crate::source::Source;

/// The lines above a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Above {
    /// Whether an empty line parts the rule from the names and cases of the rules before it.
    pub(super) is_parted: bool,
    /// The comments.
    pub(super) comments: Vec<Vec<u8>>,
}

/// The rules of a product, in order.
struct Rules<'r> {
    rules: &'r [Optimal],
    /// The places in the source that each rule was made from.
    origins: Vec<Vec<&'r Origin>>,
    /// The index of the rule that was made from each rule of the source.
    indexes: HashMap<&'r Origin, usize>,
    /// The places of the rules that were dropped because of each rule.
    dropped: Vec<Vec<&'r Origin>>,
}

/// A case, and the rules that it is about in the product.
struct Moved {
    case: WrittenCase,
    first: usize,
    last: usize,
}

/// Returns the lines above each rule. A rule has the names of all requirements of the rules that it was made from. A
/// case comes along if it is about the same rules below it: none of them is elsewhere, and, for a case about each of
/// them, no other rule is merged into them.
pub(super) fn carried(sources: &[&Source], rules: &[Optimal], before: &Arming) -> Vec<Above> {
    let rules = Rules::new(rules, before);
    let of_all = |source: &&Source| {
        let file = escaped(source.name()).into_owned();
        (written_names(source, &file), written_cases(source, &file))
    };
    let (names, cases): (Vec<_>, Vec<_>) = sources.iter().map(of_all).unzip();
    let names: Vec<WrittenName> = names.into_iter().flatten().collect();
    let mut above = rules.names(&names);
    let moved: Vec<Moved> =
        cases.into_iter().flatten().filter_map(|case| rules.moved(case)).collect();
    let named = above.iter().enumerate().filter(|(_, one)| **one != Above::default());
    let begin: BTreeSet<usize> =
        named.map(|(index, _)| index).chain(moved.iter().map(|one| one.first)).collect();
    // A comment between the rules of a case would end them.
    let whole =
        moved.into_iter().filter(|one| begin.range(one.first + 1..one.last + 1).next().is_none());
    for Moved { case, first, last } in whole {
        if let Some(above) = above.get_mut(first) {
            above.comments.push(case.text);
        }
        if !begin.contains(&(last + 1))
            && rules.have_same_keys(last, last + 1)
            && let Some(next) = above.get_mut(last + 1)
        {
            next.is_parted = true;
        }
    }
    above
}

impl<'r> Rules<'r> {
    fn new(rules: &'r [Optimal], before: &'r Arming) -> Self {
        let places = |serials: &'r [usize]| -> Vec<&'r Origin> {
            serials.iter().filter_map(|serial| before.origin_of(*serial)).collect()
        };
        let origins: Vec<Vec<&Origin>> = rules.iter().map(|rule| places(&rule.from)).collect();
        let indexed = origins.iter().enumerate();
        let indexes =
            indexed.flat_map(|(index, all)| all.iter().map(move |origin| (*origin, index)));
        Rules {
            rules,
            indexes: indexes.collect(),
            dropped: rules.iter().map(|rule| places(&rule.dropped)).collect(),
            origins,
        }
    }

    /// Returns the names above each rule that is not of the same requirements as the one before it. A requirement is
    /// described where its name comes first.
    fn names(&self, names: &[WrittenName]) -> Vec<Above> {
        let mut numbers: HashMap<&Origin, Vec<usize>> = HashMap::new();
        for (number, name) in names.iter().enumerate() {
            name.rules.iter().for_each(|origin| numbers.entry(origin).or_default().push(number));
        }
        let of_rules = self.origins.iter().zip(&self.dropped).map(|(origins, dropped)| {
            let all = origins.iter().chain(dropped);
            let numbers = all.filter_map(|origin| numbers.get(origin)).flatten();
            numbers.copied().collect::<BTreeSet<usize>>()
        });
        let (mut last, mut described) = (BTreeSet::new(), HashSet::new());
        let mut above = Vec::new();
        for own in of_rules {
            let mut comments = Vec::new();
            let changed = own.iter().filter(|_| own != last);
            for (number, name) in changed.filter_map(|number| Some((number, names.get(*number)?))) {
                if !comments.contains(&name.text) {
                    comments.push(name.text.clone());
                }
                if described.insert(*number) {
                    comments.extend_from_slice(&name.description);
                }
            }
            above.push(Above { is_parted: own.is_empty() && !last.is_empty(), comments });
            last = own;
        }
        above
    }

    /// Returns a case with its rules in the product, if they are still together and no others.
    fn moved(&self, case: WrittenCase) -> Option<Moved> {
        let indexes = case.rules.iter().filter_map(|origin| self.indexes.get(origin).copied());
        let indexes: BTreeSet<usize> = indexes.collect();
        let (first, last) = (*indexes.first()?, *indexes.last()?);
        let is_together = last - first < indexes.len();
        let has_key = indexes.iter().all(|index| self.have_same_keys(first, *index));
        let mut origins = indexes.iter().filter_map(|index| self.origins.get(*index)).flatten();
        let is_alone = !case.is_about_each || origins.all(|origin| case.rules.contains(origin));
        (is_together && has_key && is_alone).then_some(Moved { case, first, last })
    }

    fn have_same_keys(&self, one: usize, other: usize) -> bool {
        let [one, other] = [one, other].map(|index| self.rules.get(index));
        one.zip(other).is_some_and(|(one, other)| one.rule.keys().eq(other.rule.keys()))
    }
}
