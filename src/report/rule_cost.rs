//! What each rule costs a workload: `rauditctl explain --rule-cost`.

use std::fmt::{self, Write};

use serde::Serialize;

use super::argument::NoNames;
use super::listing::{Listing, Style};
use super::place::Place;
use crate::analysis::Arming;
use crate::analysis::cost::{RuleCost, RuleCosts, Share};
use crate::catalog::Arch;
use crate::diag::escaped;
use crate::source::Source;

/// Writes a line for each rule, the most expensive on a stock kernel first. `texts` are the files of the rules.
///
/// # Errors
/// Those of `out`.
pub fn write_rule_costs(
    out: &mut impl Write,
    arming: &Arming,
    costs: &RuleCosts,
    texts: &[Source],
) -> fmt::Result {
    writeln!(
        out,
        "rule cost: instructions that the rules add to {} call{}, assuming that no rule matches,\n           \
         estimated from measurements of Linux {}",
        costs.calls,
        if costs.calls == 1 { "" } else { "s" },
        costs.calibrated_on
    )?;
    writeln!(out, "all rules: stock {:.0}, bitmap {:.0}", costs.stock, costs.bitmap)?;
    if costs.rules.iter().any(|cost| cost.recordable > 0) {
        writeln!(
            out,
            "records:   not included; \"can record\" counts the calls that a rule can match"
        )?;
    }
    if !costs.rules.is_empty() {
        writeln!(
            out,
            "\n{:>12} {:>13} {:>12} {:>13} {:>11}",
            "stock", "saved without", "bitmap", "saved without", "can record"
        )?;
    }
    for cost in &costs.rules {
        let RuleCost { stock, bitmap, .. } = cost;
        writeln!(
            out,
            "{:>12.0} {:>13.0} {:>12.0} {:>13.0} {:>11}  {}  {}",
            stock.tested,
            stock.saved,
            bitmap.tested,
            bitmap.saved,
            cost.recordable,
            cost.origin,
            escaped(&text(cost, arming.arch, texts))
        )?;
    }
    write_left_out(out, arming, costs)
}

fn write_left_out(out: &mut impl Write, arming: &Arming, costs: &RuleCosts) -> fmt::Result {
    if let Some(origin) = arming.spares_new_tasks() {
        writeln!(
            out,
            "\nonly for tasks that run before {origin} is loaded: later tasks cost less than without any rule"
        )?;
    }
    for (origin, refusal) in &arming.refused {
        writeln!(out, "\nnot counted, because the kernel refuses the rule of {origin}: {refusal}")?;
    }
    if costs.unknown.is_empty() {
        return Ok(());
    }
    let calls = costs.unknown.iter();
    let names: Vec<String> =
        calls.map(|call| format!("{} ({})", call.name.escape_default(), call.count)).collect();
    writeln!(out, "\nnot counted, because this kernel has no such syscall: {}", names.join(", "))
}

/// Returns the line of the rule, or what auditctl lists for a rule of the kernel.
fn text(cost: &RuleCost, machine: Arch, texts: &[Source]) -> String {
    let source = texts.iter().find(|text| escaped(text.name()) == *cost.origin.file);
    let line = source.and_then(|text| text.text().get(text.line(cost.origin.line).range()));
    if let Some(line) = line {
        return String::from_utf8_lossy(line.trim_ascii()).into_owned();
    }
    let style =
        Style { interpret: false, machine: Some(machine), keep_arch: false, names: &NoNames };
    let listed = Listing::of(style, [&cost.rule]);
    String::from_utf8_lossy(listed.trim_ascii_end()).into_owned()
}

/// The same for programs, as `docs/schema/rule-cost.schema.json` describes it.
#[derive(Serialize)]
pub struct RuleCostReport<'a> {
    version: u32,
    calibrated_on: &'a str,
    calls: u64,
    stock: f64,
    bitmap: f64,
    rules: Vec<Row<'a>>,
    refused: Vec<Place<'a>>,
    unknown: Vec<CallView<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    rule: Place<'a>,
    text: String,
    stock: ShareView,
    bitmap: ShareView,
    recordable: u64,
}

#[derive(Serialize)]
struct ShareView {
    tested: f64,
    saved: f64,
}

#[derive(Serialize)]
struct CallView<'a> {
    name: &'a str,
    calls: u64,
}

impl<'a> RuleCostReport<'a> {
    /// Returns the report.
    pub fn new(arming: &'a Arming, costs: &'a RuleCosts, texts: &[Source]) -> Self {
        let share =
            |share: Share| ShareView { tested: rounded(share.tested), saved: rounded(share.saved) };
        let row = |cost: &'a RuleCost| Row {
            rule: Place::from(&cost.origin),
            text: text(cost, arming.arch, texts),
            stock: share(cost.stock),
            bitmap: share(cost.bitmap),
            recordable: cost.recordable,
        };
        RuleCostReport {
            version: 1,
            calibrated_on: &costs.calibrated_on,
            calls: costs.calls,
            stock: rounded(costs.stock),
            bitmap: rounded(costs.bitmap),
            rules: costs.rules.iter().map(row).collect(),
            refused: arming.refused.iter().map(|(origin, _)| Place::from(origin)).collect(),
            unknown: costs
                .unknown
                .iter()
                .map(|call| CallView { name: &call.name, calls: call.count })
                .collect(),
        }
    }
}

/// Rounds to a tenth: an estimate is not more precise.
fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
