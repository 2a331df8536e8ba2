//! The arches.

use std::path::Path;

use super::source::{choice, head, slice};
use crate::tsv::{Fault, Table};

/// Renders `arches.rs`.
pub(super) fn render(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("arches.tsv"))?;
    let mut rows = Vec::new();
    let mut names = Vec::new();
    let mut elves = Vec::new();
    for row in table.rows() {
        let variant = row.get("variant")?;
        let compat = match row.optional("compat")? {
            Some(compat) => format!("Some(Arch::{})", capitalized(compat)),
            None => "None".to_owned(),
        };
        let fields = [
            format!("common_name: \"{}\"", row.get("name")?),
            format!("name: \"{}\"", row.get("printed")?),
            format!("elf: {:#010x}", row.number("elf")?),
            format!("is_64bit: {}", row.number("bits")? == 64),
            format!("compat: {compat}"),
            format!("known_to_auditctl: {}", row.yes("auditctl")?),
            format!("syscalls: &super::syscalls_{}::TABLE", row.get("syscalls")?),
        ];
        let body: String = fields.iter().map(|field| format!("            {field},\n")).collect();
        rows.push((variant.to_owned(), format!("Row {{\n{body}        }}")));
        elves.push((row.number("elf")?, variant));
        for name in std::iter::once(row.get("name")?).chain(row.words("aliases")?) {
            names.push((name, variant));
        }
    }
    names.sort_unstable();
    elves.sort_unstable();

    let mut text = head("grammar/vocab/arches.tsv", "Arches.");
    text.push_str("use crate::catalog::arch::{Arch, Row};\n\n");
    text.push_str(&choice("The data of an arch.", "row", ("arch", "Arch"), "Row", rows));
    text.push('\n');
    let names = names.iter().map(|(name, variant)| format!("(\"{name}\", Arch::{variant})"));
    text.push_str(&slice("Arches by name, sorted by name.", "BY_NAME", "(&str, Arch)", names));
    text.push('\n');
    let elves = elves.iter().map(|(elf, variant)| format!("({elf:#010x}, Arch::{variant})"));
    text.push_str(&slice("Arches by ELF id, sorted by id.", "BY_ELF", "(u32, Arch)", elves));
    Ok(("arches".to_owned(), text))
}

fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
        .unwrap_or_default()
}
