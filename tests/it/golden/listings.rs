//! Recorded listings of both versions of auditctl, read back to the rules of the recorded requests.

use std::collections::BTreeMap;

use rauditctl::catalog::Arch;
use rauditctl::host::FixedHost;
use rauditctl::listing::{Doubt, read};
use rauditctl::rule::{Field, Mask, NumberId, Placement, Rule};
use rauditctl::wire;
use serde_json::Value;
use xtask::needs::skip;

use super::recorded::FULL;
use super::records::{FILES, records_of, root};

/// Listings with rules that a real kernel refuses; that of the recordings accepts everything. A path ends in a slash, or
/// has another operator than `=`, which 3.0.9 does not print.
const REFUSED: [&str; 7] =
    ["own-dir-slash", "fieldop-050", "fieldop-058", "path-020", "path-021", "path-022", "path-023"];

/// Listings that show neither the rule nor that they do not: the reader takes these points for granted.
const NOT_SHOWN: [(&str, &str); 7] = [
    ("list-095", "`-S` before `-a always,user` sets a mask that the list does not use"),
    ("list-096", "the same on the exclude list"),
    ("num-068", "a comparison of two fields by a number that no pair has"),
    ("key-009", "an operator of a key that is not `=`"),
    ("key-029", "the same"),
    ("key-030", "the same"),
    ("key-031", "the same"),
];

#[test]
fn recorded_listings_read_back() {
    let counts = check(&FILES, "4.2.2");
    if let Some(counts) = counts {
        println!("{counts:?}");
        assert!(counts.rules > 850 && counts.ambiguous * 10 < counts.rules, "{counts:?}");
    }
}

#[test]
fn listings_of_the_full_collection_read_back() {
    if !FULL.iter().all(|file| root().join(file).is_file()) {
        skip("the full collection of recorded runs is not part of the repository");
        return;
    }
    for version in ["4.2.2", "3.0.9"] {
        if let Some(counts) = check(&FULL, version) {
            println!("{version}: {counts:?}");
            assert!(counts.rules > 850 && counts.ambiguous * 10 < counts.rules, "{counts:?}");
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    listings: u32,
    /// Listings with rules for the arch of another machine, which is printed like that of the machine.
    foreign: u32,
    rules: u32,
    ambiguous: u32,
    /// Rules that were read as another rule, which is printed alike.
    other: u32,
    doubts: BTreeMap<Doubt, u32>,
}

fn check(files: &[&str], version: &str) -> Option<Counts> {
    let records = records_of(files, version)?;
    let mut counts = Counts::default();
    let mut faults = Vec::new();
    for record in &records {
        let Some(text) = listing(record) else { continue };
        let Some(expected) = rules(record) else { continue };
        let id = record["id"].as_str().expect("an id");
        let machine = record["machine"].as_str().unwrap_or("x86_64");
        let machine = Arch::from_name(machine.as_bytes()).expect("a known machine");
        if expected.iter().any(|rule| has_foreign_arch(rule, machine)) {
            counts.foreign += 1;
            continue;
        }
        if REFUSED.contains(&id) {
            continue;
        }
        let host = FixedHost { directories: directories(record), ..FixedHost::new(machine) };
        let listed = match read(&text, machine, &host) {
            Ok(listed) => listed,
            Err(problems) => {
                faults.push(format!("{id}: {}", problems[0]));
                continue;
            }
        };
        counts.listings += 1;
        if listed.rules.len() != expected.len() {
            faults.push(format!("{id}: {} rules, not {}", listed.rules.len(), expected.len()));
            continue;
        }
        for (listed, rule) in listed.rules.iter().zip(&expected) {
            counts.rules += 1;
            counts.ambiguous += u32::from(listed.is_ambiguous());
            counts.other += u32::from(listed.rule != *rule);
            for doubt in &listed.doubts {
                *counts.doubts.entry(*doubt).or_default() += 1;
            }
            let line = text[listed.span.range()].escape_ascii();
            if !listed.may_be(rule) {
                faults.push(format!("{id}: {line}\n  is {rule:?}\n  not {:?}", listed.rule));
            } else if listed.rule != *rule && listed.doubts.is_empty() {
                let known = NOT_SHOWN.iter().find(|(known, _)| *known == id);
                assert!(known.is_some(), "{id}: {line} is read as another rule without a doubt");
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    Some(counts)
}

fn has_foreign_arch(rule: &Rule, machine: Arch) -> bool {
    let own = [machine.b64(), machine.b32()].map(|arch| arch.map(Arch::elf));
    rule.fields.iter().any(|field| match field {
        Field::Number { id: NumberId::ARCH, value, .. } => !own.contains(&Some(*value)),
        _ => false,
    })
}

fn listing(record: &Value) -> Option<Vec<u8>> {
    let text = record["listing"].as_str().map(|text| text.as_bytes().to_vec());
    text.or_else(|| record["listing_hex"].as_str().map(bytes))
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(&hexadecimal[at..at + 2], 16).expect("digits");
    (0..hexadecimal.len()).step_by(2).map(pair).collect()
}

fn directories(record: &Value) -> Vec<Vec<u8>> {
    let paths = record["stat"].as_array().into_iter().flatten();
    let directories = paths.filter(|path| path["is"] == "dir");
    directories.filter_map(|path| path["path"].as_str()).map(|path| path.into()).collect()
}

/// Returns the rules of the kernel after the run; `None` if there were others before it.
fn rules(record: &Value) -> Option<Vec<Rule>> {
    if !record["setup"].is_null() || !record["setup_try"].is_null() {
        return None;
    }
    let mut rules: Vec<Rule> = Vec::new();
    for request in record["requests"].as_array()? {
        if !request["answer"].is_null() {
            continue;
        }
        let decode = || wire::decode(&bytes(request["payload_hex"].as_str()?)).ok();
        match request["type"].as_u64()? {
            1011 => {
                let rule = decode()?;
                match rule.placement {
                    Placement::Prepend => rules.insert(0, kept(rule)),
                    Placement::Append => rules.push(kept(rule)),
                }
            }
            1012 => {
                let rule = kept(decode()?);
                let at = rules.iter().position(|other| *other == rule)?;
                rules.remove(at);
            }
            _ => {}
        }
    }
    // A kernel lists one list after the other.
    rules.sort_by_key(|rule| rule.list.number());
    Some(rules)
}

/// Returns the rule as a real kernel keeps it.
fn kept(rule: Rule) -> Rule {
    let mut words = *rule.mask.words();
    words[Mask::WORDS - 1] &= 0xffff;
    Rule { mask: Mask::from_words(words), placement: Default::default(), ..rule }
}
