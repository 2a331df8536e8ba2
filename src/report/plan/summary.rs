//! Many kernels in one table: which differ, and in what.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;

use super::text::count;
use super::{Kind, PlanReport, State};
use crate::diag::escaped;

/// The number of differences that are shown. The others are counted.
const MOST: usize = 40;
/// The number of kernels that are shown.
const MOST_HOSTS: usize = 100;

/// The kernels and their differences.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// The kernels that are as they shall be.
    pub same: usize,
    /// The kernels that differ.
    pub hosts: Vec<Host>,
    /// The kernels whose listing cannot be read, with the reason.
    pub unreadable: Vec<(String, String)>,
    /// The differences, the most common first.
    pub differences: Vec<Difference>,
}

/// A kernel that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Host {
    /// Its name: that of the listing.
    pub name: String,
    /// Rules that it lacks.
    pub add: usize,
    /// Rules that it has in addition.
    pub delete: usize,
    /// Rules at another place.
    #[serde(rename = "move")]
    pub moved: usize,
}

/// A difference.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// What would happen to the rule.
    pub change: Kind,
    /// The rule.
    pub rule: String,
    /// Its place in the rules files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The number of kernels.
    pub hosts: usize,
    /// One of them.
    pub example: String,
}

impl Summary {
    /// Makes the table of some plans, each with the name of its kernel, or with the reason why there is none.
    pub fn new<'p>(
        plans: impl IntoIterator<Item = (&'p str, Result<&'p PlanReport, &'p str>)>,
    ) -> Self {
        let mut summary = Summary::default();
        let mut found: BTreeMap<(u8, &str, Option<&str>), Difference> = BTreeMap::new();
        for (name, plan) in plans {
            let plan = match plan {
                Ok(plan) if plan.state == State::Same => {
                    summary.same += 1;
                    continue;
                }
                Ok(plan) => plan,
                Err(why) => {
                    summary.unreadable.push((name.to_owned(), why.to_owned()));
                    continue;
                }
            };
            let count = plan.count;
            summary.hosts.push(Host {
                name: name.to_owned(),
                add: count.add,
                delete: count.delete,
                moved: count.moved,
            });
            for change in &plan.changes {
                let key = (change.change as u8, change.rule.as_str(), change.source.as_deref());
                let known = found.entry(key).or_insert_with(|| Difference {
                    change: change.change,
                    rule: change.rule.clone(),
                    source: change.source.clone(),
                    hosts: 0,
                    example: name.to_owned(),
                });
                known.hosts += 1;
            }
        }
        summary.differences = found.into_values().collect();
        summary.differences.sort_by_key(|one| std::cmp::Reverse(one.hosts));
        summary
    }
}

/// Writes the table.
pub fn write_summary(out: &mut impl Write, summary: &Summary) -> fmt::Result {
    let differ = summary.hosts.len();
    let all = summary.same + differ + summary.unreadable.len();
    writeln!(out, "{} of {} the rules.", summary.same, has(all))?;
    for (name, why) in &summary.unreadable {
        writeln!(out, "unknown: {}: {}", escaped(name), escaped(why))?;
    }
    if differ > 0 {
        write_differences(out, summary)?;
        write_hosts(out, summary)?;
    }
    Ok(())
}

fn has(all: usize) -> String {
    format!("{} {}", count(all, "kernel"), if all == 1 { "has" } else { "have" })
}

fn write_differences(out: &mut impl Write, summary: &Summary) -> fmt::Result {
    writeln!(out, "\nkernels  difference")?;
    for one in summary.differences.iter().take(MOST) {
        let what = match one.change {
            Kind::Add => "lack",
            Kind::Delete => "also have",
            Kind::Move => "have at another place",
        };
        let source = one.source.as_deref().map(|source| format!("{} ", escaped(source)));
        writeln!(
            out,
            "{:>7}  {what} {}{}, for example {}",
            one.hosts,
            source.unwrap_or_default(),
            escaped(&one.rule),
            escaped(&one.example)
        )?;
    }
    match summary.differences.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(out, "         and {}", count(more, "more difference")),
    }
}

fn write_hosts(out: &mut impl Write, summary: &Summary) -> fmt::Result {
    let width = summary.hosts.iter().map(|host| escaped(&host.name).len()).max().unwrap_or(0);
    let width = width.clamp(6, 40);
    writeln!(out, "\n{:<width$}  to add  to delete  to move", "kernel")?;
    for Host { name, add, delete, moved } in summary.hosts.iter().take(MOST_HOSTS) {
        writeln!(out, "{:<width$}  {add:>6}  {delete:>9}  {moved:>7}", escaped(name))?;
    }
    match summary.hosts.len().saturating_sub(MOST_HOSTS) {
        0 => Ok(()),
        more => writeln!(out, "and {}; --format json has all of them", count(more, "more kernel")),
    }
}
