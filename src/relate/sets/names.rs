//! Files that meet conditions on names.

use super::numbers::{NumberTest, Regions};
use super::space::{Space, USUAL_ID};
use super::test::{Fact, NameTest, compared_ids};
use crate::catalog::{Operator, field};
use crate::eval::{Device, Name, NameInode, Task};
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
}

impl FileMaker<'_, '_> {
    /// Returns a name that meets conditions exactly as wanted; `None` if there is none.
    pub(super) fn name(&self, wanted: &[Wanted]) -> Option<Name> {
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
                types.iter().all(|(test, holds)| (mode & FILE_TYPE == test.value) == *holds)
            })?);
        }
        if has(field::DEVMAJOR) || has(field::DEVMINOR) {
            let (major, other_major) = devices(wanted, field::DEVMAJOR)?;
            let (minor, other_minor) = devices(wanted, field::DEVMINOR)?;
            name.dev = Some(Device { major, minor });
            let rdev = Device { major: other_major, minor: other_minor };
            name.rdev = Some(rdev);
            if name.mode.is_none() && rdev != (Device { major: 0, minor: 0 }) {
                name.mode = Some(0o060_600);
            }
        }
        if (field::OBJ_USER..=field::OBJ_LEV_HIGH).any(has) {
            name.obj = Some(label(wanted)?);
        }
        Some(name)
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
        solve(&tests, &[USUAL_ID, 0])
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
