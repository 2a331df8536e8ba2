//! Findings for a person: errors first, the findings of one code together, then a table.

use std::io::{self, Write};

use super::Findings;
use super::draw::{Look, Pen, one};
use super::groups::Group;
use super::table::table;
use crate::diag::{Level, escaped};
use crate::lint::Finding;

/// The findings that the text shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The lowest severity. Findings below it are only counted.
    pub least: Level,
    /// How findings of one code are shown.
    pub repeated: Repeated,
}

impl Default for Choice {
    fn default() -> Self {
        Choice { least: Level::Warning, repeated: Repeated::Together }
    }
}

/// How the text shows findings of one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// Together: the problem once, then the places.
    Together,
    /// Each by itself.
    Each,
}

/// Number of messages of one code that are shown with their line: each error stops a load by itself, but warnings of
/// one code are alike.
const fn most_in_full(level: Level) -> usize {
    match level {
        Level::Error => 10,
        Level::Warning | Level::Info => 1,
    }
}

/// Number of further messages of one code that are listed. The others are counted.
const MOST_LISTED: usize = 10;

/// Number of findings that fit on a screen. If there are more, the number of findings comes first too.
const A_SCREEN: usize = 2;

/// Writes findings, most severe first, then a table of the codes and one line with the number of findings.
///
/// # Errors
/// Those of `out`.
pub fn text(
    findings: &Findings<'_>,
    choice: Choice,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let groups = findings.groups();
    let pen = Pen::new(look);
    let shown: Vec<&Group<'_>> =
        groups.iter().filter(|group| group.level >= choice.least).collect();
    let in_full = |group: &&Group<'_>| match choice.repeated {
        Repeated::Each => group.count(),
        Repeated::Together => group.messages.len().min(most_in_full(group.level)),
    };
    let summary = findings.summary();
    if shown.iter().map(in_full).sum::<usize>() > A_SCREEN {
        writeln!(out, "{}\n", summary.counts())?;
    }
    for group in &shown {
        match choice.repeated {
            Repeated::Together => together(findings, group, &pen, out)?,
            Repeated::Each => {
                for finding in group.findings() {
                    one(findings, finding, &[], &pen, out)?;
                }
            }
        }
    }
    if groups.len() > 1 || shown.is_empty() && !groups.is_empty() {
        table(&groups, choice.least, |level| pen.level(level), out)?;
        writeln!(out)?;
    }
    writeln!(out, "{}", summary.line_of(&findings.summary_from(choice.least)))?;
    let more = [
        (shown.len() < groups.len()).then_some("--show info shows every code"),
        is_shortened(&shown, choice.repeated).then_some("--all shows each finding"),
        (groups.len() > 1).then_some("--explain CODE explains a code"),
    ];
    let more: Vec<&str> = more.into_iter().flatten().collect();
    if more.is_empty() { Ok(()) } else { writeln!(out, "{}", more.join("; ")) }
}

fn is_shortened(shown: &[&Group<'_>], repeated: Repeated) -> bool {
    repeated == Repeated::Together && shown.iter().any(|group| group.count() > 1)
}

/// Returns whether every finding of a code has the same help.
fn has_one_help(group: &Group<'_>) -> bool {
    let first = group.findings().next().map(|finding| &finding.help);
    group.findings().all(|finding| Some(&finding.help) == first)
}

/// Writes the findings of one code: the first messages with their line, then the other places.
fn together(
    findings: &Findings<'_>,
    group: &Group<'_>,
    pen: &Pen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (full, listed) =
        group.messages.split_at(group.messages.len().min(most_in_full(group.level)));
    for (index, same) in full.iter().enumerate() {
        let [first, others @ ..] = same.as_slice() else { continue };
        let file = first.place.file;
        let mut notes = Vec::new();
        if !others.is_empty() {
            let mut words = findings.lines_of(others, file);
            if let Some(word) = words.first_mut() {
                *word = format!("{} more in {word}", others.len());
            }
            notes.push(pen.filled(&words));
        }
        if index + 1 == full.len() {
            let lines = listed.iter().take(MOST_LISTED).map(|same| {
                let message = same.first().map_or("", |finding| &finding.message);
                let mut words = findings.lines_of(same, file);
                if let Some(word) = words.first_mut() {
                    *word = format!("{}: {word}", escaped(message));
                }
                pen.filled(&words)
            });
            notes.extend(lines);
            match listed.len().saturating_sub(MOST_LISTED) {
                0 => {}
                1 => notes.push("1 more message".to_owned()),
                more => notes.push(format!("{more} more messages")),
            }
        }
        // The next reader would take the help for that of every line.
        let line = findings.spot(first.place).region.line;
        let help = first.help.as_ref().map(|help| match has_one_help(group) {
            true => help.clone(),
            false => format!("in line {line}, {help}").into(),
        });
        one(findings, &Finding { help, ..(*first).clone() }, &notes, pen, out)?;
    }
    Ok(())
}
