//! The synopsis of rauditctl(8) has every option that a command has.

use crate::docs::{MANUAL, commands, help, options_of, read};

/// The first word of a line of `--help` is an option; a short one comes before a long one.
#[test]
fn synopsis_shows_every_option_of_a_command() {
    let page = read(MANUAL);
    let synopsis = &page[..page.find(".Sh DESCRIPTION").expect("a description")];
    // `--diff` of `explain` goes with the next release; `compare` has taken its place.
    let hidden = |command: &str, names: &[&str]| {
        names.contains(&"-help") || (command, names) == ("explain", &["-diff"])
    };
    for command in commands() {
        let is_meant = |part: &&str| {
            let mut words = part.split_whitespace();
            (words.next(), words.next()) == (Some(".Cm"), Some(command.as_str()))
        };
        let parts: Vec<&str> = synopsis.split(".Nm\n").filter(is_meant).collect();
        let shown = options_of(&parts.concat());
        for line in help(&[&command, "--help"]).lines() {
            let line = line.trim_start();
            let words = line.split_whitespace();
            let names: Vec<&str> = words
                .map_while(|word| word.trim_end_matches(',').strip_prefix('-'))
                .filter(|name| !name.is_empty())
                .collect();
            // Options are listed in a column of their own; examples begin with the name of the program.
            if names.is_empty() || hidden(&command, &names) {
                continue;
            }
            let is_shown = names.iter().any(|name| shown.contains(*name));
            assert!(is_shown, "no {names:?} of {command} in the synopsis of {MANUAL}");
        }
    }
}

/// Of the commands, only `apply` and `plan` ask the kernel of this machine without being told to (`running::open`).
#[test]
fn every_command_without_a_kernel_is_listed() {
    let page = read(MANUAL);
    let (before, _) =
        page.split_once("\nneed no privileges and open no connection").expect("a list");
    let (_, list) = before.rsplit_once("The commands\n").expect("its beginning");
    let listed: Vec<&str> = list.split([' ', '\n']).collect();
    for command in commands().into_iter().filter(|command| command != "apply") {
        assert!(listed.contains(&command.as_str()), "{command} is not among {list}");
    }
    assert!(!listed.contains(&"apply"), "{list}");
}
