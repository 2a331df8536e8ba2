//! The evaluator: the rules of a kernel, ready to decide events.

use std::sync::Arc;

use super::attribute::{Attribute, Attributes};
use super::call::{self, Call};
use super::decision::{Decision, Verdict, Way};
use super::distinct::{Distinct, Doubts};
use super::event::{Event, Kind};
use super::files::{Files, View};
use super::filters::{FilterId, Filters};
use super::history::History;
use super::near::Near;
use super::records::{Exclusions, OPERATION_RECORD, SYSCALL_RECORD};
use super::scene::Scene;
use super::tasks::Tasks;
use super::truth::Truth;
use super::walk::{Context, State, doubt};
use crate::catalog::{Arch, KernelVersion};
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
    pub(super) version: KernelVersion,
    profile: Profile,
    access: Arc<[(Arch, AccessTable)]>,
    pub(super) filters: Filters,
    pub(super) exclusions: Exclusions,
    files: Files,
    pub(super) tasks: Tasks,
}

/// One way in which an event can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
        let tables = arches.into_iter().flatten();
        let access = tables.map(|arch| (arch, AccessTable::of(profile, arch))).collect();
        Evaluator::with_access(kernel, version, files, access)
    }

    /// Prepares the rules of another kernel of the same machine and version, and shares what does not depend on rules.
    #[cfg(feature = "cli")]
    pub(crate) fn for_rules(&self, kernel: &KernelModel) -> Self {
        let access = Arc::clone(&self.access);
        Evaluator::with_access(kernel, self.version, self.files.clone(), access)
            .with_tasks(self.tasks)
    }

    fn with_access(
        kernel: &KernelModel,
        version: KernelVersion,
        files: Files,
        access: Arc<[(Arch, AccessTable)]>,
    ) -> Self {
        let nothing = Files::default();
        let filters = Filters::new(kernel, View::new(&nothing, &files));
        Evaluator {
            version,
            profile: kernel.profile(),
            access,
            exclusions: Exclusions::new(&filters, version, &files),
            filters,
            files,
            tasks: Tasks::AsInEvent,
        }
    }

    /// Decides one event, as if it were the first since the rules were loaded.
    pub fn decide(&self, event: &Event) -> Decision {
        self.decide_after(&History::default(), event)
    }

    /// Decides one event after others.
    pub fn decide_after(&self, history: &History, event: &Event) -> Decision {
        let decision = self.walked(history, event);
        self.settled(history, event, decision)
    }

    fn settled(&self, history: &History, event: &Event, decision: Decision) -> Decision {
        match decision.verdict {
            Verdict::Undecided => self.refined(history, event, decision),
            _ => decision,
        }
    }

    /// Decides one event after others. What is unknown in several rules is taken as independent.
    pub(super) fn walked(&self, history: &History, event: &Event) -> Decision {
        let mut doubts = Doubts::default();
        let ends = match event.kind {
            Kind::Syscall => self.syscall(event, history, &mut doubts),
            Kind::IoUring(operation) => {
                let scene = self.scene(event, None, history, &mut doubts);
                let contexts = Call::new(self, &scene, &mut doubts).of_operation(operation);
                self.recorded(event, &contexts, OPERATION_RECORD, &mut doubts)
            }
            Kind::Task => {
                let scene = self.scene(event, None, history, &mut doubts);
                let contexts = Call::new(self, &scene, &mut doubts).new_task();
                contexts.into_iter().map(End::of_task).collect()
            }
            Kind::User(record) => self.user(event, record, &mut doubts),
            Kind::Record(record) => self.record(event, record, &mut doubts),
            Kind::Filesystem => self.filesystem(event, &mut doubts),
        };
        self.decision(event, &ends, doubts)
    }

    /// Decides one event after others, and finds at most `most` rules that have its syscall and its file and come
    /// near it, the nearest first: the rules of which the most conditions hold before the first that does not. This
    /// takes little more time than the decision.
    pub fn decide_and_near(
        &self,
        history: &History,
        event: &Event,
        most: usize,
    ) -> (Decision, Vec<Near>) {
        let mut doubts = Doubts::default();
        match (event.kind, event.call.arch) {
            (Kind::Syscall, Some(arch)) => {
                let scene = self.scene(event, Some(arch), history, &mut doubts);
                let ends = self.of_scene(&scene, &mut doubts);
                let decision = self.settled(history, event, self.decision(event, &ends, doubts));
                let near = self.near_in_walk(&scene, &decision, most);
                (decision, near)
            }
            (Kind::Syscall, None) => {
                let decision = self.decide_after(history, event);
                let scene = self.scene(event, Some(self.profile.arch()), history, &mut doubts);
                let near = self.near_in_walk(&scene, &decision, most);
                (decision, near)
            }
            _ => (self.decide_after(history, event), Vec::new()),
        }
    }

    /// Returns the access table of an arch that this kernel runs.
    pub(super) fn access(&self, arch: Arch) -> Option<&AccessTable> {
        self.access.iter().find(|(known, _)| *known == arch).map(|(_, table)| table)
    }

    pub(super) fn files<'s>(&'s self, event: &'s Event) -> View<'s> {
        View::new(&event.files, &self.files)
    }

    /// Returns the event as the filters see it: the filesystem list drops the files of some names.
    pub(super) fn scene<'s>(
        &'s self,
        event: &'s Event,
        arch: Option<Arch>,
        history: &'s History,
        doubts: &mut Doubts,
    ) -> Scene<'s> {
        let files = self.files(event).after(history.files());
        let mut scene = Scene::new(event, arch, files, history, self);
        if !self.filters.filesystem.is_empty() {
            scene.drop_files(|name| self.drops(name, doubts));
        }
        scene.answers = self.filters.paths.answers(&scene);
        scene
    }

    fn syscall(&self, event: &Event, history: &History, doubts: &mut Doubts) -> Vec<End> {
        if let Some(arch) = event.call.arch {
            let scene = self.scene(event, Some(arch), history, doubts);
            return self.of_scene(&scene, doubts);
        }
        let mut ends = Vec::new();
        for (arch, _) in self.access.iter() {
            let scene = self.scene(event, Some(*arch), history, doubts);
            let new = self.of_scene(&scene, doubts);
            if !ends.is_empty() && new != ends {
                doubt(doubts, None, Attributes::of(Attribute::Arch));
            }
            let mut all = Distinct::new();
            all.extend(ends.into_iter().chain(new));
            ends = all.into_list();
        }
        ends
    }

    /// Returns the ends of a call of one arch.
    fn of_scene(&self, scene: &Scene<'_>, doubts: &mut Doubts) -> Vec<End> {
        let contexts = Call::new(self, scene, doubts).of_syscall();
        self.recorded(scene.event, &contexts, SYSCALL_RECORD, doubts)
    }

    /// Returns the ends of a call: what is recorded may be dropped by the exclude list.
    fn recorded(
        &self,
        event: &Event,
        contexts: &[Context],
        record: u32,
        doubts: &mut Doubts,
    ) -> Vec<End> {
        let mut ends = Distinct::new();
        let mut dropping = None;
        for context in contexts {
            let end = End::of_call(*context);
            let exclusions = self.exclusions(Some(record));
            if end.verdict != Verdict::Recorded || exclusions.is_empty() {
                ends.add(end);
                continue;
            }
            let dropping = dropping
                .get_or_insert_with(|| self.matches(event, exclusions, Some(record), doubts));
            let dropped = dropping.iter().map(|rule| match *rule {
                Some(rule) => End { verdict: Verdict::Excluded, key: None, rule: Some(rule) },
                None => end,
            });
            ends.extend(dropped);
        }
        ends.into_list()
    }

    fn user(&self, event: &Event, record: Option<u32>, doubts: &mut Doubts) -> Vec<End> {
        let mut ends = Distinct::new();
        for rule in self.matches(event, &self.filters.user, record, doubts) {
            let filter = rule.and_then(|rule| self.filters.get(rule));
            let verdict = match filter {
                None => Verdict::Unmatched,
                Some(filter) if filter.is_never() => Verdict::Silenced,
                Some(_) => Verdict::Recorded,
            };
            let end = End { verdict, key: None, rule };
            if verdict == Verdict::Silenced {
                ends.add(end);
                continue;
            }
            let excluded = self.record(event, record, doubts);
            let kept = excluded.into_iter().map(|other| match other.verdict {
                Verdict::Excluded => other,
                _ => end,
            });
            ends.extend(kept);
        }
        ends.into_list()
    }

    fn record(&self, event: &Event, record: Option<u32>, doubts: &mut Doubts) -> Vec<End> {
        let end = |rule: Option<FilterId>| End {
            verdict: if rule.is_some() { Verdict::Excluded } else { Verdict::Unmatched },
            key: None,
            rule,
        };
        let matches = self.matches(event, self.exclusions(record), record, doubts);
        let mut ends = Distinct::new();
        ends.extend(matches.into_iter().map(end));
        ends.into_list()
    }

    fn filesystem(&self, event: &Event, doubts: &mut Doubts) -> Vec<End> {
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

    fn decision(&self, event: &Event, ends: &[End], doubts: Doubts) -> Decision {
        let serial = |id: Option<FilterId>| Some(self.filters.get(id?)?.serial);
        let way = |end: &End| Way {
            verdict: end.verdict,
            keys: self.keys(end.key),
            rule: serial(end.rule),
        };
        let mut decision = Decision::of(ends.iter().map(way).collect());
        if decision.verdict == Verdict::Undecided {
            decision.doubts = doubts.into_list();
        } else if decision.verdict == Verdict::Recorded {
            let mut doubts = Doubts::default();
            decision.dropped = self.dropped(event, &mut doubts);
            decision.doubts = doubts.into_list();
        }
        decision
    }

    fn keys(&self, id: Option<FilterId>) -> Vec<Vec<u8>> {
        let filter = id.and_then(|id| self.filters.get(id));
        filter.map_or_else(Vec::new, |filter| filter.rule.keys().map(<[u8]>::to_vec).collect())
    }

    /// Returns the number of rules that are kept by inode.
    #[cfg(feature = "relate")]
    pub(crate) fn kept_by_inode(&self) -> usize {
        self.filters.by_inode.all().len()
    }

    /// Returns the version of the kernel.
    pub fn version(&self) -> KernelVersion {
        self.version
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
