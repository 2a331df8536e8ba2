//! Plans: they lead to the wanted rules with the fewest requests, and miss no event on the way.

mod fewest;
mod gapless;
mod nearest;

use rauditctl::catalog::Arch;
use rauditctl::model::{KernelModel, Profile};
use rauditctl::plan::{Gaps, Plan, Step};
use rauditctl::rule::{Request, Rule};

use crate::relations::universe::written;

/// Returns the newest kernel of these tests.
fn profile() -> Profile {
    Profile::newest(Arch::X86_64)
}

/// Returns the rules that a kernel holds after it got these.
fn held(rules: &[Rule]) -> Vec<Rule> {
    let mut kernel = KernelModel::new(profile());
    for rule in rules {
        let _ = kernel.add(rule);
    }
    kernel.rules().cloned().collect()
}

/// Returns a kernel with exactly these rules, in this order.
///
/// A rule that equals a later one can only be prepended.
fn kernel_with(rules: &[Rule]) -> KernelModel {
    let mut kernel = KernelModel::new(profile());
    let plan = Plan::new(&[], rules, Gaps::Allowed);
    plan.steps.iter().for_each(|step| carry_out(&mut kernel, step));
    assert!(kernel.rules().eq(rules), "{}", written(rules));
    kernel
}

fn carry_out(kernel: &mut KernelModel, step: &Step) {
    let answer = match &step.request {
        Request::Add(rule) => kernel.add(rule),
        Request::Delete(rule) => kernel.delete(rule),
        Request::Control(_) => panic!("a plan of rules has no settings"),
    };
    answer.unwrap_or_else(|refusal| panic!("{refusal}: {step:?}"));
}
