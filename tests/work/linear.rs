//! Four times the rules may cause little more than four times the work, counted in bytes that are allocated in all.

use std::io::sink;

use rauditctl::catalog::Arch;
use rauditctl::host::FixedHost;
use rauditctl::report::{request::RequestReport, write_json};
use rauditctl::ruleset::{CheckedSet, Input, RuleSet, Sent};
use rauditctl::source::Source;

use super::{HEAP, linted, rules};

const FEW: usize = 2000;
const MANY: usize = 4 * FEW;

/// Checks every command.
pub(super) fn all() {
    let faulty = |count| rules(count).replace("-F key=", "-S nosuch -F key=");
    is_linear("lint", rules, |text| drop(linted(text)));
    is_linear("lint of faulty rules", faulty, |text| drop(linted(text)));
    is_linear("compile", rules, compiled);
}

fn is_linear(command: &str, input: impl Fn(usize) -> String, run: impl Fn(&str)) {
    let allocated = |count| {
        let text = input(count);
        let before = HEAP.total_allocated();
        run(&text);
        HEAP.total_allocated() - before
    };
    // Tables are made on first use.
    allocated(1);
    let (few, many) = (allocated(FEW), allocated(MANY));
    println!(
        "{command}: {} bytes allocated for a rule of {FEW}, {} of {MANY}",
        few / FEW,
        many / MANY
    );
    assert!(many * 10 <= few * 44, "{command}: {few} bytes, then {many}");
}

/// Compiles a text, and writes the requests as JSON.
fn compiled(rules: &str) {
    let source = Source::new("a.rules", rules.as_bytes().to_vec());
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
    for (sent, place) in checked.sent() {
        let Sent::Request(request) = sent else { continue };
        let line = source.location(place.span.start).line;
        let report = RequestReport::new(request, Some(Arch::X86_64), source.name(), line);
        write_json(&mut sink(), &report).expect("nothing is written");
    }
}
