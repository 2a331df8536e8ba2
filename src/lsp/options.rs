//! What a client says when it starts: what it can do, and the settings of the editor.

use gen_lsp_types::PositionEncodingKind;
use serde_json::Value;

use super::buffer::Encoding;
use crate::catalog::Arch;
use crate::lint::{KernelRange, Settings};

/// What was said.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// How columns are counted.
    pub(super) encoding: Encoding,
    /// The machines that rules are for; none where the editor does not say.
    arches: Vec<Arch>,
    /// The kernels that they are for.
    kernels: Option<KernelRange>,
    /// The folder that has the pages of the lints, as in `docs/lints`.
    pub(super) docs: Option<String>,
    /// Whether the client tells of files that change, when asked to.
    pub(super) watches_files: bool,
    /// What of it is not understood.
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
    /// Reads the parameters of `initialize`. What is missing, or of another form, is as if it had not
    /// been said: clients differ in what they send.
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
            match Arch::from_name(name.as_bytes()) {
                Some(arch) => self.arches.push(arch),
                None => self.faults.push(format!("no architecture is called `{name}`")),
            }
        }
        if let Some(kernel) = settings.get("kernel").and_then(Value::as_str) {
            self.kernels = KernelRange::parse(kernel);
            if self.kernels.is_none() {
                self.faults.push(format!("`{kernel}` is neither a version nor a range of them"));
            }
        }
        let docs = settings.get("docs").and_then(Value::as_str);
        self.docs = docs.map(|docs| docs.trim_end_matches('/').to_owned());
    }

    /// What the editor says counts more than what is configured elsewhere.
    pub(super) fn apply(&self, settings: &mut Settings<'_>) {
        if !self.arches.is_empty() {
            settings.scope.arches.clone_from(&self.arches);
        }
        if let Some(kernels) = self.kernels {
            settings.scope.kernels = kernels;
        }
    }
}

/// A string, or the strings of a list.
fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    value.and_then(Value::as_str).into_iter().chain(list.filter_map(Value::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_is_read_and_what_is_not_understood_is_told() {
        let options = Options::read(&json!({
            "capabilities": {"general": {"positionEncodings": ["utf-7", "utf-8", "utf-16"]}},
            "initializationOptions": {"arch": ["aarch64", "vax"], "kernel": "5.10..6.1"},
        }));
        assert_eq!(options.encoding, Encoding::Utf8);
        assert_eq!(options.faults, ["no architecture is called `vax`"]);
        let mut settings = Settings::new(Arch::X86_64);
        options.apply(&mut settings);
        assert_eq!(settings.scope.arches, [Arch::Aarch64]);
        assert_eq!(settings.scope.kernels, KernelRange::parse("5.10..6.1").unwrap());
    }

    #[test]
    fn nonsense_is_as_if_it_had_not_been_said() {
        let options = Options::read(&json!({"capabilities": 1, "initializationOptions": []}));
        assert_eq!(options.encoding, Encoding::Utf16);
        assert!(options.faults.is_empty());
    }
}
