//! Syscalls: one file per arch, all names, the replacements, the successors and the multiplexers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::source::{head, slice};
use crate::tsv::{Fault, Row, Table};

/// Renders `syscalls_*.rs`, `syscall_names.rs`, `replacements.rs`, `successors.rs`, `multiplexers.rs` and
/// `auditctl_names.rs`.
pub(super) fn render(vocab: &Path) -> Result<Vec<(String, String)>, Fault> {
    let aliases = Table::read(&vocab.join("syscall-aliases.tsv"))?;
    let mut spellings = BTreeMap::new();
    for row in Table::read(&vocab.join("arches.tsv"))?.rows() {
        let accepted = if row.yes("auditctl")? { Spelling::Auditctl } else { Spelling::Kernel };
        spellings.insert(row.get("syscalls")?.to_owned(), accepted);
    }
    let instead = "Syscalls to use instead of a syscall that an arch lacks.";
    let newer = "Newer syscalls that do the same as an older one.";
    let through = "Syscalls that some arches also make through one syscall for many functions.";
    let mut files = vec![
        families(vocab, "replacements", "instead", instead)?,
        families(vocab, "successors", "successors", newer)?,
        families(vocab, "multiplexers", "through", through)?,
        auditctl_names(vocab)?,
    ];
    let mut names = BTreeSet::new();
    for (name, accepted) in spellings {
        files.push(arch(vocab, &aliases, (&name, accepted), &mut names)?);
    }
    let mut text = head("grammar/vocab/syscalls", "The names of syscalls.");
    let entries = names.iter().map(|name| format!("\"{name}\""));
    text.push_str(&slice("All names of all arches, sorted.", "NAMES", "&str", entries));
    files.push(("syscall_names".to_owned(), text));
    Ok(files)
}

/// The spelling of the names that rules for an arch accept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Auditctl,
    /// auditctl has no names for the arch.
    Kernel,
}

/// Renders the table of an arch, and adds its names to `names`.
fn arch(
    vocab: &Path,
    aliases: &Table,
    (name, spelling): (&str, Spelling),
    names: &mut BTreeSet<String>,
) -> Result<(String, String), Fault> {
    let from = format!("syscalls/{name}.tsv");
    let table = Table::read(&vocab.join(&from))?;
    let mut rows = Vec::new();
    let mut accepted = Vec::new();
    let mut kernels = Vec::new();
    for row in table.rows() {
        let number = row.number("number")?;
        let kernel = row.optional("kernel")?;
        let auditctl = match row.optional("auditctl")? {
            Some("=") => kernel,
            other => other,
        };
        rows.push((number, entry(&row, number, kernel, auditctl)?));
        names.extend([kernel, auditctl].into_iter().flatten().map(str::to_owned));
        let name = match spelling {
            Spelling::Auditctl => auditctl,
            Spelling::Kernel => kernel,
        };
        accepted.extend(name.map(|name| (name, number)));
        if kernel != name {
            kernels.extend(kernel.map(|kernel| (kernel, number)));
        }
    }
    for row in aliases.rows() {
        if row.get("arch")? == name {
            accepted.push((row.get("name")?, row.number("number")?));
            names.insert(row.get("name")?.to_owned());
        }
    }
    rows.sort_unstable();
    accepted.sort_unstable();
    kernels.sort_unstable();

    let pair = |(name, number): &(&str, u32)| format!("named(\"{name}\", {number})");
    let used = ["auditctl_only", "kernel_only", "named", "same", "since", "spelled"]
        .into_iter()
        .filter(|function| {
            *function == "named"
                || rows.iter().any(|(_, row)| row.contains(&format!("{function}(")))
        });
    let old = rows.iter().any(|(_, row)| row.ends_with("OLD)")).then_some("OLD");
    let imports: Vec<&str> =
        old.into_iter().chain(["Numbers", "Row", "Table"]).chain(used).collect();
    let mut text = head(&format!("grammar/vocab/{from}"), &format!("Syscalls of {name}."));
    text.push_str(&format!("use crate::catalog::syscall_table::{{{}}};\n\n", imports.join(", ")));
    text.push_str(
        "/// The following three tables.\npub(crate) static TABLE: Table = Table {\n    by_number: BY_NUMBER,\n    \
         by_name: &BY_NAME,\n    by_kernel_name: &BY_KERNEL_NAME,\n};\n\n",
    );
    let entries = rows.iter().map(|(_, row)| row);
    text.push_str(&slice("Sorted by number.", "BY_NUMBER", "Row", entries));
    text.push('\n');
    let names = accepted.iter().map(pair);
    text.push_str(&numbers("Those of accepted names.", "BY_NAME", names));
    text.push('\n');
    let names = kernels.iter().map(pair);
    text.push_str(&numbers(
        "Those of kernel names that are not accepted.",
        "BY_KERNEL_NAME",
        names,
    ));
    Ok((format!("syscalls_{name}"), text.replace("&[\n]", "&[]")))
}

/// Renders a documented table of the numbers of names.
fn numbers(doc: &str, name: &str, entries: impl Iterator<Item = String>) -> String {
    let entries: String = entries.map(|entry| format!("    {entry},\n")).collect();
    format!("/// {doc}\npub(crate) static {name}: Numbers = Numbers::of(&[\n{entries}]);\n")
}

fn entry(
    row: &Row<'_>,
    number: u32,
    kernel: Option<&str>,
    auditctl: Option<&str>,
) -> Result<String, Fault> {
    let since = match row.version("since")? {
        Some(version) => format!("since({}, {})", version.major, version.minor),
        None => "OLD".to_owned(),
    };
    match (kernel, auditctl) {
        (Some(kernel), Some(auditctl)) if kernel == auditctl => {
            Ok(format!("same({number}, \"{kernel}\", {since})"))
        }
        (Some(kernel), Some(auditctl)) => {
            Ok(format!("spelled({number}, \"{kernel}\", \"{auditctl}\", {since})"))
        }
        (Some(kernel), None) => Ok(format!("kernel_only({number}, \"{kernel}\", {since})")),
        (None, Some(auditctl)) => Ok(format!("auditctl_only({number}, \"{auditctl}\")")),
        (None, None) => Err(row.fault("neither the kernel nor auditctl has a name")),
    }
}

/// Renders `auditctl_names.rs`: the first auditctl that knows a name, by name and arch.
fn auditctl_names(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("auditctl-names.tsv"))?;
    let mut rows = Vec::new();
    for row in table.rows() {
        let arches: Vec<String> =
            row.words("arches")?.iter().map(|name| format!("\"{name}\"")).collect();
        let since = row.get("since")?;
        let numbers: Option<Vec<u16>> = since.split('.').map(|part| part.parse().ok()).collect();
        let Some([major, minor, patch @ ..]) = numbers.as_deref() else {
            return Err(row.fault(&format!("{since} is not a version of auditctl")));
        };
        let patch = patch.first().copied().unwrap_or(0);
        let version = format!("AuditctlVersion::new({major}, {minor}, {patch})");
        rows.push((row.get("name")?, version, arches.join(", ")));
    }
    rows.sort();
    let what = "The first auditctl that knows the name of a syscall.";
    let mut text = head("grammar/vocab/auditctl-names.tsv", what);
    text.push_str("use crate::catalog::AuditctlVersion;\n\n");
    let entries =
        rows.iter().map(|(name, since, arches)| format!("(\"{name}\", {since}, &[{arches}])"));
    let kind = "(&str, AuditctlVersion, &[&str])";
    text.push_str(&slice("Sorted by name. `*` is every other name.", "NAMES", kind, entries));
    Ok(("auditctl_names".to_owned(), text))
}

/// Renders a file that maps each name to a list of names.
fn families(vocab: &Path, name: &str, column: &str, what: &str) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join(format!("{name}.tsv")))?;
    let mut rows = Vec::new();
    for row in table.rows() {
        let others: Vec<String> =
            row.words(column)?.iter().map(|name| format!("\"{name}\"")).collect();
        rows.push((row.get("name")?, others.join(", ")));
    }
    rows.sort_unstable();
    let mut text = head(&format!("grammar/vocab/{name}.tsv"), what);
    let entries = rows.iter().map(|(name, others)| format!("(\"{name}\", &[{others}])"));
    text.push_str(&slice("Sorted by name.", &name.to_uppercase(), "(&str, &[&str])", entries));
    Ok((name.to_owned(), text))
}
