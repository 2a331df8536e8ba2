//! Whether a product still belongs to its source.

use std::fmt::{self, Write};

use serde::Serialize;

use super::words::Words;
use crate::diag::escaped;
use crate::relate::sets::Relation;
use crate::report::compare::{ComparisonReport, Pair, write_comparison};

/// The version of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A product that was checked.
pub struct Check<'c> {
    /// Its name.
    pub product: String,
    /// The version of rauditctl that made it.
    pub made_by: &'c str,
    /// The command that makes it again.
    pub again: Words,
    /// The answer.
    pub belonging: Belonging<'c>,
}

/// Whether a product belongs to its source.
pub enum Belonging<'c> {
    /// It has the lines that its options make of the source now.
    SameText,
    /// The source or the product was changed after the product was made.
    Stale {
        /// Whether the source has another digest.
        is_source_changed: bool,
        /// Whether the lines of the product have another digest.
        is_edited: bool,
    },
    /// Its settings are not those of the source.
    OtherSettings,
    /// It has other lines. The source, which comes first, was compared with it.
    OtherText(&'c Pair<'c>),
}

/// Writes the answer, and how to make the product again if it does not belong to its source.
///
/// # Errors
/// Those of `out`.
pub fn write_check(out: &mut impl Write, check: &Check<'_>) -> fmt::Result {
    let Check { made_by, again, .. } = check;
    let product = escaped(&check.product);
    match &check.belonging {
        Belonging::SameText => return writeln!(out, "{product} belongs to its source."),
        Belonging::OtherText(pair) if pair.comparison.relation() == Relation::Same => {
            let other = match *made_by == VERSION {
                true => "on another machine, or from files with other names".to_owned(),
                false => format!("by rauditctl {made_by}"),
            };
            return writeln!(
                out,
                "{product} belongs to its source: it records the same. It was made {other}, so its lines differ from \
                 those made here."
            );
        }
        Belonging::Stale { is_source_changed: true, is_edited: false } => {
            writeln!(out, "{product} does not belong to its source: the source was changed.")?;
        }
        Belonging::Stale { is_source_changed, .. } => {
            let source = if *is_source_changed { ", and its source" } else { "" };
            writeln!(
                out,
                "{product} does not belong to its source: the file was changed by hand{source}."
            )?;
        }
        Belonging::OtherSettings => {
            writeln!(out, "{product} does not belong to its source: it has other settings.")?;
        }
        Belonging::OtherText(pair) => write_comparison(out, pair)?,
    }
    writeln!(out, "Make it again: {again}")
}

/// The answer for programs, as `docs/schema/optimize-check.schema.json` describes it.
#[derive(Serialize)]
pub struct CheckReport<'c> {
    version: u32,
    result: &'static str,
    is_source_changed: bool,
    is_edited: bool,
    made_by: &'c str,
    again: &'c Words,
    comparison: Option<ComparisonReport<'c>>,
}

impl<'c> CheckReport<'c> {
    /// Prepares the answer.
    pub fn new(check: &'c Check<'c>) -> Self {
        let (is_source_changed, is_edited) = match check.belonging {
            Belonging::Stale { is_source_changed, is_edited } => (is_source_changed, is_edited),
            _ => (false, false),
        };
        CheckReport {
            version: 1,
            result: match &check.belonging {
                Belonging::SameText => "same-text",
                Belonging::Stale { .. } => "stale",
                Belonging::OtherSettings => "other-settings",
                Belonging::OtherText(pair) => match pair.comparison.relation() {
                    Relation::Same => "records-the-same",
                    Relation::Undecided => "undecided",
                    Relation::Less | Relation::More | Relation::Neither => "differs",
                },
            },
            is_source_changed,
            is_edited,
            made_by: check.made_by,
            again: &check.again,
            comparison: match &check.belonging {
                Belonging::OtherText(pair) => Some(ComparisonReport::new(pair)),
                _ => None,
            },
        }
    }
}
