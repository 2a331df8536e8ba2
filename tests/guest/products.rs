//! Rules files before and after they are optimized.

use rauditctl::analysis::cost::Calibration;
use rauditctl::analysis::workload::Workload;
use rauditctl::analysis::{Arming, Load, Origin, arming};
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::compile::{self, End};
use rauditctl::host::FixedHost;
use rauditctl::model::Profile;
use rauditctl::rewrite::optimize::{Kind, Optimized, Step, Task, optimize};
use rauditctl::rewrite::quiet_rule_line;
use rauditctl::rule::Request;
use rauditctl::syntax::{self, Content};

use crate::rules;

const ARCH: Arch = Arch::X86_64;

/// The rules of a file.
pub(crate) struct Source {
    version: KernelVersion,
    lines: Vec<String>,
    arming: Arming,
}

impl Source {
    /// Takes the lines of a file that add a rule which the kernel takes. The guest makes its paths.
    pub(crate) fn of(text: &str, profile: Profile, version: KernelVersion) -> Self {
        let paths = rules::paths(text);
        let leads_on =
            |path: &str| paths.iter().any(|other| other.starts_with(&format!("{path}/")));
        let (directories, files): (Vec<String>, Vec<String>) =
            paths.iter().cloned().partition(|path| path.ends_with('/') || leads_on(path));
        let bytes = |path: String| path.trim_end_matches('/').as_bytes().to_vec();
        let host = FixedHost {
            directories: directories.into_iter().map(bytes).collect(),
            files: files.into_iter().map(bytes).collect(),
            ..FixedHost::new(ARCH)
        };
        let mut lines: Vec<(String, Load)> = Vec::new();
        for line in syntax::lines(text.as_bytes()) {
            let Content::Command(command) = syntax::parse_line(&line) else { continue };
            let program = compile::compile(&command, &host, compile::Options::default());
            let is_faulty = program.is_faulty();
            if let (End::Rule(request @ Request::Add(_), _), false) = (program.end, is_faulty) {
                let origin = Origin { file: "source".into(), line: line.number };
                let text = text.lines().nth(line.number - 1).expect("the line");
                lines.push((text.to_owned(), Load::new(origin, request)));
            }
        }
        let loads: Vec<Load> = lines.iter().map(|(_, load)| load.clone()).collect();
        let arming = arming(profile, &loads);
        let is_taken = |line: usize| arming.refused.iter().all(|(origin, _)| origin.line != line);
        let taken = lines.into_iter().filter(|(_, load)| is_taken(load.origin.line));
        Source { version, lines: taken.map(|(line, _)| line).collect(), arming }
    }

    /// Takes rules that no file has.
    pub(crate) fn armed(arming: Arming, version: KernelVersion) -> Self {
        Source { version, lines: Vec::new(), arming }
    }

    /// Returns the lines as a file.
    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// Returns what the kernel holds.
    pub(crate) fn arming(&self) -> &Arming {
        &self.arming
    }

    /// Makes the exact steps, and others.
    pub(crate) fn optimized(&self, allowed: &[Step]) -> Optimized {
        let steps: Vec<Step> = Step::exact().chain(allowed.iter().copied()).collect();
        let task = Task {
            version: self.version,
            kind: Kind::Stock,
            steps: &steps,
            kept: &[],
            companions: &[],
            workload: &Workload::common(),
            calibration: &Calibration::of_kernel(Some(self.version)),
        };
        optimize(&self.arming, &task).unwrap_or_else(|refuted| {
            let rules = self.arming.kernel().rules();
            let lines: Vec<_> = rules.map(|rule| quiet_rule_line(rule, ARCH)).collect();
            let text = |line: &Option<Vec<u8>>| {
                line.as_deref().map(String::from_utf8_lossy).unwrap_or_default().into_owned()
            };
            let lines: Vec<String> = lines.iter().map(text).collect();
            panic!("{refuted:?}\n{}", lines.join("\n"))
        })
    }
}

/// Returns the rules of a product as a file.
pub(crate) fn product(optimized: &Optimized) -> String {
    let line = |rule| quiet_rule_line(rule, ARCH).expect("a line of a rules file");
    let lines = optimized.rules.iter().map(|optimal| line(&optimal.rule));
    lines.map(|line| String::from_utf8(line).expect("UTF-8") + "\n").collect()
}
