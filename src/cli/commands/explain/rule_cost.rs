//! `--rule-cost`: what each rule costs the workload.

use super::output;
use super::sources::Loaded;
use super::target::Target;
use super::workload::workload;
use crate::analysis::arming;
use crate::analysis::cost::{Calibration, rule_costs};
use crate::analysis::workload::{Call, Workload};
use crate::cli::args::{Explain, ReportFormat};
use crate::cli::commands::output::write_text;
use crate::cli::exit::{Exit, Stop};
use crate::report::optimize::SHOWN;
use crate::report::rule_cost::{RuleCostReport, write_rule_costs};

/// Prints what each rule costs the workload of `--workload`, or one call of each syscall that `optimize` shows.
pub(super) fn run(arguments: &Explain, target: &Target, loaded: &Loaded) -> Result<Exit, Stop> {
    let arming = arming(target.profile, &loaded.loads);
    let (workload, calibration) = match workload(arguments, target.version)? {
        Some(given) => given,
        None => {
            let calls = SHOWN.map(|name| Call { name: name.to_owned(), count: 1 });
            let mut workload = Workload { calls: calls.to_vec(), seconds: None };
            // An arch may lack one of them.
            let (_, unknown) = workload.numbered(&arming);
            workload.calls.retain(|call| !unknown.contains(call));
            (workload, Calibration::of_kernel(target.version))
        }
    };
    let costs = rule_costs(&arming, &workload, &calibration);
    output::write(arguments, |out| match arguments.format {
        ReportFormat::Json => {
            crate::report::write_json(out, &RuleCostReport::new(&arming, &costs, &loaded.texts))
        }
        _ => write_text(out, |text| write_rule_costs(text, &arming, &costs, &loaded.texts)),
    })?;
    Ok(Exit::Done)
}

/// Checks that the options fit together.
pub(super) fn check(arguments: &Explain) -> Result<(), Stop> {
    match arguments.format {
        ReportFormat::Html if arguments.rule_cost => {
            Err(Stop::unanswered("--rule-cost has the formats text and json"))
        }
        _ => Ok(()),
    }
}
