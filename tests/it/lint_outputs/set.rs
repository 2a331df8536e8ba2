//! Sets of files with findings, for printing.

use rauditctl::catalog::Arch;
use rauditctl::lint::{Finding, LintSettings, find, lint};
use rauditctl::report::lint::Findings;
use rauditctl::rewrite::{Change, Edit, Fix};
use rauditctl::ruleset::{FileSpan, Input, RuleSet};
use rauditctl::source::Source;
use rauditctl::span::Span;

/// Texts with their findings.
pub(super) struct Set {
    pub(super) files: Vec<Source>,
    pub(super) findings: Vec<Finding>,
    pub(super) silenced: usize,
}

/// A function that prints findings in one format.
pub(super) type Format = fn(&Findings<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;

impl Set {
    /// Lints files of one directory for two machines with different syscalls.
    pub(super) fn linted(files: Vec<Source>) -> Self {
        let inputs = files.iter().map(|source| Input { source, directory: Some(0) });
        let mut settings = LintSettings::new(Arch::X86_64);
        settings.scope.arches.push(Arch::Aarch64);
        let report = lint(&RuleSet::new(inputs), &settings);
        Set { findings: report.findings, silenced: report.silenced, files }
    }

    /// Returns the output in a format.
    pub(super) fn printed(&self, format: Format) -> String {
        let mut out = Vec::new();
        self.show(|findings| format(findings, &mut out)).expect("a Vec takes anything");
        String::from_utf8(out).expect("every format is UTF-8")
    }

    pub(super) fn show<T>(&self, show: impl FnOnce(&Findings<'_>) -> T) -> T {
        let sources: Vec<&Source> = self.files.iter().collect();
        show(&Findings { sources: &sources, findings: &self.findings, silenced: self.silenced })
    }

    /// Returns findings that use every feature, in three files with difficult names. The last file has no findings.
    pub(super) fn made_up() -> Self {
        let files = vec![
            Source::new("./rules.d/10-a b,100%:\u{e9}.rules", FIRST.to_vec()),
            Source::new("/etc/audit/rules.d/20-other.rules", SECOND.to_vec()),
            Source::new("rules.d/30-clean.rules", b"-D\n".to_vec()),
        ];
        let place = |file: usize, part: &[u8]| {
            let text = files[file].text();
            let start = text.windows(part.len()).position(|window| window == part).expect("there");
            FileSpan { file, span: Span::new(start, start + part.len()) }
        };
        let lint = |code| find(code).expect("a lint");
        let edit = |place, text: &[u8]| Edit { place, text: text.to_vec() };

        // Help with the special characters of all formats; some machines only.
        let mut syscall =
            Finding::new(lint("E020"), place(0, b"opennat"), "unknown syscall `opennat`")
                .label("x86_64 has no such syscall")
                .help("50% sure: <openat>, \"open\" & 'close'\r\n`\u{e9}`,\u{1}]]>");
        syscall.only_on = vec![Arch::X86_64, Arch::Aarch64];

        // A fix that replaces one line with two, and changes the rules; an example with special characters.
        let watch = place(0, b"-w /etc/passwd -p wa -k identity");
        let new = b"-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F key=identity\n\
            -a always,exit -F arch=b32 -F path=/etc/passwd -F perm=wa -F key=identity";
        let watch = Finding::new(lint("P101"), watch, "this watch arms every syscall")
            .witness(Some("syscall=open path=\"/etc/a <b>\" flags=O_WRONLY".into()))
            .fix("rewrite as syscall rules", vec![edit(watch, new)]);

        // Two findings of one lint on one line, after invalid UTF-8; one fix writes invalid UTF-8.
        let in_text = place(0, b"-p q");
        let first = Finding::new(lint("R106"), in_text, "the first");
        let mut second = Finding::new(lint("R106"), in_text, "the second");
        second.fix = Some(Fix {
            title: "write a byte".into(),
            change: Change::Wider,
            edits: vec![edit(in_text, b"\xff")],
        });

        // A fix in two files with two related places: it deletes a line, and two words far apart.
        let doubled = place(1, b"-w /srv -p wa\n");
        let mut across = Finding::new(
            lint("S190"),
            FileSpan { file: 1, span: Span::new(doubled.span.start, doubled.span.end - 1) },
            "this rule is a duplicate",
        )
        .related(place(0, b"-w /srv -p wa"), "the first one")
        .related(place(1, b"-e 2"), "");
        across.fix = Some(Fix {
            title: "delete it".into(),
            change: Change::Nothing,
            edits: vec![
                edit(doubled, b""),
                edit(place(1, b"-e 2"), b"-e 1"),
                edit(place(0, b" -k srv"), b""),
            ],
        });
        let at_end = FileSpan { file: 1, span: Span::new(SECOND.len(), SECOND.len()) };
        let end = Finding::new(lint("C106"), at_end, "something is missing at the end");

        let findings = vec![syscall, watch, first, second, across, end];
        Set { findings, silenced: 2, files }
    }
}

const FIRST: &[u8] = b"# \xc3\xa9\n\
    -a always,exit -F arch=b64 -S opennat -k \xc3\xa9\n\
    -w /etc/passwd -p wa -k identity\n\
    -w /etc/sh\xffdow\xc3 -p q\n\
    -w /srv -p wa -k srv\n";
const SECOND: &[u8] = b"-w /srv -p wa\n-b 8192\n-f 1\n-r 0\n--loginuid-immutable\n-e 2\n";
