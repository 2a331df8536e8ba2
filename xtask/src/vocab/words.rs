//! The names of the vocabulary that an editor highlights: all that are valid on at least one machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::tsv::{Fault, Row, Table};

/// Names by purpose. Each list is sorted.
pub(super) struct Words {
    /// Lists that auditctl knows.
    pub lists: Vec<String>,
    /// Actions that auditctl accepts.
    pub actions: Vec<String>,
    /// Actions that auditctl recognizes but no longer accepts.
    pub former_actions: Vec<String>,
    /// Fields of `-F`, by the kind of their value.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Fields of `-C`.
    pub compared: Vec<String>,
    /// Machines, `b32` and `b64`.
    pub arches: Vec<String>,
    /// Syscalls of all arches, in auditctl's spelling.
    pub syscalls: Vec<String>,
    /// Operations of io_uring.
    pub operations: Vec<String>,
    /// Names of errors.
    pub errnos: Vec<String>,
    /// Message types that auditctl knows.
    pub msgtypes: Vec<String>,
    /// File types.
    pub filetypes: Vec<String>,
    /// File system types.
    pub fstypes: Vec<String>,
    /// Letters of permissions.
    pub permissions: Vec<String>,
}

impl Words {
    pub(super) fn read(vocab: &Path) -> Result<Self, Fault> {
        let column =
            |file: &str, column: &str| names(vocab, file, |row| Ok(vec![row.get(column)?]));
        let accepted = |yes| {
            names(vocab, "actions", |row| {
                Ok(if row.yes("accepted")? == yes { vec![row.get("name")?] } else { vec![] })
            })
        };
        let known = |file: &str| {
            names(vocab, file, |row| {
                Ok(if row.yes("auditctl")? { vec![row.get("name")?] } else { vec![] })
            })
        };
        Ok(Self {
            lists: known("lists")?,
            actions: accepted(true)?,
            former_actions: accepted(false)?,
            fields: fields(vocab)?,
            compared: compared(vocab)?,
            arches: arches(vocab)?,
            syscalls: syscalls(vocab)?,
            operations: column("uring_ops", "name")?,
            errnos: column("errnos", "name")?,
            msgtypes: known("msgtypes")?,
            filetypes: column("filetypes", "name")?,
            fstypes: column("fstypes", "name")?,
            permissions: column("perms", "letter")?,
        })
    }
}

/// Returns an expression that matches any of the names. The caller must match the end of the name.
pub(super) fn any_of<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.as_ref().to_owned()).collect();
    format!("(?:{})", names.join("|"))
}

/// Joins the names, for a character class.
pub(super) fn letters(names: &[String]) -> String {
    names.concat()
}

/// Returns the names that `of` finds in the rows of a file, sorted and without duplicates.
fn names(
    vocab: &Path,
    file: &str,
    of: impl for<'r> Fn(Row<'r>) -> Result<Vec<&'r str>, Fault>,
) -> Result<Vec<String>, Fault> {
    let table = Table::read(&vocab.join(format!("{file}.tsv")))?;
    let mut names = BTreeSet::new();
    for row in table.rows() {
        names.extend(of(row)?.into_iter().map(str::to_owned));
    }
    Ok(names.into_iter().collect())
}

fn fields(vocab: &Path) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let table = Table::read(&vocab.join("fields.tsv"))?;
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in table.rows() {
        if !row.words("lists")?.is_empty() {
            fields
                .entry(row.get("value")?.to_owned())
                .or_default()
                .push(row.get("name")?.to_owned());
        }
    }
    Ok(fields)
}

/// Returns the fields of `compare.tsv`, including their aliases.
fn compared(vocab: &Path) -> Result<Vec<String>, Fault> {
    let paired = names(vocab, "compare", |row| Ok(vec![row.get("left")?, row.get("right")?]))?;
    let table = Table::read(&vocab.join("fields.tsv"))?;
    let mut numbers = BTreeSet::new();
    for row in table.rows() {
        if paired.iter().any(|name| row.get("name").is_ok_and(|field| field == name)) {
            numbers.insert(row.number("number")?);
        }
    }
    names(vocab, "fields", |row| {
        let is_paired = numbers.contains(&row.number("number")?);
        Ok(if is_paired { vec![row.get("name")?] } else { vec![] })
    })
}

fn arches(vocab: &Path) -> Result<Vec<String>, Fault> {
    let mut arches = names(vocab, "arches", |row| {
        let mut names = row.words("aliases")?;
        names.push(row.get("name")?);
        Ok(names)
    })?;
    arches.extend(["b32".to_owned(), "b64".to_owned()]);
    arches.sort();
    Ok(arches)
}

/// Returns the names that rules accept: auditctl's spelling, or the kernel's for an arch that auditctl has no names for,
/// and the aliases.
fn syscalls(vocab: &Path) -> Result<Vec<String>, Fault> {
    let mut all: BTreeSet<String> =
        names(vocab, "syscall-aliases", |row| Ok(vec![row.get("name")?]))?.into_iter().collect();
    for arch in Table::read(&vocab.join("arches.tsv"))?.rows() {
        let known = arch.yes("auditctl")?;
        all.extend(names(vocab, &format!("syscalls/{}", arch.get("syscalls")?), |row| {
            let kernel = row.optional("kernel")?;
            let auditctl = row.optional("auditctl")?;
            let auditctl = if auditctl == Some("=") { kernel } else { auditctl };
            Ok(if known { auditctl } else { kernel }.into_iter().collect())
        })?);
    }
    Ok(all.into_iter().collect())
}
