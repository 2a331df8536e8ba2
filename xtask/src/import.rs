//! Writes `grammar/vocab/syscalls/*.tsv` from releases of the PyPI package `system-calls` (MIT), whose tables come from
//! the kernel's headers, and from the output of `ausyscall`.
//!
//! The first kernel of a syscall is the oldest release of the unbroken series of releases that have it. It is `-` if the
//! oldest release of all has the syscall. `syscalls-since.tsv` overrides it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::tsv::{Fault, Table, Version};

/// The name of each file in `syscalls/`, its table in `system-calls`, and its name for `ausyscall`.
///
/// auditctl has one table for ppc, ppc64 and ppc64le; the kernel has two.
const TABLES: [(&str, &str, Option<&str>); 13] = [
    ("x86_64", "x86_64", Some("x86_64")),
    ("i386", "i386", Some("i386")),
    ("aarch64", "arm64", Some("aarch64")),
    ("arm", "arm", Some("arm")),
    ("ppc64", "powerpc64", Some("ppc64")),
    ("ppc", "powerpc", Some("ppc")),
    ("s390x", "s390x", Some("s390x")),
    ("s390", "s390", Some("s390")),
    ("riscv64", "riscv64", Some("riscv64")),
    ("riscv32", "riscv32", Some("riscv32")),
    ("loongarch64", "loongarch64", None),
    ("mips", "mipso32", None),
    ("mips64", "mips64", None),
];

type Names = BTreeMap<u32, String>;

/// Writes all files. Returns one line of information per file.
///
/// Without `dumps`, keeps auditctl's spellings from the current files.
pub fn syscalls(root: &Path, dirs: &[PathBuf], dumps: Option<&Path>) -> Result<Vec<String>, Fault> {
    let vocab = root.join("grammar/vocab");
    let since = Table::read(&vocab.join("syscalls-since.tsv"))?;
    let first_kernels = first_kernels(&vocab)?;
    let mut releases = releases(dirs)?;
    releases.sort_by_key(|(release, _)| numbers(release));
    let Some(newest) = releases.last().map(|(release, _)| release.clone()) else {
        return Err(Fault("no directory system_calls-VERSION given".to_owned()));
    };

    let mut report = Vec::new();
    for (file, table, machine) in TABLES {
        let path = vocab.join("syscalls").join(format!("{file}.tsv"));
        let mut history: Vec<(Version, Names)> = Vec::new();
        for (release, dir) in &releases {
            if let Some(names) = read_release(dir, table)? {
                history.push((version_of(release)?, names));
            }
        }
        let Some((_, kernel)) = history.last() else {
            return Err(Fault(format!("no release has {table}")));
        };
        let auditctl = match (machine, dumps) {
            (Some(machine), Some(dumps)) => read_dump(&dumps.join(format!("{machine}.txt")))?,
            (Some(_), None) => current_spellings(&path)?,
            (None, _) => Names::new(),
        };

        let mut text = header(file, table, &newest, machine);
        for number in kernel.keys().chain(auditctl.keys()).collect::<BTreeSet<_>>() {
            let name = kernel.get(number);
            let spelled = match (name, auditctl.get(number)) {
                (Some(name), Some(spelled)) if name == spelled => "=",
                (_, Some(spelled)) => spelled,
                (_, None) => "-",
            };
            let first = match name {
                Some(name) => match known_since(&since, file, name)? {
                    Some(known) => known,
                    None => seen_since(&history, *number, name),
                }
                .max(first_kernels.get(file).copied()),
                None => None,
            };
            let first = first.map_or_else(|| "-".to_owned(), |v| v.to_string());
            let name = name.map_or("-", String::as_str);
            let _ = writeln!(text, "{number}\t{name}\t{spelled}\t{first}");
        }
        fs::write(&path, text).map_err(|e| Fault(format!("{}: {e}", path.display())))?;
        report.push(format!(
            "{file}: {} syscalls of the kernel, {} of auditctl",
            kernel.len(),
            auditctl.len()
        ));
    }
    Ok(report)
}

/// Returns the comments at the head of a file. `machine` is the arch's name for `ausyscall`.
fn header(file: &str, table: &str, newest: &str, machine: Option<&str>) -> String {
    let auditctl = match machine {
        Some(_) => {
            "auditctl: = when auditctl 4.2 spells it the same, - when it has no such syscall"
        }
        None => "auditctl: always -, since auditctl is not built for this arch",
    };
    format!(
        "# Syscalls of {file}, written by `cargo xtask import-syscalls`.\n\
         # Source: PyPI system-calls {newest} (MIT), table {table}; ausyscall of audit-userspace 4.2.1.\n\
         #\n\
         # kernel: the name in that kernel's unistd.h; - when the kernel no longer has it\n\
         # {auditctl}\n\
         # since: first kernel; - before 5.13\n\
         #\n\
         # number\tkernel\tauditctl\tsince\n"
    )
}

/// Returns the release of each directory, and the directory of its tables.
fn releases(dirs: &[PathBuf]) -> Result<Vec<(String, PathBuf)>, Fault> {
    dirs.iter()
        .map(|dir| {
            let release = dir
                .file_name()
                .and_then(|name| name.to_str())
                .and_then(|name| name.strip_prefix("system_calls-"))
                .ok_or_else(|| {
                    Fault(format!("{}: the name is not system_calls-VERSION", dir.display()))
                })?;
            // Before 5.16 the package had its Python module in another directory.
            let tables = ["system_calls/tables", "syscalls/tables"].map(|sub| dir.join(sub));
            let tables = tables.into_iter().find(|tables| tables.is_dir());
            let tables =
                tables.ok_or_else(|| Fault(format!("{}: contains no tables", dir.display())))?;
            Ok((release.to_owned(), tables))
        })
        .collect()
}

/// Returns a release as numbers, for sorting: 6.4 before 6.11.
fn numbers(release: &str) -> Vec<u32> {
    release.split('.').filter_map(|part| part.parse().ok()).collect()
}

fn version_of(release: &str) -> Result<Version, Fault> {
    Version::parse(release).ok_or_else(|| Fault(format!("{release}: not a release")))
}

/// Reads one table of one release: lines `"name": number,`. Returns `None` if the release does not have the table.
fn read_release(dir: &Path, table: &str) -> Result<Option<Names>, Fault> {
    let path = dir.join(format!("{table}.py"));
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(|e| Fault(format!("{}: {e}", path.display())))?;
    let mut names = Names::new();
    for line in text.lines() {
        let entry = line.trim().strip_prefix('"').and_then(|l| l.split_once("\": "));
        let Some((name, number)) = entry else {
            continue;
        };
        let number = number.trim_end_matches(',').parse();
        let number = number.map_err(|_| Fault(format!("{}: {line}", path.display())))?;
        if let Some(other) = names.insert(number, name.to_owned()) {
            return Err(Fault(format!("{}: {number} is both {name} and {other}", path.display())));
        }
    }
    Ok(Some(names))
}

/// Reads the output of `ausyscall ARCH --dump`: an introductory line, then lines `number<tab>name`.
fn read_dump(path: &Path) -> Result<Names, Fault> {
    let text = fs::read_to_string(path).map_err(|e| Fault(format!("{}: {e}", path.display())))?;
    let entries = text.lines().filter_map(|line| line.split_once('\t'));
    Ok(entries
        .filter_map(|(number, name)| Some((number.parse().ok()?, name.trim().to_owned())))
        .collect())
}

/// Returns auditctl's spellings from the current file.
fn current_spellings(path: &Path) -> Result<Names, Fault> {
    let mut names = Names::new();
    for row in Table::read(path)?.rows() {
        if let Some(spelled) = row.optional("auditctl")? {
            let spelled = if spelled == "=" { row.get("kernel")? } else { spelled };
            names.insert(row.number("number")?, spelled.to_owned());
        }
    }
    Ok(names)
}

/// Returns the first kernel of each file's arch, if `arches.tsv` has one.
fn first_kernels(vocab: &Path) -> Result<BTreeMap<String, Version>, Fault> {
    let mut first = BTreeMap::new();
    for row in Table::read(&vocab.join("arches.tsv"))?.rows() {
        if let Some(version) = row.version("since")? {
            first.insert(row.get("syscalls")?.to_owned(), version);
        }
    }
    Ok(first)
}

/// Returns the first kernel of `name` from `syscalls-since.tsv`. The inner `None` means `-`.
fn known_since(since: &Table, file: &str, name: &str) -> Result<Option<Option<Version>>, Fault> {
    for row in since.rows() {
        let arches = row.words("arches")?;
        if row.get("name")? == name && (arches.contains(&"*") || arches.contains(&file)) {
            return row.version("since").map(Some);
        }
    }
    Ok(None)
}

/// Returns the oldest release of the unbroken series, up to the newest, in which `number` is `name`.
fn seen_since(history: &[(Version, Names)], number: u32, name: &str) -> Option<Version> {
    let has = |(_, names): &&(Version, Names)| names.get(&number).is_some_and(|n| n == name);
    let series = history.iter().rev().take_while(has).count();
    let first = history.len().checked_sub(series)?;
    (first > 0).then(|| history.get(first).map(|(version, _)| *version)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(releases: &[(u16, &[(u32, &str)])]) -> Vec<(Version, Names)> {
        releases
            .iter()
            .map(|(minor, names)| {
                let names = names.iter().map(|(number, name)| (*number, (*name).to_owned()));
                (Version { major: 6, minor: *minor }, names.collect())
            })
            .collect()
    }

    #[test]
    fn uses_the_unbroken_series_of_releases() {
        let history = history(&[
            (1, &[(0, "read"), (79, "newfstatat")]),
            (4, &[(0, "read")]),
            (11, &[(0, "read"), (79, "newfstatat")]),
            (13, &[(0, "read"), (79, "newfstatat"), (463, "setxattrat")]),
        ]);
        let minor = |number, name| seen_since(&history, number, name).map(|version| version.minor);
        assert_eq!(minor(0, "read"), None);
        assert_eq!(minor(79, "newfstatat"), Some(11));
        assert_eq!(minor(463, "setxattrat"), Some(13));
    }

    #[test]
    fn sorts_releases_by_number() {
        assert!(numbers("6.4.0") < numbers("6.11.1"));
        assert!(numbers("6.19.0") < numbers("7.0"));
    }
}
