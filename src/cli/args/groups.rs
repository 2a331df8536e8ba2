//! The commands in groups, as `--help` lists them.

use std::fmt::Write;

use clap::{Command, CommandFactory};

use super::Arguments;

/// The groups, in order. A command in none of them is listed with the others.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Check rules", &["lint", "fmt", "test"]),
    ("Understand rules", &["explain", "compare", "covers"]),
    ("Improve rules", &["optimize", "replay"]),
    ("Load rules", &["compile", "plan", "apply"]),
    ("Other commands", &["lsp", "completions", "help"]),
];

/// Returns the command line with its commands in groups.
pub(in crate::cli) fn command() -> Command {
    let command = Arguments::command();
    let mut groups = String::new();
    for (title, names) in GROUPS {
        let _ = writeln!(groups, "{title}:");
        for name in names {
            // clap adds `help` later.
            let about = match command.find_subcommand(name) {
                Some(found) => found.get_about().map(ToString::to_string).unwrap_or_default(),
                None if *name == "help" => "Print this message or the help of a command".to_owned(),
                None => continue,
            };
            let _ = writeln!(groups, "  {name:<11}  {about}");
        }
        groups.push('\n');
    }
    command.help_template(format!(
        "{{about}}\n\n{{usage-heading}} {{usage}}\n\n{groups}Options:\n{{options}}{{after-help}}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_a_group() {
        let named: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for command in Arguments::command().get_subcommands() {
            assert!(named.contains(&command.get_name()), "{}", command.get_name());
        }
    }

    /// Options that need another one. clap waives that if the other one conflicts with an option that is given, so each
    /// must also exclude what the other one excludes.
    #[test]
    fn an_option_excludes_what_the_one_that_it_needs_excludes() {
        let mut tested = 0;
        for mut command in Arguments::command().get_subcommands().cloned() {
            command.build();
            let options = || command.get_arguments();
            for (option, needed) in options().flat_map(|a| options().map(move |b| (a, b))) {
                // Only its description shows what an option needs.
                let needs = format!("{:?}", needed.get_id());
                let shown = format!("{option:?}");
                let requires =
                    shown.split("requires: [").nth(1).and_then(|rest| rest.split(']').next());
                if !requires.is_some_and(|requires| requires.contains(&needs)) {
                    continue;
                }
                tested += 1;
                let excluded = |arg| -> Vec<String> {
                    let others = command.get_arg_conflicts_with(arg).into_iter();
                    others.map(|other| other.get_id().to_string()).collect()
                };
                let by_option = excluded(option);
                for other in excluded(needed) {
                    let name = command.get_name();
                    let is_excluded =
                        by_option.contains(&other) || option.get_id() == other.as_str();
                    assert!(is_excluded, "{name}: {} with {other}", option.get_id());
                }
            }
        }
        assert!(tested >= 9, "{tested}");
    }

    /// clap breaks long lines, and keeps the breaks that are there: a paragraph with breaks is ragged in a narrow terminal,
    /// and the comment of an example loses its column.
    #[test]
    fn the_text_below_the_options_fits_a_terminal_of_80_columns() {
        let root = Arguments::command();
        for command in root.get_subcommands().chain([&root]) {
            let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let is_prose = |line: &str| !line.is_empty() && !line.starts_with(' ');
            for (line, next) in text.lines().zip(text.lines().skip(1).chain([""])) {
                let name = command.get_name();
                let is_long = !is_prose(line) && line.chars().count() > 80;
                assert!(!is_long, "{name}: {line}");
                assert!(!(is_prose(line) && is_prose(next)), "{name}: {line}\n{next}");
            }
        }
    }
}
