//! The figures of a kernel.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

/// The maximum difference between a figure and the recorded one, on the same version of the kernel.
const SAME: f64 = 0.02;

/// What an optimized set may cost more than another form: the noise of a measurement.
const NOISE: f64 = 0.001;

/// The maximum cost of a getpid under the ten rules with a fast path, on Linux 6.1.
const FAST: f64 = 960.0;

/// Instructions of calls under sets of rules.
#[derive(Deserialize, Serialize)]
pub(crate) struct Table {
    /// The kernel, as `uname -r` prints it.
    pub(crate) kernel: String,
    pub(crate) rows: Vec<Row>,
}

/// A set in one form.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Row {
    pub(crate) set: String,
    pub(crate) form: String,
    /// The number of rules.
    pub(crate) rules: usize,
    #[serde(skip)]
    pub(crate) is_recorded: bool,
    /// The mean instructions of a call of each syscall.
    pub(crate) calls: Vec<(String, f64)>,
}

impl Table {
    pub(crate) fn from_json(text: &str) -> Self {
        serde_json::from_str(text).expect("a table of this benchmark")
    }

    /// Returns the rows that are recorded, as a file.
    pub(crate) fn to_json(&self) -> String {
        let rows = self.rows.iter().filter(|row| row.is_recorded).cloned().collect();
        let table = Table { kernel: self.kernel.clone(), rows };
        serde_json::to_string_pretty(&table).expect("JSON") + "\n"
    }

    fn row(&self, set: &str, form: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.set == set && row.form == form)
    }

    /// Returns the table for people, with the recorded figures of another version of the kernel.
    pub(crate) fn text(&self, old: Option<&Table>) -> String {
        let mut text = format!("Linux {}, instructions of a call\n", self.kernel);
        let names = self.rows.first().map(|row| row.calls.iter().map(|(name, _)| name.as_str()));
        let _ = write!(text, "{:<26} {:<22} {:>5}", "", "", "rules");
        names.into_iter().flatten().for_each(|name| {
            let _ = write!(text, " {name:>16}");
        });
        text.push('\n');
        let other = old.filter(|old| old.kernel != self.kernel);
        for row in &self.rows {
            let written = self.row(&row.set, "as written").filter(|_| row.form != "as written");
            let _ = write!(text, "{:<26} {:<22} {:>5}", row.set, row.form, row.rules);
            for (name, figure) in &row.calls {
                let ratio = written.and_then(|written| written.of(name)).map(|old| old / figure);
                let ratio = ratio.map_or(String::new(), |ratio| format!("({ratio:.2}x)"));
                let _ = write!(text, " {figure:>8.0} {ratio:>7}");
            }
            text.push('\n');
            if let (Some(old), Some(row)) =
                (other, other.and_then(|old| old.row(&row.set, &row.form)))
            {
                let _ = write!(text, "{:<55}", format!("  on {}", old.kernel));
                for (_, figure) in &row.calls {
                    let _ = write!(text, " {figure:>8.0} {:>7}", "");
                }
                text.push('\n');
            }
        }
        text
    }

    /// Returns the figures that differ from the recorded ones of the same kernel.
    pub(crate) fn moved_from(&self, old: &Table) -> Vec<String> {
        if old.kernel != self.kernel {
            return Vec::new();
        }
        let mut moved = Vec::new();
        for row in self.rows.iter().filter(|row| row.is_recorded) {
            let Some(recorded) = old.row(&row.set, &row.form) else {
                moved.push(format!("{} {} is not recorded", row.set, row.form));
                continue;
            };
            for (name, figure) in &row.calls {
                let before = recorded.of(name);
                if !before.is_some_and(|before| (figure - before).abs() <= before * SAME) {
                    moved.push(format!(
                        "{} {}: {name} {figure}, recorded {before:?}",
                        row.set, row.form
                    ));
                }
            }
        }
        moved
    }

    /// Returns which optimized sets cost more than they promise.
    pub(crate) fn broken_promises(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for row in self.rows.iter().filter(|row| row.form != "as written" && row.form != "by hand")
        {
            for other in
                ["as written", "by hand"].iter().filter_map(|form| self.row(&row.set, form))
            {
                broken.extend(row.above(other));
            }
        }
        let daemons = self
            .row("session rules", "--allow skip-daemons")
            .zip(self.row("no rules", "as written"));
        match daemons {
            Some((row, none)) => broken.extend(row.above(none)),
            None => broken.push("skip-daemons was not measured".to_owned()),
        }
        let fast = self.row("ten rules", "--allow fast-path").and_then(|row| row.of("getpid"));
        if self.kernel.starts_with("6.1.") && fast.is_none_or(|fast| fast > FAST) {
            broken.push(format!("ten rules --allow fast-path: getpid {fast:?}, at most {FAST}"));
        }
        broken
    }
}

impl Row {
    fn of(&self, name: &str) -> Option<f64> {
        self.calls.iter().find(|(known, _)| known == name).map(|(_, figure)| *figure)
    }

    /// Returns the calls that cost more than in another row.
    fn above(&self, other: &Row) -> Vec<String> {
        let more = self.calls.iter().filter_map(|(name, figure)| {
            let limit = other.of(name)?;
            (*figure > limit * (1.0 + NOISE)).then(|| {
                format!(
                    "{} {}: {name} {figure} is above {limit} of {} {}",
                    self.set, self.form, other.set, other.form
                )
            })
        });
        more.collect()
    }
}
