//! Files that meet conditions on names.

use super::calls::CallClass;
use super::numbers::{NumberTest, Regions};
use super::shapes::{Found, Slot};
use super::space::{Assignment, Space, USUAL_ID, Value};
use super::test::{Fact, NameTest, Trait, compared_ids};
use super::units::Kind;
use super::witness::Way;
use crate::catalog::{Operator, field};
use crate::eval::{Device, Name, NameInode, Nametype, Task};
use crate::model::{Collected, EntryChange, FileTypes};
use crate::rule::Op;

/// A condition on a name, and whether it holds.
pub(super) type Wanted = (NameTest, bool);

/// A regular file (`S_IFREG`).
const REGULAR: u32 = 0o100_644;
const FILE_TYPE: u32 = 0o170_000;

pub(super) fn of_any(fact: &Fact) -> Option<&NameTest> {
    match fact {
        Fact::AnyName(test) => Some(test),
        _ => None,
    }
}

pub(super) fn of_early(fact: &Fact) -> Option<&NameTest> {
    match fact {
        Fact::EarlyName(test) => Some(test),
        _ => None,
    }
}

pub(super) fn of_this(fact: &Fact) -> Option<&NameTest> {
    match fact {
        Fact::ThisName(test) => Some(test),
        _ => None,
    }
}

/// Makes names that meet conditions.
pub(super) struct FileMaker<'f, 'r> {
    pub(super) space: &'f Space<'r>,
    pub(super) task: &'f Task,
    /// Whether the call succeeds.
    pub(super) succeeds: bool,
    pub(super) way: Way,
}

impl FileMaker<'_, '_> {
    /// Returns a name of a file of some types that meets conditions exactly as wanted; `None` if there is none.
    fn name(&self, wanted: &[Wanted], of: FileTypes) -> Option<Name> {
        let mut name = Name::default();
        let has = |number: u32| {
            self.space.facts.keys().any(|fact| {
                of_any(fact).or_else(|| of_this(fact)).is_some_and(|test| test.field == number)
            })
        };
        let owners = |own, other| {
            let of_pair = |test: &NameTest| {
                test.field == field::FIELD_COMPARE
                    && compared_ids(test.value).is_some_and(|(_, right)| right == other)
            };
            has(own) || self.space.facts.keys().filter_map(of_any).any(of_pair)
        };
        if owners(field::OBJ_UID, field::OBJ_UID) {
            name.ouid = Some(self.owner(field::OBJ_UID, wanted)?);
        }
        if owners(field::OBJ_GID, field::OBJ_GID) {
            name.ogid = Some(self.owner(field::OBJ_GID, wanted)?);
        }
        if has(field::INODE) {
            let inode = number(wanted, field::INODE, &[500])?;
            name.inode = match inode {
                u32::MAX => NameInode::None,
                inode => NameInode::Number(u64::from(inode)),
            };
            name.dev = Some(Device { major: 8, minor: 1 });
        }
        if has(field::FILETYPE) {
            let types = wanted.iter().filter(|(test, _)| test.field == field::FILETYPE);
            let types: Vec<&Wanted> = types.collect();
            let known =
                types.iter().map(|(test, _)| test.value).filter(|kind| kind & !FILE_TYPE == 0);
            let mut modes = std::iter::once(REGULAR)
                .chain(known)
                .chain([0o040_755, 0o020_600, 0o060_600, 0o010_600, 0o120_777, 0o140_700]);
            name.mode = Some(modes.find(|mode| {
                of.has(*mode)
                    && types.iter().all(|(test, holds)| (mode & FILE_TYPE == test.value) == *holds)
            })?);
        }
        if has(field::DEVMAJOR) || has(field::DEVMINOR) {
            let (major, other_major) = devices(wanted, field::DEVMAJOR)?;
            let (minor, other_minor) = devices(wanted, field::DEVMINOR)?;
            name.dev = Some(Device { major, minor });
            let rdev = Device { major: other_major, minor: other_minor };
            name.rdev = Some(rdev);
            if name.mode.is_none() && rdev != (Device { major: 0, minor: 0 }) {
                name.mode = Some(0o060_600).filter(|mode| of.has(*mode));
                name.mode?;
            }
        }
        if (field::OBJ_USER..=field::OBJ_LEV_HIGH).any(has) {
            name.obj = Some(label(wanted)?);
        }
        Some(name)
    }

    /// Returns the names of a call; `None` if there are none that meet all conditions exactly. Conditions on the judged
    /// names are exact, and those on any name are met by one of them or by another name.
    pub(super) fn names(
        &self,
        class: &CallClass,
        values: &Assignment,
        slots: &[Slot],
    ) -> Option<Vec<Name>> {
        let asked = Asked::of(self.space, class, values);
        let mut open: Vec<Wanted> = asked.any.iter().filter(|(_, holds)| *holds).cloned().collect();
        let mut names = Vec::new();
        for slot in slots {
            if slot.file == Found::Nothing {
                open.retain(|(test, _)| !is_met_by_nothing(test));
                names.push(Name {
                    path: Some(slot.path.clone()),
                    inode: NameInode::None,
                    nametype: slot.nametype,
                    ..Name::default()
                });
                continue;
            }
            let types = slot.types(class, self.succeeds);
            let mut wanted = self.own_tests(slot.own.as_ref());
            wanted.extend(asked.never(slot.kind));
            let mut name = self.name(&wanted, types)?;
            let mut rest = Vec::new();
            for test in open {
                wanted.push(test);
                let fits = wanted.last().is_some_and(|(test, _)| asked.fits(test, slot.kind));
                match self.name(&wanted, types).filter(|_| fits) {
                    Some(more) => name = more,
                    None => rest.extend(wanted.pop()),
                }
            }
            open = rest;
            name.path = Some(slot.path.clone());
            name.fstype =
                slot.own.as_ref().and_then(|own| match self.space.value(Trait::Fstype, own) {
                    Some(Value::Number(fstype, _)) if !self.space.is_open(Trait::Fstype, own) => {
                        Some(*fstype)
                    }
                    _ => None,
                });
            name.nametype = slot.nametype;
            if slot.kind == Kind::Replaced {
                names.push(Name { nametype: Some(Nametype::Delete), ..name.clone() });
            }
            names.push(name);
        }
        let is_fixed = self.succeeds && class.has_fixed_names();
        let may_meet =
            |(test, _): &Wanted| slots.iter().any(|slot| self.may_meet(class, &asked, slot, test));
        if is_fixed && !open.iter().all(may_meet) {
            return None;
        }
        let has_more = self.way == Way::Loose || !is_fixed;
        for (test, _) in open {
            if class.collected == Some(Collected::File) || asked.is_late(&test) || !has_more {
                return None;
            }
            let mut wanted = self.own_tests(None);
            wanted.extend(asked.never(Kind::Kept));
            wanted.retain(|(known, _)| *known != test);
            wanted.push((test, true));
            let mut name = self.name(&wanted, FileTypes::Any)?;
            name.path = self.space.locations.file_at(0);
            name.nametype = (class.change != EntryChange::Nothing).then_some(Nametype::Parent);
            names.push(name);
        }
        Some(names)
    }

    /// Returns whether a name of a call can meet a condition besides its own.
    fn may_meet(&self, class: &CallClass, asked: &Asked, slot: &Slot, test: &NameTest) -> bool {
        if slot.file == Found::Nothing {
            return is_met_by_nothing(test);
        }
        let mut wanted = self.own_tests(slot.own.as_ref());
        wanted.extend(asked.never(slot.kind));
        wanted.push((test.clone(), true));
        asked.fits(test, slot.kind)
            && self.name(&wanted, slot.types(class, self.succeeds)).is_some()
    }

    /// Returns whether there is a file for a name with these own values. Comparisons with ids do not count.
    pub(super) fn can_have(
        &self,
        class: &CallClass,
        values: &Assignment,
        kind: Kind,
        own: &Assignment,
    ) -> bool {
        let mut wanted = self.own_tests(Some(own));
        wanted.extend(Asked::of(self.space, class, values).never(kind));
        wanted.retain(|(test, _)| test.field != field::FIELD_COMPARE);
        self.name(&wanted, FileTypes::Any).is_some()
    }

    /// Returns the conditions on a judged name. A name that is not judged has no inode that rules are kept for.
    fn own_tests(&self, own: Option<&Assignment>) -> Vec<Wanted> {
        if let Some(own) = own {
            return self.space.name_tests(own, of_this);
        }
        let tests = self.space.facts.keys().filter_map(of_this);
        let kept = tests.filter(|test| test.field == field::INODE && test.op() == Op::EQUAL);
        kept.map(|test| (test.clone(), false)).collect()
    }

    /// Gives different files different paths and inodes, of which rules say the same; returns `false` if that is not
    /// possible.
    pub(super) fn tell_apart(space: &Space<'_>, names: &mut [Name]) -> bool {
        for at in 1..names.len() {
            let (before, rest) = names.split_at_mut(at);
            let Some(name) = rest.first_mut() else { break };
            let is_same = |other: &Name| {
                let role = name.nametype;
                other.path == name.path && Name { nametype: role, ..other.clone() } == *name
            };
            if before.iter().any(is_same) {
                continue;
            }
            let is_taken =
                |path: &[u8]| before.iter().any(|name| name.path.as_deref() == Some(path));
            if let Some(path) = name.path.clone().filter(|path| is_taken(path)) {
                let mut files = space.locations.files_at(space.locations.containing(&path));
                let Some(path) = files.find(|path| !is_taken(path)) else { return false };
                name.path = Some(path);
            }
            let NameInode::Number(number) = name.inode else { continue };
            let is_used =
                |number| before.iter().any(|name| name.inode == NameInode::Number(number));
            let others = (number..number.saturating_add(8)).filter(|other| !is_used(*other));
            let Some(other) = others.into_iter().find(|other| is_like(space, number, *other))
            else {
                return false;
            };
            name.inode = NameInode::Number(other);
        }
        true
    }

    /// Returns the owner of a file: its conditions, and comparisons with ids of the task.
    fn owner(&self, of: u32, wanted: &[Wanted]) -> Option<u32> {
        let ids = wanted.iter().filter(|(test, _)| test.field == field::FIELD_COMPARE);
        let ids: Vec<(u32, Op, bool)> = ids
            .filter_map(|(test, holds)| {
                let (own, other) = compared_ids(test.value)?;
                let id = match own {
                    field::AUID => self.task.auid,
                    _ => self.task.ids.get(own),
                };
                (other == of).then_some((id.unwrap_or(USUAL_ID), test.op(), *holds))
            })
            .collect();
        let mut tests: Vec<(NumberTest, bool)> = of_field(wanted, of).collect();
        // The id of the task is on the left, which matters only for operators that this field does not have.
        tests.extend(ids.into_iter().map(|(id, op, holds)| ((op, id), holds)));
        let fits = |number: &u32, unknown: bool| {
            tests.iter().all(|((op, value), holds)| {
                op.compares_ids(*number, *value).map_or(unknown, |is| is == *holds)
            })
        };
        let owners = candidates(&tests, &[USUAL_ID, 0]);
        // What depends on the number of an unknown account may be as wanted.
        let mut sure = owners.iter().filter(|owner| fits(owner, false));
        sure.next().or_else(|| owners.iter().find(|owner| fits(owner, true))).copied()
    }
}

/// The conditions on any name of a call.
struct Asked {
    any: Vec<Wanted>,
    /// Those on names that are collected before an entry is made, where that is not all names.
    early: Vec<Wanted>,
}

impl Asked {
    fn of(space: &Space<'_>, class: &CallClass, values: &Assignment) -> Self {
        let early = match class.change {
            EntryChange::Moves => space.name_tests(values, of_early),
            _ => Vec::new(),
        };
        Asked { any: space.name_tests(values, of_any), early }
    }

    fn is_late(&self, test: &NameTest) -> bool {
        self.early.iter().any(|(known, holds)| known == test && !holds)
    }

    /// Returns whether a name of this kind can meet a condition.
    fn fits(&self, test: &NameTest, kind: Kind) -> bool {
        let is_early = self.early.iter().any(|(known, holds)| known == test && *holds);
        match kind {
            Kind::Made | Kind::Replaced => !is_early,
            Kind::Kept | Kind::Removed => !self.is_late(test),
        }
    }

    /// Returns the conditions that no name of this kind meets.
    fn never(&self, kind: Kind) -> impl Iterator<Item = Wanted> {
        let is_early = !matches!(kind, Kind::Made | Kind::Replaced);
        let fails = move |(test, holds): &&Wanted| !holds || is_early && self.is_late(test);
        self.any.iter().filter(fails).map(|(test, _)| (test.clone(), false))
    }
}

/// Returns whether a name without a file meets a condition: its owner and its devices are 0.
fn is_met_by_nothing(test: &NameTest) -> bool {
    match test.field {
        field::OBJ_UID | field::OBJ_GID | field::DEVMAJOR | field::DEVMINOR => {
            test.op().compares(0, test.value)
        }
        field::INODE => test.op().compares(u32::MAX, test.value),
        _ => false,
    }
}

/// Returns whether all conditions on inodes hold for both numbers or for neither.
fn is_like(space: &Space<'_>, number: u64, other: u64) -> bool {
    let low = |number: u64| u32::try_from(number & 0xffff_ffff).unwrap_or(0);
    let tests = space.facts.keys().filter_map(|fact| of_any(fact).or_else(|| of_this(fact)));
    tests.filter(|test| test.field == field::INODE).all(|test| {
        let holds = |number| test.op().compares(low(number), test.value);
        holds(number) == holds(other)
    })
}

fn of_field(wanted: &[Wanted], number: u32) -> impl Iterator<Item = (NumberTest, bool)> {
    let tests = wanted.iter().filter(move |(test, _)| test.field == number);
    tests.map(|(test, holds)| ((test.op(), test.value), *holds))
}

fn number(wanted: &[Wanted], of: u32, preferred: &[u32]) -> Option<u32> {
    solve(&of_field(wanted, of).collect::<Vec<_>>(), preferred)
}

fn candidates(tests: &[(NumberTest, bool)], preferred: &[u32]) -> Vec<u32> {
    let tests: Vec<NumberTest> = tests.iter().map(|(test, _)| *test).collect();
    Regions::of(&tests, preferred).numbers.into_iter().map(|(number, _)| number).collect()
}

fn solve(tests: &[(NumberTest, bool)], preferred: &[u32]) -> Option<u32> {
    let fits = |number: &u32| {
        tests.iter().all(|((op, value), holds)| op.compares(*number, *value) == *holds)
    };
    candidates(tests, preferred).into_iter().find(fits)
}

/// Returns the number of the file system and that of the device file. A condition holds if it holds for either.
fn devices(wanted: &[Wanted], of: u32) -> Option<(u32, u32)> {
    let tests: Vec<(NumberTest, bool)> = of_field(wanted, of).collect();
    let numbers = candidates(&tests, &[8, 0]);
    let pairs = numbers.iter().flat_map(|one| numbers.iter().map(move |other| (*one, *other)));
    let mut pairs: Vec<(u32, u32)> = pairs.collect();
    // Files that are no devices come first.
    pairs.sort_by_key(|(_, other)| *other != 0);
    pairs.into_iter().find(|(one, other)| {
        tests.iter().all(|((op, value), holds)| {
            (op.compares(*one, *value) || op.compares(*other, *value)) == *holds
        })
    })
}

/// Returns a label whose parts are as wanted. The order of levels is up to the policy.
fn label(wanted: &[Wanted]) -> Option<Vec<u8>> {
    let part = |number: u32, usual: &str| {
        let tests = wanted.iter().filter(move |(test, _)| test.field == number);
        let mut texts = vec![usual.as_bytes().to_vec()];
        texts.extend(tests.clone().map(|(test, _)| test.text.to_vec()));
        texts.into_iter().find(|text| {
            tests.clone().all(|(test, holds)| {
                let is = **text == *test.text;
                match test.op() {
                    Op::Known(Operator::Equal) => is == *holds,
                    Op::Known(Operator::NotEqual) => is != *holds,
                    _ => true,
                }
            })
        })
    };
    let (user, role, kind) = (
        part(field::OBJ_USER, "system_u")?,
        part(field::OBJ_ROLE, "object_r")?,
        part(field::OBJ_TYPE, "file_t")?,
    );
    let range = [part(field::OBJ_LEV_LOW, "s0")?, part(field::OBJ_LEV_HIGH, "s0")?].join(&b'-');
    Some([user, role, kind, range].join(&b':'))
}
