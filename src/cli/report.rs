//! What the rauditctl face tells a person.

use crate::diag::{Code, Diagnostic, Level};
use crate::report::diagnostic::render;
use crate::source::Source;

/// Prints a diagnostic on standard error.
pub(super) fn diagnostic(source: &Source, diagnostic: &Diagnostic) {
    anstream::eprintln!("{}", render(source, diagnostic));
}

/// Prints errors and warnings in full; what is only worth knowing is counted in a line of its own, since a
/// file of watches would drown everything else.
pub(super) fn diagnostics<'d>(source: &Source, all: impl IntoIterator<Item = &'d Diagnostic>) {
    let mut slow = 0;
    for found in all {
        match found.level() {
            Level::Info => slow += usize::from(is_slow(found.code())),
            Level::Warning | Level::Error => diagnostic(source, found),
        }
    }
    if slow > 0 {
        let (rules, are) = if slow == 1 { ("rule", "is") } else { ("rules", "are") };
        let name = source.name();
        anstream::eprintln!(
            "{name}: {slow} {rules} {are} tested at every syscall; see `rauditctl explain`"
        );
    }
}

fn is_slow(code: Code) -> bool {
    matches!(code, Code::SlowWatch | Code::SlowPerm)
}

/// Prints what went wrong outside of any rule.
pub(super) fn error(text: impl std::fmt::Display) {
    let style = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    anstream::eprintln!("{style}error{style:#}: {text}");
}

/// `1 error`, `3 errors`.
pub(super) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
