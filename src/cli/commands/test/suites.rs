//! The rules files and the cases that belong together.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use crate::analysis::{Load, Origin, loads};
use crate::cases::{Case, CaseFile, cases_in_comments, impossible, read_cases};
use crate::catalog::{Arch, KernelVersion};
use crate::cli::args::{Target, Test};
use crate::cli::commands::explain::Machine;
use crate::cli::commands::explain::sources::note_unknown_paths;
use crate::cli::commands::input::ErrorCount;
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::cli::read::{Policy, check_stdin};
use crate::cli::report;
use crate::cli::rules_files::RulesFiles;
use crate::diag::escaped;
use crate::eval::{Files, Problem, Reader};
use crate::model::Profile;
use crate::report::decision::render_problem;
use crate::ruleset::{CheckedSet, RuleSet};
use crate::source::Source;

/// The settings file of lint, which has no cases.
const SETTINGS: &str = "rauditctl.toml";

/// Everything that a run tests.
pub(in crate::cli::commands) struct Suites {
    pub(in crate::cli::commands) all: Vec<Suite>,
    /// The texts with cases, by the name that their cases have.
    pub(super) texts: BTreeMap<String, (PathBuf, Source)>,
}

/// Rules, and their cases.
pub(in crate::cli::commands) struct Suite {
    /// The rules files, as a command line names them.
    pub(super) paths: Vec<String>,
    /// The machine and its files, as options of `explain`.
    pub(super) options: Vec<String>,
    pub(in crate::cli::commands) profile: Profile,
    pub(super) version: Option<KernelVersion>,
    pub(in crate::cli::commands) files: Files,
    pub(super) loads: Vec<Load>,
    pub(in crate::cli::commands) cases: Vec<Case>,
}

/// The rules files of a suite, and the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    rules: Vec<PathBuf>,
    arch: Arch,
    kernel: Option<KernelVersion>,
    files: Option<PathBuf>,
}

impl Key {
    /// Returns the machine and its files as options of `explain`, without what it assumes by itself.
    fn options(&self) -> Vec<String> {
        let arch = Some(self.arch).filter(|arch| this_machine() != Some(*arch));
        let arch = arch.map(|arch| ["--arch".to_owned(), arch.common_name().to_owned()]);
        let kernel = self.kernel.map(|version| ["--kernel".to_owned(), version.to_string()]);
        let files = self.files.as_ref();
        let files = files.map(|path| ["--files".to_owned(), report::name_of(path).to_string()]);
        [arch, kernel, files].into_iter().flatten().flatten().collect()
    }
}

/// A TOML file with cases, or rules with cases in their comments.
enum Found {
    Cases(PathBuf),
    Rules(PathBuf),
}

impl Suites {
    /// Reads all files. Mistakes are printed, and end the command.
    pub(in crate::cli::commands) fn read(arguments: &Test) -> Result<Self, Stop> {
        let Some(arch) = arguments.target.arch.or_else(this_machine) else {
            return Err(Stop::unanswered(
                "the syscalls of this machine are unknown; set an arch with --arch",
            ));
        };
        check_stdin(arguments.paths.iter().map(PathBuf::as_path)).map_err(Stop::unanswered)?;
        let mut reading =
            Reading { arguments, arch, keys: Vec::new(), texts: BTreeMap::new(), is_faulty: false };
        for path in &arguments.paths {
            for found in found_in(path)? {
                match found {
                    Found::Cases(path) => reading.case_file(&path)?,
                    Found::Rules(path) => {
                        let key = Key { rules: vec![path], arch, kernel: None, files: None };
                        reading.add(key, Vec::new());
                    }
                }
            }
        }
        reading.finish()
    }
}

/// Returns what a path holds: a directory holds TOML files, and rules files that are one set.
fn found_in(path: &Path) -> Result<Vec<Found>, Stop> {
    let is_toml = |path: &Path| {
        path.extension() == Some(OsStr::new("toml"))
            && path.file_name() != Some(OsStr::new(SETTINGS))
    };
    if !path.is_dir() {
        let path = path.to_owned();
        return Ok(vec![if is_toml(&path) { Found::Cases(path) } else { Found::Rules(path) }]);
    }
    let entries =
        path.read_dir().and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|error| {
            Stop::unanswered(format_args!("cannot read `{}`: {error}", report::name_of(path)))
        })?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    let mut found: Vec<Found> =
        paths.iter().filter(|path| is_toml(path)).cloned().map(Found::Cases).collect();
    if paths.iter().any(|path| path.extension() == Some(OsStr::new("rules"))) {
        found.push(Found::Rules(path.to_owned()));
    }
    Ok(found)
}

/// Returns the same path without `..` after a directory that is no link.
fn shorter(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        let is_name = matches!(short.components().next_back(), Some(Component::Normal(_)));
        if part == Component::ParentDir && is_name {
            short.pop();
        } else {
            short.push(part);
        }
    }
    let is_same =
        path.canonicalize().ok().is_some_and(|real| short.canonicalize().ok() == Some(real));
    if is_same { short } else { path.to_owned() }
}

struct Reading<'a> {
    arguments: &'a Test,
    arch: Arch,
    keys: Vec<(Key, Vec<Case>)>,
    texts: BTreeMap<String, (PathBuf, Source)>,
    is_faulty: bool,
}

impl Reading<'_> {
    fn policy(&self) -> Policy {
        Policy::look_only(self.arguments.reading.max_size)
    }

    fn add(&mut self, key: Key, cases: Vec<Case>) {
        match self.keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => known.extend(cases),
            None => self.keys.push((key, cases)),
        }
    }

    fn refuse(&mut self, source: &Source, problems: &[Problem]) {
        problems.iter().for_each(|problem| report::rendered(render_problem(source, problem)));
        self.is_faulty = true;
    }

    fn case_file(&mut self, path: &Path) -> Result<(), Stop> {
        let name = report::name_of(path).to_string();
        let source = Source::new(name.clone(), self.policy().read(path).map_err(Stop::unanswered)?);
        match read_cases(&source, &name, self.arch) {
            Err(problems) => self.refuse(&source, &problems),
            Ok(file) => self.cases_of(path, &source, file),
        }
        self.texts.insert(name, (path.to_owned(), source));
        Ok(())
    }

    fn cases_of(&mut self, path: &Path, source: &Source, file: CaseFile) {
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut rules = Vec::new();
        for (pattern, at) in &file.rules {
            let joined = folder.join(pattern);
            let paths = glob::glob(&joined.to_string_lossy())
                .map(|paths| paths.flatten().collect::<Vec<_>>());
            let (message, help) = match paths {
                Ok(paths) if !paths.is_empty() => {
                    rules.extend(paths.iter().map(|path| shorter(path)));
                    continue;
                }
                Ok(_) => (
                    format!("`{pattern}` matches no file"),
                    "the pattern is relative to this file".to_owned(),
                ),
                Err(error) => (format!("`{pattern}` is not a pattern"), error.msg.to_owned()),
            };
            self.refuse(source, &[Problem { at: at.start..at.end, message, help: Some(help) }]);
        }
        let key = Key {
            rules,
            arch: file.arch.unwrap_or(self.arch),
            kernel: file.kernel,
            files: file.files.map(|(path, _)| folder.join(path)),
        };
        self.add(key, file.cases);
    }

    fn finish(mut self) -> Result<Suites, Stop> {
        let mut errors = ErrorCount::default();
        let mut all = Vec::new();
        for (key, cases) in std::mem::take(&mut self.keys) {
            all.push(self.suite(&key, cases, &mut errors)?);
        }
        errors.stop(Exit::Unanswered)?;
        if self.is_faulty {
            return Err(Stop::after_report(Exit::Unanswered));
        }
        Ok(Suites { all, texts: self.texts })
    }

    /// Prints the expectations that cannot hold. `--accept` replaces them.
    fn refuse_impossible(&mut self, cases: &[Case], loads: &[Load]) {
        for (case, problem) in impossible(cases, loads) {
            if let Some((_, source)) = self.texts.get(&*case.origin.file) {
                report::rendered(render_problem(source, &problem));
            }
            self.is_faulty = true;
        }
    }

    fn suite(
        &mut self,
        key: &Key,
        mut cases: Vec<Case>,
        errors: &mut ErrorCount,
    ) -> Result<Suite, Stop> {
        let reader = Reader::new(key.arch);
        let rules = RulesFiles::read(&key.rules, self.policy()).map_err(Stop::unanswered)?;
        let set = RuleSet::new(rules.inputs());
        let machine = Machine::of(&Target { arch: Some(key.arch) });
        let checked = CheckedSet::new(&set, &machine.with_paths_of(&set));
        errors.report(&checked);
        let names: Vec<String> =
            rules.sources().iter().map(|source| escaped(source.name()).to_string()).collect();
        for ((source, path), name) in rules.sources().into_iter().zip(&rules.paths).zip(&names) {
            match cases_in_comments(source, name, reader) {
                Ok(found) => cases.extend(found),
                Err(problems) => self.refuse(source, &problems),
            }
            let text = Source::new(source.name(), source.text().to_vec());
            self.texts.insert(name.clone(), (path.clone(), text));
        }
        let loads = loads(&checked.lines, |_, place| Origin {
            file: names.get(place.file).map_or_else(Default::default, |name| name.as_str().into()),
            line: set.source(place.file).map_or(0, |text| text.location(place.span.start).line),
        });
        machine.note_accounts_in_events();
        note_unknown_paths(&loads);
        if !self.arguments.accept {
            self.refuse_impossible(&cases, &loads);
        }
        let files = match &key.files {
            None => Files::default(),
            Some(path) => {
                let text = self.policy().read(path).map_err(Stop::unanswered)?;
                reader.read_files(&text).map_err(|error| {
                    Stop::unanswered(format_args!(
                        "{}: {}",
                        report::name_of(path),
                        escaped(&error.to_string())
                    ))
                })?
            }
        };
        let nr_syscalls = key.kernel.and_then(|version| key.arch.nr_syscalls_at(version));
        let profile = nr_syscalls
            .map_or_else(|| Profile::newest(key.arch), |number| Profile::new(key.arch, number));
        let paths = key.rules.iter().map(|path| report::name_of(path).to_string()).collect();
        let options = key.options();
        Ok(Suite { paths, options, profile, version: key.kernel, files, loads, cases })
    }
}
