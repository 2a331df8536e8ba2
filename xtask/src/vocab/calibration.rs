//! The built-in calibration, from the JSON that the measurement writes. The core reads no JSON.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::source::head;
use crate::tsv::Fault;

const FROM: &str = "data/calibration/linux-6.1-debian.json";
const TO: &str = "src/analysis/cost/built_in.rs";

/// Renders the table. Returns its path, relative to `root`, and its text.
pub(super) fn render(root: &Path) -> Result<(PathBuf, String), Fault> {
    let fault = |what: &dyn std::fmt::Display| Fault(format!("{FROM}: {what}"));
    let json = fs::read_to_string(root.join(FROM)).map_err(|error| fault(&error))?;
    let json: Value = serde_json::from_str(&json).map_err(|error| fault(&error))?;
    let text = table(&json).ok_or_else(|| fault(&"not a calibration"))?;
    Ok((PathBuf::from(TO), text))
}

fn table(json: &Value) -> Option<String> {
    let mut text = head(FROM, "The built-in calibration.");
    text.push_str("use super::calibration::{Coefficients, Point, Rules};\n\n");
    for (name, doc) in [("kernel", "The kernel."), ("command", "The command that measured it.")] {
        let value = json.get(name)?.as_str()?;
        let name = name.to_uppercase();
        text.push_str(&format!("/// {doc}\npub(super) const {name}: &str = {value:?};\n\n"));
    }
    text.push_str("/// The coefficients of an estimate.\n");
    text.push_str("pub(super) const COEFFICIENTS: Coefficients = Coefficients {\n");
    for (name, value) in json.get("coefficients")?.as_object()? {
        text.push_str(&format!("    {name}: {:?},\n", value.as_f64()?));
    }
    text.push_str("};\n\n/// The measurements.\npub(super) const POINTS: &[Point] = &[\n");
    for point in json.get("points")?.as_array()? {
        let rules = variant(point.get("rules")?.as_str()?);
        let count = point.get("count")?.as_u64()?;
        let [getpid, stat] = ["getpid", "stat"].map(|name| point.get(name)?.as_f64());
        text.push_str(&format!(
            "    Point {{ rules: Rules::{rules}, count: {count}, getpid: {:?}, stat: {:?} }},\n",
            getpid?, stat?
        ));
    }
    text.push_str("];\n");
    Some(text)
}

/// Returns `MaskMisses` for `mask-misses`.
fn variant(name: &str) -> String {
    let capitalized = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_uppercase() + rest
    };
    name.split('-').map(capitalized).collect()
}
