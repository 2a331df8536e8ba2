//! The messages that a text sends, line by line, on three machines.

use rauditctl::catalog::Arch;
use rauditctl::compile::{End, FaultSearch, Options, Program, Step, compile};
use rauditctl::host::FixedHost;
use rauditctl::rule::Request;
use rauditctl::syntax::{self, Content};
use rauditctl::wire::Frame;

/// The effects of a command on one machine, in one mode.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Effects {
    /// Messages and other effects, in order.
    steps: Vec<Vec<u8>>,
    /// The final rule, or the end of the command without a rule.
    end: Vec<u8>,
    /// The codes of the diagnostics of a command without errors.
    codes: Vec<&'static str>,
}

/// Returns the effects of all commands of a text.
pub(super) fn sent(text: &[u8]) -> Vec<Effects> {
    let mut sent = Vec::new();
    for machine in [Arch::X86_64, Arch::Aarch64, Arch::S390x] {
        let host = host(machine);
        for search in [FaultSearch::FirstOnly, FaultSearch::All] {
            for line in syntax::lines(text) {
                let Content::Command(command) = syntax::parse_line(&line) else { continue };
                let options = Options { line: None, search };
                sent.push(effects(&compile(&command, &host, options)));
            }
        }
    }
    sent
}

/// Returns whether the line is a rule without errors.
pub(super) fn has_rule(line: &[u8]) -> bool {
    let host = host(Arch::X86_64);
    let mut programs = syntax::lines(line).filter_map(|line| match syntax::parse_line(&line) {
        Content::Command(command) => Some(compile(&command, &host, Options::default())),
        _ => None,
    });
    programs.any(|program| matches!(program.end, End::Rule(..)))
}

fn host(machine: Arch) -> FixedHost {
    let accounts = || {
        let names = ["root", "alice", "bob", "wheel"];
        names
            .iter()
            .zip([0, 1000, 1001, 10])
            .map(|(name, id)| (name.as_bytes().to_vec(), id))
            .collect()
    };
    let mut host = FixedHost::new(machine);
    (host.users, host.groups) = (accounts(), accounts());
    host.directories =
        ["/etc", "/", "/srv/a b", "/home"].map(|path| path.as_bytes().to_vec()).into();
    host
}

fn effects(program: &Program) -> Effects {
    let steps = program.steps.iter().filter_map(|step| match step {
        Step::Say(_) => None,
        Step::Send(request, _) => Some(message(request)),
        Step::DeleteAll { key, .. } => Some([b"delete all ", &**key].concat()),
        other => Some(format!("{other:?}").into_bytes()),
    });
    let end = match &program.end {
        End::Rule(request, _) => message(request),
        other => format!("{other:?}").into_bytes(),
    };
    let mut codes: Vec<_> = program.diagnostics().map(|found| found.code().as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    if program.is_faulty() {
        codes.clear();
    }
    Effects { steps: steps.collect(), end, codes }
}

/// Returns the message on the wire: header, payload and padding.
fn message(request: &Request) -> Vec<u8> {
    Frame::from(request).message(1)
}
