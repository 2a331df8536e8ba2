//! Rules that would silence what fills a log, as narrow as the log allows.
//!
//! ```text
//! log ──combinations──▶ largest ──draft──▶ rule and place ──compare──▶ what it silences in general
//! log ──────────────────────────────────────────measure──▶ what it drops in this log
//! ```
//!
//! A draft has all conditions of the rule that decided the events, and comes directly before it. So it takes nothing
//! that another rule decides about a call with at most one file.
//!
//! | file | what |
//! |---|---|
//! | `combinations` | which programs of which users make the events |
//! | `programs` | programs that run what others want |
//! | `draft` | the rule, its line and its place |
//! | `measure` | what drafts drop of a log |

mod combinations;
mod draft;
mod measure;
mod programs;

pub use combinations::{Combination, Combinations};
pub use draft::{Draft, Place};
pub use measure::{AllMeasured, Measure, Measured};

use std::fmt;

use super::maker::Maker;
use crate::analysis::{Arming, Load};
use crate::catalog::KernelVersion;
use crate::relate::sets::{Change, Comparison, Keys, compare};

/// The number of events that each of two days must have.
pub const LEAST_EVENTS: u64 = 50;

/// The rules that made a log.
#[derive(Clone, Copy)]
pub struct Set<'s> {
    /// What was loaded.
    pub loads: &'s [Load],
    /// The rules, loaded.
    pub arming: &'s Arming,
    /// The version of the kernel.
    pub version: KernelVersion,
    /// The keys whose events no rule may silence.
    pub kept_keys: &'s [Vec<u8>],
}

/// Why a combination is not silenced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its last event comes less than a day after the first.
    Brief,
    /// It has not come often enough on two days.
    Rare,
    /// Of this program, no rule may silence anything: it runs others, or changes whom the machine trusts.
    Program(&'static str),
    /// Others than root can change the program: what they can change.
    Writable(String),
    /// The file of the program is gone.
    Deleted,
    /// The events have a key that is kept.
    Key(Vec<u8>),
    /// A test case or a requirement does not hold with the rule.
    Needed(String),
    /// Its records do not show the program.
    NoProgram,
    /// Only a message that the program wrote itself names it.
    Claimed,
    /// Its records have a name of the program that is no path.
    NoPath,
    /// Its records do not show the user.
    NoUser,
    /// Its records do not show the arch of the calls.
    NoArch,
    /// The log has no record of the call.
    Incomplete,
    /// The type of its records is unknown.
    UnknownRecord,
    /// Its records report logins, denied access or changes to auditing.
    Evidence,
    /// The log does not hold which rule made the events.
    SeveralRules,
    /// Other rules made the events.
    OtherRules,
    /// The rule is not one of the list exit.
    NotACall,
    /// No line of a rules file has the name of the program.
    UnwritableName,
    /// No line of a rules file has another condition of the rule.
    Unwritable,
    /// The kernel refuses the rule.
    Refused,
    /// The rule would do more than to silence events: a rule without a key keeps that of a rule that matched before.
    Changes,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Brief => f.write_str("less than a day from the first event to the last"),
            Why::Rare => write!(f, "less than {LEAST_EVENTS} events on each of two days (UTC)"),
            Why::Program(why) => f.write_str(why),
            Why::Writable(path) => write!(f, "others than root can change {path}"),
            Why::Deleted => f.write_str("the file of the program was deleted"),
            Why::Key(key) => write!(f, "--keep-key {}", String::from_utf8_lossy(key)),
            Why::Needed(by) => f.write_str(by),
            Why::NoProgram => f.write_str("the records do not show the program"),
            Why::Claimed => {
                f.write_str("only the program's own message names the program, which is no proof")
            }
            Why::NoPath => f.write_str("the records do not show the path of the program"),
            Why::NoUser => f.write_str("the records do not show the number of the login user"),
            Why::NoArch => f.write_str("the records do not show an arch that is known"),
            Why::Incomplete => f.write_str("the log has no record of the call"),
            Why::UnknownRecord => f.write_str("the type of the records is unknown"),
            Why::Evidence => {
                f.write_str("such records report logins, denied access or changes to auditing")
            }
            Why::SeveralRules => f.write_str("the log does not hold which rule made them"),
            Why::OtherRules => f.write_str("other rules made them"),
            Why::NotACall => f.write_str("the rule is not of the list exit"),
            Why::UnwritableName => f.write_str("no line of a rules file has this name"),
            Why::Unwritable => {
                f.write_str("no line of a rules file has the conditions of the rule")
            }
            Why::Refused => f.write_str("the kernel refuses the rule"),
            Why::Changes => f.write_str("the rule would also change the keys of other events"),
        }
    }
}

/// A rule that would silence a combination, with what it silences in general.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The rule.
    pub draft: Draft,
    /// The rules with and without it. All differences are lost events.
    pub comparison: Comparison,
}

/// Returns a rule that silences a combination of a maker.
///
/// # Errors
/// Why there is none.
pub fn propose(set: &Set<'_>, maker: &Maker, of: &Combination) -> Result<Proposal, Why> {
    let draft = draft::draft(set, maker, of)?;
    if !of.lasts() {
        return Err(Why::Brief);
    }
    if !of.recurs(LEAST_EVENTS) {
        return Err(Why::Rare);
    }
    let (old, new) = (set.arming.kernel(), draft.arming.kernel());
    let comparison = compare(old, new, set.version, Keys::Count);
    if comparison.differences.iter().any(|one| one.change != Change::Lost) {
        return Err(Why::Changes);
    }
    match kept_key(set, maker, &comparison) {
        Some(key) => Err(Why::Key(key)),
        None => Ok(Proposal { draft, comparison }),
    }
}

/// Returns a key of lost events that is kept.
fn kept_key(set: &Set<'_>, maker: &Maker, comparison: &Comparison) -> Option<Vec<u8>> {
    let mut entries = set.arming.kernel().entries();
    let of_rule = maker.rule().and_then(|rule| entries.find(|entry| entry.serial() == rule));
    let of_rule = of_rule.into_iter().flat_map(|entry| entry.rule().keys());
    let of_record: &[Vec<u8>] = match maker {
        Maker::Keyless { keys, .. } => keys,
        _ => &[],
    };
    let lost = comparison.differences.iter().flat_map(|one| one.old.keys.iter().map(Vec::as_slice));
    let mut keys = of_rule.chain(of_record.iter().map(Vec::as_slice)).chain(lost);
    keys.find(|key| set.kept_keys.iter().any(|kept| kept == key)).map(<[u8]>::to_vec)
}

/// A rule that is suggested.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The rule, and what it silences in general.
    pub proposal: Proposal,
    /// The events that it is made for.
    pub of: Combination,
    /// What it drops in this log.
    pub measured: Measured,
    /// Whether the file of the program was found, and only root can change it.
    pub is_checked: bool,
}

/// A combination that no rule is suggested for.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The events.
    pub of: Combination,
    /// Why.
    pub why: Why,
}

/// What is suggested for a log, and what is not.
#[derive(Clone, Debug, Default)]
pub struct Suggestions {
    /// The rules, ordered by what they save.
    pub all: Vec<Suggestion>,
    /// The combinations without a rule, the largest first.
    pub refused: Vec<Refused>,
    /// Combinations that are as large and were not looked at.
    pub more: usize,
    /// Bytes of all events in the log.
    pub bytes: u64,
    /// Whether test cases or requirements were given, which all suggestions keep.
    pub has_kept: bool,
}
