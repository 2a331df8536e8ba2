//! The cases written out in `fixtures/golden`, run through the library alone: no kernel is needed.

use std::fs;
use std::path::Path;

use rauditctl::catalog::Arch;
use rauditctl::catalog::Features;
use rauditctl::compile::{End, Options, Program, Step, compile};
use rauditctl::host::FixedHost;
use rauditctl::report::argument::NoNames;
use rauditctl::report::listing::{Listing, Style};
use rauditctl::rule::Request;
use rauditctl::syntax::{Content, Text, lines, parse_line, parse_words};
use rauditctl::wire::Frame;

use super::case::{Case, cases};

#[test]
fn the_library_does_what_auditctl_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("fixtures/golden is there") {
        let path = entry.expect("an entry can be read").path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = fs::read_to_string(&path).expect("cases are text");
            for case in cases(&text) {
                check(&case);
                count += 1;
            }
        }
    }
    assert!(count >= 50, "only {count} cases");
}

fn check(case: &Case) {
    let host = host(case);
    let outcome = match &case.file {
        Some(text) => run_file(text, &host),
        None => run_command(case, &host),
    };
    let title = &case.title;
    // Two channels were recorded, so that the order among all messages is not known.
    assert_eq!(sorted(&outcome.messages), sorted(&case.messages), "{title}");

    let frames: Vec<Frame> = outcome.requests.iter().map(Frame::from).collect();
    let kinds = |kinds: Vec<_>| format!("{kinds:?}");
    assert_eq!(
        kinds(frames.iter().map(|frame| frame.kind).collect()),
        kinds(case.requests.iter().map(|sent| sent.kind).collect()),
        "{title}"
    );
    for (frame, sent) in frames.iter().zip(&case.requests) {
        assert_eq!(without_zeros(&frame.payload), without_zeros(&sent.payload), "{title}");
    }

    let refused = case.requests.iter().any(|sent| sent.refused);
    let failure = if case.file.is_some() { 1 } else { 255 };
    assert_eq!(if outcome.faulty || refused { failure } else { 0 }, case.exit, "{title}");

    if !refused {
        assert_eq!(shown(&[listing(&outcome.requests, &host)]), shown(&joined(case)), "{title}");
    }
}

/// What compiling a case comes to.
#[derive(Default)]
struct Outcome {
    requests: Vec<Request>,
    messages: Vec<Vec<u8>>,
    faulty: bool,
}

impl Outcome {
    fn add(&mut self, program: Program) {
        self.faulty |= program.is_faulty();
        let said = program.diagnostics().filter_map(|found| found.fault.auditctl());
        self.messages.extend(said.map(|message| message.text));
        self.requests.extend(program.steps.into_iter().filter_map(|step| match step {
            Step::Send(request, _) => Some(*request),
            _ => None,
        }));
        if let End::Rule(request, _) = program.end {
            self.requests.push(request);
        }
    }
}

fn run_command(case: &Case, host: &FixedHost) -> Outcome {
    let words = case.command.iter().map(|word| Text::plain(word, 0)).collect();
    let options = Options::auditctl(None);
    let mut outcome = Outcome::default();
    outcome.add(compile(&parse_words(words), host, options));
    outcome
}

fn run_file(text: &[u8], host: &FixedHost) -> Outcome {
    let mut outcome = Outcome::default();
    for line in lines(text) {
        if let Content::Command(command) = parse_line(&line)
            && !outcome.faulty
        {
            let options = Options::auditctl(Some(line.number));
            outcome.add(compile(&command, host, options));
        }
    }
    outcome
}

fn host(case: &Case) -> FixedHost {
    let machine = case.machine.as_deref().map_or(Some(Arch::X86_64), |name| {
        Some(Arch::from_name(name.as_bytes()).expect("a known machine"))
    });
    FixedHost {
        machine,
        directories: case.directories.clone(),
        features: case.features.map_or(Features::ALL, Features),
        ..FixedHost::new(Arch::X86_64)
    }
}

fn listing(requests: &[Request], host: &FixedHost) -> Vec<u8> {
    let rules = requests.iter().filter_map(|request| match request {
        Request::Add(rule) => Some(rule),
        _ => None,
    });
    let style = Style { interpret: false, machine: host.machine, keep_arch: true, names: &NoNames };
    Listing::of(style, rules)
}

/// The lines of the recorded listing, each with its end.
fn joined(case: &Case) -> [Vec<u8>; 1] {
    [case.listing.iter().flat_map(|line| line.iter().chain(b"\n")).copied().collect()]
}

/// Padding, and what a shorter status leaves out.
fn without_zeros(payload: &[u8]) -> &[u8] {
    let len = payload.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    &payload[..len]
}

fn sorted(texts: &[Vec<u8>]) -> Vec<String> {
    let mut texts = shown(texts);
    texts.sort();
    texts
}

fn shown(texts: &[Vec<u8>]) -> Vec<String> {
    texts.iter().map(|text| text.escape_ascii().to_string()).collect()
}
