//! `rauditctl replay`: which rule made which part of a log.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the command: read, decide, report |
//! | `logs` | the files of a log |
//! | `beginning` | what a file begins with |
//! | `follow` | `--follow` |
//! | `limits` | `--budget` and `--auditd-conf` |
//! | `reader` | the rules |
//! | `suggest` | rules that would silence what fills the log |
//! | `keep` | what no suggested rule may silence |
//! | `owned` | whether only root can change a program |
//! | `times` | `--since` and `--until` |

mod beginning;
mod follow;
mod keep;
mod limits;
mod logs;
mod owned;
mod reader;
mod suggest;
mod times;

pub(in crate::cli) use times::moment;

use std::mem;
use std::path::PathBuf;

use jiff::Timestamp;

use super::output;
use crate::analysis::Arming;
use crate::cli::args::{Replay, ReplayFormat};
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::check_stdin;
use crate::cli::report::{self, name_of};
use crate::replay::suggest::Suggestions;
use crate::replay::{Against, Makers, Table, Threads, Window};
use crate::report::replay::{
    Damaged, NewRules, PageFacts, ReplayReport, Verdict, page, write_replay,
};
use crate::source::Source;
use beginning::RECORD_HELP;
use limits::Limits;
use reader::Reader;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Replay) -> Exit {
    let exit = replayed(arguments).unwrap_or_else(Exit::from);
    if arguments.exit_zero { exit.forgiven() } else { exit }
}

fn replayed(arguments: &Replay) -> Result<Exit, Stop> {
    check_format(arguments)?;
    check_rules(arguments)?;
    check_files(arguments)?;
    if let Some(log) =
        arguments.rules.iter().chain(&arguments.against).find(|path| beginning::is_log(path))
    {
        let name = name_of(log);
        return Err(Stop::unanswered(format_args!(
            "`{name}` is a log and no rules file; logs come before --rules and --against"
        )));
    }
    let Some(window) = window(arguments) else {
        return Err(Stop::unanswered("--since is after --until"));
    };
    report::note_newer_kernel(arguments.kernel);
    let limits = Limits::read(arguments)?;
    let reader = Reader::of(arguments)?;
    let (mut loaded, arming) = reader.load(&arguments.rules)?;
    if !arguments.rules.is_empty() && arming.kernel().entries().next().is_none() {
        return Err(Stop::unanswered(
            "--rules has no rules; without it, the events are shown by key",
        ));
    }
    keep::note_unknown_keys(arguments, arming.kernel());
    let mut texts = mem::take(&mut loaded.texts);
    let new = match arguments.against.as_slice() {
        [] => None,
        against => {
            let (new, arming) = reader.load(against)?;
            texts.extend(new.texts);
            Some(arming)
        }
    };
    let makers = Makers::new(arming.kernel(), reader.version);
    let mut table = Table::new(makers, window, arguments.by.into());
    if let Some(new) = &new {
        table = table.with_against(Against::new(new.kernel(), arming.kernel(), reader.version));
    }
    if arguments.format != ReplayFormat::Text {
        table = table.with_volume();
    }
    let [made_by, names] = [&arguments.rules, &arguments.against].map(|paths| names(paths));
    let new = new.as_ref().map(|new| NewRules { names: &names, arming: new });
    let show =
        Show { arguments, arming: &arming, made_by: &made_by, new, limits: &limits, texts: &texts };
    if arguments.follow {
        return followed(&mut table, &show);
    }
    let files = logs::files(&arguments.logs)?;
    if arguments.suggest {
        suggest::check_files(&files)?;
        table = table.with_combinations();
    }
    let read =
        Files { count: files.len(), damaged: read_all(&files, &mut table, Threads::available())? };
    table.finish();
    if table.log.read_records == 0 {
        return Err(Stop::unanswered(format_args!(
            "there is no record in this log; {RECORD_HELP}"
        )));
    }
    let suggestions = match arguments.suggest {
        true => Some(reader.suggestions(&table, &loaded, &arming, &files)?),
        false => None,
    };
    let verdict = show.write(&table, suggestions.as_ref(), &read, "")?;
    Ok(read.exit(verdict))
}

/// Stops if an option is given that the format does not have.
fn check_format(arguments: &Replay) -> Result<(), Stop> {
    let others = [("--follow", arguments.follow), ("--suggest", arguments.suggest)];
    let other = others.iter().find(|(_, is_given)| *is_given);
    match (arguments.format, other) {
        (ReplayFormat::Html, Some((option, _))) => Err(Stop::unanswered(format_args!(
            "--format html is one page about a log; {option} is for text and JSON"
        ))),
        (ReplayFormat::Json | ReplayFormat::Html, _) if arguments.unused => Err(Stop::unanswered(
            "--unused is for text: the other formats always list the rules that made no event; leave it out",
        )),
        _ => Ok(()),
    }
}

/// Stops if an option is about rules, and there are none.
fn check_rules(arguments: &Replay) -> Result<(), Stop> {
    let Replay { kernel, max_size, rules, against, .. } = arguments;
    let options = [("--kernel", kernel.is_some()), ("--max-size", max_size.is_some())];
    let option = options.iter().find(|(_, is_given)| *is_given);
    match option {
        Some((option, _)) if rules.is_empty() && against.is_empty() => Err(Stop::unanswered(
            format_args!("{option} is about rules; add --rules or --against, or leave it out"),
        )),
        _ => Ok(()),
    }
}

/// Returns paths as the command line names them.
fn names(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| name_of(path).to_string()).collect()
}

/// Stops if the output would be written over a file that is read, or if several files are standard input.
fn check_files(arguments: &Replay) -> Result<(), Stop> {
    let Replay { logs, rules, against, keep_tests, keep_covers, .. } = arguments;
    let all = [logs, rules, against, keep_tests, keep_covers].into_iter().flatten();
    let settings = [&arguments.budget, &arguments.auditd_conf].into_iter().flatten();
    let read = || all.clone().map(PathBuf::as_path);
    let target = output::target(arguments.output.as_deref());
    output::check_unread(target, read().chain(settings.map(PathBuf::as_path)))?;
    check_stdin(read()).map_err(Stop::unanswered)
}

/// Reads a log that grows, and writes the report again and again.
fn followed(table: &mut Table, show: &Show<'_>) -> Result<Exit, Stop> {
    let log = follow::Log::open(&show.arguments.logs)?;
    let mut files = Files { count: 0, damaged: read_all(&log.before, table, Threads::One)? };
    let mut lead = "";
    let verdict = log.follow(table, |table, count| {
        files.count = count;
        let verdict = show.write(table, None, &files, lead)?;
        lead = "\n";
        Ok(verdict)
    })?;
    Ok(files.exit(verdict))
}

/// The files that were read.
struct Files {
    count: usize,
    damaged: Vec<Damaged>,
}

impl Files {
    /// Returns the exit status of a report with this one: there is no answer if a part is missing.
    fn exit(&self, verdict: Exit) -> Exit {
        if self.damaged.is_empty() { verdict } else { Exit::Unanswered }
    }
}

/// Reads files into a table. Returns those that were not read to their ends.
fn read_all(files: &[PathBuf], table: &mut Table, threads: Threads) -> Result<Vec<Damaged>, Stop> {
    let bar = logs::progress(files);
    let mut damaged = Vec::new();
    for file in files {
        damaged.extend(logs::read(file, table, threads, &bar)?);
    }
    bar.finish_and_clear();
    Ok(damaged)
}

/// What a report of a table needs.
struct Show<'s> {
    arguments: &'s Replay,
    arming: &'s Arming,
    /// The names of the rules of `--rules`.
    made_by: &'s [String],
    /// The rules of `--against`.
    new: Option<NewRules<'s>>,
    limits: &'s Limits,
    /// The files of all rules.
    texts: &'s [Source],
}

impl Show<'_> {
    /// Writes the report, in a text after `lead`. Returns whether the budget holds.
    fn write(
        &self,
        table: &Table,
        suggestions: Option<&Suggestions>,
        files: &Files,
        lead: &str,
    ) -> Result<Exit, Stop> {
        let Show { arguments, arming, made_by, new, limits, texts } = self;
        let mut report = ReplayReport::new(table, arming, files.count);
        report.add_damaged(&files.damaged);
        if let Some(new) = new {
            report.add_against(table, arming, new, made_by);
        }
        if let Some(suggestions) = suggestions {
            report.add_suggestions(table, arming, suggestions);
        }
        if let Some(budget) = &limits.budget {
            report.add_budget(budget, table, new.as_ref());
        }
        if let Some(retention) = &limits.retention {
            report.add_retention(retention);
        }
        output::write(output::target(arguments.output.as_deref()), |out| match arguments.format {
            ReplayFormat::Json => crate::report::write_json(out, &report),
            ReplayFormat::Html => {
                let logs = names(&arguments.logs);
                out.write_all(page(&report, &PageFacts::new(&logs, arming, texts)).as_bytes())
            }
            ReplayFormat::Text => {
                let mut text = lead.to_owned();
                write_replay(&mut text, &report, arguments.unused)
                    .map_err(std::io::Error::other)?;
                out.write_all(text.as_bytes())
            }
        })?;
        Ok(match report.verdict() {
            Verdict::Holds => Exit::Done,
            Verdict::Over => Exit::Findings,
            Verdict::Unknown => Exit::Undecided,
        })
    }
}

/// Returns the time of the events that count; `None` if it ends before it begins.
fn window(arguments: &Replay) -> Option<Window> {
    let millis = |time: Option<Timestamp>| time.map(Timestamp::as_millisecond);
    Window::new(millis(arguments.since), millis(arguments.until))
}
