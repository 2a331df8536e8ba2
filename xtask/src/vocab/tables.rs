//! The small tables: fields, operators, lists, actions, errnos and others.

use std::path::Path;

use super::source::{both_ways, choice, head, slice};
use crate::tsv::{Fault, Row, Table};

/// Renders the small tables.
pub(super) fn render(vocab: &Path) -> Result<Vec<(String, String)>, Fault> {
    Ok(vec![
        plain(vocab, "errnos", "Error numbers.", |_| Ok(true))?,
        plain(vocab, "filetypes", "File types: `S_IFMT` bits.", |_| Ok(true))?,
        plain(vocab, "fstypes", "File system types: magic numbers.", |_| Ok(true))?,
        magic(vocab)?,
        plain(vocab, "uring_ops", "io_uring operations that can be audited.", |_| Ok(true))?,
        plain(vocab, "families", "Address families.", |_| Ok(true))?,
        msgtypes(vocab)?,
        fields(vocab)?,
        operators(vocab)?,
        lists(vocab)?,
        actions(vocab)?,
        perms(vocab)?,
        compare(vocab)?,
    ])
}

/// Renders a file of names and numbers: the rows that `keep` accepts, by name and by number.
fn plain(
    vocab: &Path,
    name: &str,
    what: &str,
    keep: fn(&Row<'_>) -> Result<bool, Fault>,
) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join(format!("{name}.tsv")))?;
    let mut entries = Vec::new();
    for row in table.rows() {
        if keep(&row)? {
            entries.push((row.get("name")?.to_owned(), row.number("number")?));
        }
    }
    let text = head(&format!("grammar/vocab/{name}.tsv"), what) + &both_ways(&entries);
    Ok((name.to_owned(), text))
}

/// Renders `magic.tsv`, by name only: several names have the same number.
fn magic(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("magic.tsv"))?;
    let mut rows = Vec::new();
    for row in table.rows() {
        rows.push((row.get("name")?, row.number("number")?));
    }
    rows.sort_unstable();
    let rows = rows.iter().map(|(name, number)| format!("(\"{name}\", {number:#010x})"));
    let what = "File system types that auditctl has no name for: magic numbers.";
    let table = slice("Numbers by name, sorted by name.", "BY_NAME", "(&str, u32)", rows);
    Ok(("magic".to_owned(), head("grammar/vocab/magic.tsv", what) + &table))
}

fn msgtypes(vocab: &Path) -> Result<(String, String), Fault> {
    let (name, mut text) = plain(vocab, "msgtypes", "Message types.", |row| row.yes("auditctl"))?;
    let table = Table::read(&vocab.join("msgtypes.tsv"))?;
    let (mut others, mut constants) = (Vec::new(), String::new());
    for row in table.rows() {
        let (number, name) = (row.number("number")?, row.get("name")?);
        if !row.yes("auditctl")? {
            others.push((number, name));
        }
        constants.push_str(&format!("    /// `{name}`.\n    pub const {name}: u32 = {number};\n"));
    }
    others.sort_unstable();
    let others = others.iter().map(|(number, name)| format!("({number}, \"{name}\")"));
    text.push('\n');
    text.push_str(&slice(
        "Types that auditctl has no name for, sorted by number.",
        "OTHERS",
        "(u32, &str)",
        others,
    ));
    text.push_str("\n/// The numbers of the types, by name.\npub(crate) mod numbers {\n");
    text.push_str(&constants);
    text.push_str("}\n");
    Ok((name, text))
}

fn fields(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("fields.tsv"))?;
    let mut known = Vec::new();
    let mut rows: Vec<(u32, String)> = Vec::new();
    let mut constants = String::new();
    for row in table.rows() {
        let (name, number) = (row.get("name")?, row.number("number")?);
        let lists = row.words("lists")?;
        if !lists.is_empty() {
            known.push((name.to_owned(), number));
        }
        if rows.iter().any(|(other, _)| *other == number) {
            continue;
        }
        let note = row.optional("note")?.map(|note| format!("; {note}")).unwrap_or_default();
        let upper = name.to_uppercase();
        constants
            .push_str(&format!("/// Field `{name}`{note}.\npub const {upper}: u32 = {number};\n"));
        rows.push((number, field_row(&row, name, number, &lists)?));
    }
    rows.sort();

    let mut text = head("grammar/vocab/fields.tsv", "Rule fields.");
    text.push_str("use crate::catalog::KnownList::*;\n");
    text.push_str("use crate::catalog::{FieldKind, FieldRow, OperatorSet};\n");
    text.push_str("use crate::catalog::kernel_version::KernelVersion;\n\n");
    let rows = rows.into_iter().map(|(_, row)| row);
    text.push_str(&slice("The data of the fields, sorted by number.", "ROWS", "FieldRow", rows));
    text.push('\n');
    text.push_str(&both_ways(&known));
    text.push_str("\n/// The numbers of the fields, by name.\npub(crate) mod numbers {\n");
    text.push_str(&constants.lines().map(|line| format!("    {line}\n")).collect::<String>());
    text.push_str("}\n");
    Ok(("fields".to_owned(), text))
}

fn field_row(row: &Row<'_>, name: &str, number: u32, lists: &[&str]) -> Result<String, Fault> {
    let all = ["exit", "task", "user", "exclude", "filesystem", "io_uring"];
    let lists = if lists == ["all"] { &all } else { lists };
    let lists: Result<Vec<&str>, Fault> =
        lists.iter().map(|list| variant_of_list(row, list)).collect();
    let lists = lists?.join(", ");
    let kind = match row.get("value")? {
        "number" => "Number",
        "user" => "User",
        "group" => "Group",
        "arch" => "Arch",
        "msgtype" => "MessageType",
        "text" => "Text",
        "path" => "Path",
        "key" => "Key",
        "sessionid" => "SessionId",
        "fstype" => "FsType",
        "inode" => "Inode",
        "errno" => "Errno",
        "success" => "Success",
        "perm" => "Perm",
        "filetype" => "FileType",
        "compare" => "Compare",
        "family" => "Family",
        "argument" => "Argument",
        other => return Err(row.fault(&format!("value: {other} is not a kind"))),
    };
    let set = |column| match row.get(column)? {
        "all" => Ok("OperatorSet::All"),
        "order" => Ok("OperatorSet::Order"),
        "equal" => Ok("OperatorSet::Equality"),
        "one" => Ok("OperatorSet::Equal"),
        "-" => Ok("OperatorSet::None"),
        other => Err(row.fault(&format!("{column}: {other} is not a set of operators"))),
    };
    let since = since(row)?;
    let fields = [
        format!("number: {number}"),
        format!("name: \"{name}\""),
        format!("kind: FieldKind::{kind}"),
        format!("lists: &[{lists}]"),
        format!("operators: {}", set("operators")?),
        format!("kernel_operators: {}", set("kernel")?),
        format!("basic_exclude: {}", row.yes("basic")?),
        format!("since: {since}"),
    ];
    let body: String = fields.iter().map(|field| format!("        {field},\n")).collect();
    Ok(format!("FieldRow {{\n{body}    }}"))
}

fn since(row: &Row<'_>) -> Result<String, Fault> {
    Ok(match row.version("since")? {
        Some(version) => format!("Some(KernelVersion::new({}, {}))", version.major, version.minor),
        None => "None".to_owned(),
    })
}

fn variant_of_list(row: &Row<'_>, list: &str) -> Result<&'static str, Fault> {
    Ok(match list {
        "user" => "User",
        "task" => "Task",
        "entry" => "Entry",
        "watch" => "Watch",
        "exit" => "Exit",
        "exclude" => "Exclude",
        "filesystem" => "Filesystem",
        "io_uring" => "IoUring",
        other => return Err(row.fault(&format!("{other} is not a list"))),
    })
}

fn operators(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("operators.tsv"))?;
    let (mut symbols, mut bits) = (Vec::new(), Vec::new());
    for row in table.rows() {
        let variant = row.get("name")?.to_owned();
        symbols.push((variant.clone(), format!("\"{}\"", row.get("symbol")?)));
        bits.push((variant, format!("{:#010x}", row.number("bits")?)));
    }
    let mut text = head("grammar/vocab/operators.tsv", "Comparison operators.");
    text.push_str("use crate::catalog::operator::Operator;\n\n");
    let of = ("operator", "Operator");
    text.push_str(&choice("The symbol in a rule.", "symbol", of, "&'static str", symbols));
    text.push('\n');
    text.push_str(&choice("The value in `fieldflags`.", "bits", of, "u32", bits));
    Ok(("operators".to_owned(), text))
}

fn lists(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("lists.tsv"))?;
    let (mut names, mut numbers, mut known) = (Vec::new(), Vec::new(), Vec::new());
    let mut versions = Vec::new();
    for row in table.rows() {
        let variant = variant_of_list(&row, row.get("name")?)?.to_owned();
        names.push((variant.clone(), format!("\"{}\"", row.get("name")?)));
        numbers.push((variant.clone(), row.number("number")?.to_string()));
        known.push((variant.clone(), row.yes("auditctl")?.to_string()));
        versions.push((variant, since(&row)?));
    }
    let mut text = head("grammar/vocab/lists.tsv", "Filter lists.");
    text.push_str("use crate::catalog::kernel_version::KernelVersion;\n");
    text.push_str("use crate::catalog::list::KnownList;\n\n");
    let of = ("list", "KnownList");
    text.push_str(&choice("The name.", "name", of, "&'static str", names));
    text.push('\n');
    text.push_str(&choice("The number.", "number", of, "u32", numbers));
    text.push('\n');
    text.push_str(&choice("Whether auditctl has the name.", "known", of, "bool", known));
    text.push('\n');
    let version = "Option<KernelVersion>";
    text.push_str(&choice("The first kernel that has the list.", "since", of, version, versions));
    Ok(("lists".to_owned(), text))
}

fn actions(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("actions.tsv"))?;
    let (mut names, mut numbers) = (Vec::new(), Vec::new());
    for row in table.rows() {
        let variant = match row.get("name")? {
            "never" => "Never",
            "possible" => "Possible",
            "always" => "Always",
            other => return Err(row.fault(&format!("{other} is not an action"))),
        };
        names.push((variant.to_owned(), format!("\"{}\"", row.get("name")?)));
        numbers.push((variant.to_owned(), row.number("number")?.to_string()));
    }
    let mut text = head("grammar/vocab/actions.tsv", "Rule actions.");
    text.push_str("use crate::catalog::list::KnownAction;\n\n");
    let of = ("action", "KnownAction");
    text.push_str(&choice("The name.", "name", of, "&'static str", names));
    text.push('\n');
    text.push_str(&choice("The number.", "number", of, "u32", numbers));
    Ok(("actions".to_owned(), text))
}

fn perms(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("perms.tsv"))?;
    let (mut letters, mut bits, mut syscalls) = (Vec::new(), Vec::new(), Vec::new());
    for row in table.rows() {
        let variant = row.get("name")?.to_owned();
        letters.push((variant.clone(), format!("b'{}'", row.get("letter")?)));
        bits.push((variant.clone(), row.number("bit")?.to_string()));
        let words = row.words("syscalls")?;
        let names: Vec<String> = words.iter().map(|name| format!("\"{name}\"")).collect();
        let one_line = names.join(", ");
        let value = if one_line.len() <= 56 {
            format!("&[{one_line}]")
        } else {
            let body: String = names.iter().map(|name| format!("            {name},\n")).collect();
            format!("&[\n{body}        ]")
        };
        syscalls.push((variant, value));
    }
    let mut text = head("grammar/vocab/perms.tsv", "Permissions.");
    text.push_str("use crate::catalog::perm::Perm;\n\n");
    let of = ("perm", "Perm");
    text.push_str(&choice("The letter.", "letter", of, "u8", letters));
    text.push('\n');
    text.push_str(&choice("The bit.", "bit", of, "u32", bits));
    text.push('\n');
    text.push_str(&choice("The syscalls.", "syscalls", of, "&'static [&'static str]", syscalls));
    Ok(("perms".to_owned(), text))
}

fn compare(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("compare.tsv"))?;
    let mut rows = Vec::new();
    for row in table.rows() {
        rows.push((row.number("number")?, row.get("left")?, row.get("right")?));
    }
    rows.sort_unstable();
    let entries =
        rows.iter().map(|(number, left, right)| format!("({number}, \"{left}\", \"{right}\")"));
    let mut text = head("grammar/vocab/compare.tsv", "Comparisons of two fields.");
    text.push_str(&slice(
        "Number and fields, sorted by number.",
        "PAIRS",
        "(u32, &str, &str)",
        entries,
    ));
    Ok(("compare".to_owned(), text))
}
