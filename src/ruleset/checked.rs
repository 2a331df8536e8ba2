//! A set with all of its lines compiled, and the faults in them.

use super::compiled::{CompiledLine, compiled_lines};
use super::line_checker::{LineChecker, Sent};
use super::set::{FileSpan, RuleSet};
use crate::diag::{Diagnostic, Level};
use crate::host::Host;
use crate::model::Profile;
use crate::rule::Request;

/// A set with all of its lines compiled, including lines that augenrules drops.
#[derive(Debug)]
pub struct CheckedSet<'c, 's> {
    /// The set.
    pub set: &'c RuleSet<'s>,
    /// The lines in the order in which they are loaded.
    pub lines: Vec<CompiledLine<'c, 's>>,
    dropped: Vec<CompiledLine<'c, 's>>,
    profile: Option<Profile>,
}

impl<'c, 's> CheckedSet<'c, 's> {
    /// Compiles a set for the machine of `host`, and checks its rules against the newest kernel. On a machine whose
    /// syscalls are unknown, the rules are not checked.
    pub fn new(set: &'c RuleSet<'s>, host: &dyn Host) -> Self {
        let profile = host.machine().map(Profile::newest);
        let mut checker = LineChecker::new(host, profile);
        let lines = compiled_lines(set.loaded_lines(), &mut checker);
        let mut dropped = compiled_lines(set.dropped_lines(), &mut checker.afresh());
        for line in &mut dropped {
            let forgives = |other: &CompiledLine<'_, '_>| other.checked.forgives();
            line.checked.forgiven = lines.iter().any(|other| other.id < line.id && forgives(other));
        }
        CheckedSet { set, lines, dropped, profile }
    }

    /// Returns the kernel that the rules are checked against; `None` if the syscalls of the machine are unknown.
    pub fn profile(&self) -> Option<Profile> {
        self.profile
    }

    /// Returns the diagnostics of a file, in the order of its lines.
    pub fn diagnostics(&self, file: usize) -> impl Iterator<Item = &Diagnostic> {
        self.lines_with_steps(file).into_iter().flat_map(|line| line.checked.program.diagnostics())
    }

    /// Returns the errors that prevent a file from being loaded.
    pub fn errors(&self, file: usize) -> impl Iterator<Item = &Diagnostic> {
        let lines = self.lines_with_steps(file).into_iter().filter(|line| !line.checked.forgiven);
        let found = lines.flat_map(|line| line.checked.program.diagnostics());
        found.filter(|diagnostic| diagnostic.level() == Level::Error)
    }

    /// Returns the number of errors that prevent a file from being loaded.
    pub fn error_count(&self, file: usize) -> usize {
        self.errors(file).count()
    }

    /// Returns the number of lines with errors that are skipped.
    pub fn forgiven_count(&self) -> usize {
        let checked = self.lines.iter().map(|line| &line.checked);
        checked.filter(|line| line.forgiven && line.program.is_faulty()).count()
    }

    /// Returns everything that the set sends, in order, each with its place.
    pub fn sent(&self) -> impl Iterator<Item = (Sent<'_>, FileSpan)> {
        self.lines
            .iter()
            .flat_map(|line| line.checked.sent().map(|(sent, span)| (sent, line.place(span))))
    }

    /// Returns whether a kernel surely holds rules after it got the lines: the last line that changes rules adds one.
    pub(crate) fn ends_with_rules(&self) -> bool {
        let deletes = |(sent, _): (Sent<'_>, _)| {
            matches!(sent, Sent::DeleteAll(_) | Sent::Request(Request::Delete(_)))
        };
        let changes = self.lines.iter().rev().find_map(|line| match line.rule() {
            Some(_) => Some(true),
            None => line.checked.sent().any(deletes).then_some(false),
        });
        changes == Some(true)
    }

    /// Returns the lines of a file that have steps besides a rule, as written. Most have none.
    fn lines_with_steps(&self, file: usize) -> Vec<&CompiledLine<'c, 's>> {
        let all = self.lines.iter().chain(&self.dropped);
        let with_steps = all.filter(|line| !line.checked.program.steps.is_empty());
        let mut lines: Vec<_> = with_steps.filter(|line| line.line.file == file).collect();
        lines.sort_by_key(|line| line.id);
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Arch;
    use crate::host::FixedHost;
    use crate::ruleset::Input;
    use crate::source::Source;

    fn errors(texts: &[&str]) -> Vec<usize> {
        let source = |text: &&str| Source::new("a.rules", text.as_bytes().to_vec());
        let sources: Vec<Source> = texts.iter().map(source).collect();
        let inputs = sources.iter().map(|source| Input { source, directory: Some(0) });
        let set = RuleSet::new(inputs);
        let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
        (0..texts.len()).map(|file| checked.error_count(file)).collect()
    }

    #[test]
    fn counts_errors_of_lines_that_augenrules_drops() {
        assert_eq!(errors(&["-b no\n", "-b 8192\n-w\n"]), [1, 1]);
    }

    #[test]
    fn forgives_errors_after_a_tolerant_line_of_an_earlier_file() {
        assert_eq!(errors(&["-w\n-c\n", "-w\n-e no\n-e 1\n"]), [1, 0]);
    }

    #[test]
    fn lines_after_a_lock_are_moved_before_it() {
        assert_eq!(errors(&["-e 2\n", "-w /etc/passwd\n"]), [0, 0]);
    }
}
