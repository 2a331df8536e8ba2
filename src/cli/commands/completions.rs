//! `rauditctl completions SHELL`: what the shell needs to complete our commands and auditctl's options.

use std::io;

use clap::{Arg, ArgAction, Command, CommandFactory, ValueHint};
use clap_complete::{Shell, generate};

use super::exit;
use crate::cli::args::Arguments;
use crate::syntax::{Flag, LONG, SHORT};

/// Runs the command.
pub(in crate::cli) fn run(shell: Shell) -> u8 {
    let mut command = with_auditctl_options(Arguments::command());
    generate(shell, &mut command, "rauditctl", &mut io::stdout());
    exit::DONE
}

/// The command line with auditctl's options in it, which are parsed elsewhere.
fn with_auditctl_options(command: Command) -> Command {
    let short =
        SHORT.iter().filter(|(.., flag, _)| *flag != Flag::Help).map(|(letter, flag, value)| {
            let letter = char::from(*letter);
            option(letter.to_string(), *flag, *value).short(letter)
        });
    let long = LONG.iter().filter(|(_, flag, _)| *flag != Flag::Help).map(|(name, flag, value)| {
        let name = String::from_utf8_lossy(name).into_owned();
        option(name.clone(), *flag, *value).long(name)
    });
    command.args(short.chain(long))
}

fn option(id: String, flag: Flag, takes_value: bool) -> Arg {
    let hint = match flag {
        Flag::ReadRules | Flag::Watch | Flag::RemoveWatch => ValueHint::AnyPath,
        _ => ValueHint::Other,
    };
    let action = if takes_value { ArgAction::Append } else { ArgAction::SetTrue };
    let option = Arg::new(id).action(action).help(help(flag));
    if takes_value { option.value_hint(hint) } else { option }
}

fn help(flag: Flag) -> &'static str {
    match flag {
        Flag::Append => "append a rule to a list",
        Flag::Prepend => "put a rule in front of a list",
        Flag::Backlog => "messages that may wait for the daemon",
        Flag::Continue => "in a file: continue after errors",
        Flag::Compare => "compare two fields",
        Flag::Delete => "delete a rule",
        Flag::DeleteAll => "delete all rules",
        Flag::Enabled => "switch auditing off, on, or on and locked",
        Flag::Failure => "what to do on failure",
        Flag::Field => "a condition",
        Flag::Help => "help",
        Flag::Ignore => "interpret a listing; in a file: ignore errors",
        Flag::Key => "a key to find the records by",
        Flag::List => "list the rules",
        Flag::Message => "send a message",
        Flag::Permissions => "permissions of a watch",
        Flag::MakeEquivalent => "make a subtree part of a watched mount",
        Flag::Rate => "messages a second",
        Flag::ReadRules => "load a rules file",
        Flag::Status => "show settings and counters",
        Flag::Syscall => "syscalls of the rule",
        Flag::Trim => "trim directory watches",
        Flag::Version => "version",
        Flag::Watch => "watch a path",
        Flag::RemoveWatch => "remove a watch",
        Flag::LoginuidImmutable => "make login uids unchangeable once set",
        Flag::BacklogWaitTime => "how long to wait for room in the backlog",
        Flag::ResetLost => "reset the count of lost messages",
        Flag::ResetBacklogWaitTimeActual => "reset the time waited",
        Flag::Signal => "signal the daemon",
    }
}
