//! `rauditctl lint`: finds rules that are wrong, unsafe, slow, unused or not portable.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the command |
//! | `show` | the findings |
//! | `settings` | the configuration, then the options |
//! | `fixing` | `--fix` and `--diff` |

mod fixing;
mod settings;
mod show;

use std::io::Write;
use std::path::PathBuf;

use super::output;
use crate::catalog::Arch;
use crate::cli::args::Lint;
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::{SystemHost, this_machine};
use crate::cli::read::Policy;
use crate::cli::rules_files::RulesFiles;
use crate::host::Host;
use crate::lint::fix::Allowed;
use crate::lint::{Selector, lint};
use crate::report::lint::explanation;
use crate::ruleset::RuleSet;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Lint) -> Exit {
    match arguments.explain {
        Some(selector) => explain(selector),
        None => {
            let exit = lint_files(arguments).unwrap_or_else(Exit::from);
            if arguments.exit_zero { exit.forgiven() } else { exit }
        }
    }
}

fn explain(selector: Selector) -> Exit {
    // A closed standard output is not an error.
    let _ = anstream::stdout().write_all(explanation(selector).as_bytes());
    Exit::Done
}

fn lint_files(arguments: &Lint) -> Result<Exit, Stop> {
    show::check(arguments)?;
    let policy = Policy::look_only(arguments.reading.max_size);
    let mut files = RulesFiles::read(&arguments.files, policy).map_err(Stop::unanswered)?;
    let target = output::target(arguments.output.as_deref());
    output::check_unread(target, files.paths.iter().map(PathBuf::as_path))?;
    let system = SystemHost::of_arch(this_machine().unwrap_or(Arch::X86_64));
    let system = arguments.scope.host.then_some(&system as &dyn Host);
    let (settings, fail_on) = settings::settings(arguments, &files.paths, system)?;
    let allowed = match arguments.fixing.unsafe_fixes {
        true => Allowed::Unsafe,
        false => Allowed::Safe,
    };
    let allowed = (allowed, show::least_shown(arguments, fail_on));
    if arguments.fixing.diff {
        return fixing::show(&mut files, &settings, allowed);
    }
    if arguments.fixing.fix {
        fixing::make(&mut files, &settings, allowed)?;
    }
    let found = lint(&RuleSet::new(files.inputs()), &settings);
    show::show(arguments, fail_on, &files, &found)?;
    let fails = found.findings.iter().any(|finding| finding.level >= fail_on);
    Ok(if fails { Exit::Findings } else { Exit::Done })
}
