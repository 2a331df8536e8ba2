//! The log that Debian's auditd writes meanwhile: `replay` names the rule that made each event.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::slice;

use flate2::read::GzDecoder;
use rauditctl::eval::Evaluator;
use rauditctl::ingest::{Assembly, Record};
use rauditctl::model::KernelModel;
use rauditctl::replay::{Maker, Makers};
use rauditctl::rule::{Field, FilterList, Op, Rule, TextId};

use super::listed;
use super::recorded::{Recorded, value};
use super::rule_sets;
use crate::harness::Guest;

/// The events, and the log of all of them.
pub(super) const SCRIPT: &str = "
start_auditd || exit 1
in_guest events /job/sets /out/events
status=$?
stop_auditd
gzip -c /tmp/audit/audit.log >/out/audit.log.gz
";

/// The byte before what auditd adds to a record.
const ENRICHED: char = '\u{1d}';

/// A call in the log: its process, arch and number.
type Call = (u32, String, String);

/// Returns the log.
pub(super) fn read(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut log = String::new();
    GzDecoder::new(files["audit.log.gz"].as_slice()).read_to_string(&mut log).expect("a log");
    log
}

/// Checks the maker of each event of the calls, by the log with its own keys, and by the log as it would be if each rule had
/// a key of its own.
pub(super) fn check(guest: &Guest, models: &[KernelModel], recorded: &Recorded, log: &str) {
    let parts = parts(log);
    assert_eq!(parts.len(), models.len());
    let (mut own, mut unique) = (Tally::default(), Tally::default());
    for ((model, observed), part) in models.iter().zip(&recorded.sets).zip(parts) {
        let evaluator =
            Evaluator::new(model, guest.kernel.version, recorded.files(&rule_sets::VOLATILE));
        // The kernel has confirmed these decisions, which know more than the log.
        let made = observed.iter().filter(|one| one.keys.is_some());
        let rules: HashMap<Call, usize> = made
            .filter_map(|one| {
                Some((recorded.call_of(one), evaluator.decide(&recorded.event(one)).rule?))
            })
            .collect();
        let version = guest.kernel.version;
        own.add(Makers::new(model, version), model, &part, &rules, |line, _| line.to_owned());
        let keyed = with_own_keys(model);
        let has_key = |serial| {
            let mut rules = keyed.entries().filter(|entry| entry.serial() == serial);
            rules.any(|entry| entry.rule().keys().next().is_some())
        };
        unique.add(
            Makers::new(&keyed, version),
            &keyed,
            &part,
            &rules,
            |line, rule| match has_key(rule) {
                true => with_key(line, rule),
                false => line.to_owned(),
            },
        );
    }
    let Tally { one_of, events, .. } = own;
    println!("{events} events of auditd's log; one of several rules: {one_of}");
    let Tally { one_of, events, .. } = unique;
    println!("with a key for each rule: {one_of}");
    assert!(events > 100 && one_of * 20 < events, "one of several rules: {one_of} of {events}");
}

/// Returns the lines of each rule set.
fn parts(log: &str) -> Vec<Vec<&str>> {
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in log.lines() {
        if line.contains("type=USER ") && line.contains("msg='set=") {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(line);
        }
    }
    parts
}

/// The events that have one maker, and those that have several.
#[derive(Default)]
struct Tally {
    events: usize,
    one_of: usize,
}

impl Tally {
    /// Finds the makers of the events of a log. `rewrite` changes the main record of a call that this rule made.
    fn add(
        &mut self,
        mut makers: Makers,
        model: &KernelModel,
        log: &[&str],
        rules: &HashMap<Call, usize>,
        rewrite: impl Fn(&str, usize) -> String,
    ) {
        let mut sought: HashMap<u64, usize> = HashMap::new();
        let mut found: HashMap<u64, usize> = HashMap::new();
        let mut assembly = Assembly::default();
        for line in log {
            let rule = call_of(line).and_then(|call| rules.get(&call)).copied();
            let line = rule.map_or_else(|| (*line).to_owned(), |rule| rewrite(line, rule));
            let record = Record::parse(line.as_bytes()).expect("a record of auditd");
            if let Some(rule) = rule {
                sought.insert(record.stamp.serial, rule);
            }
            assembly.add(&record, 0, |group| {
                found.insert(group.stamp.serial, makers.of(group));
            });
        }
        assembly.finish(|group| {
            found.insert(group.stamp.serial, makers.of(group));
        });
        assert_eq!(sought.len(), rules.len(), "events that auditd has not written");
        for (serial, rule) in sought {
            self.events += 1;
            match &makers.all()[found[&serial]] {
                maker if maker.rule() == Some(rule) => {}
                Maker::OneOf(rules, _) if rules.contains(&rule) => self.one_of += 1,
                other => panic!(
                    "{other:?}, not {rule}, made event {serial} of {}:\n{}",
                    listed(slice::from_ref(model)),
                    log.iter()
                        .filter(|line| line.contains(&format!(":{serial})")))
                        .map(|line| format!("{line}\n"))
                        .collect::<String>()
                ),
            }
        }
    }
}

/// Returns the call of a main record.
fn call_of(line: &str) -> Option<Call> {
    let record = line.strip_prefix("type=SYSCALL ")?;
    let of = |name| value(record, name).map(str::to_owned);
    Some((of("pid")?.parse().ok()?, of("arch")?, of("syscall")?))
}

/// Returns a main record with the key of a rule.
fn with_key(line: &str, rule: usize) -> String {
    let (record, enriched) = line.split_once(ENRICHED).expect("an enriched record");
    let (record, _) = record.rsplit_once(" key=").expect("a key");
    format!("{record} key=\"rule-{rule}\"{ENRICHED}{enriched}")
}

/// Returns the rules with a key for each of the list exit. Rules of other lists have none.
fn with_own_keys(model: &KernelModel) -> KernelModel {
    let mut entries: Vec<_> = model.entries().collect();
    entries.sort_by_key(|entry| entry.serial());
    let mut keyed = KernelModel::new(model.profile());
    for entry in entries {
        let placement = entry.placement().unwrap_or_default();
        let mut rule = Rule { placement, ..entry.rule().clone() };
        if rule.list == FilterList::Exit {
            let is_key =
                |field: &Field| matches!(field, Field::Text { id, .. } if *id == TextId::KEY);
            rule.fields.retain(|field| !is_key(field));
            let text = format!("rule-{}", entry.serial()).into_bytes().into();
            rule.fields.push(Field::Text { id: TextId::KEY, op: Op::EQUAL, text });
        }
        keyed.add(&rule).unwrap_or_else(|refusal| {
            panic!("{rule:?}: {refusal:?}\n{}", listed(slice::from_ref(model)))
        });
    }
    keyed
}
