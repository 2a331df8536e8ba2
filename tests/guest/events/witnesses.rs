//! Witnesses of `relate` in a real kernel: the program in the guest makes the call of each witness under both sets. The
//! kernel must decide as the witness.
//!
//! A witness counts if its call, as the kernel describes it under a set that records everything, has every attribute
//! that the witness names. The kernel can collect more names, such as directories, that change the decision. Then
//! `eval` must decide the call as the kernel does. `RAUDITCTL_WITNESSES=NUMBER` sets the number of pairs of sets.

use std::time::Duration;

use rauditctl::catalog::{Arch, field, kernel_syscall_name, kernel_syscall_number};
use rauditctl::eval::{
    Decision, Evaluator, Event, Files, Name, NameInode, Notation, Outcome, Reader, Syscall, Task,
    Verdict,
};
use rauditctl::model::KernelModel;
use rauditctl::relate::sets::{Change, Evidence, Keys, compare};
use rauditctl::rule::{Action, FilterList, Mask, Op, Rule};

use super::makeable::MAKEABLE;
use super::recorded::{Observed, Recorded};
use super::rule_sets::{everything, pair};
use super::{issued, listed, profile, push_rules};
use crate::harness::Guest;
use crate::job::Job;
use crate::random::{number, text as field_text};
use crate::shared::outcomes;

/// The variable with the number of pairs, and its default.
const VARIABLE: &str = "RAUDITCTL_WITNESSES";
const FEW: usize = 40;

/// The seed of the first pair.
const SEED: u64 = 90_000;

fn count() -> usize {
    std::env::var(VARIABLE).map_or(FEW, |count| count.parse().expect("a number of pairs"))
}

/// A witness whose call the program can make.
struct Witness {
    models: [KernelModel; 2],
    evidence: Evidence,
    block: String,
}

impl Witness {
    /// Returns the decisions of both sets about a real call.
    fn decisions(&self, guest: &Guest, real: &Event) -> [Decision; 2] {
        self.models
            .each_ref()
            .map(|model| Evaluator::new(model, guest.kernel.version, Files::default()).decide(real))
    }
}

/// Returns the witnesses of all pairs.
fn witnesses(guest: &Guest) -> Vec<Witness> {
    let random = (0..count() as u64).map(|number| pair(profile(guest), SEED + number, &MAKEABLE));
    let of_pairs = chosen().into_iter().chain(random).flat_map(|pair| of_pair(guest, &pair));
    std::iter::once(directory_that_goes(guest)).chain(of_pairs).collect()
}

/// Returns a call that removes the directory of a rule, and with it the rule: no program holds the directory.
fn directory_that_goes(guest: &Guest) -> Witness {
    let event = "syscall=rmdir path=/w,/w/e nametype=PARENT,DELETE exit=0";
    let event = Reader::new(Arch::X86_64).read(event.as_bytes()).expect("an event");
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    rule.mask = Mask::ALL;
    rule.fields.push(field_text(field::DIR, Op::EQUAL, b"/w/e"));
    rule.fields.push(field_text(field::KEY, Op::EQUAL, b"tree"));
    let sets = [vec![rule], Vec::new()];
    let models = sets.each_ref().map(|rules| model(guest, rules));
    let decide = |model: &KernelModel| {
        Evaluator::new(model, guest.kernel.version, Files::default()).decide(&event)
    };
    let [old, new] = models.each_ref().map(decide);
    let mut block = issued::block(&event).expect("a call");
    push_rules(&mut block, &everything());
    sets.iter().for_each(|rules| push_rules(&mut block, rules));
    Witness { models, evidence: Evidence { event, change: Change::Lost, old, new }, block }
}

/// Returns pairs about what random ones do not show.
fn chosen() -> Vec<[Vec<Rule>; 2]> {
    // The low half of the result is that of an error, and the call succeeds.
    let error = 38_u32.wrapping_neg();
    let conditions = [
        number(field::ARCH, Op::EQUAL, Arch::X86_64.elf()),
        number(field::EXIT, Op::EQUAL, error),
        number(field::SUCCESS, Op::EQUAL, 1),
    ];
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    let modify_ldt = kernel_syscall_number(Arch::X86_64, b"modify_ldt").expect("a syscall");
    assert!(rule.mask.insert(modify_ldt));
    rule.fields = conditions.to_vec().into();
    vec![[vec![rule], Vec::new()]]
}

fn of_pair(guest: &Guest, pair: &[Vec<Rule>; 2]) -> Vec<Witness> {
    let models = pair.each_ref().map(|rules| model(guest, rules));
    let [old, new] = &models;
    let found = compare(old, new, guest.kernel.version, Keys::Count).differences;
    let witness = |evidence: Evidence| {
        let mut block = issued::block(&evidence.event)?;
        let rules = |model: &KernelModel| model.rules().cloned().collect::<Vec<Rule>>();
        for set in [everything(), rules(old), rules(new)] {
            push_rules(&mut block, &set);
        }
        Some(Witness { models: models.clone(), evidence, block })
    };
    found.into_iter().filter_map(witness).collect()
}

fn model(guest: &Guest, rules: &[Rule]) -> KernelModel {
    let mut model = KernelModel::new(profile(guest));
    for rule in rules {
        model.add(rule).unwrap_or_else(|refusal| panic!("{rule:?}: {refusal:?}"));
    }
    model
}

pub(crate) fn calls(guest: &Guest) -> Job {
    let witnesses = witnesses(guest);
    let text: String = witnesses.iter().map(|witness| witness.block.as_str()).collect();
    let seconds = 60 + 3 * witnesses.len() as u64;
    let job = Job::new("in_guest witnesses /job/witnesses /out/events");
    job.file("/job/witnesses", text.as_bytes()).timeout(Duration::from_secs(seconds))
}

#[test]
fn the_kernel_confirms_witnesses() {
    for (guest, outcome) in outcomes("events::witnesses::the_kernel_confirms_witnesses") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let recorded = Recorded::read(&String::from_utf8_lossy(&outcome.files["events"]));
        let witnesses = witnesses(guest);
        assert_eq!(recorded.sets.len(), witnesses.len() * 3);
        let mut wrong = Vec::new();
        let (mut confirmed, mut changed, mut unlike) = (0, 0, 0);
        let (mut has_large_result, mut has_gone) = (false, false);
        for (witness, sets) in witnesses.iter().zip(recorded.sets.chunks(3)) {
            let [described, old, new] = [&sets[0][0], &sets[1][0], &sets[2][0]];
            let real = described.keys.is_some().then(|| recorded.witnessed(described));
            if !real.as_ref().is_some_and(|real| is_of(&witness.evidence.event, real)) {
                unlike += 1;
                let made = real.as_ref().map(text).unwrap_or_default();
                println!("not made: {}\n     but: {made}", text(&witness.evidence.event));
                continue;
            }
            let Evidence { old: of_old, new: of_new, .. } = &witness.evidence;
            if of_old.verdict == Verdict::Undecided {
                // Only the record that the rule is gone brings that of the call along.
                assert_eq!((&old.keys, &new.keys), (&Some(Vec::new()), &None), "{of_old:?}");
                has_gone = true;
                continue;
            }
            let of_real = real.as_ref().map(|real| witness.decisions(guest, real));
            let as_real = of_real
                .as_ref()
                .is_some_and(|[of_old, of_new]| is_so(of_old, old) && is_so(of_new, new));
            let same = |[old, new]: &[Decision; 2]| {
                outcome_of(old) == outcome_of(of_old) && outcome_of(new) == outcome_of(of_new)
            };
            match is_so(of_old, old) && is_so(of_new, new) {
                true => {
                    confirmed += 1;
                    has_large_result |= is_large(witness.evidence.event.call.outcome);
                }
                false if as_real && !of_real.as_ref().is_some_and(same) => {
                    changed += 1;
                    println!("changed by more names: {}", text(&witness.evidence.event));
                }
                false => wrong.push(format!(
                    "{}\n{of_old:?}\n{of_new:?}\nrecorded {:?} and {:?}: {}\n{}",
                    text(&witness.evidence.event),
                    old.keys,
                    new.keys,
                    real.as_ref().map(text).unwrap_or_default(),
                    listed(&witness.models)
                )),
            }
        }
        println!(
            "{confirmed} witnesses confirmed, {changed} changed by more names, {unlike} not made"
        );
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
        assert!(confirmed >= count() / 2 && unlike * 4 <= confirmed, "{confirmed}, {unlike}");
        assert!(changed * 20 <= confirmed, "{changed} of {confirmed}");
        assert!(has_gone, "a rule that goes with its directory");
        assert!(has_large_result, "a call that succeeds with the low half of an error");
    }
}

fn is_large(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Returned { value: Some(value), .. } if value > i64::from(i32::MAX))
}

fn text(event: &Event) -> String {
    Notation::new(event, Arch::X86_64).to_string()
}

/// Returns whether the kernel did as decided.
fn is_so(decision: &Decision, observed: &Observed) -> bool {
    outcome_of(decision) == observed.keys.as_ref()
}

/// Returns the keys of the record; `None` if there is none.
fn outcome_of(decision: &Decision) -> Option<&Vec<Vec<u8>>> {
    (decision.verdict == Verdict::Recorded).then_some(&decision.keys)
}

/// Returns whether a real call has every attribute that a witness names.
fn is_of(witness: &Event, real: &Event) -> bool {
    let (call, made) = (&witness.call, &real.call);
    let number = |event: &Event| match event.call.syscall.as_ref()? {
        Syscall::Number(number) => Some(*number),
        Syscall::Name(name) => kernel_syscall_number(event.call.arch?, name.as_bytes()),
    };
    let same_args = call.args.iter().zip(&made.args).all(|(asked, made)| {
        let low = |word: u64| word & 0xffff_ffff;
        asked.is_none_or(|asked| made.is_some_and(|made| low(asked) == low(made)))
    });
    // Witnesses name the mode of access only.
    let same_flags = call.open_flags.is_none() || is_access_of(call.open_flags, real);
    let same_outcome = match call.outcome {
        Outcome::Returned { value: Some(value), .. } => {
            matches!(made.outcome, Outcome::Returned { value: Some(made), .. } if made == value)
        }
        Outcome::Returned { success: Some(success), .. } => made.outcome.success() == Some(success),
        outcome => outcome != Outcome::Never || made.outcome == Outcome::Never,
    };
    let same_address = match call.address {
        rauditctl::eval::Address::Unknown => true,
        address => address == made.address,
    };
    call.arch == made.arch
        && number(witness) == number(real)
        && same_args
        && same_flags
        && same_outcome
        && same_address
        && is_task(&witness.task, &real.task)
        && is_task(&witness.at_entry, &real.task)
        && witness.cwd.is_none()
        && has_names(witness, real)
}

fn is_access_of(flags: Option<u32>, real: &Event) -> bool {
    let name = match (real.call.arch, &real.call.syscall) {
        (Some(arch), Some(Syscall::Number(number))) => kernel_syscall_name(arch, *number),
        _ => None,
    };
    let at = match name {
        Some("open") => 1,
        Some("openat") => 2,
        // The flags of other calls are not an argument.
        _ => return true,
    };
    let made = real.call.args[at].map(|flags| flags & 3);
    made == flags.map(|flags| u64::from(flags & 3))
}

/// Returns whether a task has the attributes that `asked` names.
fn is_task(asked: &Task, real: &Task) -> bool {
    fn same<T: PartialEq>(asked: Option<&T>, real: Option<&T>) -> bool {
        asked.is_none() || asked == real
    }
    let ids = (field::UID..=field::FSGID)
        .all(|id| same(asked.ids.get(id).as_ref(), real.ids.get(id).as_ref()));
    ids && same(asked.pid.as_ref(), real.pid.as_ref())
        && same(asked.tid.as_ref(), real.tid.as_ref())
        && same(asked.ppid.as_ref(), real.ppid.as_ref())
        // No record has the groups, which the program sets.
        && (real.groups.is_none() || same(asked.groups.as_ref(), real.groups.as_ref()))
        && same(asked.auid.as_ref(), real.auid.as_ref())
        && same(asked.sessionid.as_ref(), real.sessionid.as_ref())
        && same(asked.pers.as_ref(), real.pers.as_ref())
        && same(asked.exe.as_ref(), real.exe.as_ref())
        && same(asked.subj.as_ref(), real.subj.as_ref())
}

/// Returns whether the call collected the names of a witness, in their order. The kernel may collect more.
fn has_names(witness: &Event, real: &Event) -> bool {
    let Some(asked) = &witness.names else { return true };
    let made = real.names.as_deref().unwrap_or_default();
    if asked.is_empty() {
        return made.is_empty();
    }
    let mut made = made.iter();
    asked.iter().all(|asked| made.any(|made| is_name(asked, made)))
}

fn is_name(asked: &Name, made: &Name) -> bool {
    const S_IFMT: u32 = 0o170_000;
    let exists = made.inode != NameInode::None;
    let same_inode = match asked.inode {
        NameInode::None => !exists,
        // No rule names the number of the file.
        NameInode::OfPath | NameInode::Number(_) => exists,
    };
    let same_kind = match (asked.mode, made.mode) {
        (Some(asked), Some(made)) => asked & S_IFMT == made & S_IFMT,
        (asked, _) => asked.is_none(),
    };
    // The path of a directory in which an entry changes ends with a slash.
    let without_slash = |path: &Option<Vec<u8>>| {
        path.as_ref().map(|path| path.strip_suffix(b"/").unwrap_or(path).to_vec())
    };
    without_slash(&asked.path) == without_slash(&made.path)
        && same_inode
        && same_kind
        && (asked.ouid.is_none() || asked.ouid == made.ouid)
        && (asked.ogid.is_none() || asked.ogid == made.ogid)
        && (asked.nametype.is_none() || asked.nametype == made.nametype)
        && asked.dev.is_none()
        && asked.rdev.is_none()
        && asked.obj.is_none()
        && asked.fstype.is_none()
}
