//! The sources of rules: files, standard input, directories, the running kernel.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::json_requests;
use super::machine::Machine;
use crate::analysis::{Load, LoadStep, Origin, loads as loads_of};
use crate::catalog::PathKind;
use crate::cli::args::{Explain, Reading, ReportFormat};
use crate::cli::commands::input::ErrorCount;
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::Policy;
use crate::cli::report;
use crate::cli::rules_files::RulesFiles;
use crate::diag::escaped;
use crate::kernel::{AuditKernel, KernelError, Netlink};
use crate::rule::{Field, Request, TextId};
use crate::ruleset::{CheckedSet, RuleSet};
use crate::source::Source as Text;

/// The name of the running kernel for `--diff`; a file of that name is `./kernel`.
const KERNEL: &str = "kernel";

/// A source of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli::commands) enum Source {
    /// A file, `-` for standard input, or a directory of files.
    Files(PathBuf),
    /// The running kernel.
    Kernel,
}

impl Source {
    /// Returns one of two sources to compare.
    pub(in crate::cli::commands) fn named(path: &Path) -> Self {
        match path == Path::new(KERNEL) {
            true => Source::Kernel,
            false => Source::Files(path.to_owned()),
        }
    }

    /// Returns the sources that the command line names: those to compare, or those to load one after the other.
    pub(super) fn of(arguments: &Explain) -> Vec<Self> {
        if !arguments.diff.is_empty() {
            return arguments.diff.iter().map(|path| Source::named(path)).collect();
        }
        if arguments.files.is_empty() {
            return vec![Source::Kernel];
        }
        arguments.files.iter().cloned().map(Source::Files).collect()
    }
}

/// The rules that sources load.
#[derive(Debug, Default)]
pub(in crate::cli::commands) struct Loaded {
    pub(in crate::cli::commands) loads: Vec<Load>,
    /// The texts of the files.
    pub(in crate::cli::commands) texts: Vec<Text>,
}

/// A source that was read, and whose rules are not compiled yet.
enum Read {
    Files(RulesFiles),
    Loads(Vec<Load>),
}

/// Sources that were read. The machine knows which paths they name as directories, so that a path is the same in all of
/// them.
pub(in crate::cli::commands) struct ReadSources(Vec<Read>);

/// Reads sources.
pub(in crate::cli::commands) fn read(
    sources: &[Source],
    reading: Reading,
    machine: &Machine,
) -> Result<ReadSources, Stop> {
    let mut all = Vec::new();
    for source in sources {
        all.push(match source {
            Source::Files(path) => {
                let policy = Policy::look_only(reading.max_size);
                let files = RulesFiles::read(std::slice::from_ref(path), policy);
                let files = files.map_err(Stop::unanswered)?;
                match json_requests::loads(&files)? {
                    Some(requests) => Read::Loads(requests),
                    None => Read::Files(files),
                }
            }
            Source::Kernel => Read::Loads(running()?),
        });
    }
    for one in &all {
        match one {
            Read::Files(files) => machine.learn_paths_of(&RuleSet::new(files.inputs())),
            Read::Loads(loads) => machine.learn_directories(directories(loads)),
        }
    }
    Ok(ReadSources(all))
}

/// Returns the directories of compiled rules.
fn directories(loads: &[Load]) -> impl Iterator<Item = Vec<u8>> {
    let rules = loads.iter().filter_map(|load| match &load.step {
        LoadStep::Add(rule) => Some(rule),
        _ => None,
    });
    let conditions = rules.flat_map(|rule| &rule.fields);
    conditions.filter_map(|condition| match condition {
        Field::Text { id: TextId::DIR, text, .. } => Some(text.to_vec()),
        _ => None,
    })
}

impl ReadSources {
    /// Returns what each source loads. Errors are printed, and end the command.
    pub(in crate::cli::commands) fn compile(
        self,
        format: ReportFormat,
        machine: &Machine,
    ) -> Result<Vec<Loaded>, Stop> {
        let mut errors = ErrorCount::default();
        let compiled = self.0.into_iter().map(|source| match source {
            Read::Loads(loads) => Loaded { loads, texts: Vec::new() },
            Read::Files(files) => {
                let loads = of_files(&files, machine, &mut errors, format);
                let texts = files.texts.into_iter().map(|(text, _)| text).collect();
                Loaded { loads, texts }
            }
        });
        let compiled = compiled.collect();
        errors.stop(Exit::Unanswered)?;
        Ok(compiled)
    }
}

/// Returns everything that the sources load, in order. Errors are printed, and end the command.
pub(in crate::cli::commands) fn loads(
    sources: &[Source],
    reading: Reading,
    format: ReportFormat,
    machine: &Machine,
) -> Result<Loaded, Stop> {
    let mut all = Loaded::default();
    for loaded in read(sources, reading, machine)?.compile(format, machine)? {
        all.loads.extend(loaded.loads);
        all.texts.extend(loaded.texts);
    }
    Ok(all)
}

/// Returns what each of two sources loads.
pub(in crate::cli::commands) fn loads_of_both(
    sources: [Source; 2],
    reading: Reading,
    format: ReportFormat,
    machine: &Machine,
) -> Result<[Loaded; 2], Stop> {
    let loaded = read(&sources, reading, machine)?.compile(format, machine)?;
    // There are as many as sources.
    loaded.try_into().map_err(|_| Stop::unanswered("a source of rules is missing"))
}

/// Notes which watched paths are unknown on this machine. What they record depends on what they are.
pub(in crate::cli::commands) fn note_unknown_paths<'l>(loads: impl IntoIterator<Item = &'l Load>) {
    let unknown = loads.into_iter().filter(|load| load.watched == Some(PathKind::Unknown));
    let unknown: Vec<(&Load, &[u8])> = unknown
        .filter_map(|load| match &load.step {
            LoadStep::Add(rule) => rule.fields.iter().find_map(|condition| match condition {
                Field::Text { id: TextId::PATH | TextId::DIR, text, .. } => Some((load, &**text)),
                _ => None,
            }),
            _ => None,
        })
        .collect();
    let Some((first, path)) = unknown.first() else { return };
    let others = match unknown.len() - 1 {
        0 => String::new(),
        1 => ", and the path of another watch".to_owned(),
        more => format!(", and the paths of {more} other watches"),
    };
    report::note(format_args!(
        "what `{}` ({}) is{others}, is unknown on this machine: it is taken as a file; end the path of a directory \
         with a slash",
        path.escape_ascii(),
        first.origin,
    ));
}

/// Returns what the files of one source load.
fn of_files(
    files: &RulesFiles,
    machine: &Machine,
    errors: &mut ErrorCount,
    format: ReportFormat,
) -> Vec<Load> {
    let set = RuleSet::new(files.inputs());
    let checked = CheckedSet::new(&set, &machine.with_paths_of(&set));
    errors.report(&checked);
    let name = |text: &&Text| match format {
        ReportFormat::Text => escaped(text.name()).into(),
        // These formats escape names themselves.
        ReportFormat::Json | ReportFormat::Html => text.name().into(),
    };
    let names: Vec<Arc<str>> = files.sources().iter().map(name).collect();
    loads_of(&checked.lines, |_, place| Origin {
        file: names.get(place.file).cloned().unwrap_or_default(),
        line: set.source(place.file).map_or(0, |text| text.location(place.span.start).line),
    })
}

/// Returns the rules of the running kernel.
fn running() -> Result<Vec<Load>, Stop> {
    report::note("asking the running kernel for its rules");
    let rules = Netlink::open().map_err(KernelError::Socket);
    rules.and_then(|mut kernel| listed_rules(&mut kernel)).map_err(|error| {
        Stop::unanswered(format_args!(
            "cannot list the rules of the running kernel: {error}; pass a rules file instead"
        ))
    })
}

/// Returns the rules that a kernel holds; the line of each is its place in the listing.
fn listed_rules(kernel: &mut dyn AuditKernel) -> Result<Vec<Load>, KernelError> {
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
    fn names_rules_of_a_kernel_by_their_place() {
        let mut kernel = InProcess::new(Profile::new(Arch::X86_64, 451));
        let rule = |list, nr| {
            let mut rule = Rule::new(list, Action::Always);
            assert!(rule.mask.insert(nr));
            Request::Add(rule)
        };
        for request in [rule(FilterList::Exit, 59), rule(FilterList::Exit, 1)] {
            assert!(kernel.send_one(&request).is_ok());
        }
        let loads = listed_rules(&mut kernel).unwrap();
        let origins: Vec<String> = loads.iter().map(|load| load.origin.to_string()).collect();
        assert_eq!(origins, ["kernel:1", "kernel:2"]);
    }
}
