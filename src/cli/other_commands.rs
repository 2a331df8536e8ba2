//! Words that people write for our commands and for options of auditctl.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};

/// Words that are not commands, with what to write instead.
const INSTEAD: &[(&str, &str)] = &[
    ("add", "-a"),
    ("analyze", "lint"),
    ("bitmap", "explain"),
    ("check", "lint"),
    ("clear", "-D"),
    ("cost", "explain --workload FILE"),
    ("delete", "-D"),
    ("diff", "compare OLD NEW"),
    ("drift", "plan RULES..."),
    ("dump", "compile"),
    ("fix", "lint --fix"),
    ("flush", "-D"),
    ("format", "fmt"),
    ("list", "-l"),
    ("load", "-R FILE"),
    ("reload", "-R FILE"),
    ("restore", "-R FILE"),
    ("rollback", "apply --undo"),
    ("show", "-l"),
    ("signal", "--signal NAME"),
    ("status", "-s"),
    ("undo", "apply --undo"),
    ("validate", "lint"),
    ("verify", "lint"),
    ("version", "--version"),
    ("watch", "-w PATH"),
];

/// Adds what was probably meant to the error about an unknown command.
pub(super) fn suggest(error: &mut clap::Error) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return;
    };
    let Some(instead) = instead_of(word) else { return };
    let tip = format!("write `rauditctl {instead}`");
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
    // The tip is better than a similar name.
    error.remove(ContextKind::SuggestedSubcommand);
}

fn instead_of(word: &str) -> Option<String> {
    let known = INSTEAD.iter().find(|(other, _)| *other == word);
    known.map(|(_, instead)| (*instead).to_owned()).or_else(|| option_of(word))
}

/// Returns the option of auditctl that a word is without its dash, or with a typographic dash.
fn option_of(word: &str) -> Option<String> {
    let is_dash = |char: char| !char.is_ascii() && !char.is_alphanumeric();
    let letter = word.trim_start_matches(is_dash);
    let is_option = matches!(
        letter,
        "w" | "a" | "A" | "d" | "W" | "D" | "l" | "s" | "R" | "e" | "b" | "f" | "r"
    );
    is_option.then(|| format!("-{letter} ..."))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Arguments;

    #[test]
    fn no_command_is_another_word() {
        let command = Arguments::command();
        let is_ours = |word: &str| command.get_subcommands().any(|ours| ours.get_name() == word);
        for (word, instead) in INSTEAD {
            assert!(!is_ours(word), "{word}");
            let first = instead.split(' ').next().unwrap();
            assert!(first.starts_with('-') || is_ours(first), "{word}: {instead}");
        }
    }

    #[test]
    fn finds_options_without_their_dash() {
        assert_eq!(instead_of("w").as_deref(), Some("-w ..."));
        assert_eq!(instead_of("\u{2013}l").as_deref(), Some("-l ..."));
        assert_eq!(instead_of("diff").as_deref(), Some("compare OLD NEW"));
        assert_eq!(instead_of("lnt"), None);
    }
}
