//! Events that two kernels decide differently, confirmed and made small.

use super::Keys;
use super::real::is_real;
use crate::catalog::KernelVersion;
use crate::eval::{
    Address, Attributes, Decision, Evaluator, Event, Files, Kind, NameInode, Outcome, Task, Verdict,
};
use crate::model::KernelModel;

/// What changes for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Only the old set records it.
    Lost,
    /// Only the new set records it.
    Gained,
    /// Both record it, with other keys.
    Rekeyed,
}

/// An event that two sets of rules decide differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The event.
    pub event: Event,
    /// What changes.
    pub change: Change,
    /// The decision of the old set.
    pub old: Decision,
    /// The decision of the new set.
    pub new: Decision,
}

/// Maximum number of rules by inode for which an event without names is tried.
const MOST_BY_INODE: usize = 500;

/// One kernel.
pub(crate) struct Judge(Evaluator);

impl Judge {
    pub(crate) fn new(kernel: &KernelModel, version: KernelVersion) -> Self {
        Judge(Evaluator::new(kernel, version, Files::default()))
    }

    /// Returns whether it is known that no rule matches an event.
    pub(crate) fn matches_nothing(&self, event: &Event) -> bool {
        self.0.decide(event).verdict == Verdict::Unmatched
    }
}

/// The two kernels.
pub(crate) struct Judges {
    pub(super) old: Evaluator,
    pub(super) new: Evaluator,
    pub(super) keys: Keys,
}

impl Judges {
    pub(crate) fn new(kernels: [&KernelModel; 2], version: KernelVersion, keys: Keys) -> Self {
        let [old, new] = kernels.map(|kernel| Evaluator::new(kernel, version, Files::default()));
        Judges { old, new, keys }
    }

    /// Returns the event with both decisions if they differ.
    ///
    /// # Errors
    /// The attributes on which the decisions depend, if they are not known to differ.
    pub(crate) fn differ(&self, event: &Event) -> Result<Evidence, Attributes> {
        let (old, new) = (self.old.decide(event), self.new.decide(event));
        let is_known = |decision: &Decision| decision.verdict != Verdict::Undecided;
        if !is_known(&old) || !is_known(&new) {
            return Err(old.depends_on().with(new.depends_on()));
        }
        match self.change(event, &old, &new) {
            Some(change) => Ok(Evidence { event: event.clone(), change, old, new }),
            None => Err(Attributes::NONE),
        }
    }

    fn change(&self, event: &Event, old: &Decision, new: &Decision) -> Option<Change> {
        match (recorded(event, old), recorded(event, new)) {
            (true, false) => Some(Change::Lost),
            (false, true) => Some(Change::Gained),
            (true, true) if self.keys == Keys::Count && old.keys != new.keys => {
                Some(Change::Rekeyed)
            }
            _ => None,
        }
    }

    /// Returns the same evidence with as few attributes as possible.
    pub(super) fn minimal(&self, evidence: Evidence) -> Evidence {
        let mut least = evidence;
        let most = self.old.kept_by_inode().max(self.new.kept_by_inode());
        for simplify in SIMPLER {
            let mut event = least.event.clone();
            simplify(&mut event);
            if event == least.event {
                continue;
            }
            // Without names, every rule that is kept by inode may match.
            let lacks_names = event.names.is_none() && least.event.names.is_some();
            let count = |event: &Event| event.names.as_ref().map(Vec::len);
            let stays_real =
                is_real(&event) || !is_real(&least.event) && count(&event) == count(&least.event);
            if stays_real
                && !(lacks_names && most > MOST_BY_INODE)
                && let Some(simpler) = self.like(&least, event)
            {
                least = simpler;
            }
        }
        least
    }

    /// Returns the evidence of an event that the same rules decide, with the same change.
    fn like(&self, known: &Evidence, event: Event) -> Option<Evidence> {
        let by_same = |judge: &Evaluator, known: &Decision| {
            let decision = judge.decide(&event);
            (decision.verdict != Verdict::Undecided && decision.rule == known.rule)
                .then_some(decision)
        };
        let old = by_same(&self.old, &known.old)?;
        let new = by_same(&self.new, &known.new)?;
        let is_same = self.change(&event, &old, &new) == Some(known.change);
        is_same.then_some(Evidence { event, change: known.change, old, new })
    }
}

/// Returns whether an event leaves a record. A record that the list exclude does not drop is written.
pub(super) fn recorded(event: &Event, decision: &Decision) -> bool {
    match (event.kind, decision.verdict) {
        (Kind::Record(_) | Kind::User(_) | Kind::Filesystem, verdict) => {
            !matches!(verdict, Verdict::Excluded | Verdict::Silenced)
        }
        (_, verdict) => verdict == Verdict::Recorded,
    }
}

type Simplify = fn(&mut Event);

/// Ways to leave attributes out, the least telling first.
const SIMPLER: [Simplify; 32] = [
    |event| event.at_entry = Task::default(),
    // The task has not changed since it was made.
    |event| event.task = std::mem::take(&mut event.at_entry).or(&event.task),
    |event| event.at_entry.subj = None,
    |event| event.at_entry.auid = None,
    |event| event.at_entry.groups = None,
    |event| event.task.subj = None,
    |event| event.task.groups = None,
    |event| event.task.pers = None,
    |event| event.task.sessionid = None,
    |event| event.task.pid = None,
    |event| event.task.tid = None,
    |event| event.task.ppid = None,
    |event| event.call.args[0] = None,
    |event| event.call.args[1] = None,
    |event| event.call.args[2] = None,
    |event| event.call.args[3] = None,
    |event| event.call.address = Address::Unknown,
    |event| event.names = None,
    |event| {
        if let Some(names) = &mut event.names {
            names.truncate(1);
        }
    },
    |event| each_name(event, |name| name.obj = None),
    |event| each_name(event, |name| (name.dev, name.rdev) = (None, None)),
    |event| each_name(event, |name| name.mode = None),
    |event| each_name(event, |name| name.ouid = None),
    |event| each_name(event, |name| name.ogid = None),
    |event| each_name(event, |name| name.inode = NameInode::OfPath),
    |event| event.call.open_flags = None,
    |event| event.task.exe = None,
    without_ids,
    |event| event.task.auid = None,
    |event| {
        if event.call.outcome != Outcome::Never {
            event.call.outcome = Outcome::default();
        }
    },
    |event| {
        if let Some(success) = event.call.outcome.success() {
            event.call.outcome = Outcome::Returned { value: None, success: Some(success) };
        }
    },
    |event| each_name(event, |name| name.fstype = None),
];

fn each_name(event: &mut Event, change: fn(&mut crate::eval::Name)) {
    event.names.iter_mut().flatten().for_each(change);
}

fn without_ids(event: &mut Event) {
    event.task.ids = crate::eval::Ids::default();
}
