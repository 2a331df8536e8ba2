//! `[budget]`: how much a log may take.
//!
//! ```toml
//! [budget]
//! total = "200 MB/day"
//! key.exec = "50 MB/day"
//! ```

use super::reader::{Reader, TomlValue, remedy, span};

/// How much a log may take, in bytes a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budget {
    /// `total`: all of the log.
    pub total: Option<f64>,
    /// `key.NAME`: the events with this key, by name.
    pub keys: Vec<(String, f64)>,
}

impl Budget {
    /// Returns whether there is no limit.
    pub fn is_empty(&self) -> bool {
        self.total.is_none() && self.keys.is_empty()
    }
}

/// The units of sizes, with their bytes.
const UNITS: [(&str, f64); 9] = [
    ("B", 1.0),
    ("kB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("TB", 1e12),
    ("KiB", 1_024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("TiB", 1_099_511_627_776.0),
];

impl Reader<'_> {
    /// Reads `[budget]`.
    pub(super) fn budget(&mut self, value: TomlValue<'_, '_>) -> Budget {
        let mut budget = Budget::default();
        let Some(table) = self.table(value) else { return budget };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "total" => budget.total = self.rate(value),
                "key" => budget.keys = self.rates(value),
                _ => self.unknown_key(key, &["total", "key"]),
            }
        }
        budget
    }

    fn rates(&mut self, value: TomlValue<'_, '_>) -> Vec<(String, f64)> {
        let Some(table) = self.table(value) else { return Vec::new() };
        let rates = table.iter().filter_map(|(key, value)| {
            let name: &str = key.get_ref();
            Some((name.to_owned(), self.rate(value)?))
        });
        rates.collect()
    }

    /// Reads a number of bytes a day.
    fn rate(&mut self, value: TomlValue<'_, '_>) -> Option<f64> {
        let text = self.string(value)?;
        let rate = rate(text);
        if rate.is_none() {
            self.fail(
                span(value),
                "expected a size for each day".to_owned(),
                remedy(
                    "write a number, a unit and `/day`, such as \"200 MB/day\" or \"1.5 GiB/day\"",
                ),
            );
        }
        rate
    }
}

/// Returns the bytes a day that a text such as `200 MB/day` names.
fn rate(text: &str) -> Option<f64> {
    let size = text.trim().strip_suffix("/day")?.trim();
    let end = size.find(|char: char| !char.is_ascii_digit() && char != '.')?;
    let (number, unit) = size.split_at(end);
    let (_, bytes) = UNITS.iter().find(|(name, _)| *name == unit.trim())?;
    number.parse::<f64>().ok().map(|number| number * bytes).filter(|rate| rate.is_finite())
}

#[cfg(test)]
mod tests {
    use crate::lint::config::Config;

    #[test]
    fn reads_limits() {
        let text = "[budget]\ntotal = \"200 MB/day\"\nkey.exec = \"1.5 GiB/day\"\nkey.\"a b\" = \"0B/day\"\n";
        let budget = Config::parse(text).unwrap().budget.unwrap();
        assert_eq!(budget.total, Some(200_000_000.0));
        let keys = [("a b".to_owned(), 0.0), ("exec".to_owned(), 1_610_612_736.0)];
        let mut found = budget.keys.clone();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(found, keys);
        assert_eq!(Config::parse("[lint]\n").unwrap().budget, None);
        assert!(Config::parse("[budget]\n").unwrap().budget.unwrap().is_empty());
    }

    #[test]
    fn other_rates_are_errors() {
        for rate in
            ["200", "200 MB", "MB/day", "200 mb/day", "-1 MB/day", "1..2 MB/day", "200 MB/hour", ""]
        {
            let text = format!("[budget]\ntotal = \"{rate}\"\n");
            let errors = Config::parse(&text).unwrap_err();
            assert_eq!(errors[0].message, "expected a size for each day", "{rate}");
            assert_eq!(&text[errors[0].span.range()], format!("\"{rate}\""));
        }
        let errors = Config::parse("[budget]\ntotals = \"1 MB/day\"\nkey.exec = 5\n").unwrap_err();
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages, ["unknown key `totals`", "expected a string in quotes"]);
        assert_eq!(errors[0].help.as_deref(), Some("did you mean `total`?"));
    }
}
