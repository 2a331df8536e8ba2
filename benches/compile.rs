//! Measures how fast 10,000 rules are compiled, formatted, listed and explained.
//!
//! `cargo bench --bench compile`

#![allow(missing_docs, clippy::expect_used)]

mod generated;

use std::sync::Arc;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use generated::rules_file;
use rauditctl::analysis::{Analysis, Load, Origin, Questions};
use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, compile};
use rauditctl::format::format;
use rauditctl::host::FixedHost;
use rauditctl::model::Profile;
use rauditctl::report::argument::NoNames;
use rauditctl::report::explain::json::AnalysisReport;
use rauditctl::report::explain::text::{DEFAULT_VIEWS, Layout, write_explanation};
use rauditctl::report::listing::{Listing, Style};
use rauditctl::rule::Request;
use rauditctl::syntax::{Content, Line, lines, parse_line};
use rauditctl::wire::{decode, encode};

const RULES: usize = 10_000;
const ORIGIN: &str = "generated.rules";

fn main() {
    divan::main();
}

fn compiled(line: &Line<'_>, host: &FixedHost) -> Option<Request> {
    let Content::Command(command) = parse_line(line) else { return None };
    let options = Options { line: Some(line.number), ..Options::default() };
    match compile(&command, host, options).end {
        End::Rule(request, _) => Some(request),
        _ => None,
    }
}

fn payloads(text: &str, host: &FixedHost) -> Vec<Vec<u8>> {
    let rules = lines(text.as_bytes()).filter_map(|line| match compiled(&line, host)? {
        Request::Add(rule) => Some(encode(&rule)),
        _ => None,
    });
    rules.collect()
}

fn loads(text: &str, host: &FixedHost) -> Vec<Load> {
    let loads = lines(text.as_bytes()).filter_map(|line| {
        let origin = Origin { file: Arc::from(ORIGIN), line: line.number };
        Some(Load::new(origin, compiled(&line, host)?))
    });
    loads.collect()
}

/// Compiles text to bytes.
#[divan::bench]
fn compile_and_encode(bencher: Bencher<'_, '_>) {
    let (text, host) = (rules_file(RULES), FixedHost::new(Arch::X86_64));
    assert_eq!(payloads(&text, &host).len(), RULES);
    bencher.counter(ItemsCount::new(RULES)).bench(|| payloads(black_box(&text), &host));
}

/// Parses text to a syntax tree.
#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let text = rules_file(RULES);
    bencher.counter(ItemsCount::new(RULES)).bench(|| {
        lines(black_box(text.as_bytes())).for_each(|line| drop(black_box(parse_line(&line))));
    });
}

/// Formats text in which every line changes.
#[divan::bench]
fn format_changing(bencher: Bencher<'_, '_>) {
    let text = rules_file(RULES).replace("-a always,exit", "-a exit,always ");
    let text = text.replace(" -p wa", " -p  wa");
    bencher.counter(ItemsCount::new(RULES)).bench(|| format(black_box(text.as_bytes())));
}

/// Formats text in which no line changes.
#[divan::bench]
fn format_unchanged(bencher: Bencher<'_, '_>) {
    let text = format(rules_file(RULES).as_bytes());
    bencher.counter(ItemsCount::new(RULES)).bench(|| format(black_box(&text)));
}

/// Decodes bytes and lists the rules.
#[divan::bench]
fn decode_and_list(bencher: Bencher<'_, '_>) {
    let replies = payloads(&rules_file(RULES), &FixedHost::new(Arch::X86_64));
    bencher.counter(ItemsCount::new(RULES)).bench(|| {
        let rules: Vec<_> =
            black_box(&replies).iter().map(|reply| decode(reply).expect("a rule")).collect();
        let machine = Some(Arch::X86_64);
        let style = Style { interpret: false, machine, keep_arch: true, names: &NoNames };
        Listing::of(style, &rules)
    });
}

/// Explains rules in JSON.
#[divan::bench]
fn explain_as_json(bencher: Bencher<'_, '_>) {
    let loads = loads(&rules_file(RULES), &FixedHost::new(Arch::X86_64));
    bencher.counter(ItemsCount::new(RULES)).bench(|| {
        serde_json::to_vec(&AnalysisReport::new(&analysis(black_box(&loads)))).expect("JSON")
    });
}

/// Explains rules in text.
#[divan::bench]
fn explain_as_text(bencher: Bencher<'_, '_>) {
    let loads = loads(&rules_file(RULES), &FixedHost::new(Arch::X86_64));
    bencher.counter(ItemsCount::new(RULES)).bench(|| {
        let mut text = String::new();
        let analysis = analysis(black_box(&loads));
        write_explanation(&mut text, &analysis, &DEFAULT_VIEWS, Layout::default())
            .expect("writing to a string does not fail");
        text
    });
}

fn analysis(loads: &[Load]) -> Analysis {
    Analysis::new(Profile::newest(Arch::X86_64), loads, Questions::default())
}
