//! The client's capabilities and the editor's settings, which the client sends with `initialize`.

use gen_lsp_types::PositionEncodingKind;
use serde_json::Value;

use super::buffer::Encoding;
use crate::catalog::Arch;
use crate::lint::{KernelRange, LintSettings};

/// The options of a session.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// The unit that columns are counted in.
    pub(super) encoding: Encoding,
    /// The machines that the rules are for; empty if the editor does not set them.
    arches: Vec<Arch>,
    /// The kernels that the rules are for.
    kernels: Option<KernelRange>,
    /// The URL of the folder with the pages of the lints, a copy of `docs/lints`.
    pub(super) docs: Option<String>,
    /// Whether the client can watch files and report changes.
    pub(super) watches_files: bool,
    /// Messages about settings that are invalid.
    pub(super) faults: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            encoding: Encoding::Utf16,
            arches: Vec::new(),
            kernels: None,
            docs: None,
            watches_files: false,
            faults: Vec::new(),
        }
    }
}

impl Options {
    /// Reads the parameters of `initialize`. Ignores values that are missing or have another type, because clients
    /// differ in what they send.
    pub(super) fn read(params: &Value) -> Self {
        let mut options = Options::default();
        let offered = params.pointer("/capabilities/general/positionEncodings");
        let offered: Vec<PositionEncodingKind> = strings(offered)
            .map(|name| match name {
                "utf-8" => PositionEncodingKind::UTF8,
                "utf-16" => PositionEncodingKind::UTF16,
                "utf-32" => PositionEncodingKind::UTF32,
                other => PositionEncodingKind::Custom(other.to_owned().into()),
            })
            .collect();
        options.encoding = Encoding::agreed(&offered);
        let watches = "/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration";
        options.watches_files = params.pointer(watches).and_then(Value::as_bool) == Some(true);
        if let Some(settings) = params.get("initializationOptions") {
            options.read_settings(settings);
        }
        options
    }

    fn read_settings(&mut self, settings: &Value) {
        for name in strings(settings.get("arch")) {
            match Arch::from_any_name(name.as_bytes()) {
                Some(arch) => self.arches.push(arch),
                None => self.faults.push(format!("unknown architecture `{name}`")),
            }
        }
        if let Some(kernel) = settings.get("kernel").and_then(Value::as_str) {
            self.kernels = KernelRange::parse(kernel);
            if self.kernels.is_none() {
                self.faults.push(format!(
                    "`{kernel}` is neither a kernel version nor a range of versions"
                ));
            }
        }
        let docs = settings.get("docs").and_then(Value::as_str);
        self.docs = docs.map(|docs| docs.trim_end_matches('/').to_owned());
    }

    /// Overrides `settings` with the settings of the editor.
    pub(super) fn apply(&self, settings: &mut LintSettings<'_>) {
        if !self.arches.is_empty() {
            settings.scope.arches.clone_from(&self.arches);
        }
        if let Some(kernels) = self.kernels {
            settings.scope.kernels = kernels;
        }
    }
}

/// Returns the string, or the strings of the list.
fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    value.and_then(Value::as_str).into_iter().chain(list.filter_map(Value::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_settings_and_reports_unknown_values() {
        let options = Options::read(&json!({
            "capabilities": {"general": {"positionEncodings": ["utf-7", "utf-8", "utf-16"]}},
            "initializationOptions": {"arch": ["aarch64", "vax"], "kernel": "5.10..6.1"},
        }));
        assert_eq!(options.encoding, Encoding::Utf8);
        assert_eq!(options.faults, ["unknown architecture `vax`"]);
        let mut settings = LintSettings::new(Arch::X86_64);
        options.apply(&mut settings);
        assert_eq!(settings.scope.arches, [Arch::Aarch64]);
        assert_eq!(settings.scope.kernels, KernelRange::parse("5.10..6.1").unwrap());
    }

    #[test]
    fn ignores_values_of_other_types() {
        let options = Options::read(&json!({"capabilities": 1, "initializationOptions": []}));
        assert_eq!(options.encoding, Encoding::Utf16);
        assert!(options.faults.is_empty());
    }
}
