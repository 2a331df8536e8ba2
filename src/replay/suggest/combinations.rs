//! Which programs of which users make the events of a log.

use foldhash::HashMap;

use crate::catalog::{Arch, record};
use crate::ingest::searches::{ARCH, AUID, EXE, SYSCALL};
use crate::ingest::{Fields, Group, Value};
use crate::replay::LEAST_DAY;

/// Maximum number of combinations that are counted at once.
const MOST: usize = 4_096;
/// Maximum number of syscalls that are counted for one combination.
const MOST_SYSCALLS: usize = 32;
/// Maximum number of days that are counted for one combination.
const MOST_DAYS: usize = 400;
/// Milliseconds in a day.
const DAY: i64 = 86_400_000;

/// What events have in common.
#[derive(Clone, Debug, Default)]
pub struct Combination {
    /// The number of the maker.
    pub maker: usize,
    /// The arch of the calls; `None` for records that are not about a call.
    pub arch: Option<Arch>,
    /// The program.
    pub exe: Option<Vec<u8>>,
    /// Whether a message of a program names the program, which is no proof.
    pub is_claimed: bool,
    /// The login user.
    pub auid: Option<u32>,
    /// The syscalls; `None` if there are too many.
    pub syscalls: Option<Vec<u32>>,
    /// Events.
    pub events: u64,
    /// Bytes in the log.
    pub bytes: u64,
    /// The first and the last time, in milliseconds since 1970.
    pub times: (i64, i64),
    /// Events by day, counted from 1970 in UTC.
    days: Vec<(i64, u64)>,
}

/// Counts combinations. Rare ones are forgotten if there are many, as in [`Top`](super::super::top::Top).
#[derive(Debug, Default)]
pub struct Combinations {
    counts: HashMap<Vec<u8>, Combination>,
    key: Vec<u8>,
}

/// The fields of a record that a combination is made of.
#[derive(Clone, Copy, Default)]
struct Parts<'g> {
    arch: Option<Value<'g>>,
    syscall: Option<Value<'g>>,
    exe: Option<Value<'g>>,
    is_claimed: bool,
    auid: Option<Value<'g>>,
}

impl<'g> Parts<'g> {
    fn of(group: &'g Group) -> Self {
        if let Some(call) = &group.part(record::SYSCALL) {
            return Parts {
                arch: ARCH.find(call),
                syscall: SYSCALL.find(call),
                exe: EXE.find(call),
                is_claimed: false,
                auid: AUID.find(call),
            };
        }
        // What a program writes into its own message is no proof.
        let mut parts = Parts::default();
        let first = group.records().next().map(|(_, fields)| fields).unwrap_or_default();
        for (name, value) in Fields::of(first) {
            match name {
                b"exe" => parts.exe = parts.exe.or(Some(value)),
                b"auid" => parts.auid = parts.auid.or(Some(value)),
                b"msg" => parts.is_claimed |= Fields::of(value.message()).get(b"exe").is_some(),
                _ => {}
            }
        }
        parts
    }
}

impl Combinations {
    /// Counts an event of a maker.
    pub(in crate::replay) fn add(&mut self, maker: usize, group: &Group) {
        let parts = Parts::of(group);
        self.key.clear();
        self.key.extend_from_slice(&maker.to_le_bytes());
        for part in [parts.arch, parts.auid, parts.exe] {
            self.key.extend_from_slice(part.map(Value::raw).unwrap_or_default());
            self.key.push(0);
        }
        if !self.counts.contains_key(&self.key) {
            if self.counts.len() >= MOST {
                self.forget();
            }
            self.counts.insert(self.key.clone(), Combination::new(maker, parts, group));
        }
        if let Some(known) = self.counts.get_mut(&self.key) {
            known.count(parts, group);
        }
    }

    /// Forgets the smaller half.
    fn forget(&mut self) {
        let mut sizes: Vec<u64> = self.counts.values().map(|one| one.bytes).collect();
        let (_, middle, _) = sizes.select_nth_unstable(MOST / 2);
        let middle = *middle;
        self.counts.retain(|_, one| one.bytes > middle);
    }

    /// Returns the combinations, the largest first.
    pub fn largest(&self) -> Vec<&Combination> {
        let mut all: Vec<(&Vec<u8>, &Combination)> = self.counts.iter().collect();
        all.sort_unstable_by(|one, other| (other.1.bytes, one.0).cmp(&(one.1.bytes, other.0)));
        all.into_iter().map(|(_, one)| one).collect()
    }
}

impl Combination {
    fn new(maker: usize, parts: Parts<'_>, group: &Group) -> Self {
        let arch = parts.arch.and_then(|value| Arch::from_elf(value.based(16)?.try_into().ok()?));
        let millis = group.stamp.millis;
        Combination {
            maker,
            arch,
            exe: parts.exe.and_then(Value::text).map(Into::into),
            auid: parts.auid.and_then(Value::number),
            syscalls: Some(Vec::new()),
            times: (millis, millis),
            ..Combination::default()
        }
    }

    fn count(&mut self, parts: Parts<'_>, group: &Group) {
        self.events += 1;
        self.is_claimed |= parts.is_claimed;
        self.bytes += group.bytes;
        let millis = group.stamp.millis;
        self.times = (self.times.0.min(millis), self.times.1.max(millis));
        let day = millis.div_euclid(DAY);
        let known = self.days.len();
        match self.days.iter_mut().rev().find(|(known, _)| *known == day) {
            Some((_, events)) => *events += 1,
            None if known < MOST_DAYS => self.days.push((day, 1)),
            None => {}
        }
        let Some(number) = parts.syscall.and_then(Value::number) else { return };
        if let Some(known) = &mut self.syscalls
            && !known.contains(&number)
        {
            known.push(number);
            if known.len() > MOST_SYSCALLS {
                self.syscalls = None;
            }
        }
    }

    /// Returns whether the last event comes a day or more after the first.
    pub(super) fn lasts(&self) -> bool {
        self.times.1.saturating_sub(self.times.0) >= LEAST_DAY
    }

    /// Returns whether two days have this number of events each.
    pub(super) fn recurs(&self, events: u64) -> bool {
        self.days.iter().filter(|(_, count)| *count >= events).count() >= 2
    }
}
