//! Records that the kernel writes only with that of a call which a rule records: `replay --against` counts on it.

use rauditctl::catalog::{KernelVersion, record};
use rauditctl::ingest::{Assembly, Group, Record, described, is_by_rules};

use crate::harness::Guest;
use crate::job::Job;
use crate::shared::outcomes;

/// The same calls, first under a rule about another one. No module has this name, which the kernel sees too late.
const SCRIPT: &str = "
calls() {
    date -s @$(($(date +%s) + 1)) >/dev/null
    rmmod nosuch 2>/dev/null
}
start_auditd || exit 1
auditctl -a always,exit -F arch=b64 -S chdir -k other
calls
auditctl -a always,exit -F arch=b64 -S clock_settime,settimeofday,delete_module -k special
calls
auditctl -D >/dev/null
stop_auditd
cp /tmp/audit/audit.log /out/special.log
";

pub(crate) fn calls(guest: &Guest) -> Job {
    Job::audited(SCRIPT).auditd(guest)
}

#[test]
fn some_records_need_a_rule() {
    for (_, outcome) in outcomes("special::some_records_need_a_rule") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let log = String::from_utf8_lossy(&outcome.files["special.log"]);
        for kind in [record::TIME_INJOFFSET, record::KERN_MODULE] {
            assert!(is_by_rules(kind, KernelVersion::new(6, 1)));
            assert_eq!(keys(&log, kind), [[b"special".to_vec()]], "{log}");
        }
    }
}

/// Returns the keys of each event that has a record of this type.
fn keys(log: &str, kind: u32) -> Vec<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    let mut look = |group: &mut Box<Group>| {
        if group.record(kind).is_some() {
            found.push(described(group).keys);
        }
    };
    let mut assembly = Assembly::default();
    for line in log.lines() {
        let record = Record::parse(line.as_bytes()).expect("a record");
        assembly.add(&record, 0, &mut look);
    }
    assembly.finish(look);
    found
}
