//! Messages of programs: two threads of each of several users send messages of many types under random rules of the
//! lists user and exclude (`in_guest/src/events/messages.rs`). The kernel must decide each as `eval` does.
//!
//! `RAUDITCTL_MESSAGE_SETS=NUMBER` sets the number of sets.

use rauditctl::catalog::{Operator, field};
use rauditctl::eval::{Evaluator, Event, Files, Kind, Task, Verdict};
use rauditctl::model::KernelModel;
use rauditctl::relate::sets::{Change, Keys, compare};
use rauditctl::rule::{Action, Field, FilterList, Mask, Op, Placement, Rule};

use super::recorded::{PROGRAM, number_of, value};
use super::rule_sets::{Subject, equality, order, pair};
use super::{count_of, job, listed, model, profile, replace};
use crate::harness::Guest;
use crate::job::Job;
use crate::random::{Random, number, text};
use crate::shared::outcomes;

/// The variable with the number of rule sets, and its default.
const VARIABLE: &str = "RAUDITCTL_MESSAGE_SETS";
const FEW: usize = 30;

/// The seed of the first pair.
const SEED: u64 = 50_000;

/// The number of threads that send.
const THREADS: u32 = 8;

const IDS: [u32; 5] = [0, 33, 1000, 1001, u32::MAX];

/// Returns the rule sets. The first one has no rules; the others are pairs.
fn sets(guest: &Guest) -> Vec<Vec<Rule>> {
    let pairs = count_of(VARIABLE, FEW) as u64 / 2;
    let subject = Subject { rule, of_task };
    let pairs = (0..pairs).flat_map(|number| pair(profile(guest), SEED + number, &subject));
    std::iter::once(Vec::new()).chain(pairs).collect()
}

pub(crate) fn messages(guest: &Guest) -> Job {
    let seconds = 60 + 2 * count_of(VARIABLE, FEW) as u64;
    job("in_guest messages /job/sets /out/messages", &sets(guest), seconds)
}

#[test]
fn decides_messages_as_the_kernel() {
    for (guest, outcome) in outcomes("events::messages::decides_messages_as_the_kernel") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let sent = Sent::read(&String::from_utf8_lossy(&outcome.files["messages"]));
        let sets = sets(guest);
        assert_eq!(sent.sets.len(), sets.len());
        assert!(sent.sets[0].iter().all(|message| message.record.is_some()), "not recorded");
        let models: Vec<KernelModel> =
            sets.iter().map(|set| model(guest, set, |rule| sent.with_numbers(rule))).collect();
        decisions(guest, &models, &sent);
        differences(guest, &models, &sent);
    }
}

/// Compares each decision with what the kernel recorded.
fn decisions(guest: &Guest, models: &[KernelModel], sent: &Sent) {
    let (mut same, mut recorded, mut wrong) = (0, 0, Vec::new());
    for (model, messages) in models.iter().zip(&sent.sets).skip(1) {
        let evaluator = Evaluator::new(model, guest.kernel.version, Files::default());
        for (at, message) in messages.iter().enumerate() {
            let event = sent.event(at);
            let decision = evaluator.decide(&event);
            let is_kept = match decision.verdict {
                Verdict::Recorded | Verdict::Unmatched => Some(true),
                Verdict::Silenced | Verdict::Excluded => Some(false),
                _ => None,
            };
            if is_kept == Some(message.record.is_some()) {
                same += 1;
                recorded += usize::from(message.record.is_some());
            } else {
                let rules = listed(std::slice::from_ref(model));
                wrong.push(format!("{message:?}: {decision:?}\n{event:?}\n{rules}"));
            }
        }
    }
    println!("{same} messages the same ({recorded} recorded), none undecided");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(recorded * 10 > same && recorded * 10 < same * 9, "{recorded} of {same}");
}

/// Looks for the differences of each pair of sets that the kernel shows.
fn differences(guest: &Guest, models: &[KernelModel], sent: &Sent) {
    let mut confirmed = 0;
    for (pair, messages) in models[1..].chunks(2).zip(sent.sets[1..].chunks(2)) {
        let comparison = compare(&pair[0], &pair[1], guest.kernel.version, Keys::Count);
        for (old, new) in messages[0].iter().zip(&messages[1]) {
            let change = match (&old.record, &new.record) {
                (Some(_), None) => Change::Lost,
                (None, Some(_)) => Change::Gained,
                _ => continue,
            };
            let is_found = comparison.of(change).next().is_some();
            confirmed += usize::from(is_found);
            assert!(is_found || comparison.is_open(), "{change:?}: {old:?}\n{}", listed(pair));
        }
    }
    println!("{confirmed} differences confirmed");
    assert!(confirmed > models.len(), "{confirmed}");
}

/// A message under a rule set.
#[derive(Debug)]
struct Message {
    task: String,
    thread: usize,
    kind: u32,
    record: Option<String>,
}

/// A process that sent messages.
struct Sender {
    task: String,
    process: u32,
    threads: [u32; 2],
    group: u32,
}

/// The output of the program.
#[derive(Default)]
struct Sent {
    senders: Vec<Sender>,
    sets: Vec<Vec<Message>>,
}

impl Sent {
    fn read(output: &str) -> Self {
        let mut sent = Sent::default();
        for line in output.lines() {
            let (word, rest) = line.split_once(' ').expect("a word");
            let words: Vec<&str> = rest.split(' ').collect();
            let number = |at: usize| number_of(words[at]);
            match word {
                "sender" => sent.senders.push(Sender {
                    task: words[0].to_owned(),
                    process: number(1),
                    threads: [number(2), number(3)],
                    group: number(4),
                }),
                "set" => sent.sets.push(Vec::new()),
                "message" => {
                    let (task, thread) = (words[0].to_owned(), number(1) as usize);
                    let message = Message { task, thread, kind: number(2), record: None };
                    sent.sets.last_mut().expect("a set").push(message);
                }
                "record" => {
                    let last = sent.sets.last_mut().and_then(|set| set.last_mut());
                    last.expect("a message").record = Some(rest.to_owned());
                }
                _ => panic!("{word}"),
            }
        }
        sent
    }

    /// Returns a rule with the numbers of threads in place of their places.
    fn with_numbers(&self, rule: &Rule) -> Rule {
        let numbers: Vec<u32> = self.senders.iter().flat_map(|sender| sender.threads).collect();
        replace(rule, field::PID, |at| numbers.get(at as usize).copied())
    }

    /// Returns the event of a message of every set, as the record without rules describes it.
    fn event(&self, at: usize) -> Event {
        let Message { task, thread, kind, record } = &self.sets[0][at];
        let record = record.as_deref().expect("a record");
        let of = |name| value(record, name).expect("a field of the record");
        let sender = self.senders.iter().find(|sender| sender.task == *task).expect("a sender");
        assert_eq!(number_of(of("pid")), sender.process);
        let mut event = Event { kind: Kind::User(Some(*kind)), ..Event::default() };
        event.task = Task {
            pid: Some(sender.process),
            tid: Some(sender.threads[*thread]),
            auid: Some(number_of(of("auid"))),
            exe: Some(PROGRAM.into()),
            subj: Some(of("subj").into()),
            ..Task::default()
        };
        let ids = [(field::UID, number_of(of("uid"))), (field::GID, sender.group)];
        assert!(ids.into_iter().all(|(number, id)| event.task.ids.set(number, id)));
        event
    }
}

fn rule(random: &mut Random) -> Rule {
    let list = if random.once_in(3) { FilterList::Exclude } else { FilterList::User };
    let action = if random.once_in(2) { Action::Never } else { Action::Always };
    let mut rule = Rule::new(list, action);
    rule.mask = Mask::ALL;
    if random.once_in(6) {
        rule.placement = Placement::Prepend;
    }
    for _ in 0..1 + random.below(3) {
        let field = match random.below(3) {
            0 => of_type(random),
            _ => of_task(random),
        };
        rule.fields.push(field);
    }
    if random.once_in(6) {
        let at = random.index(rule.fields.len() + 1);
        rule.fields.insert(at, unknown(random));
    }
    rule
}

fn of_type(random: &mut Random) -> Field {
    let kind = random.pick(&[1005, 1100, 1106, 1107, 1115, 1130, 1150, 1199, 2100, 2300, 2999]);
    number(field::MSGTYPE, order(random), kind)
}

fn of_task(random: &mut Random) -> Field {
    match random.below(9) {
        0 | 1 => number(field::PID, order(random), random.below(THREADS)),
        2 => number(field::AUID, order(random), random.pick(&[0, 1000, u32::MAX])),
        3 => number(field::LOGINUID_SET, equality(random), random.below(2)),
        4 => {
            let program = random.pick(&["/sbin/in_guest", "/bin/busybox"]);
            text(field::EXE, equality(random), program.as_bytes())
        }
        5 => text(field::SUBJ_ROLE, equality(random), b"unconfined"),
        // AppArmor has no such part: the kernel keeps the rule without it.
        6 => text(field::SUBJ_TYPE, equality(random), b"none_t"),
        7 => number(field::GID, order(random), random.pick(&IDS)),
        _ => number(field::UID, order(random), random.pick(&IDS)),
    }
}

/// Makes a condition that these lists do not know: the list ends there if the conditions before it hold.
fn unknown(random: &mut Random) -> Field {
    match random.below(6) {
        0 => text(field::KEY, Op::EQUAL, b"a"),
        1 => number(field::SUCCESS, equality(random), random.below(2)),
        2 => number(field::PPID, order(random), 1),
        3 => number(field::SESSIONID, order(random), 1),
        4 => number(field::A0, Op::Known(Operator::Equal), random.below(2)),
        _ => number(field::EUID + random.below(3), order(random), random.pick(&IDS)),
    }
}
