//! `rauditctl optimize --check`: whether an earlier output still belongs to its source.

use std::ffi::OsString;
use std::path::Path;

use clap::Parser;

use super::explain::machine::Machine;
use super::input::ErrorCount;
use super::optimize::{check, make, numbered, read, settings};
use super::output;
use crate::analysis::{Arming, arming};
use crate::catalog::KernelVersion;
use crate::cli::args::{Arguments, Command, Optimize, OptimizeFormat};
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::{Policy, check_stdin, name};
use crate::cli::report::{self, name_of};
use crate::eval::Problem;
use crate::relate::sets::{Keys, Relation, compare};
use crate::report::compare::Pair;
use crate::report::decision::render_problem;
use crate::report::optimize::{
    Belonging, Check, CheckReport, Digest, Optimization, Product, ReadHead, Words, write_check,
};
use crate::ruleset::{CheckedSet, Input, RuleSet};
use crate::source::Source;

/// Checks a product.
pub(super) fn checked(arguments: &Optimize, path: &Path) -> Result<Exit, Stop> {
    let read_paths = arguments.files.iter().map(std::path::PathBuf::as_path).chain([path]);
    check_stdin(read_paths).map_err(Stop::unanswered)?;
    let policy = Policy::look_only(arguments.reading.max_size);
    let text = policy.read(path).map_err(Stop::unanswered)?;
    let source = Source::new(name(path), text);
    let wrong = |problem: &Problem| {
        report::rendered(render_problem(&source, problem));
        Stop::after_report(Exit::Unanswered)
    };
    let head = ReadHead::of(&source).map_err(|problem| wrong(&problem))?;
    let again = again(arguments, &head).map_err(|problem| wrong(&problem))?;
    let product = Earlier { path, source: &source, head: &head };

    let files = read(arguments)?;
    let set = RuleSet::new(files.inputs());
    let now = Digest::of(set.files().iter().map(|file| file.source.text()));
    let is_source_changed = now != head.head.source;
    let is_edited = Digest::of([head.rules]) != head.head.rules;
    if is_source_changed || is_edited {
        return product.tell(arguments, Belonging::Stale { is_source_changed, is_edited });
    }
    make(&again, &files, |made, optimization| {
        if made.rules == head.rules {
            return product.tell(arguments, Belonging::SameText);
        }
        product.compare(arguments, &again, &set, made, optimization)
    })
}

/// Returns the arguments that a product was made with, for the files of `arguments`.
fn again(arguments: &Optimize, head: &ReadHead<'_>) -> Result<Optimize, Problem> {
    let mistake = |message: String| Problem {
        at: head.options_at.clone(),
        message,
        help: Some("`rauditctl optimize` writes the head; make the file again".to_owned()),
    };
    let command = ["rauditctl", "optimize"].into_iter().chain(head.head.options.iter());
    let command = command.map(OsString::from).chain(["--".into()]);
    let files = arguments.files.iter().map(|file| file.clone().into_os_string());
    let parsed = Arguments::try_parse_from(command.chain(files)).map_err(|error| {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default();
        mistake(first.trim_start_matches("error: ").to_owned())
    })?;
    let Command::Optimize(again) = parsed.command else {
        return Err(mistake("these are no options of `optimize`".to_owned()));
    };
    let written =
        again.target.arch.zip(again.kernel).map(|(arch, version)| again.deciding(arch, version));
    match written.as_ref() == Some(&head.head.options) {
        true => Ok(Optimize { reading: arguments.reading, ..*again }),
        false => Err(mistake("these are not the options as `optimize` writes them".to_owned())),
    }
}

/// An earlier output.
struct Earlier<'e> {
    path: &'e Path,
    source: &'e Source,
    head: &'e ReadHead<'e>,
}

impl Earlier<'_> {
    /// Compares a product with its source, since `made` has other lines.
    fn compare(
        &self,
        arguments: &Optimize,
        again: &Optimize,
        set: &RuleSet<'_>,
        made: &Product,
        optimization: &Optimization<'_>,
    ) -> Result<Exit, Stop> {
        let (before, version) =
            (optimization.before, again.kernel.unwrap_or(KernelVersion::NEWEST));
        let machine = Machine::of(&again.target);
        machine.learn_paths_of(set);
        let made = Source::new("", made.rules.clone());
        let [own, new] = [self.source, &made].map(|source| loaded(source, before, &machine));
        let (own, new) = (own?, new?);
        if own.settings != new.settings {
            return self.tell(arguments, Belonging::OtherSettings);
        }
        // A step with a price takes something away from the source on purpose.
        let has_price = optimization.optimized.steps.iter().any(|done| done.loss.is_some());
        let (wanted, title) = match has_price {
            true => (optimization.after, "what its options make of its source"),
            false => (before, "its source"),
        };
        let comparison = compare(wanted.kernel(), own.rules.kernel(), version, Keys::Count);
        let pair = Pair {
            names: [title.to_owned(), name(self.path)],
            sets: [wanted, &own.rules],
            comparison: &comparison,
            is_whole: false,
        };
        self.tell(arguments, Belonging::OtherText(&pair))
    }

    /// Prints the answer.
    fn tell(&self, arguments: &Optimize, belonging: Belonging<'_>) -> Result<Exit, Stop> {
        let exit = exit(&belonging);
        let check = Check {
            product: name(self.path),
            made_by: &self.head.head.version,
            again: self.command(arguments),
            belonging,
        };
        output::write(None, |out| match arguments.format {
            OptimizeFormat::Json => crate::report::write_json(out, &CheckReport::new(&check)),
            OptimizeFormat::Text => output::write_text(out, |text| write_check(text, &check)),
        })?;
        Ok(exit)
    }

    /// Returns the command that makes the product again.
    fn command(&self, arguments: &Optimize) -> Words {
        let own = |word: &str| word.to_owned();
        let command = ["rauditctl", "optimize"].map(own).into_iter();
        let options = self.head.head.options.iter().map(own);
        let output = [own("-o"), name_of(self.path)];
        let files = arguments.files.iter().map(|file| name_of(file));
        Words::escaped(command.chain(options).chain(output).chain(files))
    }
}

/// What a product loads.
pub(super) struct Loaded {
    pub(super) rules: Arming,
    /// The other lines before and after the rules.
    settings: [Vec<Vec<u8>>; 2],
}

/// Returns what a product loads.
pub(super) fn loaded(source: &Source, before: &Arming, machine: &Machine) -> Result<Loaded, Stop> {
    let set = RuleSet::new([Input { source, directory: None }]);
    let checked = CheckedSet::new(&set, &machine.with_paths_of(&set));
    if checked.error_count(0) > 0 {
        let mut errors = ErrorCount::default();
        errors.report(&checked);
        errors.stop(Exit::Unanswered)?;
    }
    let loads = numbered(&checked);
    check(&checked, &loads)?;
    let rules = arming(before.kernel().profile(), &loads);
    match rules.refused.first() {
        None => Ok(Loaded { rules, settings: settings(&checked) }),
        Some((origin, refusal)) => Err(Stop::unanswered(format_args!(
            "the kernel refuses the rule of {origin}: {refusal}"
        ))),
    }
}

fn exit(belonging: &Belonging<'_>) -> Exit {
    match belonging {
        Belonging::SameText => Exit::Done,
        Belonging::Stale { .. } | Belonging::OtherSettings => Exit::Findings,
        Belonging::OtherText(pair) => match pair.comparison.relation() {
            Relation::Same => Exit::Done,
            Relation::Undecided => Exit::Undecided,
            Relation::Less | Relation::More | Relation::Neither => Exit::Findings,
        },
    }
}
