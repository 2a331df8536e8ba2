//! Loads rules that cannot be written as text, from their bytes.

use std::path::Path;

use rauditctl::kernel::{AuditKernel, Netlink};
use rauditctl::rule::{Request, Rule};
use rauditctl::wire;

use crate::show::show;

/// Adds the rules of a file; reports refusals.
pub(crate) fn run(kernel: &mut Netlink, file: &Path) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let requests: Vec<Request> = rules(&bytes).into_iter().map(Request::Add).collect();
    let requests: Vec<&Request> = requests.iter().collect();
    let answers = kernel.send(&requests).map_err(|error| error.to_string())?;
    let refused =
        answers.iter().zip(&requests).enumerate().filter_map(|(at, (answer, request))| {
            answer.err().map(|errno| format!("rule {at}: {errno}: {}", show(request)))
        });
    let refused: Vec<String> = refused.collect();
    if refused.is_empty() { Ok(()) } else { Err(refused.join("\n")) }
}

fn rules(mut bytes: &[u8]) -> Vec<Rule> {
    let mut rules = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let (rule, rest) = rest.split_at(u32::from_ne_bytes(*length) as usize);
        rules.push(wire::decode(rule).expect("a rule"));
        bytes = rest;
    }
    rules
}
