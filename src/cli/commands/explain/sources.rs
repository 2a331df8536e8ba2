//! Where the rules come from: files, standard input, directories, the running kernel.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::analysis::{Load, LoadStep, Origin};
use crate::cli::args::Explain;
use crate::cli::commands::input::{Faults, host_for, read};
use crate::cli::exit::Stop;
use crate::cli::rules_dir;
use crate::cli::rules_file::RulesFile;
use crate::compile::Step;
use crate::diag::{Diagnostic, Fault, KernelFault};
use crate::host::Host;
use crate::kernel::{AuditKernel, KernelError, Netlink};
use crate::rule::Request;
use crate::ruleset::{CheckedLine, Sent};
use crate::source::Source as Text;
use crate::span::Span;
use crate::syntax::augenrules::{Kind, joined};

/// What `--diff` calls the running kernel; a file of that name is `./kernel`.
const KERNEL: &str = "kernel";

/// Where rules are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A file, or `-` for standard input.
    File(PathBuf),
    /// A directory of files.
    Directory(PathBuf),
    /// The running kernel.
    Kernel,
}

impl Source {
    /// What the command line names: those to be compared, or those to be loaded one after the other.
    pub(super) fn of(arguments: &Explain) -> Vec<Self> {
        if !arguments.diff.is_empty() {
            let named = |path: &PathBuf| match path == Path::new(KERNEL) {
                true => Source::Kernel,
                false => Source::at(path),
            };
            return arguments.diff.iter().map(named).collect();
        }
        if arguments.files.is_empty() {
            return vec![Source::Kernel];
        }
        arguments.files.iter().map(|path| Source::at(path)).collect()
    }

    fn at(path: &Path) -> Self {
        match path.is_dir() {
            true => Source::Directory(path.to_owned()),
            false => Source::File(path.to_owned()),
        }
    }
}

/// What sources load.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) loads: Vec<Load>,
    /// The texts of the files it is from.
    pub(super) texts: Vec<Text>,
}

/// All that the sources load, in order; what is wrong with them is said, and ends it.
pub(super) fn loads(sources: &[Source], arguments: &Explain) -> Result<Loaded, Stop> {
    let host = host_for(&arguments.target);
    let mut loaded = Loaded::default();
    let mut faults = Faults::default();
    for source in sources {
        match source {
            Source::File(path) => {
                let file = read(path, &host)?;
                faults.note(&file);
                loaded.loads.extend(lines_of(&file).into_iter().flat_map(|(_, loads)| loads));
                loaded.texts.push(file.source);
            }
            Source::Directory(path) => {
                let loads = of_directory(path, &host, &mut faults, &mut loaded.texts)?;
                loaded.loads.extend(loads);
            }
            Source::Kernel => loaded.loads.extend(running()?),
        }
    }
    faults.stop()?;
    Ok(loaded)
}

/// What the files of a directory load: joined in one file, `-i` and `-c` hold beyond the one they
/// stand in.
fn of_directory(
    directory: &Path,
    host: &dyn Host,
    faults: &mut Faults,
    texts: &mut Vec<Text>,
) -> Result<Vec<Load>, Stop> {
    let stop = |error: &dyn std::fmt::Display| {
        Stop::unanswered(format_args!("cannot read `{}`: {error}", directory.display()))
    };
    let paths = rules_dir::files(directory).map_err(|error| stop(&error))?;
    if paths.is_empty() {
        return Err(stop(&"it has no file named *.rules"));
    }
    let mut lines = Vec::new();
    let mut forgives = false;
    for path in paths {
        let mut file = read(&path, host)?;
        for line in &mut file.lines {
            line.forgiven |= forgives;
            line.program.steps.retain(|step| !is_about_lock(step));
        }
        forgives |= file.lines.iter().any(CheckedLine::forgives);
        faults.note(&file);
        lines.extend(lines_of(&file));
        texts.push(file.source);
    }
    Ok(joined(lines).into_iter().flatten().collect())
}

/// Lines behind `-e 2` are not locked out: it is moved to the end.
fn is_about_lock(step: &Step) -> bool {
    matches!(step, Step::Say(Diagnostic { fault: Fault::Kernel(KernelFault::AfterLock), .. }))
}

/// What each line of a file loads.
fn lines_of(file: &RulesFile) -> Vec<(Kind, Vec<Load>)> {
    let name: Arc<str> = file.source.name().into();
    let mut lines = Vec::new();
    for line in &file.lines {
        let loads: Vec<Load> = line.sent().map(|sent| load(file, &name, sent)).collect();
        let Some(number) = loads.first().map(|load| load.origin.line) else { continue };
        let text = file.source.text().get(file.source.line(number).range()).unwrap_or_default();
        lines.push((Kind::of(text), loads));
    }
    lines
}

fn load(file: &RulesFile, name: &Arc<str>, (sent, span): (Sent<'_>, Span)) -> Load {
    let origin = Origin { file: Arc::clone(name), line: file.line_of(span.start) };
    match sent {
        Sent::Request(request) => Load::new(origin, request.clone()),
        Sent::DeleteAll(key) => {
            let key = (!key.is_empty()).then(|| key.into());
            Load { origin, step: LoadStep::DeleteAll { key } }
        }
    }
}

/// The rules of the running kernel.
fn running() -> Result<Vec<Load>, Stop> {
    let rules = Netlink::open().map_err(KernelError::Socket);
    rules.and_then(|mut kernel| kernel_rule(&mut kernel)).map_err(|error| {
        Stop::unanswered(format_args!(
            "cannot list the rules of the running kernel: {error}; name a rules file instead"
        ))
    })
}

/// The rules that a kernel holds, each with its place in the listing for a line.
fn kernel_rule(kernel: &mut dyn AuditKernel) -> Result<Vec<Load>, KernelError> {
    let file: Arc<str> = KERNEL.into();
    let origin = |line| Origin { file: Arc::clone(&file), line };
    let rules = (1..).zip(kernel.rules()?);
    Ok(rules.map(|(line, rule)| Load::new(origin(line), Request::Add(rule))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Arch;
    use crate::kernel::InProcess;
    use crate::model::Profile;
    use crate::rule::{Action, FilterList, Rule};

    #[test]
    fn rules_of_a_kernel_are_known_by_their_place() {
        let mut kernel = InProcess::new(Profile::new(Arch::X86_64, 451));
        let rule = |list, nr| {
            let mut rule = Rule::new(list, Action::Always);
            assert!(rule.mask.insert(nr));
            Request::Add(rule)
        };
        for request in [rule(FilterList::Exit, 59), rule(FilterList::Exit, 1)] {
            assert!(kernel.send_one(&request).is_ok());
        }
        let loads = kernel_rule(&mut kernel).unwrap();
        let origins: Vec<String> = loads.iter().map(|load| load.origin.to_string()).collect();
        assert_eq!(origins, ["kernel:1", "kernel:2"]);
    }
}
