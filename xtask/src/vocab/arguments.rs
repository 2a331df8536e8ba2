//! Arguments of syscalls: the kind of each, and the names of its values.

use std::collections::BTreeMap;
use std::path::Path;

use super::source::{head, slice};
use crate::tsv::{Fault, Row, Table};

/// Renders `arguments.rs`, `argument_names.rs` and `parameters.rs`.
pub(super) fn render(vocab: &Path) -> Result<Vec<(String, String)>, Fault> {
    let dir = vocab.join("arguments");
    let kinds = Table::read(&dir.join("kinds.tsv"))?;
    let mut tables = BTreeMap::new();
    let mut statics = String::new();
    let mut known = Vec::new();
    for row in kinds.rows() {
        if let Some(file) = row.optional("names")? {
            tables.insert(constant(file), names(&dir, file, &row)?);
        }
        statics.push_str(&kind(&row)?);
        known.push(row.get("kind")?);
    }

    let mut text = head("grammar/vocab/arguments", "Kinds of the arguments of syscalls.");
    text.push_str("use super::argument_names;\n");
    text.push_str("use crate::catalog::argument::{Argument, Form, Kind, When};\n\n");
    text.push_str(&slice(
        "Sorted by syscall and argument. If several match, the first whose condition is true applies.",
        "ARGUMENTS",
        "Argument",
        arguments(&dir, &known)?,
    ));
    text.push_str(&statics);
    let tables: Vec<String> = tables.into_values().collect();
    let names = head("grammar/vocab/arguments", "Names of the values of syscall arguments.")
        + &tables.join("\n");
    let parameters = ("parameters".to_owned(), parameters(&dir)?);
    Ok(vec![("arguments".to_owned(), text), ("argument_names".to_owned(), names), parameters])
}

/// Renders `parameters.tsv`.
fn parameters(dir: &Path) -> Result<String, Fault> {
    let table = Table::read(&dir.join("parameters.tsv"))?;
    let mut rows = Vec::new();
    for row in table.rows() {
        let mut cells = Vec::new();
        for column in ["a0", "a1", "a2", "a3"] {
            cells.push(match row.optional(column)? {
                None => "Absent".to_owned(),
                Some("*") => "Address".to_owned(),
                Some(meaning) => format!("Number(\"{meaning}\")"),
            });
        }
        rows.push(format!("(\"{}\", [{}])", row.get("syscall")?, cells.join(", ")));
    }
    rows.sort();
    let mut text = head("grammar/vocab/arguments", "Parameters of syscalls.");
    text.push_str("use crate::catalog::argument::Parameter::{self, Absent, Address, Number};\n\n");
    let kind = "(&str, [Parameter; 4])";
    text.push_str(&slice("Sorted by the kernel's name of the syscall.", "PARAMETERS", kind, rows));
    Ok(text)
}

/// Returns the rows of `syscalls.tsv` as Rust values.
fn arguments(dir: &Path, known: &[&str]) -> Result<Vec<String>, Fault> {
    let table = Table::read(&dir.join("syscalls.tsv"))?;
    let mut rows = Vec::new();
    for row in table.rows() {
        let (syscall, kind) = (row.get("syscall")?, row.get("kind")?);
        if !known.contains(&kind) {
            return Err(row.fault(&format!("kind: {kind} is not in kinds.tsv")));
        }
        let argument = argument(&row, row.get("argument")?)?;
        let fields = format!(
            "syscall: \"{syscall}\", argument: {argument}, kind: &{}, when: {}",
            constant(kind),
            when(&row)?
        );
        rows.push((syscall, argument, format!("Argument {{ {fields} }}")));
    }
    // The sort is stable: conditions keep the order of the file.
    rows.sort_by_key(|(syscall, argument, _)| (*syscall, *argument));
    Ok(rows.into_iter().map(|(_, _, row)| row).collect())
}

fn argument(row: &Row<'_>, name: &str) -> Result<u32, Fault> {
    let names = ["a0", "a1", "a2", "a3"];
    let at = (0..).zip(names).find(|(_, known)| *known == name).map(|(at, _)| at);
    at.ok_or_else(|| row.fault(&format!("{name} is not an argument")))
}

/// Returns the condition of a row: `a1=0`, `a0=23,24` or `a1&0x40`.
fn when(row: &Row<'_>) -> Result<String, Fault> {
    let Some(cell) = row.optional("when")? else { return Ok("When::Always".to_owned()) };
    let (name, variant, numbers) = match (cell.split_once('='), cell.split_once('&')) {
        (Some((name, numbers)), _) => (name, "OneOf", numbers),
        (None, Some((name, bits))) => (name, "AnyBit", bits),
        (None, None) => return Err(row.fault(&format!("when: {cell} contains neither = nor &"))),
    };
    let argument = argument(row, name)?;
    let numbers: Result<Vec<u32>, Fault> =
        numbers.split(',').map(|number| row.parse("when", number)).collect();
    let numbers = numbers?;
    match (variant, numbers.as_slice()) {
        ("AnyBit", [bits]) => Ok(format!("When::AnyBit({argument}, {bits:#x})")),
        ("OneOf", numbers) => Ok(format!("When::OneOf({argument}, &{numbers:?})")),
        _ => Err(row.fault(&format!("when: {cell} has more than one mask"))),
    }
}

/// Renders a row of `kinds.tsv` as a static.
fn kind(row: &Row<'_>) -> Result<String, Fault> {
    let name = row.get("kind")?;
    let form = match row.get("form")? {
        "name" => "Name",
        "flags" => "Flags",
        "modes" => "Modes",
        "clone" => "Clone",
        "shared-memory" => "SharedMemory",
        "socket-level" => "SocketLevel",
        "socket-option" => "SocketOption",
        "user" => "User",
        "group" => "Group",
        "protocol" => "Protocol",
        "permissions" => "Permissions",
        "mode" => "Mode",
        other => return Err(row.fault(&format!("form: {other} is not a form"))),
    };
    let names = match row.optional("names")? {
        Some(file) => format!("argument_names::{}", constant(file)),
        None => "&[]".to_owned(),
    };
    let mask = match row.optional("mask")? {
        Some(_) => row.number("mask")?,
        None => u32::MAX,
    };
    let fields = [
        format!("form: Form::{form}"),
        format!("names: {names}"),
        format!("mask: {mask:#x}"),
        format!("none: {}", named(row, "none")?),
        format!("more: {}", named(row, "more")?),
        format!("unknown: \"{}\"", row.optional("unknown")?.unwrap_or_default()),
    ];
    let body: String = fields.iter().map(|field| format!("    {field},\n")).collect();
    let constant = constant(name);
    Ok(format!("\n/// `{name}`.\npub(crate) static {constant}: Kind = Kind {{\n{body}}};\n"))
}

/// Renders a cell `number=name`.
fn named(row: &Row<'_>, column: &str) -> Result<String, Fault> {
    let Some(cell) = row.optional(column)? else { return Ok("None".to_owned()) };
    let Some((number, name)) = cell.split_once('=') else {
        return Err(row.fault(&format!("{column}: {cell} contains no =")));
    };
    Ok(format!("Some(({:#x}, \"{name}\"))", row.parse(column, number)?))
}

/// Renders the table of a kind, without the numbers in the column `but`. The numbers must ascend: names are found by
/// binary search, and flags are listed in this order.
fn names(dir: &Path, file: &str, kind: &Row<'_>) -> Result<String, Fault> {
    let table = Table::read(&dir.join(format!("{file}.tsv")))?;
    let but: Result<Vec<u32>, Fault> =
        kind.words("but")?.into_iter().map(|number| kind.parse("but", number)).collect();
    let but = but?;
    let mut entries = Vec::new();
    let mut last = None;
    for row in table.rows() {
        let number = row.number("number")?;
        if last.is_some_and(|last| last >= number) {
            return Err(row.fault("number: not greater than the number before it"));
        }
        last = Some(number);
        if !but.contains(&number) {
            entries.push(format!("({number:#x}, \"{}\")", row.get("name")?));
        }
    }
    let what = format!("From `{}.tsv`, sorted by number.", file.trim_start_matches("../"));
    Ok(slice(&what, &constant(file), "(u32, &str)", entries))
}

/// Returns the name of the static for a file such as `../socket-levels`.
fn constant(name: &str) -> String {
    name.trim_start_matches("../").replace('-', "_").to_uppercase()
}
