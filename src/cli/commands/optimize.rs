//! `rauditctl optimize`: rules that record the same for less work of the kernel.

use std::collections::HashMap;
use std::sync::Arc;

use super::explain::{Machine, read_workload};
use super::input::{ErrorCount, nr_syscalls_at};
use super::optimize_check::{self, loaded};
use super::output;
use crate::analysis::cost::Calibration;
use crate::analysis::workload::Workload;
use crate::analysis::{Arming, KernelRule, Load, LoadStep, Origin, arming, loads};
use crate::catalog::{
    Arch, FieldKind, KernelVersion, PathKind, field_info, kernel_syscall_number, may_be_made_up,
};
use crate::cli::args::{Optimize, OptimizeFormat};
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::{Policy, check_stdin};
use crate::cli::report;
use crate::cli::rules_files::RulesFiles;
use crate::compile::End;
use crate::diag::escaped;
use crate::host::Host;
use crate::model::Profile;
use crate::report::optimize::{
    Offered, Optimization, OptimizeReport, Parts, Product, write_report,
};
use crate::rewrite::line;
use crate::rewrite::optimize::{Offer, Optimal, Optimized, Step, Task, offers, optimize};
use crate::rule::{Field, Request};
use crate::ruleset::{CheckedSet, CompiledLine, RuleSet};
use crate::source::Source;
use crate::syntax::Directive;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Optimize) -> Exit {
    let done = match &arguments.check {
        Some(product) => optimize_check::checked(arguments, product),
        None => written(arguments),
    };
    done.unwrap_or_else(Exit::from)
}

fn written(arguments: &Optimize) -> Result<Exit, Stop> {
    let target = output::target(arguments.output.as_deref());
    output::check_unread(target, arguments.files.iter().map(std::path::PathBuf::as_path))?;
    let named = arguments.files.iter().chain(&arguments.workload).map(std::path::PathBuf::as_path);
    check_stdin(named).map_err(Stop::unanswered)?;
    let files = read(arguments)?;
    make(arguments, &files, |product, optimization| {
        output::write(target, |out| product.write(out))?;
        tell(arguments, optimization)?;
        Ok(Exit::Done)
    })
}

/// Reads the source.
pub(super) fn read(arguments: &Optimize) -> Result<RulesFiles, Stop> {
    let policy = Policy::look_only(arguments.reading.max_size);
    RulesFiles::read(&arguments.files, policy).map_err(Stop::unanswered)
}

/// Optimizes the rules of a source, and passes the result on.
pub(super) fn make(
    arguments: &Optimize,
    files: &RulesFiles,
    then: impl FnOnce(&Product, &Optimization<'_>) -> Result<Exit, Stop>,
) -> Result<Exit, Stop> {
    check_steps(arguments)?;
    let workload = arguments.workload.as_deref();
    let workload = workload.map(|path| read_workload(path, arguments.reading)).transpose()?;
    let set = RuleSet::new(files.inputs());
    let machine = Machine::of(&arguments.target);
    let host = machine.with_paths_of(&set);
    let Some(arch) = host.machine() else {
        return Err(Stop::unanswered(
            "the syscalls of this machine are unknown; set an arch with --arch",
        ));
    };
    let checked = CheckedSet::new(&set, &host);
    let mut errors = ErrorCount::default();
    errors.report(&checked);
    errors.stop(Exit::Unanswered)?;

    report::note_newer_kernel(arguments.kernel);
    let version = arguments.kernel.unwrap_or(KernelVersion::NEWEST);
    let number = nr_syscalls_at(arch, version)?;
    let profile = Profile::new(arch, number);
    let loads = numbered(&checked);
    check(&checked, &loads)?;
    let before = arming(profile, &loads);
    if let Some((origin, refusal)) = before.refused.first() {
        return Err(Stop::unanswered(format_args!(
            "the kernel refuses the rule of {origin}: {refusal}"
        )));
    }
    let unknown = Unknown::of(&before);
    let calibration = Calibration::of_kernel(Some(version));
    let (optimized, offers) = made(arguments, &before, version, &unknown, &calibration)?;
    let after = arming(profile, &loads_of(&optimized.rules, &before));
    if let Some((origin, refusal)) = after.refused.first() {
        return Err(Stop::unanswered(format_args!(
            "the kernel would refuse the new rule of {origin}: {refusal}; leave out a step with --skip"
        )));
    }

    let product = Product::new(Parts {
        before: &before,
        optimized: &optimized,
        sources: set.files().iter().map(|file| file.source).collect(),
        options: arguments.deciding(arch, version),
        lines: lines_of(&checked),
        settings: settings(&checked),
    });
    let product = product.map_err(Stop::unanswered)?;
    check_written(&product, &after, &machine)?;
    let offered = offers.into_iter().map(|offer| {
        let after = arming(profile, &loads_of(&offer.rules, &before));
        Offered { step: offer.step, after }
    });
    let optimization = Optimization {
        before: &before,
        after: &after,
        optimized: &optimized,
        kind: arguments.kind,
        offered: offered.collect(),
        unknown_paths: &unknown.paths,
        unknown_accounts: &unknown.accounts,
        calibration: &calibration,
        workload: workload.as_ref(),
    };
    then(&product, &optimization)
}

/// Stops if the text of a product loads other rules than those that are proved.
fn check_written(product: &Product, proved: &Arming, machine: &Machine) -> Result<(), Stop> {
    let text = Source::new("the new rules", product.rules.clone());
    let loaded = loaded(&text, proved, machine)?;
    match loaded.rules.kernel().rules().eq(proved.kernel().rules()) {
        true => Ok(()),
        false => Err(Stop::unanswered(
            "the new rules would load otherwise than they are proved: please report this; nothing is written",
        )),
    }
}

/// Stops for sets that do more than load rules.
pub(super) fn check(checked: &CheckedSet<'_, '_>, loads: &[Load]) -> Result<(), Stop> {
    let deletes = |load: &&Load| {
        matches!(load.step, LoadStep::Delete(_) | LoadStep::DeleteAll { key: Some(_) })
    };
    if let Some(load) = loads.iter().find(deletes) {
        return Err(Stop::unanswered(format_args!(
            "{} deletes some of the kernel's rules; write a set that begins with `-D`",
            load.origin
        )));
    }
    let forgives = checked.lines.iter().any(|line| line.checked.program.is_faulty());
    if forgives {
        return Err(Stop::unanswered("a set with errors cannot be optimized"));
    }
    Ok(())
}

/// Returns what a set loads, with the places of its lines.
pub(super) fn numbered(checked: &CheckedSet<'_, '_>) -> Vec<Load> {
    loads(&checked.lines, |index, _| match checked.lines.get(index) {
        Some(line) => origin_of(checked, line),
        None => Origin { file: "".into(), line: 0 },
    })
}

fn origin_of(checked: &CheckedSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Origin {
    let place = line.whole();
    let source = checked.set.source(place.file);
    let file: Arc<str> = source.map_or_else(Arc::default, |text| escaped(text.name()).into());
    let line = source.map_or(0, |text| text.location(place.span.start).line);
    Origin { file, line }
}

/// Rules that stay as they are: what they mean depends on the machine that loads them.
struct Unknown {
    /// Watches on paths of an unknown kind, by their serials.
    paths: Vec<usize>,
    /// Rules with accounts of an unknown number.
    accounts: Vec<usize>,
}

impl Unknown {
    fn of(before: &Arming) -> Self {
        let rules: Vec<_> = before.kernel().entries().zip(before.rules()).collect();
        let serials = |is: &dyn Fn(&KernelRule<'_>) -> bool| {
            let found = rules.iter().filter(|(_, rule)| is(rule));
            found.map(|(entry, _)| entry.serial()).collect()
        };
        let is_made_up = |condition: &Field| match condition {
            Field::Number { id, value, .. } => {
                let row = field_info(id.number());
                let is_account =
                    row.is_some_and(|row| matches!(row.kind, FieldKind::User | FieldKind::Group));
                is_account && may_be_made_up(*value)
            }
            Field::Text { .. } => false,
        };
        Unknown {
            paths: serials(&|one| one.watched == Some(PathKind::Unknown)),
            accounts: serials(&|one| one.rule.fields.iter().any(is_made_up)),
        }
    }
}

fn made(
    arguments: &Optimize,
    before: &Arming,
    version: KernelVersion,
    unknown: &Unknown,
    calibration: &Calibration,
) -> Result<(Optimized, Vec<Offer>), Stop> {
    let companions = companions(arguments, before)?;
    let is_wanted = |step: &Step| match arguments.only.is_empty() {
        true => !arguments.skip.contains(step),
        false => arguments.only.contains(step),
    };
    let exact = Step::exact().filter(is_wanted);
    let steps: Vec<Step> = exact.chain(arguments.allow.iter().copied()).collect();
    let has_kept_key = |rule: &crate::rule::Rule| {
        let mut kept = arguments.keep.iter().map(String::as_bytes);
        kept.any(|key| rule.keys().any(|own| own == key))
    };
    let entries = before.kernel().entries();
    let kept = entries.filter(|entry| has_kept_key(entry.rule())).map(crate::model::Entry::serial);
    let kept: Vec<usize> =
        kept.chain(unknown.paths.iter().chain(&unknown.accounts).copied()).collect();
    let task = Task {
        version,
        kind: arguments.kind,
        steps: &steps,
        kept: &kept,
        companions: &companions,
        workload: &Workload::common(),
        calibration,
    };
    let optimized = optimize(before, &task).map_err(|refuted| {
        let places = refuted.rules.iter().filter_map(|serial| before.origin_of(*serial));
        let places: Vec<String> = places.map(ToString::to_string).collect();
        let event = crate::eval::Notation::new(&refuted.evidence.event, before.arch);
        Stop::unanswered(format_args!(
            "{refuted}{}, for example {}: please report this; nothing is written",
            if places.is_empty() { String::new() } else { format!(" for {}", places.join(", ")) },
            escaped(&event.to_string())
        ))
    })?;
    let offers = offers(before, &task, &optimized);
    Ok((optimized, offers))
}

/// Returns the numbers of the syscalls in which records of other subsystems stay whole.
fn companions(arguments: &Optimize, before: &Arming) -> Result<Vec<(Arch, u32)>, Stop> {
    let mut all = Vec::new();
    for name in &arguments.keep_companions {
        let of = |arch| kernel_syscall_number(arch, name.as_bytes()).map(|number| (arch, number));
        let known = all.len();
        all.extend(before.arches().filter_map(of));
        if all.len() == known {
            return Err(Stop::unanswered(format_args!(
                "--keep-companions: no syscall has the name {}",
                escaped(name)
            )));
        }
    }
    Ok(all)
}

/// Stops for steps that do harm on the kernel that the rules are for.
fn check_steps(arguments: &Optimize) -> Result<(), Stop> {
    match arguments.allow.iter().find(|step| !arguments.kind.suits(**step)) {
        Some(step) => Err(Stop::unanswered(format_args!(
            "{} adds a rule that arms more syscalls on a kernel with the bitmap; leave it out, or use --for stock",
            step.name()
        ))),
        None => Ok(()),
    }
}

fn loads_of(rules: &[Optimal], before: &Arming) -> Vec<Load> {
    let load = |optimal: &Optimal| {
        let source = optimal.from.first().and_then(|serial| before.origin_of(*serial));
        let step = optimal.steps.first().map_or("", |step| step.name());
        let added = || Origin { file: step.into(), line: 0 };
        Load::new(source.cloned().unwrap_or_else(added), Request::Add(optimal.rule.clone()))
    };
    rules.iter().map(load).collect()
}

/// Returns the lines of rules as they are written, but appending them, by their places. The new file has the rules in the
/// kernel's order.
fn lines_of(checked: &CheckedSet<'_, '_>) -> HashMap<Origin, Vec<u8>> {
    let rules = checked.lines.iter().filter(|line| adds_rule(line));
    rules.map(|line| (origin_of(checked, line), appending(checked, line))).collect()
}

fn appending(checked: &CheckedSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Vec<u8> {
    let options = line.command().options.iter();
    let prepends = options.filter(|item| matches!(item.directive, Directive::Prepend(_)));
    line::line_with(
        checked.set,
        line.line,
        prepends.map(|item| (item.span, b"-a".to_vec())).collect(),
    )
}

/// Returns the other lines: those before the last rule, and those after it.
pub(super) fn settings(checked: &CheckedSet<'_, '_>) -> [Vec<Vec<u8>>; 2] {
    let last = checked.lines.iter().rposition(adds_rule).unwrap_or(0);
    let other = |lines: &[CompiledLine<'_, '_>]| {
        lines.iter().filter(|line| !adds_rule(line)).map(|line| text_of(checked, line)).collect()
    };
    let (before, after) = checked.lines.split_at_checked(last).unwrap_or((&checked.lines, &[]));
    [other(before), other(after)]
}

fn text_of(checked: &CheckedSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Vec<u8> {
    checked.set.text(line.line.file, line.line.span).to_vec()
}

fn adds_rule(line: &CompiledLine<'_, '_>) -> bool {
    matches!(line.checked.program.end, End::Rule(Request::Add(_), _))
}

/// Writes the report: to standard output if the rules are in a file, otherwise to standard error.
fn tell(arguments: &Optimize, optimization: &Optimization<'_>) -> Result<(), Stop> {
    let mut text = String::new();
    match arguments.format {
        OptimizeFormat::Text => {
            // A String takes every text.
            let _ = write_report(&mut text, optimization);
        }
        OptimizeFormat::Json => {
            let mut bytes = Vec::new();
            crate::report::write_json(&mut bytes, &OptimizeReport::new(optimization))
                .map_err(Stop::unanswered)?;
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    match output::target(arguments.output.as_deref()) {
        Some(_) => output::write(None, |out| out.write_all(text.as_bytes())),
        None => {
            report::rendered(text.trim_end());
            Ok(())
        }
    }
}
