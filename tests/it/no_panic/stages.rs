//! Runs every stage that reads input of others. `fuzz/` runs the same code.

use std::sync::Arc;

use netlink_packet_core::NetlinkMessage;
use rauditctl::analysis::{Analysis, Load, LoadStep, Origin, Questions};
use rauditctl::catalog::Arch;
use rauditctl::compile::{End, FaultSearch, Options, Program, Step, compile};
use rauditctl::host::FixedHost;
use rauditctl::model::{KernelModel, Profile};
use rauditctl::report::argument::NoNames;
use rauditctl::report::explain::html;
use rauditctl::report::explain::json::AnalysisReport;
use rauditctl::report::explain::text::{DEFAULT_VIEWS, Layout, write_explanation};
use rauditctl::report::listing::{Listing, Style};
use rauditctl::report::request::RequestReport;
use rauditctl::report::{diagnostic, status};
use rauditctl::rule::{Request, Rule};
use rauditctl::source::Source;
use rauditctl::span::Span;
use rauditctl::syntax::{self, Command, Content, Text};
use rauditctl::wire::{self, FeatureSet, Frame, Status};

/// Reads a rules file: lines, words, options, rules, bytes, and all diagnostics. The first byte chooses the machine.
pub(super) fn rules_text(input: &[u8]) {
    let (machine, text) = input.split_first().unwrap_or((&0, &[]));
    let host = host(*machine);
    let source = Source::new("fuzz.rules", text.to_vec());
    let mut loads = Vec::new();
    for line in syntax::lines(text) {
        let Content::Command(command) = syntax::parse_line(&line) else { continue };
        for program in both_ways(&command, &host, Some(line.number)) {
            say(&program, &source);
            loads.extend(loads_of(program, line.number));
        }
    }
    explain_loads(&host, &loads);
}

/// Reads a command line; NULs end the arguments.
pub(super) fn command_line(input: &[u8]) {
    let (machine, text) = input.split_first().unwrap_or((&0, &[]));
    let arguments = text.split(|byte| *byte == 0).map(<[u8]>::to_vec);
    let (source, spans) = Source::command_line(arguments);
    let word = |span: &Span| Text::plain(&source.text()[span.range()], span.start);
    let command = syntax::parse_words(spans.iter().map(word).collect());
    both_ways(&command, &host(*machine), None).for_each(|program| say(&program, &source));
}

/// Reads an answer of a kernel: a rule, a status, features, or a whole message.
pub(super) fn kernel_reply(input: &[u8]) {
    let (machine, bytes) = input.split_first().unwrap_or((&0, &[]));
    let machine = host(*machine).machine;
    if let Ok(rule) = wire::decode(bytes) {
        assert_eq!(wire::decode(&wire::encode(&rule)).as_ref(), Ok(&rule));
        list(&rule, machine);
        let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64).without_value_checks());
        if kernel.add(&rule).is_ok() {
            assert_eq!(kernel.len(), 1);
            kernel.rules().for_each(|rule| list(rule, machine));
        }
        report(&Request::Delete(rule), machine);
    }
    if let Ok(answer) = Status::decode(bytes) {
        assert_eq!(Status::decode(&answer.encode()), Ok(answer));
        status::status(&answer, false);
        status::status(&answer, true);
    }
    if let Ok(features) = FeatureSet::decode(bytes) {
        status::features(&features);
    }
    let _ = NetlinkMessage::<Frame>::deserialize(bytes);
}

fn host(choice: u8) -> FixedHost {
    let machine = Arch::ALL.get(usize::from(choice)).copied();
    let mut host = FixedHost::new(machine.unwrap_or(Arch::X86_64));
    if choice == u8::MAX {
        host.machine = None;
    }
    if choice & 0x40 != 0 {
        host.features = rauditctl::catalog::Features(0);
    }
    host.directories = vec![b"/etc".to_vec()];
    host
}

/// Compiles a command in the mode of auditctl, and with all faults.
fn both_ways(
    command: &Command<'_>,
    host: &FixedHost,
    line: Option<usize>,
) -> impl Iterator<Item = Program> {
    let _ = command.is_well_formed();
    let compile = move |search| compile(command, host, Options { line, search });
    [FaultSearch::FirstOnly, FaultSearch::All].into_iter().map(compile)
}

/// Prints all diagnostics of a command, and encodes all its requests.
fn say(program: &Program, source: &Source) {
    for found in program.diagnostics() {
        found.fault.auditctl();
        found.fault.explain();
        diagnostic::one_line(source, found);
        diagnostic::render(source, found);
    }
    for step in &program.steps {
        if let Step::Send(request, _) = step {
            report(request, Some(Arch::X86_64));
        }
    }
    if let End::Rule(request, _) = &program.end {
        report(request, Some(Arch::X86_64));
        if let Request::Add(rule) | Request::Delete(rule) = request {
            assert_eq!(wire::decode(&wire::encode(rule)).as_ref(), Ok(rule));
            list(rule, Some(Arch::X86_64));
        }
    }
}

fn report(request: &Request, machine: Option<Arch>) {
    let report = RequestReport::new(request, machine, "fuzz.rules", 1);
    serde_json::to_vec(&report).expect("JSON");
    Frame::from(request).message(1);
}

fn list(rule: &Rule, machine: Option<Arch>) {
    for interpret in [false, true] {
        let style = Style { interpret, machine, keep_arch: interpret, names: &NoNames };
        Listing::of(style, [rule, rule]);
    }
}

fn loads_of(program: Program, line: usize) -> Vec<Load> {
    let origin = Origin { file: Arc::from("fuzz.rules"), line };
    let steps = program.steps.into_iter().filter_map(|step| match step {
        Step::Send(request, _) => Some((*request).into()),
        Step::DeleteAll { key, .. } => Some(LoadStep::DeleteAll { key: Some(key) }),
        _ => None,
    });
    let end = match program.end {
        End::Rule(request, _) => Some(request.into()),
        _ => None,
    };
    steps.chain(end).map(|step| Load { origin: origin.clone(), step, watched: None }).collect()
}

fn explain_loads(host: &FixedHost, loads: &[Load]) {
    if loads.is_empty() {
        return;
    }
    let profile = Profile::newest(host.machine.unwrap_or(Arch::X86_64));
    let analysis = Analysis::new(profile, loads, Questions::default());
    serde_json::to_vec(&AnalysisReport::new(&analysis)).expect("JSON");
    write_explanation(&mut String::new(), &analysis, &DEFAULT_VIEWS, Layout::default())
        .expect("a string takes everything");
    html::page(&analysis, &[]);
}
