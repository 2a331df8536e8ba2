//! Reads the vocabulary files: tab-separated cells and `#` comments. The last comment contains the column names.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// An error while reading a file or generating a table: the message for the developer.
#[derive(Debug)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// The rows of one vocabulary file, with access to columns by name.
pub struct Table {
    path: PathBuf,
    columns: Vec<String>,
    /// The comments of the file, except the one with the column names.
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
    /// Reads `path`. Every row must have one cell per column, and no cell may be empty.
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
                    "{}:{line}: expected {} cells that are not empty, found {}",
                    path.display(),
                    columns.len(),
                    cells.iter().filter(|c| !c.is_empty()).count()
                )));
            }
        }
        Ok(Self { path: path.to_owned(), columns, comments, rows })
    }

    /// Returns the rows, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }
}

impl<'a> Row<'a> {
    /// Returns the cell in `column`.
    pub fn get(&self, column: &str) -> Result<&'a str, Fault> {
        let at = self.table.columns.iter().position(|c| c == column);
        at.and_then(|at| self.cells.get(at))
            .map(String::as_str)
            .ok_or_else(|| self.fault(&format!("no column {column}")))
    }

    /// Returns the cell in `column`, or `None` if it is `-`.
    pub fn optional(&self, column: &str) -> Result<Option<&'a str>, Fault> {
        self.get(column).map(|cell| (cell != "-").then_some(cell))
    }

    /// Returns the number in `column`: decimal, `0x` hexadecimal or `0o` octal.
    pub fn number(&self, column: &str) -> Result<u32, Fault> {
        self.parse(column, self.get(column)?)
    }

    /// Parses `text`, a part of the cell in `column`, as a number of that form.
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

    /// Returns the comma-separated words in `column`; none if the cell is `-`.
    pub fn words(&self, column: &str) -> Result<Vec<&'a str>, Fault> {
        Ok(self.optional(column)?.map(|cell| cell.split(',').collect()).unwrap_or_default())
    }

    /// Returns the `yes` or `no` in `column`.
    pub fn yes(&self, column: &str) -> Result<bool, Fault> {
        match self.get(column)? {
            "yes" => Ok(true),
            "no" => Ok(false),
            other => Err(self.fault(&format!("{column}: {other} is neither yes nor no"))),
        }
    }

    /// Returns the kernel version `major.minor` in `column`, or `None` if the cell is `-`.
    pub fn version(&self, column: &str) -> Result<Option<Version>, Fault> {
        self.optional(column)?
            .map(|cell| {
                Version::parse(cell)
                    .ok_or_else(|| self.fault(&format!("{column}: {cell} is not a version")))
            })
            .transpose()
    }

    /// Creates a fault with the file and line of this row.
    pub fn fault(&self, what: &str) -> Fault {
        Fault(format!("{}:{}: {what}", self.table.path.display(), self.line))
    }
}

/// A kernel version without its patch level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

impl Version {
    /// Parses `major.minor` and ignores the rest.
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
