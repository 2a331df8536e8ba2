//! Reads the vocabulary files: tab-separated cells, `#` comments, of which the last names the columns.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Something that keeps a file from being read or a table from being made, as a person should see it.
#[derive(Debug)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// The rows of one vocabulary file, with its columns by name.
pub struct Table {
    path: PathBuf,
    columns: Vec<String>,
    /// The comment lines above the rows, the one that names the columns left out.
    pub comments: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

/// One row of a [`Table`].
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    line: usize,
    cells: &'a [String],
}

impl Table {
    /// Reads `path`. Every row must have as many cells as the header has columns, none of them empty.
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let text =
            fs::read_to_string(path).map_err(|e| Fault(format!("{}: {e}", path.display())))?;
        let mut comments: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        for (at, line) in text.lines().enumerate() {
            if let Some(comment) = line.strip_prefix('#') {
                comments.push(comment.trim_start().to_owned());
            } else if !line.is_empty() {
                rows.push((at + 1, line.split('\t').map(str::to_owned).collect::<Vec<_>>()));
            }
        }
        let columns: Vec<String> =
            comments.pop().unwrap_or_default().split('\t').map(str::to_owned).collect();
        for (line, cells) in &rows {
            if cells.len() != columns.len() || cells.iter().any(String::is_empty) {
                return Err(Fault(format!(
                    "{}:{line}: {} cells that are not empty are needed, {} found",
                    path.display(),
                    columns.len(),
                    cells.iter().filter(|c| !c.is_empty()).count()
                )));
            }
        }
        Ok(Self { path: path.to_owned(), columns, comments, rows })
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }
}

impl<'a> Row<'a> {
    /// The cell under `column`.
    pub fn get(&self, column: &str) -> Result<&'a str, Fault> {
        let at = self.table.columns.iter().position(|c| c == column);
        at.and_then(|at| self.cells.get(at))
            .map(String::as_str)
            .ok_or_else(|| self.fault(&format!("no column {column}")))
    }

    /// The cell under `column`, or `None` where it is `-`.
    pub fn optional(&self, column: &str) -> Result<Option<&'a str>, Fault> {
        self.get(column).map(|cell| (cell != "-").then_some(cell))
    }

    /// The number under `column`: decimal, `0x` hexadecimal or `0o` octal.
    pub fn number(&self, column: &str) -> Result<u32, Fault> {
        self.parse(column, self.get(column)?)
    }

    /// `text`, a part of the cell under `column`, as such a number.
    pub fn parse(&self, column: &str, text: &str) -> Result<u32, Fault> {
        let parsed = if let Some(hex) = text.strip_prefix("0x") {
            u32::from_str_radix(hex, 16)
        } else if let Some(octal) = text.strip_prefix("0o") {
            u32::from_str_radix(octal, 8)
        } else {
            text.parse()
        };
        parsed.map_err(|_| self.fault(&format!("{column}: {text} is not a number")))
    }

    /// The comma-separated words under `column`; none where it is `-`.
    pub fn words(&self, column: &str) -> Result<Vec<&'a str>, Fault> {
        Ok(self.optional(column)?.map(|cell| cell.split(',').collect()).unwrap_or_default())
    }

    /// The `yes` or `no` under `column`.
    pub fn yes(&self, column: &str) -> Result<bool, Fault> {
        match self.get(column)? {
            "yes" => Ok(true),
            "no" => Ok(false),
            other => Err(self.fault(&format!("{column}: {other} is neither yes nor no"))),
        }
    }

    /// The kernel version under `column`, `major.minor`; `None` where it is `-`.
    pub fn version(&self, column: &str) -> Result<Option<Version>, Fault> {
        self.optional(column)?
            .map(|cell| {
                Version::parse(cell)
                    .ok_or_else(|| self.fault(&format!("{column}: {cell} is no version")))
            })
            .transpose()
    }

    /// A fault that names this row.
    pub fn fault(&self, what: &str) -> Fault {
        Fault(format!("{}:{}: {what}", self.table.path.display(), self.line))
    }
}

/// A kernel version, as far as a syscall is told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

impl Version {
    /// Reads `major.minor` and ignores what follows.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|p| p.parse().ok());
        Some(Self { major: parts.next()??, minor: parts.next()?? })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}
