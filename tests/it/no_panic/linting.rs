//! Lints, reports and fixes any files without a panic. `fuzz/` runs the same code.

use rauditctl::catalog::Arch;
use rauditctl::diag::Level;
use rauditctl::host::FixedHost;
use rauditctl::lint::fix::{Allowed, fix_all};
use rauditctl::lint::{LintSettings, Report, lint};
use rauditctl::report::lint::{Choice, Findings, Look, Repeated, statistics, text};
use rauditctl::ruleset::{FileSpan, Input, RuleSet};
use rauditctl::source::Source;

/// Separates files.
const NEXT_FILE: u8 = 0x0c;

/// Lints up to three files. The first byte decides whether they are joined, whether accounts and paths are looked up, and
/// whether unsafe fixes are made.
pub(super) fn lint_files(input: &[u8]) {
    let (choice, rest) = input.split_first().unwrap_or((&0, &[]));
    let directory = (choice & 1 != 0).then_some(0);
    let system = FixedHost::new(Arch::X86_64);
    let mut settings = LintSettings::new(Arch::X86_64);
    settings.scope.arches.push(Arch::Aarch64);
    settings.scope.system = (choice & 2 != 0).then_some(&system);
    let allowed = if choice & 4 != 0 { Allowed::Safe } else { Allowed::Unsafe };
    let texts = rest.splitn(3, |byte| *byte == NEXT_FILE).enumerate();
    let mut files: Vec<(Source, Option<usize>)> = texts
        .map(|(number, text)| (Source::new(format!("{number}.rules"), text.to_vec()), directory))
        .collect();
    report(&files, &settings);
    fix_all(&mut files, &settings, allowed);
    // No fix undoes another, or causes itself again.
    assert_eq!(fix_all(&mut files, &settings, allowed), 0, "{:?}", rest.escape_ascii());
    report(&files, &settings);
}

/// Prints every report about files, and checks that each place is in a file.
fn report(files: &[(Source, Option<usize>)], settings: &LintSettings<'_>) {
    let inputs = files.iter().map(|(source, directory)| Input { source, directory: *directory });
    let Report { findings, silenced, .. } = lint(&RuleSet::new(inputs), settings);
    let is_place = |place: FileSpan| {
        let end = files.get(place.file).map(|(source, _)| source.text().len());
        place.span.start <= place.span.end && end.is_some_and(|end| place.span.end <= end)
    };
    let sources: Vec<&Source> = files.iter().map(|(source, _)| source).collect();
    let findings_of = Findings { sources: &sources, findings: &findings, silenced };
    for finding in &findings {
        assert!(is_place(finding.place), "{finding:?}");
        assert!(finding.related.iter().all(|one| is_place(one.place)), "{finding:?}");
        if let Some(fix) = &finding.fix {
            assert!(fix.edits.iter().all(|edit| is_place(edit.place)), "{finding:?}");
            let mut edits: Vec<FileSpan> = fix.edits.iter().map(|edit| edit.place).collect();
            edits.sort();
            let apart = |pair: &[FileSpan]| {
                pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start
            };
            assert!(edits.windows(2).all(apart), "{finding:?}");
        }
    }
    for repeated in [Repeated::Together, Repeated::Each] {
        let choice = Choice { least: Level::Info, repeated };
        let out = &mut Vec::new();
        text(&findings_of, choice, Look::default(), out).expect("memory takes everything");
    }
    statistics(&findings_of, Level::Info, &mut Vec::new()).expect("memory takes everything");
}
