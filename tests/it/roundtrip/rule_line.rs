//! Rules as lines of a rules file. The rules are those that auditctl 4.2.2 sent in the recorded runs, so the bytes to
//! compile to are auditctl's own.

use std::collections::BTreeSet;

use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, compile};
use rauditctl::host::FixedHost;
use rauditctl::rewrite::rule_line;
use rauditctl::rule::{Field, FilterList, KEY_SEPARATOR, Mask, NumberId, Request, Rule, TextId};
use rauditctl::syntax::{self, Content, MAX_LINE};
use rauditctl::wire::{decode, encode};

use super::listed;
use crate::golden::records::records;
use crate::truth::bytes_of;

/// `AUDIT_ADD_RULE` of linux/audit.h.
const ADD_RULE: u64 = 1011;

/// Returns the bytes of the rules that auditctl sent on x86_64, without duplicates.
fn payloads() -> Option<BTreeSet<Vec<u8>>> {
    let records = records()?;
    let requests = records
        .iter()
        .filter(|record| record["machine"].as_str().is_none_or(|machine| machine == "x86_64"))
        .filter_map(|record| record["requests"].as_array())
        .flatten();
    let rules = requests.filter(|request| request["type"].as_u64() == Some(ADD_RULE));
    let payload =
        |request: &serde_json::Value| bytes_of(request["payload_hex"].as_str().expect("a payload"));
    Some(rules.map(payload).collect())
}

/// Returns whether auditctl sent the rule for something that no line of a rules file on x86_64 has: a line that is too
/// long, an arch of another machine, a list of older kernels, `-F field_compare`, or options without a meaning.
fn has_no_line(rule: &Rule) -> bool {
    let is_odd = |field: &Field| match field {
        Field::Number { id: NumberId::ARCH, value, .. } => {
            ![Arch::X86_64, Arch::I386].map(Arch::elf).contains(value)
        }
        // `-C` has these two operators, and 25 pairs of fields.
        Field::Number { id: NumberId::FIELD_COMPARE, value, op } => {
            *value > 25 || !matches!(op.symbol(), Some("=" | "!=")) || rule.list != FilterList::Exit
        }
        Field::Number { id: NumberId::PERM, value: 0, .. } => true,
        // `-k ''`
        Field::Text { id: TextId::KEY, text, .. } => text.ends_with(&[KEY_SEPARATOR]),
        _ => false,
    };
    let is_unusual = |mask: &Mask| match rule.list {
        FilterList::Raw(_) => true,
        // `-S ,` names no syscall.
        FilterList::Exit => mask.is_empty(),
        // A syscall on a list that has none.
        FilterList::User | FilterList::Exclude | FilterList::Filesystem => !mask.is_all(),
        _ => false,
    };
    rule.fields.iter().any(is_odd) || is_unusual(&rule.mask) || listed(rule).len() >= MAX_LINE
}

#[test]
fn lines_compile_to_the_bytes_that_auditctl_sent() {
    let Some(payloads) = payloads() else { return };
    let mut without_line = Vec::new();
    let host = FixedHost::new(Arch::X86_64);
    for payload in &payloads {
        let rule = decode(payload).expect("auditctl sent it");
        let Some(line) = rule_line(&rule, Arch::X86_64) else {
            if has_no_line(&rule) {
                continue;
            }
            without_line.push(listed(&rule).escape_ascii().to_string());
            continue;
        };
        let shown = line.escape_ascii().to_string();
        let text = [&*line, b"\n"].concat();
        let mut lines = syntax::lines(&text);
        let Content::Command(command) = syntax::parse_line(&lines.next().expect("a line")) else {
            panic!("no command: {shown}")
        };
        assert!(lines.next().is_none(), "{shown}");
        let End::Rule(Request::Add(made), _) = compile(&command, &host, Options::default()).end
        else {
            panic!("no rule: {shown}")
        };
        // Zeros at the end align the next message.
        let sent = payload.strip_prefix(encode(&made).as_slice());
        assert!(sent.is_some_and(|rest| rest.iter().all(|byte| *byte == 0)), "{shown}");
    }
    assert!(payloads.len() > 500, "{} rules", payloads.len());
    assert!(
        without_line.is_empty(),
        "{} of {}: {without_line:#?}",
        without_line.len(),
        payloads.len()
    );
}
