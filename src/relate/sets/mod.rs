//! Compares whole sets of rules: which events only one of them records.
//!
//! An event is described by yes-or-no variables: the class of the call, the region of each number, the place of the
//! judged name (`space`). Each list of rules is a function of them, and so is what the kernel does (`lists`). If
//! both sets have the same function, they record the same. Where the functions differ, a real event is made from the
//! variables (`witness`), and an [evaluator](crate::eval::Evaluator) decides it with both sets (`evidence`): only then do
//! the sets differ. The space has events that are not real; a difference that is only there does not count if that is certain, and
//! makes the answer undecided if it is not.
//!
//! | part | subject |
//! |---|---|
//! | `calls`, `numbers`, `locations` | the values that rules tell apart |
//! | `test` | what a condition asks |
//! | `demands`, `space`, `conditions` | variables, and conditions as functions of them |
//! | `lists`, `side`, `record_lists`, `roles`, `outcomes` | sets of rules as functions |
//! | `difference`, `changed`, `changed_rules`, `touched` | the rules in which the sets differ, and the events that these touch |
//! | `search` | differences for at most one name that matters |
//! | `units`, `places`, `ways`, `ends`, `several`, `meeting` | differences for several names |
//! | `covers` | whether a set records everything that other rules record |
//! | `witness`, `shapes`, `tasks`, `names`, `real`, `evidence` | real events |
//!
//! A call is taken to collect the names that `model::names_of` knows, and none swaps two files. At most three names, or
//! two entries of watched directories, are looked at together.
//! Both sets are compared as they are when they are loaded: no watched file was replaced since. A path is one file and
//! no link. Operations of io_uring run in threads of their own. Records of other subsystems are left out.

mod calls;
mod changed;
mod changed_rules;
mod conditions;
mod covers;
mod demands;
mod difference;
mod ends;
mod evidence;
mod filesystems;
mod lists;
mod locations;
mod meeting;
mod message;
mod names;
mod numbers;
mod outcomes;
mod places;
mod real;
mod record_lists;
mod roles;
mod search;
mod several;
mod shapes;
mod side;
mod space;
mod tasks;
mod test;
mod touched;
mod units;
mod ways;
mod witness;

pub(in crate::relate) use covers::misses;
pub use covers::{Coverage, covers};
pub use evidence::{Change, Evidence};
pub(crate) use evidence::{Judge, Judges};

use foldhash::{HashMap, HashSet};

use crate::catalog::KernelVersion;
use crate::eval::{Attribute, Attributes};
use crate::model::{Entry, KernelModel};
use changed::Changed;
use changed_rules::ChangedRules;
use ends::Changes;
use filesystems::Filesystems;
use lists::Builder;
use outcomes::{Outcomes, Rules};
use roles::in_list;
use search::Search;
use several::Several;
use side::Side;
use space::Space;
use test::{Fact, Role};
use touched::Touched;
use witness::{Judged, Maker};

/// Maximum number of nodes of diagrams: about 200 MB.
const MOST_NODES: usize = 6_000_000;

/// Maximum number of rules of both sets that are told apart if they decide alike.
const MOST_ALONE: usize = 2_000;

/// Whether keys are part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// A record with other keys is another record.
    Count,
    /// Keys do not matter.
    Ignore,
}

/// The relation of a new set of rules to an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Both record the same events.
    Same,
    /// The new set records fewer.
    Less,
    /// The new set records more.
    More,
    /// Each records events that the other does not, or records events under other keys.
    Neither,
    /// That is not known.
    Undecided,
}

/// The differences between two sets of rules.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The events that differ, one for each pair of an old and a new rule that decide them.
    pub differences: Vec<Evidence>,
    /// Pairs of rules that may decide an event differently.
    pub undecided: Vec<Undecided>,
    /// Whether the search stopped before its end: there may be more differences.
    pub is_cut_short: bool,
}

/// Two rules that may decide an event differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The old rule, by its [serial](Entry::serial).
    pub old: Option<usize>,
    /// The new rule.
    pub new: Option<usize>,
    /// What may change.
    pub change: Change,
    /// The attributes that stood in the way.
    pub attributes: Attributes,
}

impl Comparison {
    /// Returns the events with a change.
    pub fn of(&self, change: Change) -> impl Iterator<Item = &Evidence> {
        self.differences.iter().filter(move |evidence| evidence.change == change)
    }

    /// Returns whether there may be more differences.
    pub fn is_open(&self) -> bool {
        self.is_cut_short || !self.undecided.is_empty()
    }

    /// Returns the relation.
    pub fn relation(&self) -> Relation {
        let has = |change| self.of(change).next().is_some();
        let (lost, gained) = (has(Change::Lost), has(Change::Gained));
        if has(Change::Rekeyed) || (lost && gained) {
            return Relation::Neither;
        }
        match (lost, gained) {
            _ if self.is_open() => Relation::Undecided,
            (true, _) => Relation::Less,
            (_, true) => Relation::More,
            (false, false) => Relation::Same,
        }
    }
}

/// Compares two sets of rules on a kernel of this version. Both are for the same arch.
///
/// ```
/// use rauditctl::catalog::{Arch, KernelVersion};
/// use rauditctl::model::{KernelModel, Profile};
/// use rauditctl::relate::sets::{Keys, Relation, compare};
/// use rauditctl::rule::{Action, FilterList, Rule};
///
/// let mut chmod = Rule::new(FilterList::Exit, Action::Always);
/// assert!(chmod.mask.insert(90));
/// let empty = KernelModel::new(Profile::newest(Arch::X86_64));
/// let mut kernel = empty.clone();
/// kernel.add(&chmod)?;
///
/// let comparison = compare(&kernel, &empty, KernelVersion::NEWEST, Keys::Count);
/// assert_eq!(comparison.relation(), Relation::Less);
/// # Ok::<(), rauditctl::model::Refusal>(())
/// ```
pub fn compare(
    old: &KernelModel,
    new: &KernelModel,
    version: KernelVersion,
    keys: Keys,
) -> Comparison {
    let filesystems = Filesystems::new(old, new);
    let changed = Changed::of([old, new], &filesystems);
    let judges = Judges::new([old, new], version, keys);
    let differences = filesystems.differences(&judges);
    if changed.is_empty() {
        return Comparison { differences, undecided: Vec::new(), is_cut_short: false };
    }
    let mut both = Both::new([old, new], changed, version, keys);
    let mut comparison = both.search(&judges, filesystems.kept_by_both(), Wanted::Everything);
    comparison.differences.splice(0..0, differences);
    comparison
}

/// The events that a search looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// All that the sets decide differently.
    Everything,
    /// The calls that the old set records.
    CallsOfOld,
}

/// Two sets, the old one first, as functions of one space.
struct Both<'r> {
    kernels: [&'r KernelModel; 2],
    changed: Changed<'r>,
    /// The rules that can judge calls that changed rules match.
    related: [Vec<&'r Entry>; 2],
    keys: Keys,
    space: Space<'r>,
    rules: Rules<'r>,
    touched: Touched,
    sides: [Side<'r>; 2],
}

impl<'r> Both<'r> {
    fn new(
        kernels: [&'r KernelModel; 2],
        changed: Changed<'r>,
        version: KernelVersion,
        keys: Keys,
    ) -> Self {
        let [old, new] = kernels;
        let related = kernels.map(|kernel| changed.related(kernel));
        let [of_old, of_new] = &related;
        let others = kernels.into_iter().flat_map(in_other_lists);
        let entries: Vec<&Entry> = related.iter().flatten().copied().chain(others).collect();
        let watched = kernels.into_iter().flat_map(changed::watched);
        let fstypes = changed.dropped.iter().flatten().copied().collect();
        let mut space = Space::new(&entries, watched, fstypes, old.profile(), version, MOST_NODES);
        let (mut rules, mut outcomes) = (Rules::default(), Outcomes::default());
        if entries.len() > MOST_ALONE {
            rules.grouped = changed.groups([of_old, of_new], keys);
        }
        let mut builder =
            Builder { space: &mut space, rules: &mut rules, outcomes: &mut outcomes, keys };
        let touched = builder.touched(&changed, [of_old, of_new]);
        let sides = [builder.side(old, of_old, &touched), builder.side(new, of_new, &touched)];
        Both { kernels, changed, related, keys, space, rules, touched, sides }
    }

    /// Searches the events that are wanted and that the sets decide differently.
    fn search(&mut self, judges: &Judges, fstype: Option<u32>, wanted: Wanted) -> Comparison {
        let Both { kernels, changed, related, keys, space, rules, touched, sides } = self;
        let [before, after] = &*sides;
        let regions = several::regions(space, *touched, [before, after]);
        let maker = Maker { space, fstype };
        let mut search = Search::new(&maker, judges);
        search.calls(before.calls, after.calls);
        if wanted == Wanted::Everything {
            search.records(Judged::Record, before.records, after.records);
            search.records(Judged::Message, before.messages, after.messages);
        }

        let [of_old, of_new] = &*related;
        let mut changed_rules = ChangedRules {
            changed,
            possible: HashMap::default(),
            moved: changed.calls.moved.iter().map(|rule| rules.number(rule)).collect(),
            all: Changes::default(),
            shown: HashSet::default(),
        };
        for (rule, mut possible) in changed.possible([of_old, of_new], *keys) {
            if wanted == Wanted::CallsOfOld {
                possible = [Change::Lost, Change::Rekeyed].into_iter().collect();
            }
            let known = changed_rules.possible.entry(rules.number(rule)).or_default();
            *known = *known | possible;
            changed_rules.all = changed_rules.all | possible;
        }
        let by_watches = changed.possible_by_watches([of_old, of_new], *keys);
        changed_rules.all = match changed.drops_differ() {
            true => Changes::ALL,
            false => changed_rules.all | by_watches,
        };
        for ((old, new, change), known) in &search.causes {
            if known.evidence.is_some() {
                changed_rules.shown.extend([(*old, *change), (*new, *change)]);
            }
        }
        // If there are many rules, examples with several names are searched among some of them: enough if they show
        // all changes that such events can show.
        let is_sampled = !rules.grouped.is_empty();
        let possible = changed_rules.all;
        let missing = |search: &Search<'_, '_>| {
            is_sampled && !possible.without(search.found().collect()).is_empty()
        };
        let is_answered = match wanted {
            Wanted::Everything => is_sampled && !missing(&search),
            // One missed call is enough.
            Wanted::CallsOfOld => search.found().any(|change| change != Change::Gained),
        };
        let mut is_several_cut = false;
        if !is_answered && !space.diagrams.is_full() {
            let watched = kernels.iter().flat_map(|kernel| changed::watched(kernel)).collect();
            let mut several = Several {
                search: &mut search,
                sides: [before, after],
                wanted,
                counts_keys: *keys == Keys::Count,
                changed: changed_rules,
                regions,
                pairs: units::pairs(space, &watched),
                steps: 0,
                is_full: false,
            };
            is_several_cut = several.search();
        }

        // The search takes the first match of a path only.
        let is_cut_short = is_several_cut
            || changed.is_reordered && kernels.iter().any(|set| changed::has_rules_between(set))
            || missing(&search)
            || search.is_cut_short()
            || space.diagrams.is_full()
            || !space.incomplete.is_empty();
        let mut comparison =
            Comparison { differences: Vec::new(), undecided: Vec::new(), is_cut_short };
        for ((old, new, change), known) in search.causes {
            if known.is_open() {
                let serial = |entry: &Entry| entry.serial();
                comparison.undecided.push(Undecided {
                    old: before.entry(old).map(serial),
                    new: after.entry(new).map(serial),
                    change,
                    attributes: known.doubts(),
                });
            }
            comparison.differences.extend(known.evidence.map(|found| judges.minimal(found)));
        }
        if changed.drops_differ() && space.facts.keys().any(Fact::is_about_names) {
            // What conditions on owners and types say about names without a file is not compared.
            let attributes = Attributes::of(Attribute::Fstype);
            let open = Undecided { old: None, new: None, change: Change::Lost, attributes };
            comparison.undecided.push(open);
        }
        comparison
    }
}

/// Returns the rules of the lists that do not judge calls by name.
fn in_other_lists(kernel: &KernelModel) -> impl Iterator<Item = &Entry> {
    [Role::Task, Role::User, Role::Exclude].into_iter().flat_map(|role| in_list(kernel, role))
}
