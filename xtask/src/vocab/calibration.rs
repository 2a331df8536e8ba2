//! The built-in calibrations, from the JSON that the measurement writes. The core reads no JSON.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::source::head;
use crate::tsv::Fault;

const FROM: &str = "data/calibration";
const TO: &str = "src/analysis/cost/built_in.rs";

/// Renders the table. Returns its path, relative to `root`, and its text.
pub(super) fn render(root: &Path) -> Result<(PathBuf, String), Fault> {
    let mut text = head(FROM, "The built-in calibrations.");
    text.push_str("use super::calibration::{Coefficients, Measured, Point, Rules};\n");
    text.push_str("use crate::catalog::KernelVersion;\n\n");
    text.push_str("/// The measured kernels, the oldest first.\n");
    let kernels = kernels(root)?;
    text.push_str(&format!("pub(super) static MEASURED: [Measured; {}] = [\n", kernels.len()));
    text.extend(kernels);
    text.push_str("];\n");
    Ok((PathBuf::from(TO), text))
}

/// Returns the entries of the kernels, the oldest first.
fn kernels(root: &Path) -> Result<Vec<String>, Fault> {
    let folder = root.join(FROM);
    let fault =
        |path: &Path, what: &dyn std::fmt::Display| Fault(format!("{}: {what}", path.display()));
    let mut kernels = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| fault(&folder, &error))? {
        let path = entry.map_err(|error| fault(&folder, &error))?.path();
        let json = fs::read_to_string(&path).map_err(|error| fault(&path, &error))?;
        let json: Value = serde_json::from_str(&json).map_err(|error| fault(&path, &error))?;
        kernels.push(kernel(&json).ok_or_else(|| fault(&path, &"not a calibration"))?);
    }
    kernels.sort();
    Ok(kernels.into_iter().map(|(_, entry)| entry).collect())
}

/// Returns the version of a kernel, and its entry.
fn kernel(json: &Value) -> Option<([u16; 2], String)> {
    let kernel = json.get("kernel")?.as_str()?;
    let mut numbers = kernel.split('.').map_while(|number| number.parse::<u16>().ok());
    let (major, minor) = (numbers.next()?, numbers.next()?);
    let command = json.get("command")?.as_str()?;
    let mut text = format!(
        "    Measured {{
        version: KernelVersion::new({major}, {minor}),
        kernel: {kernel:?},
        command: {command:?},
        coefficients: Coefficients {{\n"
    );
    for (name, value) in json.get("coefficients")?.as_object()? {
        text.push_str(&format!("            {name}: {:?},\n", value.as_f64()?));
    }
    text.push_str("        },\n        points: &[\n");
    for one in json.get("points")?.as_array()? {
        text.push_str(&point(one)?);
    }
    text.push_str("        ],\n    },\n");
    Some(([major, minor], text))
}

fn point(json: &Value) -> Option<String> {
    let rules = variant(json.get("rules")?.as_str()?);
    let count = json.get("count")?.as_u64()?;
    let [getpid, stat] = ["getpid", "stat"].map(|name| json.get(name)?.as_f64());
    Some(format!(
        "            Point {{ rules: Rules::{rules}, count: {count}, getpid: {:?}, stat: {:?} }},\n",
        getpid?, stat?
    ))
}

/// Returns `MaskMisses` for `mask-misses`.
fn variant(name: &str) -> String {
    let capitalized = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_uppercase() + rest
    };
    name.split('-').map(capitalized).collect()
}
