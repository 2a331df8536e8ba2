//! Pieces of Rust source text. The layout is close to that of rustfmt, which skips generated files.

use std::fmt::Display;

/// Renders the head of a generated file: its content and its source.
pub(super) fn head(from: &str, what: &str) -> String {
    format!(
        "//! {what}\n//!\n//! Generated from `{from}` by `cargo xtask vocab`; edit the source instead.\n\n"
    )
}

/// Renders a documented `pub(crate) static NAME: &[KIND]`, one entry per line.
pub(super) fn slice<T: Display>(
    doc: &str,
    name: &str,
    kind: &str,
    entries: impl IntoIterator<Item = T>,
) -> String {
    let mut text = format!("/// {doc}\npub(crate) static {name}: &[{kind}] = &[\n");
    for entry in entries {
        text.push_str(&format!("    {entry},\n"));
    }
    text.push_str("];\n");
    text
}

/// Renders the tables `BY_NAME` and `BY_NUMBER` of a vocabulary from its entries in file order.
///
/// If a number has several names, `BY_NUMBER` contains the first.
pub(super) fn both_ways(entries: &[(String, u32)]) -> String {
    let mut by_name = entries.to_vec();
    by_name.sort();
    let mut by_number = entries.to_vec();
    by_number.sort_by_key(|(_, number)| *number);
    by_number.dedup_by_key(|(_, number)| *number);
    let names = by_name.iter().map(|(name, number)| format!("(\"{name}\", {number})"));
    let numbers = by_number.iter().map(|(name, number)| format!("({number}, \"{name}\")"));
    let mut text = slice("Numbers by name, sorted by name.", "BY_NAME", "(&str, u32)", names);
    text.push('\n');
    text.push_str(&slice(
        "Names by number, sorted by number.",
        "BY_NUMBER",
        "(u32, &str)",
        numbers,
    ));
    text
}

/// Renders a documented `pub(crate) const fn NAME(of: KIND) -> RESULT`: a `match` with one arm per line.
pub(super) fn choice(
    doc: &str,
    name: &str,
    (of, kind): (&str, &str),
    result: &str,
    arms: impl IntoIterator<Item = (String, String)>,
) -> String {
    let mut text = format!(
        "/// {doc}\npub(crate) const fn {name}({of}: {kind}) -> {result} {{\n    match {of} {{\n"
    );
    for (variant, value) in arms {
        text.push_str(&format!("        {kind}::{variant} => {value},\n"));
    }
    text.push_str("    }\n}\n");
    text
}
