//! How augenrules joins the files of a directory: which lines it moves and which it drops.
//!
//! The last `-D` comes first, then the last `-b` and the last `-f`, then every other line in its
//! place, then the last `-e`. Other lines with these options are dropped. The start of a line
//! determines its kind; `-D` counts only if nothing follows. Source: the script of Debian's package
//! auditd 3.0.9.

/// The kind of a line for augenrules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `-D` and nothing else.
    DeleteAll,
    /// `-b`
    Backlog,
    /// `-f`
    Failure,
    /// `-e`
    Enabled,
    /// Any other line; it keeps its place.
    Other,
}

impl Kind {
    /// Returns the kind of the line `text`, from its start.
    ///
    /// ```
    /// use rauditctl::syntax::augenrules::Kind;
    /// assert_eq!(Kind::of(b" -e 2"), Kind::Enabled);
    /// assert_eq!(Kind::of(b"-D -k net"), Kind::Other);
    /// ```
    pub fn of(text: &[u8]) -> Self {
        let text = text.trim_ascii_start();
        match text.get(..2) {
            Some(b"-e") => Kind::Enabled,
            Some(b"-D") if text.trim_ascii_end() == b"-D" => Kind::DeleteAll,
            Some(b"-f") => Kind::Failure,
            Some(b"-b") => Kind::Backlog,
            _ => Kind::Other,
        }
    }
}

/// Returns the lines of all files of a directory in the order in which augenrules writes them.
pub fn joined<T>(lines: Vec<(Kind, T)>) -> Vec<T> {
    let last = |kind| lines.iter().rposition(|(line, _)| *line == kind);
    let [delete_all, backlog, failure, enabled] =
        [Kind::DeleteAll, Kind::Backlog, Kind::Failure, Kind::Enabled].map(last);
    let rank = |index: usize, line: Kind| match line {
        Kind::Other => Some(3),
        _ if Some(index) == delete_all => Some(0),
        _ if Some(index) == backlog => Some(1),
        _ if Some(index) == failure => Some(2),
        _ if Some(index) == enabled => Some(4),
        _ => None,
    };
    let kept = lines.into_iter().enumerate();
    let mut kept: Vec<(u8, T)> =
        kept.filter_map(|(index, (line, value))| Some((rank(index, line)?, value))).collect();
    kept.sort_by_key(|(rank, _)| *rank);
    kept.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_settings_and_keeps_the_last() {
        let text = [
            "-e 2", "-w /a", "-b 1", "-D", "-w /b", " -f 1", "-D -k x", "-b 2", "-c", "-e 1", "-D ",
        ];
        let lines = text.iter().map(|line| (Kind::of(line.as_bytes()), *line)).collect();
        assert_eq!(
            joined(lines),
            ["-D ", "-b 2", " -f 1", "-w /a", "-w /b", "-D -k x", "-c", "-e 1"]
        );
    }
}
