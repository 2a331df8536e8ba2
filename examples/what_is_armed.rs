//! Prints which syscalls a rule set arms, and which lines arm them.
//!
//! `cargo run --no-default-features --example what_is_armed -- /etc/audit/audit.rules`
#![allow(clippy::print_stdout)]

use rauditctl::analysis::{Analysis, Origin, Questions, loads};
use rauditctl::catalog::Arch;
use rauditctl::host::FixedHost;
use rauditctl::model::Profile;
use rauditctl::ruleset::{CheckedSet, Input, RuleSet};
use rauditctl::source::Source;

const RULES: &str = "\
-a always,exit -F arch=b64 -S unlink,rename -F auid>=1000 -k delete
-a always,exit -F arch=b32 -S unlink,rename -F auid>=1000 -k delete
-a always,exit -F arch=b64 -S execve -k program
";

fn main() -> std::io::Result<()> {
    let source = match std::env::args_os().nth(1) {
        Some(path) => Source::new(path.to_string_lossy(), std::fs::read(&path)?),
        None => Source::new("example.rules", RULES.into()),
    };
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));

    let file: std::sync::Arc<str> = source.name().into();
    let loads = loads(&checked.lines, |_, place| Origin {
        file: file.clone(),
        line: source.location(place.span.start).line,
    });
    let analysis = Analysis::new(Profile::newest(Arch::X86_64), &loads, Questions::default());

    let arming = &analysis.arming;
    println!("{}: {} rules, {} errors", file, arming.rules().count(), checked.error_count(0));
    println!("a stock kernel arms every syscall: {}", arming.stock.armed);
    println!("a kernel with the bitmap arms {}:", arming.bitmap.armed_count);
    for syscall in &arming.bitmap.syscalls {
        let lines: Vec<String> =
            arming.origins(&syscall.rules).map(|origin| origin.line.to_string()).collect();
        let [b64, b32] = [syscall.name, syscall.compat_name].map(|name| name.unwrap_or("-"));
        println!("{:>4}  {b64:<12} {b32:<12} lines {}", syscall.nr, lines.join(", "));
    }
    Ok(())
}
