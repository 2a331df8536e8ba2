//! The tables of the benchmark of optimized rules are those that were recorded.

use serde_json::Value;

/// The kernels, as docs/optimizing.md names them.
const KERNELS: [&str; 2] = ["6.1", "7.2"];

fn text(path: &str) -> String {
    std::fs::read_to_string(xtask::root().join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn recorded(kernel: &str) -> Vec<Value> {
    let text = text(&format!("data/benchmark/optimize-linux-{kernel}-debian.json"));
    let table: Value = serde_json::from_str(&text).expect("JSON");
    table["rows"].as_array().expect("rows").clone()
}

/// Returns a number with commas between thousands.
fn with_commas(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).expect("digits"))
        .collect();
    groups.join(",")
}

/// Returns the line of a table: set, form, and the calls of these names.
fn line(row: &Value, names: &[&str]) -> String {
    let calls = row["calls"].as_array().expect("calls");
    let figure = |name: &&str| {
        let call = calls.iter().find(|call| call[0] == **name).expect("a call");
        with_commas(call[1].as_f64().expect("a number"))
    };
    let figures: Vec<String> = names.iter().map(figure).collect();
    let words = |name: &str| row[name].as_str().expect("text").to_owned();
    let form = match words("form") {
        form if form.starts_with("--") => format!("`{form}`"),
        form => form,
    };
    format!("| {} | {form} | {} |", words("set"), figures.join(" | "))
}

#[test]
fn docs_have_the_recorded_figures() {
    let guide = text("docs/optimizing.md");
    let names = ["getpid", "getppid", "stat", "read", "open"];
    for kernel in KERNELS {
        let lines: Vec<String> = recorded(kernel).iter().map(|row| line(row, &names)).collect();
        let all = lines.join("\n");
        assert!(guide.contains(&all), "docs/optimizing.md must have, for Linux {kernel}:\n{all}");
    }
}

#[test]
fn the_readme_has_the_benchmark_of_the_patch() {
    let readme = text("README.md");
    let is_shown = |row: &&Value| {
        ["no rules", "ten rules", "session rules"].iter().any(|set| row["set"] == **set)
    };
    let rows = recorded("6.1");
    let lines: Vec<String> =
        rows.iter().filter(is_shown).map(|row| line(row, &["getpid", "stat"])).collect();
    let all = lines.join("\n");
    assert!(lines.len() > 5 && readme.contains(&all), "README.md must have:\n{all}");
}

#[test]
fn numbers_have_commas() {
    assert_eq!(with_commas(999.4), "999");
    assert_eq!(with_commas(1_234_567.0), "1,234,567");
}
