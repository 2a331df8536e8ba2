//! The names of witnesses are lists that kernels recorded for the same syscall.

use std::collections::BTreeMap;

use rauditctl::catalog::{Arch, KernelVersion, field, kernel_syscall_number};
use rauditctl::eval::{Event, Name, NameInode, Nametype, Syscall};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::relate::sets::{Keys, Relation, compare};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Op, Rule};

/// What Linux 6.1, 6.12 and 7.2 recorded for calls that succeed: P is the directory of an entry, N a file, C and D an
/// entry that is made or removed, U a name without a file. The order of link, symlink and rename is that of 6.1 and
/// 6.12.
const SUCCEEDED: [(&str, &[&str]); 18] = [
    ("access", &["N"]),
    ("bind", &["PC"]),
    ("chdir", &["N"]),
    ("chmod", &["N"]),
    ("chown", &["N"]),
    ("connect", &["N"]),
    ("creat", &["PC", "PN", "N"]),
    ("execve", &["N", "NN", "NNN"]),
    ("link", &["PNC"]),
    ("mkdir", &["PC"]),
    ("mknod", &["PC"]),
    ("open", &["N", "PN", "PC"]),
    ("openat", &["N", "PN", "PC"]),
    ("rename", &["PPDC", "PPDDC"]),
    ("rmdir", &["PD"]),
    ("symlink", &["PUC"]),
    ("truncate", &["N"]),
    ("unlink", &["PD"]),
];

/// The same for calls that fail. An entry that is not made has no file.
const FAILED: [(&str, &[&str]); 18] = [
    ("access", &["N", "U"]),
    ("bind", &["P", "Pc", "U"]),
    ("chdir", &["N", "U"]),
    ("chmod", &["N", "U"]),
    ("chown", &["N", "U"]),
    ("connect", &["N", "U"]),
    ("creat", &["N", "PN", "P", "U"]),
    ("execve", &["N", "NNU", "U"]),
    ("link", &["PN", "PNc", "U"]),
    ("mkdir", &["P", "Pc", "U"]),
    ("mknod", &["P", "Pc", "U"]),
    ("open", &["N", "PN", "P", "U"]),
    ("openat", &["N", "PN", "P", "U"]),
    ("rename", &["PP", "PPDc", "U"]),
    ("rmdir", &["P", "PD", "U"]),
    ("symlink", &["PU", "PUc", "U"]),
    ("truncate", &["N", "U"]),
    ("unlink", &["P", "PD", "U"]),
];

const VERSION: KernelVersion = KernelVersion::new(6, 1);
const S_IFDIR: u32 = 0o040_000;

fn condition(number: u32, value: u32) -> Field {
    match FieldId::of(number) {
        FieldId::Number(id) => Field::Number { id, op: Op::EQUAL, value },
        FieldId::Text(_) => panic!("{number} is a text"),
    }
}

fn named(number: u32, path: &str) -> Field {
    match FieldId::of(number) {
        FieldId::Text(id) => Field::Text { id, op: Op::EQUAL, text: path.as_bytes().into() },
        FieldId::Number(_) => panic!("{number} is a number"),
    }
}

fn rule(syscall: &str, conditions: &[Field]) -> Rule {
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    let number = kernel_syscall_number(Arch::X86_64, syscall.as_bytes()).expect("a syscall");
    assert!(rule.mask.insert(number));
    rule.fields.push(condition(field::ARCH, Arch::X86_64.elf()));
    conditions.iter().for_each(|condition| rule.fields.push(condition.clone()));
    rule
}

fn kernel(rules: &[Rule]) -> KernelModel {
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
    for rule in rules {
        kernel.add(rule).expect("a rule");
    }
    kernel
}

/// Returns the roles of names; in lower case without a file.
fn roles(names: &[Name]) -> String {
    let role = |name: &Name| {
        let letter = match name.nametype {
            None | Some(Nametype::Normal) => 'N',
            Some(Nametype::Parent) => 'P',
            Some(Nametype::Create) => 'C',
            Some(Nametype::Delete) => 'D',
            Some(Nametype::Unknown) => return 'U',
        };
        if name.inode == NameInode::None { letter.to_ascii_lowercase() } else { letter }
    };
    names.iter().map(role).collect()
}

fn lists<'t>(table: &'t [(&str, &[&str])], syscall: &str) -> &'t [&'t str] {
    let (_, lists) = table.iter().find(|(known, _)| *known == syscall).expect("a syscall");
    lists
}

fn is_recorded_shape(syscall: &str, event: &Event) -> bool {
    let Some(names) = event.names.as_deref() else { return true };
    let roles = roles(names);
    let is_in = |table| lists(table, syscall).contains(&roles.as_str());
    match event.call.outcome.success() {
        Some(true) => is_in(&SUCCEEDED),
        Some(false) => is_in(&FAILED) || names.is_empty(),
        None => is_in(&SUCCEEDED) || is_in(&FAILED),
    }
}

/// Returns the witnesses of a rule: the calls that only it records.
fn witnesses(rules: &[Rule]) -> (Relation, Vec<Event>) {
    let comparison = compare(&kernel(rules), &kernel(&[]), VERSION, Keys::Count);
    let events = comparison.differences.iter().map(|evidence| evidence.event.clone()).collect();
    (comparison.relation(), events)
}

#[test]
fn names_of_witnesses_are_those_that_kernels_record() {
    let about = [
        vec![named(field::PATH, "/w/one")],
        vec![named(field::DIR, "/w")],
        vec![condition(field::OBJ_UID, 1000)],
        vec![condition(field::FILETYPE, S_IFDIR)],
    ];
    let results = [
        vec![],
        vec![condition(field::SUCCESS, 1)],
        vec![condition(field::SUCCESS, 0)],
        vec![condition(field::EXIT, 13_u32.wrapping_neg())],
    ];
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (syscall, _) in SUCCEEDED {
        for (file, result) in about.iter().flat_map(|file| results.iter().map(move |r| (file, r))) {
            let conditions: Vec<Field> = file.iter().chain(result).cloned().collect();
            let (_, events) = witnesses(&[rule(syscall, &conditions)]);
            for event in events {
                assert!(is_recorded_shape(syscall, &event), "{syscall} {conditions:?}: {event:?}");
                *counts.entry(syscall).or_default() += usize::from(event.names.is_some());
            }
        }
    }
    assert!(
        counts.len() == SUCCEEDED.len() && counts.values().all(|count| *count > 6),
        "{counts:?}"
    );
}

/// The directory of an entry is a name too: the kernel records what is watched there.
#[test]
fn a_watched_directory_is_named_with_its_entries() {
    let watch = |syscall, path| rule(syscall, &[named(field::PATH, path)]);
    let old = [watch("unlink", "/w/one"), watch("unlink", "/w")];
    let new = [watch("unlink", "/w")];
    // unlink fails with the name of the file and that of the directory, or succeeds with both.
    let comparison = compare(&kernel(&old), &kernel(&new), VERSION, Keys::Ignore);
    let lost = comparison.differences.iter().filter(|evidence| {
        let names = evidence.event.names.as_deref().unwrap_or_default();
        !names.iter().any(|name| name.nametype == Some(Nametype::Parent))
    });
    assert_eq!(lost.count(), 0, "{:?}", comparison.differences);
}

#[test]
fn calls_have_no_result_and_no_address_of_others() {
    let getpid = |number, value| rule("getpid", &[condition(number, value)]);
    let rename = |value| rule("rename", &[condition(field::SADDR_FAM, value)]);
    let openat = [condition(field::EXIT, 13_u32.wrapping_neg()), condition(field::SUCCESS, 1)];
    let never = [
        getpid(field::EXIT, 2_u32.wrapping_neg()),
        getpid(field::SUCCESS, 0),
        rename(2),
        rule("chmod", &[condition(field::EXIT, 3)]),
        rule("openat", &openat),
    ];
    for rule in never {
        assert_eq!(
            witnesses(std::slice::from_ref(&rule)),
            (Relation::Same, Vec::new()),
            "{rule:?}"
        );
    }
    let some = [
        getpid(field::SUCCESS, 1),
        rule("connect", &[condition(field::SADDR_FAM, 2)]),
        rule("openat", &[condition(field::EXIT, 3)]),
        // Its errors are numbers without a sign.
        rule("modify_ldt", &openat),
    ];
    for rule in some {
        assert_eq!(witnesses(std::slice::from_ref(&rule)).1.len(), 1, "{rule:?}");
    }
}

#[test]
fn files_of_calls_that_succeed_have_their_types() {
    let of = |syscall, mode| {
        let conditions = [condition(field::FILETYPE, mode), condition(field::SUCCESS, 1)];
        witnesses(&[rule(syscall, &conditions)]).1
    };
    assert_eq!(of("chdir", 0o100_000), Vec::new());
    assert_eq!(of("rmdir", 0o100_000), Vec::new());
    assert_eq!(of("chmod", 0o100_000).len(), 1);
    // The directory of the removed file.
    let unlink = of("unlink", S_IFDIR);
    let names = unlink[0].names.as_deref().expect("names");
    assert_eq!(roles(names), "PD");
    assert_eq!(unlink[0].call.syscall, Some(Syscall::Name("unlink".to_owned())));
}

#[test]
fn moved_files_have_two_paths() {
    let conditions = [condition(field::OBJ_UID, 1000), condition(field::SUCCESS, 1)];
    for file in [named(field::PATH, "/w/one"), named(field::DIR, "/w")] {
        let all: Vec<Field> = [file].into_iter().chain(conditions.clone()).collect();
        let (_, events) = witnesses(&[rule("rename", &all)]);
        for event in events {
            let of = |nametype| {
                let names = event.names.iter().flatten();
                let mut named = names.filter(move |name| name.nametype == Some(nametype));
                named.next_back().map(|name| (name.path.clone(), name.ouid))
            };
            let (from, to) = (of(Nametype::Delete), of(Nametype::Create));
            let ((from, owner), (to, other)) = from.zip(to).expect("both names");
            assert!(from != to && owner == other, "{event:?}");
        }
    }
}
