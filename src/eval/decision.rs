//! The decision about an event.

use super::attribute::Attributes;

/// What the kernel does with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// A rule of action `always` matches: the event is recorded.
    Recorded,
    /// A rule of action `never` matches.
    Silenced,
    /// No rule matches.
    Unmatched,
    /// The event would be recorded, but a rule of the exclude list drops its main record, and so the whole event.
    Excluded,
    /// A rule of the task list gave the task no audit context. The kernel records none of its calls.
    NoContext,
    /// The answer depends on attributes that the event leaves out.
    Undecided,
}

impl Verdict {
    /// Returns the name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Recorded => "recorded",
            Verdict::Silenced => "silenced",
            Verdict::Unmatched => "unmatched",
            Verdict::Excluded => "excluded",
            Verdict::NoContext => "no-context",
            Verdict::Undecided => "undecided",
        }
    }
}

/// A decision, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What the kernel does.
    pub verdict: Verdict,
    /// The keys that the record shows. They are not always those of the rule that decides: a rule without a key keeps
    /// the key of a rule that matched before.
    pub keys: Vec<Vec<u8>>,
    /// The rule that decides, by its [serial](crate::model::Entry::serial); `None` if no rule decides, or if several
    /// may.
    pub rule: Option<usize>,
    /// The types of the records in the event that the exclude list drops.
    pub dropped: Vec<u32>,
    /// The rules whose result is unknown, and why.
    pub doubts: Vec<Doubt>,
    /// Every way in which the kernel may decide, if there are several. They agree on verdict and keys unless the
    /// decision is undecided.
    pub ways: Vec<Way>,
}

/// One way in which the kernel may decide an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What the kernel does.
    pub verdict: Verdict,
    /// The keys that the record shows.
    pub keys: Vec<Vec<u8>>,
    /// The rule that decides, by its serial.
    pub rule: Option<usize>,
}

/// A rule whose result is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The rule, by its serial; `None` if the doubt is about the event itself.
    pub rule: Option<usize>,
    /// The attributes that decide it.
    pub attributes: Attributes,
}

impl Decision {
    /// Returns what several ways agree on. Nothing is dropped or in doubt.
    pub(super) fn of(mut ways: Vec<Way>) -> Self {
        let (mut verdict, mut keys, mut rule) = (Verdict::Unmatched, Vec::new(), None);
        if ways.len() < 2 {
            if let Some(way) = ways.pop() {
                (verdict, keys, rule) = (way.verdict, way.keys, way.rule);
            }
        } else if let Some(first) = ways.first() {
            let agree = |way: &Way| (way.verdict, &way.keys) == (first.verdict, &first.keys);
            if ways.iter().all(agree) {
                (verdict, keys) = (first.verdict, first.keys.clone());
                rule = first.rule.filter(|_| ways.iter().all(|way| way.rule == first.rule));
            } else {
                verdict = Verdict::Undecided;
            }
        }
        Decision { verdict, keys, rule, dropped: Vec::new(), doubts: Vec::new(), ways }
    }

    /// Returns whether something holds in every way in which the kernel may decide; `None` if only in some.
    pub fn always(
        &self,
        holds: impl Fn(Verdict, &[Vec<u8>], Option<usize>) -> bool,
    ) -> Option<bool> {
        let mut answers = self.ways.iter().map(|way| holds(way.verdict, &way.keys, way.rule));
        match answers.next() {
            None => Some(holds(self.verdict, &self.keys, self.rule)),
            Some(first) => answers.all(|answer| answer == first).then_some(first),
        }
    }

    /// Returns the attributes that decide, if the event leaves them out.
    pub fn depends_on(&self) -> Attributes {
        self.doubts.iter().fold(Attributes::NONE, |all, doubt| all.with(doubt.attributes))
    }
}
