//! The rules of a kernel, in the form in which events are tested.

use std::borrow::Cow;
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};

use super::answers::{Answers, ConditionId, Conditions};
use super::files::{self, InodeId, View};
use super::paths::PathConditions;
use super::place::{self, Place, Tree};
use crate::catalog::field;
use crate::model::{Home, KernelModel};
use crate::rule::{Action, Field, FilterList, Mask, Rule};

/// A rule of the kernel.
pub(super) struct Filter {
    pub(super) rule: Rule,
    /// See [`Entry::serial`](crate::model::Entry::serial).
    pub(super) serial: usize,
    pub(super) priority: u64,
    /// The numbers of its conditions, for the lists that judge a call as a whole.
    pub(super) conditions: Vec<ConditionId>,
    pub(super) tree: Option<Tree>,
    pub(super) has_key: bool,
    pub(super) has_path_and_exe: bool,
    /// Whether the kernel keeps it by inode, and not on its list.
    pub(super) is_kept_by_inode: bool,
}

/// The number of a rule in [`Filters`].
pub(super) type FilterId = u32;

/// The rules, by list.
pub(super) struct Filters {
    all: Vec<Filter>,
    /// The conditions of the lists that judge a call as a whole, by the path that they name.
    pub(super) paths: PathConditions,
    pub(super) task: Vec<FilterId>,
    pub(super) user: Vec<FilterId>,
    pub(super) exclude: Vec<FilterId>,
    pub(super) filesystem: Vec<FilterId>,
    pub(super) exit: ByNumber<Step>,
    /// Those of `exit` that do not begin with another arch, by the number of the arch.
    exit_of_arch: Vec<(u32, ByNumber<Step>)>,
    pub(super) io_uring: ByNumber<Step>,
    /// The rules that are kept by inode, those of both lists together, in the order of the kernel's hash.
    pub(super) by_inode: ByNumber<FilterId>,
    /// Those that watch a path, by their file on the machine.
    watches: Watches,
}

/// Rules that watch a path. Each is under its inode if that is known, and else under its path.
#[derive(Default)]
struct Watches {
    by_path: HashMap<Vec<u8>, Vec<FilterId>>,
    by_id: HashMap<InodeId, Vec<FilterId>>,
    /// Rules that are kept by inode without a path.
    others: Vec<FilterId>,
    /// The place of each rule in the order of the kernel's hash.
    ranks: HashMap<FilterId, usize>,
    paths: HashSet<Vec<u8>>,
    /// The directories of these paths.
    directories: HashMap<InodeId, Vec<u8>>,
}

/// The numbers whose rules are kept together. Most sets of rules are asked for few syscalls.
const TOGETHER: usize = 64;

/// The rules of a list with a mask. The rules of each syscall are looked up once.
pub(super) struct ByNumber<R> {
    all: Vec<R>,
    of_numbers: Vec<OnceLock<OfNumbers<R>>>,
}

/// The rules of each of some syscalls.
type OfNumbers<R> = Box<[OnceLock<Vec<R>>]>;

/// A rule in a list.
pub(super) trait Listed: Copy {
    fn id(self) -> FilterId;
}

impl Listed for FilterId {
    fn id(self) -> FilterId {
        self
    }
}

/// A rule in a list that judges a call as a whole, with the condition that is false for most events: the one about a
/// directory or a program, or else the first one.
#[derive(Clone, Copy)]
pub(super) struct Step {
    id: FilterId,
    condition: Option<ConditionId>,
}

impl Listed for Step {
    fn id(self) -> FilterId {
        self.id
    }
}

impl Step {
    fn of(id: FilterId, filter: &Filter) -> Self {
        let is_about_path = |field: &Field| matches!(field.number(), field::DIR | field::EXE);
        let at = filter.rule.fields.iter().position(is_about_path).unwrap_or(0);
        Step { id, condition: filter.conditions.get(at).copied() }
    }

    /// Returns whether the condition is known to be false, without a test.
    pub(super) fn fails(self, answers: &Answers) -> bool {
        self.condition.is_some_and(|id| answers.is_no(id))
    }
}

impl Filter {
    pub(super) fn is_never(&self) -> bool {
        self.rule.action == Action::Never
    }

    /// Returns whether a condition at this index or before is known to be false, without a test. Only the rules of lists
    /// that judge a call as a whole know that.
    pub(super) fn fails_by(&self, index: usize, answers: &Answers) -> bool {
        self.conditions.iter().take(index.saturating_add(1)).any(|id| answers.is_no(*id))
    }

    /// Returns the path that the rule watches.
    pub(super) fn watched_path(&self) -> Option<&[u8]> {
        self.text(field::PATH)
    }

    fn text(&self, number: u32) -> Option<&[u8]> {
        self.rule.fields.iter().find_map(|field| match field {
            Field::Text { text, .. } if field.number() == number => Some(&**text),
            _ => None,
        })
    }
}

impl Filters {
    pub(super) fn new(kernel: &KernelModel, files: View<'_>) -> Self {
        let mut filters = Filters {
            all: Vec::with_capacity(kernel.len()),
            paths: PathConditions::default(),
            task: Vec::new(),
            user: Vec::new(),
            exclude: Vec::new(),
            filesystem: Vec::new(),
            exit: ByNumber::new(),
            exit_of_arch: Vec::new(),
            io_uring: ByNumber::new(),
            by_inode: ByNumber::new(),
            watches: Watches::default(),
        };
        let mut conditions = Conditions::default();
        for entry in kernel.entries() {
            let Ok(id) = FilterId::try_from(filters.all.len()) else { break };
            let rule = entry.rule().clone();
            match (entry.home(), rule.list) {
                (Home::InodeHash, FilterList::Exit | FilterList::IoUring) => {
                    filters.by_inode.all.push(id)
                }
                (_, FilterList::Exit | FilterList::IoUring) => {}
                (_, FilterList::Task) => filters.task.push(id),
                (_, FilterList::User) => filters.user.push(id),
                (_, FilterList::Exclude) => filters.exclude.push(id),
                (_, FilterList::Filesystem) => filters.filesystem.push(id),
                (_, FilterList::Entry | FilterList::Watch | FilterList::Raw(_)) => {}
            }
            let mut filter = Filter {
                rule,
                serial: entry.serial(),
                priority: entry.priority(),
                conditions: Vec::new(),
                tree: None,
                has_key: false,
                has_path_and_exe: false,
                is_kept_by_inode: entry.home() == Home::InodeHash,
            };
            filter.tree = filter.text(field::DIR).map(|dir| Tree::new(dir, files));
            filter.has_key = filter.text(field::KEY).is_some();
            filter.has_path_and_exe =
                filter.watched_path().is_some() && filter.text(field::EXE).is_some();
            if !filter.is_kept_by_inode {
                // Whether the program is the one of `exe` can depend on what happened to `path`.
                let number = |field: &Field| match filter.has_path_and_exe {
                    true => conditions.own(),
                    false => conditions.shared(field),
                };
                filter.conditions = filter.rule.fields.iter().map(number).collect();
            }
            match filter.rule.list {
                _ if filter.is_kept_by_inode => {}
                FilterList::Exit => filters.exit.all.push(Step::of(id, &filter)),
                FilterList::IoUring => filters.io_uring.all.push(Step::of(id, &filter)),
                _ => {}
            }
            filters.all.push(filter);
        }
        filters.paths = PathConditions::new(filters.all.iter(), conditions.count());
        // A rule is appended to its bucket, or put at its front, as it is in its list.
        let all = &filters.all;
        let priority = |id: &FilterId| all.get(*id as usize).map_or(0, |filter| filter.priority);
        filters.by_inode.all.sort_by_key(|id| std::cmp::Reverse(priority(id)));
        filters.watches = Watches::of(&filters, files);
        let arch = kernel.profile().arch();
        filters.exit_of_arch = [Some(arch), arch.compat()]
            .into_iter()
            .flatten()
            .map(|arch| (arch.elf(), filters.exit_for(arch.elf())))
            .collect();
        filters
    }

    /// Returns the rules of the exit list without those whose first condition is another arch.
    fn exit_for(&self, elf: u32) -> ByNumber<Step> {
        let is_for = |field: &Field| match field {
            Field::Number { op, value, .. } if field.number() == field::ARCH => {
                op.compares(elf, *value)
            }
            _ => true,
        };
        let rules = self.exit.all.iter().filter(|step| {
            let first = self.get(step.id).and_then(|filter| filter.rule.fields.first());
            first.is_none_or(is_for)
        });
        ByNumber { all: rules.copied().collect(), ..ByNumber::new() }
    }

    /// Returns the rules of the exit list that can match a call of an arch.
    pub(super) fn exit_of(&self, elf: Option<u32>) -> &ByNumber<Step> {
        let of_arch = self.exit_of_arch.iter().find(|(known, _)| Some(*known) == elf);
        of_arch.map_or(&self.exit, |(_, rules)| rules)
    }

    /// Returns whether some rule watches the real path `path`.
    pub(super) fn watches(&self, path: &[u8]) -> bool {
        self.watches.paths.contains(path)
    }

    /// Returns the path in the rules that watch an entry of a directory: the kernel watches the directory, which can be
    /// at another path by now. `directory` is its inode, if the event has it.
    pub(super) fn watched_entry<'p>(
        &self,
        entry: &Place<'p>,
        directory: Option<InodeId>,
        files: View<'_>,
    ) -> Option<Cow<'p, [u8]>> {
        let path = entry.path.clone()?;
        let parent = files::parent(&path)?;
        let Some(now) = directory.or_else(|| files.id(parent)) else { return Some(path) };
        match self.watches.directories.get(&now) {
            Some(watched) if watched == parent => Some(path),
            Some(watched) => Some(Cow::Owned(files::entry_in(watched, &path))),
            None => files.id_when_loaded(parent).is_none_or(|then| then == now).then_some(path),
        }
    }

    /// Returns the rules that are kept by inode and can match a name, in the order of the kernel's hash, if nothing
    /// has changed since they were loaded; `None` if that is not known.
    pub(super) fn kept_for(&self, place: &Place<'_>) -> Option<Cow<'_, [FilterId]>> {
        let watches = &self.watches;
        let path = place.path.as_deref()?;
        let id = match (place.number, place.dev) {
            (Some(number), Some(dev)) => Some(InodeId { dev, number }),
            (Some(_), None) if !watches.by_id.is_empty() => return None,
            _ => None,
        };
        let of_path = watches.by_path.get(path).map_or(&[][..], Vec::as_slice);
        let of_id = id.and_then(|id| watches.by_id.get(&id)).map_or(&[][..], Vec::as_slice);
        if of_id.is_empty() && watches.others.is_empty() {
            return Some(Cow::Borrowed(of_path));
        }
        let mut kept = [of_path, of_id, &watches.others].concat();
        kept.sort_unstable_by_key(|id| watches.ranks.get(id));
        kept.dedup();
        Some(Cow::Owned(kept))
    }

    /// Returns the rules of several names together, in the order of the kernel's hash.
    pub(super) fn together(&self, kept: &[Cow<'_, [FilterId]>]) -> Vec<FilterId> {
        let mut ids = kept.concat();
        ids.sort_unstable_by_key(|id| self.watches.ranks.get(id));
        ids.dedup();
        ids
    }

    /// Returns every rule.
    pub(super) fn all(&self) -> impl Iterator<Item = &Filter> {
        self.all.iter()
    }

    /// Returns a rule.
    pub(super) fn get(&self, id: FilterId) -> Option<&Filter> {
        self.all.get(id as usize)
    }

    /// Returns the rules with their numbers.
    pub(super) fn of<'f>(
        &'f self,
        ids: &'f [FilterId],
    ) -> impl Iterator<Item = (FilterId, &'f Filter)> + Clone {
        ids.iter().filter_map(|id| Some((*id, self.get(*id)?)))
    }

    /// Returns the rules of a list whose mask has `number`, or all rules if the number is unknown.
    pub(super) fn having<'f, R: Listed>(
        &'f self,
        list: &'f ByNumber<R>,
        number: Option<u32>,
    ) -> &'f [R] {
        let Some(number) = number else { return &list.all };
        let has = |mask: &Mask| mask.contains(number);
        let is_masked =
            |rule: &&R| self.get(rule.id()).is_some_and(|filter| has(&filter.rule.mask));
        let select = || list.all.iter().filter(is_masked).copied().collect();
        list.cell(number).map_or(&[], |cell| cell.get_or_init(select))
    }
}

impl Watches {
    fn of(filters: &Filters, files: View<'_>) -> Self {
        let mut watches = Watches::default();
        for (rank, (id, filter)) in filters.of(&filters.by_inode.all).enumerate() {
            watches.ranks.insert(id, rank);
            let place = filter
                .watched_path()
                .map(|path| Place::of_path(place::watched(path, files), files));
            let Some(Place { path: Some(path), number, dev, .. }) = place else {
                watches.others.push(id);
                continue;
            };
            watches.paths.insert(path.to_vec());
            if let Some(directory) = files::parent(&path)
                && let Some(id) = files.id(directory)
            {
                watches.directories.insert(id, directory.to_vec());
            }
            // A name can be compared by its path even if the inode is known.
            watches.by_path.entry(path.into_owned()).or_default().push(id);
            if let (Some(number), Some(dev)) = (number, dev) {
                watches.by_id.entry(InodeId { dev, number }).or_default().push(id);
            }
        }
        watches
    }
}

impl<R> ByNumber<R> {
    fn new() -> Self {
        let numbers = Mask::BITS as usize;
        let of_numbers = (0..numbers.div_ceil(TOGETHER)).map(|_| OnceLock::new()).collect();
        ByNumber { all: Vec::new(), of_numbers }
    }

    /// Returns the place of the rules of a syscall; `None` for a number that no mask has.
    fn cell(&self, number: u32) -> Option<&OnceLock<Vec<R>>> {
        let number = usize::try_from(number).ok()?;
        let none = || (0..TOGETHER).map(|_| OnceLock::new()).collect();
        self.of_numbers.get(number / TOGETHER)?.get_or_init(none).get(number % TOGETHER)
    }

    /// Returns all rules of the list.
    pub(super) fn all(&self) -> &[R] {
        &self.all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
