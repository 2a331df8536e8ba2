//! Compares the kernel with its model on the same requests.

use std::collections::BTreeMap;

use nix::sys::utsname::uname;
use rauditctl::catalog::{Arch, KernelVersion, field};
use rauditctl::errno::Errno;
use rauditctl::kernel::{Answer, AuditKernel, Netlink};
use rauditctl::model::{KernelModel, Profile, Reason, Refusal};
use rauditctl::rule::{Field, Request, Rule};
use rauditctl::wire;

use crate::random::Random;
use crate::requests::{self, NOWHERE};
use crate::show::{show, show_rule};

/// Returns the profile of the running kernel, which does not check values.
fn profile() -> Result<Profile, String> {
    let name = uname().map_err(|errno| errno.to_string())?;
    let version = KernelVersion::of_release(name.release().as_encoded_bytes());
    let size = version.and_then(|version| Arch::X86_64.nr_syscalls_at(version));
    let size = size.ok_or_else(|| format!("the syscalls of {:?} are unknown", name.release()))?;
    Ok(Profile::new(Arch::X86_64, size).without_value_checks())
}

/// The number of occurrences of each answer.
type Tally = BTreeMap<String, u32>;

/// Sends the sequences. Returns the first difference, or prints the answers.
pub(crate) fn run(kernel: &mut Netlink, seed: u64, count: u64) -> Result<(), String> {
    let profile = profile()?;
    let mut tally = Tally::new();
    for number in 0..count {
        let seed = seed + number;
        let requests = requests::sequence(&mut Random::new(seed));
        clear(kernel)?;
        compare(kernel, profile, &requests, number % 2 == 0, &mut tally)
            .map_err(|difference| format!("sequence {number}, of seed {seed}: {difference}"))?;
    }
    tally.iter().for_each(|(answer, times)| println!("{answer} {times}"));
    Ok(())
}

/// Deletes all rules.
fn clear(kernel: &mut Netlink) -> Result<(), String> {
    let rules = kernel.rules().map_err(|error| error.to_string())?;
    let requests: Vec<Request> = rules.into_iter().map(Request::Delete).collect();
    let requests: Vec<&Request> = requests.iter().collect();
    let answers = kernel.send(&requests).map_err(|error| error.to_string())?;
    match answers.iter().find_map(|answer| answer.err()) {
        None => Ok(()),
        Some(errno) => Err(format!("a listed rule cannot be deleted: {errno}")),
    }
}

/// Sends a sequence to both. The kernel gets the requests together or one by one.
fn compare(
    kernel: &mut Netlink,
    profile: Profile,
    requests: &[Request],
    at_once: bool,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut model = KernelModel::new(profile);
    let answers: Vec<Answer> = match at_once {
        true => {
            kernel.send(&requests.iter().collect::<Vec<_>>()).map_err(|error| error.to_string())?
        }
        false => requests.iter().map(|request| kernel.send_one(request)).collect(),
    };
    for (at, (request, answer)) in requests.iter().zip(answers).enumerate() {
        let expected = ask(&mut model, request);
        let errno = expected.map_or_else(Refusal::errno, |()| 0);
        let real = answer.map_or_else(|errno| errno.number(), |_| 0);
        if real != errno {
            return Err(format!(
                "request {at}: the kernel returns {}, the model {expected:?}: {}",
                Errno::from_number(real),
                show(request)
            ));
        }
        let reason = expected.map_or_else(|e| format!("{:?}", e.reason), |()| "Taken".into());
        *tally.entry(reason).or_default() += 1;
    }
    same_rules(&kernel.rules().map_err(|error| error.to_string())?, &model)
}

/// Returns the answer of the model, corrected for paths that do not exist.
fn ask(model: &mut KernelModel, request: &Request) -> Result<(), Refusal> {
    let (Request::Add(rule) | Request::Delete(rule)) = request else { return Ok(()) };
    let legal = model.kernel_rule(rule).map(|_| ());
    // The kernel looks up the file of a program as soon as it reads the field.
    if let Some(at) = nowhere(rule, |number| number == field::EXE)
        && legal.map_or_else(|refusal| refusal.field.is_some_and(|field| field > at), |()| true)
    {
        return Err(Refusal::of_field(Reason::NoSuchPath, at));
    }
    legal?;
    if let Request::Delete(rule) = request {
        return model.delete(rule);
    }
    // The kernel creates a watch after all other checks.
    match nowhere(rule, |number| matches!(number, field::PATH | field::DIR)) {
        Some(at) => Err(Refusal::of_field(Reason::NoSuchPath, at)),
        None => model.add(rule),
    }
}

/// Returns the first of these fields that names a missing path.
fn nowhere(rule: &Rule, is_asked: impl Fn(u32) -> bool) -> Option<usize> {
    rule.fields.iter().position(|field| match field {
        Field::Text { text, .. } => is_asked(field.number()) && **text == *NOWHERE,
        Field::Number { .. } => false,
    })
}

/// Checks that both hold the same rules, byte for byte and in the same order.
fn same_rules(real: &[Rule], model: &KernelModel) -> Result<(), String> {
    let bytes: Vec<Vec<u8>> = real.iter().map(wire::encode).collect();
    let expected: Vec<Vec<u8>> = model.rules().map(wire::encode).collect();
    if bytes == expected {
        return Ok(());
    }
    let real = real.iter().map(|rule| format!("\n  kernel {}", show_rule(rule)));
    let expected = model.rules().map(|rule| format!("\n  model {}", show_rule(rule)));
    Err(format!("the rules differ{}", real.chain(expected).collect::<String>()))
}
