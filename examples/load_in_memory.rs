//! Loads a rule set into a kernel in memory, and lists the rules of that kernel. No socket is opened.
//!
//! `cargo run --no-default-features --example load_in_memory -- /etc/audit/audit.rules`
#![allow(clippy::print_stdout)]

use rauditctl::apply::{self, Client, Event, Session, Unanswered};
use rauditctl::catalog::{Arch, syscall_name};
use rauditctl::compile::Step;
use rauditctl::host::FixedHost;
use rauditctl::kernel::{AuditKernel, InProcess, KernelError};
use rauditctl::model::Profile;
use rauditctl::ruleset::{CheckedSet, Input, RuleSet};
use rauditctl::source::Source;

/// The second rule for `/etc/shadow` is equal to the first, so the kernel refuses it, and `-c` continues.
const RULES: &str = "\
-c
-b 8192
-a always,exit -F arch=b64 -S unlink,rename -k delete
-w /etc/shadow -p wa -k accounts
-w /etc/shadow -p wa -k accounts
-A never,exit -F arch=b64 -S read
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = match std::env::args_os().nth(1) {
        Some(path) => Source::new(path.to_string_lossy(), std::fs::read(&path)?),
        None => Source::new("example.rules", RULES.into()),
    };
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));

    let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
    let outcome = apply::load(&mut kernel, &checked, &mut Printer { source: &source });
    println!("outcome: {outcome:?}");
    list(&mut kernel)?;
    Ok(())
}

/// Prints the events of a load.
struct Printer<'s> {
    source: &'s Source,
}

impl Client for Printer<'_> {
    /// Options such as `-l` get no answer.
    fn answer(&mut self, _: &Step, _: &mut Session<'_>) -> Result<(), Unanswered> {
        Ok(())
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Refused { diagnostic, .. } => {
                let line = self.source.location(diagnostic.span.start).line;
                println!("line {line}: {}", diagnostic.fault.explain().title);
            }
            other => println!("{other:?}"),
        }
    }
}

/// Prints the rules in the order in which the kernel tests them, and the length of the backlog.
fn list(kernel: &mut dyn AuditKernel) -> Result<(), KernelError> {
    for rule in kernel.rules()? {
        let syscalls: Vec<&str> = match rule.mask.is_all() {
            true => vec!["all"],
            false => rule.mask.iter().filter_map(|nr| syscall_name(Arch::X86_64, nr)).collect(),
        };
        let keys: Vec<_> = rule.keys().map(String::from_utf8_lossy).collect();
        let fields = rule.fields.len();
        println!(
            "{},{}  syscalls {}  fields {fields}  keys {}",
            rule.action.name(),
            rule.list.name(),
            syscalls.join(","),
            keys.join(","),
        );
    }
    println!("backlog limit: {}", kernel.status()?.backlog_limit);
    Ok(())
}
