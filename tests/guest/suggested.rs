//! `rauditctl replay --suggest` on the log of Debian's auditd: a program fills the log on two days, the first suggestion is
//! loaded, and the same program runs again.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

use flate2::read::GzDecoder;
use rauditctl::catalog::KernelVersion;
use rauditctl::model::KernelModel;
use rauditctl::replay::{By, Maker, Makers, Table, Window};
use serde_json::Value;

use crate::harness::Guest;
use crate::job::Job;
use crate::shared::outcomes;

const RULES: &str = "\
-a always,exit -F arch=b64 -S chdir -F key=directories
-a always,exit -F arch=b64 -S getppid -F key=parents
";

/// The noise is the program's getppid; the shell changes directories and asks for its parent, too. A day passes in between.
const SCRIPT: &str = "
# All users may write the root of the guest. A program there gets no suggestion.
chmod 755 /
noise() {
    in_guest calls 1 >/dev/null
    (cd / && cd /tmp)
}
two_days() {
    start_auditd || exit 1
    rauditctl -R $1 || exit 1
    noise
    date -s @$(($(date +%s) + 90000)) >/dev/null
    noise
    auditctl -D >/dev/null
    stop_auditd
}
echo -D | cat - /job/rules/noise.rules >/tmp/noise.rules
two_days /tmp/noise.rules
mv /tmp/audit/audit.log /tmp/before.log

record suggest rauditctl replay /tmp/before.log --rules /tmp/noise.rules --suggest
record json rauditctl replay /tmp/before.log --rules /tmp/noise.rules --suggest --format json
line=$(sed -n 's/^     \\(-a .*\\)/\\1/p' /out/suggest.out | head -n 1)
at=$(sed -n 's/.*insert before .*:\\([0-9]*\\):$/\\1/p' /out/suggest.out | head -n 1)
awk -v at=\"$at\" -v line=\"$line\" 'NR == at { print line } { print }' /tmp/noise.rules >/tmp/quiet.rules
record compare rauditctl compare /tmp/noise.rules /tmp/quiet.rules --format json

two_days /tmp/quiet.rules
gzip -c /tmp/before.log >/out/before.log.gz
gzip -c /tmp/audit/audit.log >/out/after.log.gz
";

pub(crate) fn noise(guest: &Guest) -> Job {
    let job = Job::audited(SCRIPT).auditd(guest).timeout(Duration::from_secs(240));
    job.file("/job/rules/noise.rules", RULES.as_bytes())
}

#[test]
fn a_suggestion_saves_what_it_promises() {
    for (guest, outcome) in outcomes("suggested::a_suggestion_saves_what_it_promises") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let suggest = outcome.step("suggest");
        println!("{}", suggest.out);
        let json = outcome.step("json");
        assert_eq!((suggest.status, json.status), (0, 0), "{}{}", suggest.err, json.err);
        let report: Value = serde_json::from_str(&json.out).expect("JSON");
        let first = &report["suggest"]["suggestions"][0];
        assert_eq!(first["of"]["exe"], "/sbin/in_guest", "{first}");

        let [before, after] = ["before", "after"].map(|name| bytes(guest, &outcome.files, name));
        let saved = before.checked_sub(after).expect("less is written");
        let promised = first["bytes"].as_u64().expect("a number");
        println!("{before} bytes before, {after} after; promised: {promised}");
        assert!(promised * 2 > before, "the noise is the most of {before}");
        assert!(saved.abs_diff(promised) * 20 <= promised, "{saved} are saved, not {promised}");

        // What is lost in general is what the suggestion names.
        let compared = outcome.step("compare");
        assert_eq!(compared.status, 1, "{}", compared.err);
        let compared: Value = serde_json::from_str(&compared.out).expect("JSON");
        let lost = compared["lost"].as_array().expect("rules");
        let takes = first["takes"].as_array().expect("rules");
        let lost: Vec<&Value> = lost.iter().map(|one| &one["old"]["rule"]["line"]).collect();
        let takes: Vec<&Value> = takes.iter().map(|one| &one["from"]["line"]).collect();
        assert_eq!(lost, takes, "{compared}");
        for other in ["gained", "rekeyed", "undecided"] {
            assert_eq!(compared[other], serde_json::json!([]), "{compared}");
        }
    }
}

/// Returns the bytes of the events that rules made.
fn bytes(guest: &Guest, files: &BTreeMap<String, Vec<u8>>, name: &str) -> u64 {
    let mut log = String::new();
    let packed = files[&format!("{name}.log.gz")].as_slice();
    GzDecoder::new(packed).read_to_string(&mut log).expect("a log");
    let makers = Makers::new(&KernelModel::new(guest.kernel.profile()), KernelVersion::NEWEST);
    let mut table = Table::new(makers, Window::default(), By::Rule);
    log.lines().for_each(|line| table.add(Ok(line.as_bytes())));
    table.finish();
    let of_rules = table.totals().filter(|(maker, _)| matches!(maker, Maker::OtherRule { .. }));
    of_rules.map(|(_, total)| total.bytes).sum()
}
