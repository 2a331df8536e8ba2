//! `compare` proves that a set records the same after `fmt`, after the safe fixes of lint, and after independent rules
//! change places: for every fixture, and for random sets. So it does after the fixes that promise that other rules audit
//! the same calls.
//!
//! `RAUDITCTL_FUZZ_CASES` sets the number of random sets.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use rauditctl::catalog::{Arch, KernelVersion, field};
use rauditctl::eval::Notation;
use rauditctl::format::format;
use rauditctl::lint::fix::{Allowed, fix_all};
use rauditctl::lint::{LintSettings, Selection, Selector, lints};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::relate::sets::{Comparison, Keys, Relation, compare};
use rauditctl::rewrite::Change;
use rauditctl::rule::{Field, FilterList, Op, Placement, Rule};
use rauditctl::source::Source;

use super::loaded::Loaded;
use super::made::{self, Files};
use crate::grammar::derive::Choices;
use crate::no_panic::{cases_or, for_each_of};

/// Default number of random sets.
const FEW: u32 = 24;

const MACHINE: Arch = Arch::X86_64;

fn settings() -> LintSettings<'static> {
    LintSettings::new(MACHINE)
}

fn kernel(rules: &[Rule]) -> KernelModel {
    let mut kernel = KernelModel::new(Profile::newest(MACHINE));
    for rule in rules {
        // `-A` adds a rule again that is there: the first of the two decides.
        let _ = kernel.add(&Rule { placement: Placement::Append, ..rule.clone() });
    }
    kernel
}

fn rules(files: &Files) -> Vec<Rule> {
    Loaded::on(MACHINE, files, &settings()).rules
}

fn formatted(files: &Files) -> Files {
    let file = |(source, directory): &(Source, _)| {
        (Source::new(source.name(), format(source.text())), *directory)
    };
    files.iter().map(file).collect()
}

fn fixed(files: &Files) -> Files {
    let mut files = files.clone();
    fix_all(&mut files, &settings(), Allowed::Safe);
    files
}

/// Returns the files after the fixes that merge or divide rules.
fn regrouped(files: &Files) -> Files {
    let mut files = files.clone();
    let lints = lints().filter(|lint| lint.fix == Some(Change::Regrouped));
    let select = lints.map(Selector::Lint).collect();
    let selection = Selection { select, ..Selection::default() };
    fix_all(&mut files, &LintSettings { selection, ..settings() }, Allowed::Unsafe);
    files
}

/// Moves rules past others on which their place does not depend. `below` chooses a number below its argument.
fn shuffled(rules: &[Rule], below: &mut dyn FnMut(usize) -> usize) -> Vec<Rule> {
    let mut rules = rules.to_vec();
    for _ in 0..3 * rules.len() {
        let at = below(rules.len());
        if at + 1 < rules.len() && are_independent(&rules[at], &rules[at + 1]) {
            rules.swap(at, at + 1);
        }
    }
    rules
}

/// Returns whether the order of two neighbors certainly does not matter: no event is judged by both, or it does not
/// matter which of them decides.
fn are_independent(one: &Rule, other: &Rule) -> bool {
    let has_mask = |rule: &Rule| matches!(rule.list, FilterList::Exit | FilterList::IoUring);
    if one.list != other.list {
        // An operation of io_uring counts as syscall 0 where rules are kept by inode.
        return !(has_mask(one) && has_mask(other));
    }
    let keys = |rule: &Rule| rule.keys().map(<[u8]>::to_vec).collect::<Vec<_>>();
    // The kernel asks the rules that it keeps by inode after those on the list.
    let is_by_inode = |rule: &Rule| {
        rule.fields.iter().any(|field| matches!(field.number(), field::PATH | field::INODE))
    };
    let is_alike = one.action == other.action
        && keys(one) == keys(other)
        && is_by_inode(one) == is_by_inode(other);
    match one.list {
        FilterList::Exit => {
            !one.mask.intersects(&other.mask) || are_exclusive(one, other) || is_alike
        }
        FilterList::IoUring => !one.mask.intersects(&other.mask),
        _ => false,
    }
}

/// Returns whether the rules are for different users, programs or arches.
fn are_exclusive(one: &Rule, other: &Rule) -> bool {
    let single = [field::ARCH, field::AUID, field::UID, field::EUID, field::EXE];
    one.fields.iter().filter(|field| single.contains(&field.number())).any(|field| {
        other.fields.iter().any(|other| {
            let are_equal = [field, other].iter().all(|field| field.op() == Op::EQUAL);
            are_equal && field.number() == other.number() && !has_same_value(field, other)
        })
    })
}

fn has_same_value(one: &Field, other: &Field) -> bool {
    match (one, other) {
        (Field::Number { value, .. }, Field::Number { value: other, .. }) => value == other,
        // The same program may have several spellings.
        (Field::Text { text, .. }, Field::Text { text: other, .. }) => {
            let is_plain = |text: &[u8]| {
                !text.windows(2).any(|two| two == b"//" || two == b"/.") && !text.ends_with(b"/")
            };
            text == other || !is_plain(text) || !is_plain(other)
        }
        _ => true,
    }
}

fn compared(old: &[Rule], new: &[Rule]) -> Comparison {
    compare(&kernel(old), &kernel(new), KernelVersion::NEWEST, Keys::Count)
}

/// What was compared.
#[derive(Debug, Default)]
struct Figures {
    sets: usize,
    /// The sets whose text `fmt` changes, those whose text the fixes change, those that are regrouped, and those with
    /// another order.
    changed: [usize; 4],
    undecided: Vec<String>,
    wrong: Vec<String>,
}

impl Figures {
    fn set(&mut self, name: &str, files: &Files, below: &mut dyn FnMut(usize) -> usize) {
        let old = rules(files);
        if old.is_empty() {
            return;
        }
        self.sets += 1;
        let (formatted, fixed) = (formatted(files), fixed(files));
        let regrouped = rules(&regrouped(files));
        let ways = [rules(&formatted), rules(&fixed), regrouped, shuffled(&old, below)];
        let changed = [
            shown(&formatted) != shown(files),
            shown(&fixed) != shown(files),
            ways[2] != old,
            ways[3] != old,
        ];
        for (count, is_changed) in self.changed.iter_mut().zip(changed) {
            *count += usize::from(is_changed);
        }
        for (new, way) in ways.iter().zip(["fmt", "fixes", "regrouping", "shuffle"]) {
            let comparison = compared(&old, new);
            let show = || {
                let first = comparison.differences.first();
                let event = first.map(|evidence| {
                    let event = Notation::new(&evidence.event, MACHINE).to_string();
                    (event, evidence.change, &evidence.old.keys, &evidence.new.keys)
                });
                format!("{name}, {way}: {event:?}\n{}", shown(files))
            };
            match comparison.relation() {
                Relation::Same => {}
                Relation::Undecided => self.undecided.push(show()),
                _ => self.wrong.push(show()),
            }
        }
    }

    #[track_caller]
    fn hold(&self) {
        let Figures { sets, changed: [fmt, fixes, regrouped, shuffle], undecided, wrong } = self;
        let open = undecided.len();
        println!(
            "{sets} sets; texts changed by fmt {fmt}, by fixes {fixes}; {regrouped} regrouped, \
             {shuffle} shuffled; undecided {open}"
        );
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(undecided.is_empty(), "{}", undecided.join("\n"));
        assert!(
            [fmt, fixes, regrouped, shuffle].iter().all(|count| **count > 0),
            "nothing changes"
        );
    }
}

fn shown(files: &Files) -> String {
    let texts = files.iter().map(|(source, _)| String::from_utf8_lossy(source.text()).into_owned());
    texts.collect::<Vec<_>>().join("\n---\n")
}

/// Returns the rules files below a folder.
pub(super) fn rules_files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { rules_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rules"))
        .collect();
    paths.sort();
    paths
}

/// Returns a function that chooses a number below its argument, always the same ones.
pub(super) fn numbers() -> impl FnMut(usize) -> usize {
    let mut seed = 1_u64;
    move |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % limit.max(1)
    }
}

#[test]
fn fixtures_record_the_same_after_harmless_changes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut figures = Figures::default();
    let mut below = numbers();
    for path in rules_files(&folder) {
        let name = path.strip_prefix(&folder).expect("a fixture").display().to_string();
        let source = Source::new(&name, fs::read(&path).expect("a fixture"));
        figures.set(&name, &vec![(source, None)], &mut below);
    }
    figures.hold();
}

#[test]
fn random_sets_record_the_same_after_harmless_changes() {
    let (figures, below) = (RefCell::new(Figures::default()), RefCell::new(numbers()));
    for_each_of(cases_or(FEW), 600, |choices: &mut Choices<'_>| {
        let files = made::files(choices);
        figures.borrow_mut().set("random", &files, &mut *below.borrow_mut());
    });
    figures.into_inner().hold();
}

/// The test of independence is right: rules of which one is an exception to the other keep their order.
#[test]
fn exceptions_are_not_independent() {
    let of = |text: &str| rules(&vec![(Source::new("a.rules", text.as_bytes().to_vec()), None)]);
    let order_matters = of(
        "-a never,exit -F arch=b64 -S chmod -F uid=33\n-a always,exit -F arch=b64 -S chmod -k a\n",
    );
    assert!(!are_independent(&order_matters[0], &order_matters[1]));
    let [one, other] = order_matters.as_slice() else { panic!("two rules") };
    let swapped = [other.clone(), one.clone()];
    assert_eq!(compared(&order_matters, &swapped).relation(), Relation::More);
    for independent in [
        "-a never,exit -F arch=b64 -S chmod\n-a always,exit -F arch=b64 -S fchmod -k a\n",
        "-a never,exit -F arch=b32 -S chmod\n-a always,exit -F arch=b64 -S chmod -k a\n",
        "-a never,exit -F arch=b64 -S chmod -F uid=33\n-a always,exit -F arch=b64 -S chmod -F uid=0 -k a\n",
    ] {
        let rules = of(independent);
        assert!(are_independent(&rules[0], &rules[1]), "{independent}");
    }
}
