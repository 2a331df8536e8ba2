//! `rauditctl completions SHELL`: the script that completes our commands and auditctl's options.

use std::io;

use clap::{Arg, ArgAction, Command, CommandFactory, ValueHint};
use clap_complete::{Shell, generate};

use crate::catalog::{Word, meaning};
use crate::cli::args::Arguments;
use crate::cli::exit::Exit;
use crate::syntax::{Flag, LONG, SHORT};

/// Runs the command.
pub(in crate::cli) fn run(shell: Shell) -> Exit {
    let mut command = with_auditctl_options(Arguments::command());
    generate(shell, &mut command, "rauditctl", &mut io::stdout());
    Exit::Done
}

/// Adds auditctl's options, which are parsed elsewhere.
fn with_auditctl_options(command: Command) -> Command {
    let action =
        |takes_value: &bool| if *takes_value { ArgAction::Append } else { ArgAction::SetTrue };
    let short =
        SHORT.iter().filter(|(.., flag, _)| *flag != Flag::Help).map(|(letter, flag, value)| {
            let letter = char::from(*letter);
            option(letter.to_string(), &format!("-{letter}"), *flag, action(value)).short(letter)
        });
    let long = LONG.iter().filter(|(_, flag, _)| *flag != Flag::Help).map(|(name, flag, value)| {
        let name = String::from_utf8_lossy(name).into_owned();
        option(name.clone(), &format!("--{name}"), *flag, action(value)).long(name)
    });
    command.args(short.chain(long)).args(own())
}

/// Returns the options of ours that go with auditctl's options, without a command.
fn own() -> [Arg; 3] {
    let explain = Arg::new("explain-bitmap").long("explain-bitmap").action(ArgAction::SetTrue);
    let format = Arg::new("format").long("format").value_parser(["text", "json"]);
    let max_size = Arg::new("max-size").long("max-size").value_name("NUMBER");
    [
        explain.help("Show which syscalls the rules arm, and which rule arms each"),
        format.help("Choose the format of -l, -s and -R"),
        max_size.help("Set the maximum size of a file, in MiB"),
    ]
}

fn option(id: String, name: &str, flag: Flag, action: ArgAction) -> Arg {
    let hint = match flag {
        Flag::ReadRules | Flag::Watch | Flag::RemoveWatch => ValueHint::AnyPath,
        _ => ValueHint::Other,
    };
    let takes_value = action.takes_values();
    let option = Arg::new(id).action(action).help(help(name));
    if takes_value { option.value_hint(hint) } else { option }
}

/// Returns what an option does.
fn help(name: &str) -> &'static str {
    meaning(Word::Option, name).map_or("", |found| found.text)
}
