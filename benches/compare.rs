//! Measures how fast two sets of rules are compared that differ in ten rules, on one core.
//!
//! `cargo bench --bench compare`

#![allow(missing_docs, clippy::expect_used)]

mod generated;

use divan::{Bencher, black_box};
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::compile::{End, Options, compile};
use rauditctl::host::FixedHost;
use rauditctl::model::{KernelModel, Profile};
use rauditctl::relate::sets::{Keys, compare};
use rauditctl::rule::Request;
use rauditctl::syntax::{Content, lines, parse_line};

const CHANGED: usize = 10;

fn main() {
    divan::main();
}

fn kernel(text: &str) -> KernelModel {
    let host = FixedHost::new(Arch::X86_64);
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
    for line in lines(text.as_bytes()) {
        let Content::Command(command) = parse_line(&line) else { continue };
        if let End::Rule(Request::Add(rule), _) = compile(&command, &host, Options::default()).end {
            kernel.add(&rule).expect("a rule that the kernel takes");
        }
    }
    kernel
}

/// Returns the set with ten changes: in turn a rule goes, comes, moves, gets another key, or silences.
fn changed(text: &str, rules: usize) -> String {
    let mut changed: Vec<String> = text.lines().map(str::to_owned).collect();
    let step = rules / CHANGED;
    for n in (0..CHANGED).rev() {
        let at = n * step + step / 2;
        match n % 5 {
            0 => drop(changed.remove(at)),
            1 => changed.insert(at, format!("-w /srv/new/{n} -p wa -k new")),
            2 => {
                let moved = changed.remove(at);
                changed.insert(at + step / 2, moved);
            }
            3 => {
                let key = changed.get_mut(at).expect("a rule");
                *key = key.replace("-k ", "-k other-").replace("key=", "key=other-");
            }
            _ => changed.insert(2, format!("-a never,exit -F arch=b64 -S unlink -F auid={n}")),
        }
    }
    changed.join("\n")
}

#[divan::bench(args = [400, 10_000], sample_count = 3, sample_size = 1)]
fn ten_changed_rules(bencher: Bencher<'_, '_>, rules: usize) {
    let text = generated::rules_file(rules);
    let (old, new) = (kernel(&text), kernel(&changed(&text, rules)));
    bencher.bench(|| {
        let comparison =
            compare(black_box(&old), black_box(&new), KernelVersion::NEWEST, Keys::Count);
        let is_complete = !comparison.is_cut_short && comparison.undecided.is_empty();
        assert!(is_complete, "the comparison stopped early");
        comparison
    });
}
