//! Reads a configuration from a TOML document, and collects every error.

use glob::Pattern;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Config, ConfigError};
use crate::catalog::{self, Arch, AuditctlVersion};
use crate::diag::Level;
use crate::lint::kernel_range::KernelRange;
use crate::lint::registry;
use crate::lint::selection::Selector;
use crate::span::Span;

/// The keys of `[lint]`.
const KEYS: [&str; 9] = [
    "arch",
    "kernel",
    "auditctl",
    "select",
    "ignore",
    "severity",
    "per-file-ignores",
    "fail-on",
    "max-walk",
];

/// The values of `severity` and `fail-on`.
const LEVELS: [(&str, Level); 3] =
    [("error", Level::Error), ("warning", Level::Warning), ("info", Level::Info)];

/// A value with its place.
pub(super) type TomlValue<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// Maximum number of errors that are described. The others are counted.
const MOST_ERRORS: usize = 50;

/// Reads values, and collects errors.
pub(super) struct Reader<'t> {
    text: &'t str,
    errors: Vec<ConfigError>,
    /// The number of errors that are not described, and the place of the first of them.
    left_out: usize,
    rest: Span,
}

impl<'t> Reader<'t> {
    /// Returns a reader of a document with this text.
    pub(super) fn new(text: &'t str) -> Self {
        Reader { text, errors: Vec::new(), left_out: 0, rest: Span::default() }
    }

    /// Returns the line of a place, counted from 1.
    pub(super) fn line(&self, place: usize) -> usize {
        let before = self.text.as_bytes().get(..place).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// Returns every error, by place. The last one counts those that are not described.
    pub(super) fn into_errors(mut self) -> Vec<ConfigError> {
        self.errors.sort_by_key(|error| error.span);
        if self.left_out > 0 {
            let message = format!("{} more errors, this one among them", self.left_out);
            self.errors.push(ConfigError { span: self.rest, message, help: None });
        }
        self.errors
    }

    pub(super) fn config(&mut self, document: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for (key, value) in document {
            match key.get_ref().as_ref() {
                "lint" => self.lint(value, &mut config),
                "covers" => config.accepted = self.covers(value),
                "budget" => config.budget = Some(self.budget(value)),
                _ => self.unknown_key(key, &["lint", "covers", "budget"]),
            }
        }
        config
    }

    fn lint(&mut self, value: TomlValue<'_, '_>, config: &mut Config) {
        let Some(table) = self.table(value) else { return };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "arch" => config.arches = Some(self.list(value, Self::arch)),
                "kernel" => config.kernels = self.kernels(value),
                "auditctl" => config.auditctl = self.auditctl(value),
                "select" => config.select = Some(self.list(value, Self::selector)),
                "ignore" => config.ignore = self.list(value, Self::selector),
                "severity" => config.levels = self.levels(value),
                "per-file-ignores" => config.per_file_ignores = self.per_file_ignores(value),
                "fail-on" => config.fail_on = self.level(value),
                "max-walk" => config.max_walk = self.number(value),
                _ => self.unknown_key(key, &KEYS),
            }
        }
    }

    fn arch(&mut self, value: TomlValue<'_, '_>) -> Option<Arch> {
        let text = self.string(value)?;
        let known = Arch::from_any_name(text.as_bytes());
        if known.is_none() {
            let near =
                || catalog::nearest_arch(text.as_bytes()).map(similar).or_else(|| remedy(ARCHES));
            let help = self.describes_more().then(near).flatten();
            self.fail(span(value), format!("unknown architecture `{text}`"), help);
        }
        known
    }

    fn kernels(&mut self, value: TomlValue<'_, '_>) -> Option<KernelRange> {
        let text = self.string(value)?;
        let range = KernelRange::parse(text);
        if range.is_none() {
            let help = "write one version, such as \"6.1\", or two, such as \"5.10..6.8\"";
            self.fail(span(value), format!("invalid kernel range `{text}`"), Some(help.into()));
        }
        range
    }

    fn auditctl(&mut self, value: TomlValue<'_, '_>) -> Option<AuditctlVersion> {
        let text = self.string(value)?;
        let version = AuditctlVersion::parse(text);
        if version.is_none() {
            let help = Some("write a release, such as \"3.0.7\"".to_owned());
            self.fail(span(value), format!("invalid version of auditctl `{text}`"), help);
        }
        version
    }

    fn selector(&mut self, value: TomlValue<'_, '_>) -> Option<Selector> {
        let text = self.string(value)?;
        let place = span(value);
        self.selector_of(text, place)
    }

    fn selector_of(&mut self, text: &str, place: Span) -> Option<Selector> {
        let selector = Selector::parse(text);
        if selector.is_none() {
            let near = || registry::nearest(text).map(similar).or_else(|| remedy(CODES));
            let help = self.describes_more().then(near).flatten();
            self.fail(place, format!("unknown lint `{text}`"), help);
        }
        selector
    }

    fn levels(&mut self, value: TomlValue<'_, '_>) -> Vec<(Selector, Level)> {
        let Some(table) = self.table(value) else { return Vec::new() };
        let levels = table.iter().map(|(key, value)| {
            let place = Span::new(key.span().start, key.span().end);
            let selector = self.selector_of(key.get_ref(), place);
            Some((selector?, self.level(value)?))
        });
        levels.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn level(&mut self, value: TomlValue<'_, '_>) -> Option<Level> {
        let text = self.string(value)?;
        let known = LEVELS.iter().find(|(name, _)| *name == text).map(|(_, level)| *level);
        if known.is_none() {
            self.fail(
                span(value),
                format!("unknown severity `{text}`"),
                Some("write \"error\", \"warning\" or \"info\"".to_owned()),
            );
        }
        known
    }

    fn per_file_ignores(&mut self, value: TomlValue<'_, '_>) -> Vec<(Pattern, Vec<Selector>)> {
        let Some(table) = self.table(value) else { return Vec::new() };
        let mut ignores = Vec::new();
        for (key, value) in table {
            match Pattern::new(key.get_ref()) {
                Ok(pattern) => ignores.push((pattern, self.list(value, Self::selector))),
                Err(error) => {
                    let place = Span::new(key.span().start, key.span().end);
                    self.fail(
                        place,
                        format!("invalid file name pattern: {}", error.msg),
                        remedy("write a pattern such as \"30-*.rules\""),
                    );
                }
            }
        }
        ignores
    }

    fn number(&mut self, value: TomlValue<'_, '_>) -> Option<usize> {
        let number = match value.get_ref() {
            DeValue::Integer(integer) => {
                usize::from_str_radix(integer.as_str(), integer.radix()).ok()
            }
            _ => None,
        };
        if number.is_none() {
            self.fail(
                span(value),
                "expected a number".to_owned(),
                remedy("write a whole number without quotes, such as 100"),
            );
        }
        number
    }

    pub(super) fn table<'a, 'i>(&mut self, value: TomlValue<'a, 'i>) -> Option<&'a DeTable<'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => {
                self.fail(span(value), "expected a table".to_owned(), remedy("write it as a table, such as `[lint.severity]`, with a key on each line below it"));
                None
            }
        }
    }

    pub(super) fn string<'a>(&mut self, value: TomlValue<'a, '_>) -> Option<&'a str> {
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => {
                self.fail(
                    span(value),
                    "expected a string in quotes".to_owned(),
                    remedy("write the value between double quotes"),
                );
                None
            }
        }
    }

    pub(super) fn list<T>(
        &mut self,
        value: TomlValue<'_, '_>,
        mut read: impl FnMut(&mut Self, TomlValue<'_, '_>) -> Option<T>,
    ) -> Vec<T> {
        match value.get_ref() {
            DeValue::Array(array) => array.iter().filter_map(|one| read(self, one)).collect(),
            _ => {
                self.fail(
                    span(value),
                    "expected a list".to_owned(),
                    remedy("write a list, such as [\"E\", \"P101\"]"),
                );
                Vec::new()
            }
        }
    }

    pub(super) fn unknown_key(&mut self, key: &Spanned<DeString<'_>>, known: &[&'static str]) {
        let place = Span::new(key.span().start, key.span().end);
        let near = || catalog::nearest(key.get_ref().as_bytes(), known.iter().copied());
        let help = match KEYS.contains(&key.get_ref().as_ref()) {
            true => remedy("put it below a line `[lint]`"),
            false => {
                let known_keys = || Some(format!("write one of {}", known.join(", ")));
                let help = || near().map(similar).or_else(known_keys);
                self.describes_more().then(help).flatten()
            }
        };
        self.fail(place, format!("unknown key `{}`", key.get_ref()), help);
    }

    /// Returns whether a further error is described. To find similar names takes long.
    fn describes_more(&self) -> bool {
        self.errors.len() < MOST_ERRORS
    }

    pub(super) fn fail(&mut self, span: Span, message: String, help: Option<String>) {
        if self.describes_more() {
            self.errors.push(ConfigError { span, message, help });
            return;
        }
        if self.left_out == 0 {
            self.rest = span;
        }
        self.left_out += 1;
    }
}

pub(super) fn span(value: TomlValue<'_, '_>) -> Span {
    Span::new(value.span().start, value.span().end)
}

/// The help for a word that is like no code.
const CODES: &str = "run `rauditctl lint --explain ALL` for a list of the codes";
/// The help for a word that is like no architecture.
const ARCHES: &str = "write the name of a machine, such as x86_64, aarch64 or s390x";

pub(super) fn remedy(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn similar(name: &str) -> String {
    format!("did you mean `{name}`?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<(String, String, Option<String>)> {
        let errors = Config::parse(text).unwrap_err().into_iter();
        errors.map(|e| (text[e.span.range()].to_owned(), e.message, e.help)).collect()
    }

    #[test]
    fn reads_every_key() {
        let config = Config::parse(
            "[lint]\narch = [\"x86_64\", \"aarch64\"]\nkernel = \"5.10..6.12\"\nauditctl = \"3.1\"\nselect = [\"E\", \"p101\"]\n\
             ignore = [\"S\"]\nmax-walk = 60\nfail-on = \"error\"\n[lint.severity]\nC = \"info\"\n\
             [lint.per-file-ignores]\n\"30-*.rules\" = [\"P\"]\n",
        )
        .unwrap();
        assert_eq!(config.arches, Some(vec![Arch::X86_64, Arch::Aarch64]));
        assert_eq!(config.kernels, KernelRange::parse("5.10..6.12"));
        assert_eq!(config.auditctl, Some(AuditctlVersion::new(3, 1, 0)));
        assert_eq!(config.select.as_ref().map(Vec::len), Some(2));
        assert_eq!((config.ignore.len(), config.levels.len()), (1, 1));
        assert_eq!((config.fail_on, config.max_walk), (Some(Level::Error), Some(60)));
        assert_eq!(config.per_file_ignores[0].0.as_str(), "30-*.rules");
    }

    #[test]
    fn reports_every_error_with_place_and_similar_name() {
        let text = "[lnt]\n[lint]\nselct = []\nselect = [\"P1O1\", 7]\narch = [\"x68-64\"]\nfail-on = \"warn\"\n\
                    kernel = \"6.8..5.10\"\nmax-walk = -1\n";
        let found = errors(text);
        let shown: Vec<(&str, &str)> =
            found.iter().map(|(place, message, _)| (place.as_str(), message.as_str())).collect();
        assert!(shown.contains(&("lnt", "unknown key `lnt`")), "{shown:?}");
        assert!(shown.contains(&("selct", "unknown key `selct`")));
        assert!(shown.contains(&("\"P1O1\"", "unknown lint `P1O1`")));
        assert!(shown.contains(&("7", "expected a string in quotes")));
        assert!(shown.contains(&("\"x68-64\"", "unknown architecture `x68-64`")));
        assert!(shown.contains(&("\"warn\"", "unknown severity `warn`")));
        assert!(shown.contains(&("\"6.8..5.10\"", "invalid kernel range `6.8..5.10`")));
        assert!(shown.contains(&("-1", "expected a number")));
        let helps: Vec<&str> = found.iter().filter_map(|(_, _, help)| help.as_deref()).collect();
        assert!(helps.contains(&"did you mean `select`?"), "{helps:?}");
        assert!(helps.contains(&"did you mean `P101`?"));
        assert!(helps.contains(&"did you mean `x86_64`?"));
    }

    #[test]
    fn every_error_has_help() {
        let text = "arch = [\"x86_64\"]\nzzzzzz = 1\n[lint]\nselect = \"E\"\nignore = [\"qqqq\", 7]\narch = [\"qqqq\"]\n\
                    max-walk = \"9\"\nseverity = 1\nauditctl = \"x\"\n[lint.per-file-ignores]\n\"[\" = [\"P\"]\n";
        let found = errors(text);
        assert_eq!(found.len(), 10, "{found:#?}");
        let without: Vec<_> = found.iter().filter(|(_, _, help)| help.is_none()).collect();
        assert!(without.is_empty(), "{without:#?}");
        let of_arch = found.iter().find(|(place, ..)| place == "arch").unwrap();
        assert_eq!(of_arch.2.as_deref(), Some("put it below a line `[lint]`"));
    }

    #[test]
    fn counts_errors_after_the_first_fifty() {
        let names: Vec<String> = (0..20_000).map(|number| format!("\"X{number}\"")).collect();
        let found = errors(&format!("[lint]\nselect = [{}]\n", names.join(", ")));
        assert_eq!(found.len(), 51);
        let last =
            ("\"X50\"".to_owned(), "19950 more errors, this one among them".to_owned(), None);
        assert_eq!(found.last(), Some(&last));
    }

    #[test]
    fn rejects_invalid_toml() {
        let found = errors("[lint\nselect = ");
        assert_eq!(found.len(), 1);
    }
}
