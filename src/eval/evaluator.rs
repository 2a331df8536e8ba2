//! The evaluator: the rules of a kernel, ready to decide events.

use super::attribute::{Attribute, Attributes};
use super::call::{self, Call};
use super::decision::{Decision, Doubt, Verdict, Way};
use super::event::{Event, Kind};
use super::files::{Files, View};
use super::filters::{FilterId, Filters};
use super::history::History;
use super::message::{Message, Tested};
use super::scene::Scene;
use super::truth::Truth;
use super::walk::{Context, State, doubt};
use crate::catalog::{self, Arch, KernelVersion};
use crate::model::{AccessTable, KernelModel, Profile};

/// The rules of a kernel, ready to decide events.
///
/// ```
/// use rauditctl::catalog::{Arch, KernelVersion};
/// use rauditctl::eval::{Evaluator, Event, Files, Name, Syscall, Verdict};
/// use rauditctl::model::{KernelModel, Profile};
/// use rauditctl::rule::{Action, Field, FilterList, Mask, Op, Rule, TextId};
///
/// let mut watch = Rule::new(FilterList::Exit, Action::Always);
/// watch.mask = Mask::ALL;
/// watch.fields.push(Field::Text { id: TextId::PATH, op: Op::EQUAL, text: Box::from(*b"/etc/shadow") });
/// let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
/// kernel.add(&watch)?;
///
/// let mut event = Event::default();
/// event.call.arch = Some(Arch::X86_64);
/// event.call.syscall = Some(Syscall::Name("unlink".into()));
/// event.names = Some(vec![Name { path: Some(b"/etc/shadow".to_vec()), ..Name::default() }]);
///
/// let evaluator = Evaluator::new(&kernel, KernelVersion::NEWEST, Files::default());
/// assert_eq!(evaluator.decide(&event).verdict, Verdict::Recorded);
/// # Ok::<(), rauditctl::model::Refusal>(())
/// ```
pub struct Evaluator {
    version: KernelVersion,
    profile: Profile,
    access: Vec<(Arch, AccessTable)>,
    pub(super) filters: Filters,
    files: Files,
}

/// The record of a syscall (`AUDIT_SYSCALL`).
const SYSCALL_RECORD: u32 = 1300;
/// The other records in the event of a syscall, without its end (linux/audit.h).
const COMPANIONS: [&str; 12] = [
    "PATH",
    "IPC",
    "SOCKETCALL",
    "SOCKADDR",
    "CWD",
    "EXECVE",
    "OBJ_PID",
    "FD_PAIR",
    "BPRM_FCAPS",
    "CAPSET",
    "MMAP",
    "PROCTITLE",
];
/// The record of an operation of io_uring (`AUDIT_URINGOP`).
const OPERATION_RECORD: u32 = 1336;

/// One way in which an event can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    verdict: Verdict,
    key: Option<FilterId>,
    rule: Option<FilterId>,
}

impl Evaluator {
    /// Prepares the rules of a kernel of this version, on a machine with these files.
    pub fn new(kernel: &KernelModel, version: KernelVersion, files: Files) -> Self {
        let profile = kernel.profile();
        let arches = [Some(profile.arch()), profile.arch().compat()];
        let nothing = Files::default();
        Evaluator {
            version,
            profile,
            access: arches
                .into_iter()
                .flatten()
                .map(|arch| (arch, AccessTable::of(profile, arch)))
                .collect(),
            filters: Filters::new(kernel, View::new(&nothing, &files)),
            files,
        }
    }

    /// Decides one event, as if it were the first since the rules were loaded.
    pub fn decide(&self, event: &Event) -> Decision {
        self.decide_after(&History::default(), event)
    }

    /// Decides one event after others.
    pub fn decide_after(&self, history: &History, event: &Event) -> Decision {
        let mut doubts = Vec::new();
        let ends = match event.kind {
            Kind::Syscall => self.syscall(event, history, &mut doubts),
            Kind::IoUring(operation) => {
                let scene = self.scene(event, None, history);
                let contexts = Call::new(self, scene, &mut doubts).of_operation(operation);
                self.recorded(event, &contexts, OPERATION_RECORD, &mut doubts)
            }
            Kind::Task => {
                let contexts =
                    Call::new(self, self.scene(event, None, history), &mut doubts).new_task();
                contexts.into_iter().map(End::of_task).collect()
            }
            Kind::User(record) => self.user(event, record, &mut doubts),
            Kind::Record(record) => self.record(event, record, &mut doubts),
            Kind::Filesystem => self.filesystem(event, &mut doubts),
        };
        self.decision(event, &ends, doubts)
    }

    /// Returns the access table of an arch that this kernel runs.
    pub(super) fn access(&self, arch: Arch) -> Option<&AccessTable> {
        self.access.iter().find(|(known, _)| *known == arch).map(|(_, table)| table)
    }

    fn files<'s>(&'s self, event: &'s Event) -> View<'s> {
        View::new(&event.files, &self.files)
    }

    pub(super) fn scene<'s>(
        &'s self,
        event: &'s Event,
        arch: Option<Arch>,
        history: &'s History,
    ) -> Scene<'s> {
        Scene::new(event, arch, self.files(event), history)
    }

    fn syscall(&self, event: &Event, history: &History, doubts: &mut Vec<Doubt>) -> Vec<End> {
        let arches = match event.call.arch {
            Some(arch) => vec![arch],
            None => self.access.iter().map(|(arch, _)| *arch).collect(),
        };
        let mut ends = Vec::new();
        for arch in arches {
            let contexts =
                Call::new(self, self.scene(event, Some(arch), history), doubts).of_syscall();
            let new = self.recorded(event, &contexts, SYSCALL_RECORD, doubts);
            if !ends.is_empty() && new != ends {
                doubt(doubts, None, Attributes::of(Attribute::Arch));
            }
            merge(&mut ends, new);
        }
        ends
    }

    /// Returns the ends of a call: what is recorded may be dropped by the exclude list.
    fn recorded(
        &self,
        event: &Event,
        contexts: &[Context],
        record: u32,
        doubts: &mut Vec<Doubt>,
    ) -> Vec<End> {
        let mut ends = Vec::with_capacity(1);
        for context in contexts {
            let end = End::of_call(*context);
            if end.verdict != Verdict::Recorded || self.filters.exclude.is_empty() {
                merge(&mut ends, vec![end]);
                continue;
            }
            let dropping = self.matches(event, &self.filters.exclude, Some(record), doubts);
            let dropped = dropping.into_iter().map(|rule| match rule {
                Some(rule) => End { verdict: Verdict::Excluded, key: None, rule: Some(rule) },
                None => end,
            });
            merge(&mut ends, dropped.collect());
        }
        ends
    }

    /// Returns the rules of a list for records that can be the first match, and `None` if possibly none matches.
    fn matches(
        &self,
        event: &Event,
        list: &[FilterId],
        record: Option<u32>,
        doubts: &mut Vec<Doubt>,
    ) -> Vec<Option<FilterId>> {
        let (version, files) = (self.version, self.files(event));
        let message = Message { task: &event.task, record, version, files };
        let mut matches = Vec::with_capacity(1);
        for (id, filter) in self.filters.of(list) {
            let (matched, truth) = match message.test(filter) {
                Tested::Matches(truth) => (Some(id), truth),
                Tested::Ends(truth) => (None, truth),
            };
            match truth {
                Truth::False => {}
                Truth::True => {
                    matches.push(matched);
                    return matches;
                }
                Truth::Unknown(attributes) => {
                    matches.push(matched);
                    doubt(doubts, Some(filter.serial), attributes);
                }
            }
        }
        matches.push(None);
        matches
    }

    fn user(&self, event: &Event, record: Option<u32>, doubts: &mut Vec<Doubt>) -> Vec<End> {
        let mut ends = Vec::with_capacity(1);
        for rule in self.matches(event, &self.filters.user, record, doubts) {
            let filter = rule.and_then(|rule| self.filters.get(rule));
            let verdict = match filter {
                None => Verdict::Unmatched,
                Some(filter) if filter.is_never() => Verdict::Silenced,
                Some(_) => Verdict::Recorded,
            };
            let end = End { verdict, key: None, rule };
            if verdict == Verdict::Silenced {
                merge(&mut ends, vec![end]);
                continue;
            }
            let excluded = self.record(event, record, doubts);
            let kept = excluded.into_iter().map(|other| match other.verdict {
                Verdict::Excluded => other,
                _ => end,
            });
            merge(&mut ends, kept.collect());
        }
        ends
    }

    fn record(&self, event: &Event, record: Option<u32>, doubts: &mut Vec<Doubt>) -> Vec<End> {
        let end = |rule: Option<FilterId>| End {
            verdict: if rule.is_some() { Verdict::Excluded } else { Verdict::Unmatched },
            key: None,
            rule,
        };
        let matches = self.matches(event, &self.filters.exclude, record, doubts);
        let mut ends = Vec::with_capacity(1);
        merge(&mut ends, matches.into_iter().map(end).collect());
        ends
    }

    fn filesystem(&self, event: &Event, doubts: &mut Vec<Doubt>) -> Vec<End> {
        let fstype = event.names.as_deref().and_then(|names| names.first()?.fstype);
        let mut ends = Vec::with_capacity(1);
        for (id, filter) in self.filters.of(&self.filters.filesystem) {
            let end = End { verdict: Verdict::Silenced, key: None, rule: Some(id) };
            match call::drops(filter, fstype) {
                Truth::False => {}
                Truth::True => {
                    ends.push(end);
                    return ends;
                }
                Truth::Unknown(attributes) => {
                    ends.push(end);
                    doubt(doubts, Some(filter.serial), attributes);
                }
            }
        }
        ends.push(End { verdict: Verdict::Unmatched, key: None, rule: None });
        ends
    }

    fn decision(&self, event: &Event, ends: &[End], mut doubts: Vec<Doubt>) -> Decision {
        let serial = |id: Option<FilterId>| Some(self.filters.get(id?)?.serial);
        let way = |end: &End| Way {
            verdict: end.verdict,
            keys: self.keys(end.key),
            rule: serial(end.rule),
        };
        let ways: Vec<Way> = ends.iter().map(way).collect();
        let nothing = Way { verdict: Verdict::Unmatched, keys: Vec::new(), rule: None };
        let first = ways.first().cloned().unwrap_or(nothing);
        let agree = |other: &Way| (other.verdict, &other.keys) == (first.verdict, &first.keys);
        let is_decided = ways.iter().all(agree);
        let rule =
            first.rule.filter(|_| is_decided && ways.iter().all(|way| way.rule == first.rule));
        let (verdict, keys) = match is_decided {
            true => (first.verdict, first.keys),
            false => (Verdict::Undecided, Vec::new()),
        };
        let ways = if ways.len() > 1 { ways } else { Vec::new() };
        if is_decided {
            doubts.clear();
        }
        let dropped = match verdict {
            Verdict::Recorded => self.dropped(event, &mut doubts),
            _ => Vec::new(),
        };
        Decision { verdict, keys, rule, dropped, doubts, ways }
    }

    /// Returns the records of the event that the exclude list drops.
    fn dropped(&self, event: &Event, doubts: &mut Vec<Doubt>) -> Vec<u32> {
        if self.filters.exclude.is_empty() || event.kind != Kind::Syscall {
            return Vec::new();
        }
        let number = |name: &&str| catalog::msgtype_number(name.as_bytes());
        let types = COMPANIONS.iter().filter_map(number);
        types
            .filter(|record| {
                let matches = self.matches(event, &self.filters.exclude, Some(*record), doubts);
                matches.iter().all(Option::is_some)
            })
            .collect()
    }

    fn keys(&self, id: Option<FilterId>) -> Vec<Vec<u8>> {
        let filter = id.and_then(|id| self.filters.get(id));
        filter.map_or_else(Vec::new, |filter| filter.rule.keys().map(<[u8]>::to_vec).collect())
    }

    /// Returns whether the files of the machine are known.
    pub fn knows_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// Returns the kernel that the rules are in.
    pub fn profile(&self) -> Profile {
        self.profile
    }
}

impl End {
    fn of_call(context: Context) -> Self {
        let verdict = match context.state {
            State::Build => Verdict::Unmatched,
            State::Record => Verdict::Recorded,
            State::Disabled => Verdict::Silenced,
            State::NoContext => Verdict::NoContext,
        };
        let key = context.key.filter(|_| verdict == Verdict::Recorded);
        End { verdict, key, rule: context.rule }
    }

    fn of_task(context: Context) -> Self {
        match End::of_call(context) {
            End { verdict: Verdict::Silenced, rule, .. } => {
                End { verdict: Verdict::NoContext, key: None, rule }
            }
            end => end,
        }
    }
}

fn merge(ends: &mut Vec<End>, more: Vec<End>) {
    for end in more {
        if !ends.contains(&end) {
            ends.push(end);
        }
    }
}
