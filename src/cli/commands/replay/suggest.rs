//! `rauditctl replay --suggest`: rules that would silence what fills the log.

use std::path::{Path, PathBuf};

use super::keep::Kept;
use super::logs;
use super::owned::is_checked;
use crate::cli::exit::Stop;
use crate::replay::Table;
use crate::replay::suggest::{
    Combination, Measure, Proposal, Refused, Set, Suggestion, Suggestions, Why, propose,
};

/// Maximum number of suggestions. Each is compared with all rules.
const MOST: usize = 5;
/// Maximum number of combinations that are looked at.
const MOST_LOOKED_AT: usize = 30;
/// The smallest part of a log that is worth a rule: one of this number of bytes.
const LEAST_PART: u64 = 100;

/// The log is read twice.
pub(super) fn check_files(files: &[PathBuf]) -> Result<(), Stop> {
    match files.iter().any(|file| file == Path::new("-")) {
        true => {
            Err(Stop::unanswered("--suggest reads the log twice; save standard input to a file"))
        }
        false => Ok(()),
    }
}

/// Returns what is suggested for a log.
pub(super) fn suggestions(
    table: &Table,
    set: &Set<'_>,
    kept: &Kept,
    files: &[PathBuf],
) -> Result<Suggestions, Stop> {
    let Some(combinations) = table.combinations() else { return Ok(Suggestions::default()) };
    let bytes: u64 = table.totals().map(|(_, total)| total.bytes).sum();
    let large: Vec<&Combination> = combinations
        .largest()
        .into_iter()
        .take_while(|one| one.bytes.saturating_mul(LEAST_PART) >= bytes)
        .collect();
    let mut suggestions =
        Suggestions { bytes, has_kept: !kept.is_empty(), ..Suggestions::default() };
    let mut found: Vec<(Proposal, &Combination, bool)> = Vec::new();
    for (at, of) in large.iter().enumerate() {
        if found.len() == MOST || at == MOST_LOOKED_AT {
            suggestions.more = large.len() - at;
            break;
        }
        match proposed(table, set, kept, of) {
            Ok((proposal, is_checked)) => found.push((proposal, of, is_checked)),
            Err(why) => suggestions.refused.push(Refused { of: (*of).clone(), why }),
        }
    }
    if found.is_empty() {
        return Ok(suggestions);
    }
    let makers = table.makers().all();
    let drafts =
        found.iter().filter_map(|(proposal, of, _)| Some((&proposal.draft, makers.get(of.maker)?)));
    let drafts: Vec<_> = drafts.collect();
    let mut measure = Measure::new(set.arming.kernel(), &drafts, set.version, table.log.window);
    for file in files {
        logs::measure(file, &mut measure)?;
    }
    let measured = measure.finish();
    suggestions.bytes = measured.bytes;
    let all = found.into_iter().zip(measured.all);
    let all = all.map(|((proposal, of, is_checked), measured)| Suggestion {
        proposal,
        of: of.clone(),
        measured,
        is_checked,
    });
    suggestions.all = all.collect();
    suggestions.all.sort_by_key(|one| std::cmp::Reverse(one.measured.bytes));
    Ok(suggestions)
}

/// Returns a rule for a combination, and whether the file of its program was checked.
fn proposed(
    table: &Table,
    set: &Set<'_>,
    kept: &Kept,
    of: &Combination,
) -> Result<(Proposal, bool), Why> {
    let maker = table.makers().all().get(of.maker).ok_or(Why::OtherRules)?;
    let proposal = propose(set, maker, of)?;
    let is_checked = is_checked(of.exe.as_deref().unwrap_or_default())?;
    let new = proposal.draft.arming.kernel();
    kept.holds(set.arming.kernel(), new, &proposal.comparison)?;
    Ok((proposal, is_checked))
}
