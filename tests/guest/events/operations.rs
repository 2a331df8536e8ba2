//! Operations of io_uring: several users submit some in a process of their own, under random rules of the lists
//! io_uring, exit and exclude (`in_guest/src/events/uring.rs`). The kernel must decide each operation that runs in a
//! thread of io_uring, and each call of io_uring_enter, as `eval` does.
//!
//! Which operations run in the call is a matter of timing: a call is undecided where that decides it.
//! `RAUDITCTL_OPERATION_SETS=NUMBER` sets the number of sets.

use std::slice;

use rauditctl::catalog::{KernelVersion, field};
use rauditctl::eval::{Attribute, Evaluator, Event, Kind, Name, Nametype};
use rauditctl::rule::{Action, Field, FilterList, Mask, Op, Placement, Rule};

use super::recorded::{Observed, Recorded};
use super::rule_sets::{
    INODES, Subject, VOLATILE, WITH_INODE, equality, everything, of_task, order, pair, place,
    volatile,
};
use super::tally::Tally;
use super::{count_of, job, listed, model, profile};
use crate::harness::Guest;
use crate::job::Job;
use crate::random::{Random, number, text};
use crate::shared::outcomes;

/// The variable with the number of rule sets, and its default.
const VARIABLE: &str = "RAUDITCTL_OPERATION_SETS";
const FEW: usize = 20;

/// The seed of the first pair.
const SEED: u64 = 40_000;

const OPERATIONS: [u32; 13] = [16, 17, 18, 19, 28, 34, 35, 36, 37, 38, 39, 44, 22];
const IO_URING_ENTER: u32 = 426;

/// The first kernel whose threads of io_uring collect the names of files that exist.
const COLLECTS_NAMES: KernelVersion = KernelVersion::new(7, 2);

/// Returns the rule sets. The first one records everything; the others are pairs.
fn sets(guest: &Guest) -> Vec<Vec<Rule>> {
    let mut operations = everything();
    operations
        .extend(everything().into_iter().map(|rule| Rule { list: FilterList::IoUring, ..rule }));
    let subject = Subject { rule, of_task };
    let pairs = count_of(VARIABLE, FEW) as u64 / 2;
    let pairs = (0..pairs).flat_map(|number| pair(profile(guest), SEED + number, &subject));
    std::iter::once(operations).chain(pairs).collect()
}

pub(crate) fn calls(guest: &Guest) -> Job {
    let seconds = 60 + 5 * count_of(VARIABLE, FEW) as u64;
    job("in_guest operations /job/sets /out/events", &sets(guest), seconds)
}

#[test]
fn decides_operations_as_the_kernel() {
    for (guest, outcome) in outcomes("events::operations::decides_operations_as_the_kernel") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let recorded = Recorded::read(&String::from_utf8_lossy(&outcome.files["events"]));
        let sets = sets(guest);
        assert_eq!(recorded.sets.len(), sets.len());
        let unseen: Vec<_> = recorded.sets[0].iter().filter(|one| one.keys.is_none()).collect();
        assert!(unseen.is_empty(), "not made, or not recorded: {unseen:?}");
        let mut tally = Tally::default();
        for (number, (set, observed)) in sets.iter().zip(&recorded.sets).enumerate() {
            let model = model(guest, set, |rule| recorded.with_inodes(rule, &WITH_INODE));
            let files = recorded.files(&VOLATILE);
            let evaluator = Evaluator::new(&model, guest.kernel.version, files);
            // Many calls are undecided, so that there is one of them for each set.
            let (operations, calls): (Vec<_>, Vec<_>) =
                observed.iter().partition(|one| one.call.contains('/'));
            let call = calls[number % calls.len()];
            for one in operations.into_iter().chain([call]) {
                let event = event(guest, &recorded, one);
                let describe = || format!("{event:?}\n{}", listed(slice::from_ref(&model)));
                let is_call = event.kind == Kind::Syscall;
                let is_timing = |attributes: &[Attribute]| is_call && is_timing(attributes);
                tally.count(&evaluator.decide(&event), one, is_timing, describe);
            }
        }
        tally.check("operations");
    }
}

/// Returns whether a call depends on what ran in it. How often the files between two batches came and went is not told
/// either.
fn is_timing(attributes: &[Attribute]) -> bool {
    matches!(attributes, [Attribute::Op] | [Attribute::Op, Attribute::Files])
}

/// Returns the event of a call of io_uring_enter, or of an operation.
fn event(guest: &Guest, recorded: &Recorded, observed: &Observed) -> Event {
    let Some((batch, code)) = observed.call.split_once('/') else {
        return recorded.step(observed);
    };
    let code = code.parse().expect("a number");
    let mut event = recorded.operation(observed, batch);
    event.kind = Kind::IoUring(Some(code));
    let paths = paths(batch, code);
    for name in event.names.iter_mut().flatten().filter(|name| name.path.is_none()) {
        name.path = match name.nametype {
            Some(Nametype::Delete) => paths.first().map(|path| (*path).into()),
            Some(Nametype::Create) => paths.last().map(|path| (*path).into()),
            _ => recorded.path_of(name),
        };
    }
    if guest.kernel.version < COLLECTS_NAMES
        && let Some(path) = looked_up(batch, code)
    {
        let path = Some(path.into());
        let name = Name { path, nametype: Some(Nametype::Normal), ..Name::default() };
        event.names.get_or_insert_default().push(name);
    }
    event
}

/// Returns the file that an operation looks up, and that exists. The directory of an entry is among its names, unless
/// there is no such entry.
fn looked_up(batch: &str, code: u32) -> Option<&'static str> {
    match (batch, code) {
        ("files", 18 | 28) | ("links", 39) | ("others", 44) => paths(batch, code).first().copied(),
        ("links", 36) => Some("/tmp/t"),
        _ => None,
    }
}

/// Returns the paths of an operation.
fn paths(batch: &str, code: u32) -> &'static [&'static str] {
    match (batch, code) {
        ("files", 18) => &["/tmp/t/d/x"],
        ("files", 28) => &["/tmp/t/secret"],
        ("files", 36) | ("links", 36) => &["/tmp/t/gone"],
        ("files", 37) | ("others", 18) | ("links", 38) => &["/tmp/t/new"],
        ("links", 39) => &["/tmp/t/file", "/tmp/t/e/moved"],
        ("others", 35) => &["/tmp/t/gone", "/tmp/t/e/moved"],
        ("others", 44) => &["/tmp/t/d/alice"],
        ("links", 18) => &["/tmp/t/d/none"],
        _ => &[],
    }
}

fn rule(random: &mut Random) -> Rule {
    let list = match random.below(12) {
        0 => FilterList::Exclude,
        1..=4 => FilterList::Exit,
        _ => FilterList::IoUring,
    };
    let action = if random.once_in(3) { Action::Never } else { Action::Always };
    let mut rule = Rule::new(list, action);
    if random.once_in(6) {
        rule.placement = Placement::Prepend;
    }
    rule.mask = Mask::ALL;
    if list == FilterList::Exclude {
        let kind = random.pick(&[1300, 1302, 1307, 1336]);
        rule.fields.push(number(field::MSGTYPE, Op::EQUAL, kind));
        rule.fields.push(number(field::UID, equality(random), random.pick(&[0, 33, 1000])));
        return rule;
    }
    if random.once_in(2) {
        rule.mask = mask(random, list);
    }
    rule.fields.extend(place(random));
    // Most rules name a task: then fewer calls depend on the operations in them.
    let conditions = [of_login, of_task, of_operation];
    for condition in &conditions[..=random.index(conditions.len())] {
        let field = condition(random);
        // An operation that makes the file loses the program.
        if volatile(&rule).is_none() || field.number() != field::EXE {
            rule.fields.push(field);
        }
    }
    if !random.once_in(4) {
        let key = random.pick(&["a", "b", "c\x01d"]);
        rule.fields.push(text(field::KEY, Op::EQUAL, key.as_bytes()));
    }
    rule
}

/// Returns a mask of operations, or of syscalls.
fn mask(random: &mut Random, list: FilterList) -> Mask {
    let mut mask = Mask::EMPTY;
    if list == FilterList::Exit {
        assert!(mask.insert(IO_URING_ENTER));
        return mask;
    }
    for operation in OPERATIONS {
        if random.once_in(2) {
            assert!(mask.insert(operation));
        }
    }
    mask
}

fn of_login(random: &mut Random) -> Field {
    match random.below(3) {
        0 => number(field::LOGINUID_SET, equality(random), random.below(2)),
        1 => number(field::SESSIONID, order(random), random.pick(&[1, 2, u32::MAX])),
        _ => number(field::AUID, order(random), random.pick(&[0, 1000, u32::MAX])),
    }
}

fn of_operation(random: &mut Random) -> Field {
    const TYPES: [u32; 2] = [0o100_000, 0o040_000];
    match random.below(8) {
        0 => number(field::SUCCESS, equality(random), random.below(2)),
        1 => number(field::EXIT, order(random), random.pick(&[0, 1, 5])),
        2 => number(field::FILETYPE, equality(random), random.pick(&TYPES)),
        3 => number(field::OBJ_UID, order(random), random.pick(&[0, 1000])),
        4 => number(field::INODE, equality(random), random.below(INODES)),
        5 => number(field::A0 + random.below(4), equality(random), random.below(3)),
        6 => number(field::FIELD_COMPARE, equality(random), 1 + random.below(25)),
        _ => number(field::SADDR_FAM, equality(random), 1),
    }
}
