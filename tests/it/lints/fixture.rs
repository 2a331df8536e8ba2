//! Fixtures of lints: read, linted and fixed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rauditctl::catalog::{Arch, AuditctlVersion};
use rauditctl::host::{FixedHost, Host};
use rauditctl::lint::fix::{Allowed, fix_all};
use rauditctl::lint::{
    Group, KernelRange, Lint, LintSettings, Report, Selection, compile_for, lint,
};
use rauditctl::rule::Rule;
use rauditctl::ruleset::{Input, RuleSet};
use rauditctl::source::Source;

/// The machine of fixtures that look up accounts and paths.
static SYSTEM: LazyLock<FixedHost> = LazyLock::new(|| FixedHost {
    directories: ["/etc", "/usr", "/usr/bin", "/usr/sbin"].map(|path| path.into()).to_vec(),
    files: ["/etc/passwd", "/usr/bin/passwd", "/usr/bin/python3.11", "/usr/share/zoneinfo/UTC"]
        .map(|path| path.into())
        .to_vec(),
    links: [
        ("/sbin", "/usr/sbin"),
        ("/usr/bin/python3", "/usr/bin/python3.11"),
        ("/etc/localtime", "/usr/share/zoneinfo/UTC"),
    ]
    .map(|(link, target)| (link.into(), target.into()))
    .to_vec(),
    ..FixedHost::new(Arch::X86_64)
});

/// One or several rules files.
pub(super) struct Fixture {
    files: Vec<(Source, Option<usize>)>,
}

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lints")
}

impl Fixture {
    pub(super) fn read(lint: &Lint, name: &str) -> Option<Self> {
        let folder = folder().join(lint.code);
        let file = folder.join(format!("{name}.rules"));
        if file.exists() {
            return Some(Fixture { files: vec![(source(&file), None)] });
        }
        let mut paths: Vec<PathBuf> = fs::read_dir(folder.join(name))
            .ok()?
            .map(|entry| entry.expect("an entry can be read").path())
            .collect();
        paths.sort();
        Some(Fixture { files: paths.iter().map(|path| (source(path), Some(0))).collect() })
    }

    /// Returns a fixture with one text.
    pub(super) fn of_text(text: &str) -> Self {
        Fixture { files: vec![(Source::new("page", text.as_bytes().to_vec()), None)] }
    }

    pub(super) fn texts(&self) -> Vec<String> {
        let text = |(source, _): &(Source, _)| String::from_utf8_lossy(source.text()).into_owned();
        self.files.iter().map(text).collect()
    }

    /// Returns the text after `mark` in comments, with the file name.
    fn comments(&self, mark: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (source, _) in &self.files {
            let text = String::from_utf8_lossy(source.text()).into_owned();
            for line in text.lines().filter_map(|line| line.trim_end().strip_prefix(mark)) {
                found.push((source.name().to_owned(), line.to_owned()));
            }
        }
        found
    }

    /// Returns the expected places as `file:line:column`.
    pub(super) fn expected(&self) -> Vec<String> {
        let lines = self.comments("# expect: ").into_iter();
        let places = lines.flat_map(|(file, places)| {
            let places: Vec<String> = places.split(", ").map(|p| format!("{file}:{p}")).collect();
            places
        });
        places.collect()
    }

    pub(super) fn arches(&self) -> Vec<Arch> {
        let Some((_, names)) = self.comments("# arches: ").pop() else { return vec![Arch::X86_64] };
        let arch = |name: &str| Arch::from_name(name.as_bytes()).expect("an arch");
        names.split(',').map(arch).collect()
    }

    fn settings(&self, selection: &Selection) -> LintSettings<'static> {
        let mut settings = LintSettings::new(Arch::X86_64);
        settings.scope.arches = self.arches();
        if let Some((_, range)) = self.comments("# kernels: ").pop() {
            settings.scope.kernels = KernelRange::parse(&range).expect("a range of kernels");
        }
        if let Some((_, version)) = self.comments("# auditctl: ").pop() {
            settings.scope.auditctl = Some(AuditctlVersion::parse(&version).expect("a version"));
        }
        if let Some((_, number)) = self.comments("# max-walk: ").pop() {
            settings.scope.max_walk = number.parse().expect("a number");
        }
        settings.selection = selection.clone();
        settings.scope.system = self.looks_up().then_some(&*SYSTEM as &dyn Host);
        settings
    }

    /// Returns whether accounts and paths are looked up, on a machine with root and a few files.
    fn looks_up(&self) -> bool {
        self.comments("# system: ").pop().is_some()
    }

    fn set(&self) -> RuleSet<'_> {
        let files = self.files.iter();
        RuleSet::new(files.map(|(source, directory)| Input { source, directory: *directory }))
    }

    pub(super) fn report(&self, selection: &Selection) -> Report {
        lint(&self.set(), &self.settings(selection))
    }

    /// Returns the findings of a lint as `file:line:column: message`.
    pub(super) fn findings(&self, lint: &'static Lint) -> Vec<String> {
        let found = self.report(&Selection::default()).findings.into_iter();
        let found = found.filter(|finding| finding.lint == lint);
        found.map(|f| format!("{}: {}", self.place(&f), f.message)).collect()
    }

    /// Returns the places of the findings of a lint as `file:line:column`.
    pub(super) fn places(&self, lint: &'static Lint) -> Vec<String> {
        let found = self.report(&Selection::default()).findings.into_iter();
        found.filter(|finding| finding.lint == lint).map(|finding| self.place(&finding)).collect()
    }

    /// Returns the errors of the compiler and the kernel.
    pub(super) fn errors(&self) -> Vec<String> {
        let found = self.report(&Selection::default()).findings.into_iter();
        let found = found.filter(|finding| finding.lint.group() == Group::Errors);
        found.map(|f| format!("{}: {}", self.place(&f), f.message)).collect()
    }

    fn place(&self, finding: &rauditctl::lint::Finding) -> String {
        let (source, _) = &self.files[finding.place.file];
        let location = source.location(finding.place.span.start);
        format!("{}:{}:{}", source.name(), location.line, location.column)
    }

    /// Returns the fixture with every fix of this lint made.
    pub(super) fn with_fixes(&self, lint: &'static Lint) -> Fixture {
        let mut files = self.files.clone();
        fix_all(&mut files, &self.settings(&super::only(lint)), Allowed::Unsafe);
        Fixture { files }
    }

    /// Returns the rules in the kernel, in load order.
    pub(super) fn kernel_rules(&self, arch: Arch) -> Vec<Rule> {
        let set = self.set();
        let compiled = compile_for(&set, arch, &self.settings(&Selection::default()).scope);
        compiled.rules().map(|loaded| loaded.kernel_rule.clone()).collect()
    }
}

fn source(path: &Path) -> Source {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    Source::new(name, fs::read(path).expect("a fixture can be read"))
}
