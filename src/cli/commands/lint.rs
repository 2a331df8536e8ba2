//! `rauditctl lint`: what is wrong, unsafe, slow, dead or not portable in rules files.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::exit;
use super::input::Stop;
use crate::cli::args::{FailOn, Lint, LintFormat};
use crate::cli::host::{SystemHost, this_machine};
use crate::cli::report;
use crate::cli::rules_dir;
use crate::cli::rules_file::{Trust, read_source};
use crate::diag::Level;
use crate::host::Host;
use crate::lint::fix::{Allowed, mend};
use crate::lint::{self, Input, Report, RuleSet, Selection, Selector, Settings};
use crate::report::lint::{Findings, page, statistics, text};
use crate::source::Source;

/// A text, and the directory that augenrules would read it from.
type File = (Source, Option<usize>);

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Lint) -> u8 {
    match &arguments.explain {
        Some(code) => explain(code),
        None => lint_files(arguments).unwrap_or_else(|status| status),
    }
}

fn explain(code: &str) -> u8 {
    let Some(lint) = lint::find(code) else {
        let near = lint::nearest(code).map(|near| format!("; did you mean `{near}`?"));
        return usage(format_args!("no lint is called `{code}`{}", near.unwrap_or_default()));
    };
    let _ = io::stdout().write_all(page(lint).as_bytes());
    exit::DONE
}

fn usage(why: impl std::fmt::Display) -> u8 {
    report::error(why);
    exit::USAGE
}

fn lint_files(arguments: &Lint) -> Result<u8, Stop> {
    let mut files = read(&arguments.files)?;
    let system = arguments.host.then(|| this_machine().map(SystemHost::of_arch)).flatten();
    let settings = settings(arguments, system.as_ref().map(|host| host as &dyn Host))?;
    let allowed = if arguments.unsafe_fixes { Allowed::Unsafe } else { Allowed::Safe };
    if arguments.fix {
        let before = files.clone();
        let made = mend(&mut files, &settings, allowed);
        write_back(&before, &files)?;
        report::note(format_args!("{} made", report::count(made, "fix")));
    }
    let inputs = files.iter().map(|(source, directory)| Input { source, directory: *directory });
    let found = lint::lint(&RuleSet::new(inputs), &settings);
    show(arguments, &files, &found).map_err(|error| usage(error))?;
    let is_bad = |level: Level| level >= fail_level(arguments.fail_on);
    let fails = found.findings.iter().any(|finding| is_bad(finding.level));
    Ok(if fails && !arguments.exit_zero { exit::FAULTS } else { exit::DONE })
}

fn fail_level(fail_on: FailOn) -> Level {
    match fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
        FailOn::Info => Level::Info,
    }
}

/// Reads the files, those of directories in the order in which augenrules joins them.
fn read(paths: &[PathBuf]) -> Result<Vec<File>, Stop> {
    let mut files = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        if path.is_dir() {
            let found = rules_dir::files(path).map_err(|error| {
                usage(format_args!("cannot read `{}`: {error}", path.display()))
            })?;
            if found.is_empty() {
                return Err(usage(format_args!("`{}` has no file named *.rules", path.display())));
            }
            for path in found {
                files.push((read_one(&path)?, Some(number)));
            }
        } else {
            files.push((read_one(path)?, None));
        }
    }
    Ok(files)
}

fn read_one(path: &Path) -> Result<Source, Stop> {
    read_source(path, Trust::LookOnly).map_err(usage)
}

fn settings<'h>(arguments: &Lint, system: Option<&'h dyn Host>) -> Result<Settings<'h>, Stop> {
    let mut arches = arguments.arch.clone();
    if arches.is_empty() {
        let Some(arch) = this_machine() else {
            return Err(usage("the syscalls of this machine are not known; name one with --arch"));
        };
        arches.push(arch);
    }
    let first = arches.first().copied();
    let mut settings = Settings::new(first.unwrap_or(crate::catalog::Arch::X86_64));
    settings.arches = arches;
    settings.kernels = arguments.kernel.unwrap_or_default();
    settings.system = system;
    settings.selection = Selection {
        select: selectors(&arguments.select)?,
        ignore: selectors(&arguments.ignore)?,
        levels: Vec::new(),
    };
    Ok(settings)
}

fn selectors(words: &[String]) -> Result<Vec<Selector>, Stop> {
    let selector = |word: &String| {
        Selector::parse(word).ok_or_else(|| {
            let near = lint::nearest(word).map(|near| format!("; did you mean `{near}`?"));
            usage(format_args!("no lint is called `{word}`{}", near.unwrap_or_default()))
        })
    };
    words.iter().map(selector).collect()
}

fn write_back(before: &[File], after: &[File]) -> Result<(), Stop> {
    for ((old, _), (new, _)) in before.iter().zip(after) {
        if old.text() != new.text() {
            std::fs::write(new.name(), new.text())
                .map_err(|error| usage(format_args!("cannot write `{}`: {error}", new.name())))?;
        }
    }
    Ok(())
}

fn show(arguments: &Lint, files: &[File], found: &Report) -> io::Result<()> {
    let sources: Vec<&Source> = files.iter().map(|(source, _)| source).collect();
    let findings =
        Findings { sources: &sources, findings: &found.findings, silenced: found.silenced };
    let mut out = anstream::stdout().lock();
    if arguments.statistics {
        return statistics(&findings, &mut out);
    }
    match arguments.format {
        LintFormat::Text => {
            for finding in findings.findings {
                writeln!(out, "{}", text(&findings, finding))?;
            }
            Ok(())
        }
    }
}
