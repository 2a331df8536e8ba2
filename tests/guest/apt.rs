//! apt with the sources of one Debian release. It installs nothing, and leaves the machine's lists alone.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::Unready;
use crate::kernels::Release;

/// The machine's own sources, which name a mirror that it can reach.
const OWN_SOURCES: &str = "/etc/apt/sources.list.d/debian.sources";

/// The sources if the machine has none in this format.
const SOURCES: &str = "\
Types: deb
URIs: http://deb.debian.org/debian
Suites: SUITE
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
";

/// apt's options for the release.
pub(crate) struct Apt {
    options: Vec<String>,
}

impl Apt {
    /// Creates the folders for the lists of a release in `home`.
    pub(crate) fn of(release: Release, home: &Path) -> io::Result<Self> {
        let folder = home.join("apt").join(release.suite());
        for name in ["sources", "lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(folder.join(name))?;
        }
        let own = fs::read_to_string(OWN_SOURCES).unwrap_or_default();
        fs::write(folder.join("sources/debian.sources"), sources(&own, release.suite()))?;
        let option = |name: &str, path: &str| {
            ["-o".to_owned(), format!("{name}={}", folder.join(path).display())]
        };
        let options = [
            ["-o".to_owned(), "Dir::Etc::SourceList=/dev/null".to_owned()],
            option("Dir::Etc::SourceParts", "sources"),
            option("Dir::State::Lists", "lists"),
            option("Dir::Cache", "cache"),
        ];
        Ok(Apt { options: options.concat() })
    }

    /// Downloads the lists of packages.
    pub(crate) fn update(&self) -> Result<(), Unready> {
        self.run("apt-get", &["-q", "update"], None).map(drop)
    }

    /// Downloads packages into a folder.
    pub(crate) fn download(&self, packages: &[String], folder: &Path) -> Result<(), Unready> {
        let packages = packages.iter().map(String::as_str);
        let arguments: Vec<&str> = ["-q", "download"].into_iter().chain(packages).collect();
        self.run("apt-get", &arguments, Some(folder)).map(drop)
    }

    /// Returns the packages that a package depends on.
    pub(crate) fn depends(&self, package: &str) -> Result<Vec<String>, Unready> {
        let printed = self.run("apt-cache", &["depends", package], None)?;
        let names = printed.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
        Ok(names.map(str::to_owned).collect())
    }

    /// Unpacks a package into a folder.
    pub(crate) fn unpack(package: &Path, folder: &Path) -> Result<(), Unready> {
        run(Command::new("dpkg").arg("-x").arg(package).arg(folder)).map(drop)
    }

    fn run(&self, program: &str, words: &[&str], folder: Option<&Path>) -> Result<String, Unready> {
        let mut command = Command::new(program);
        command.args(&self.options).args(words);
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        run(&mut command)
    }
}

/// Returns the first stanza of `own` with another suite.
fn sources(own: &str, suite: &str) -> String {
    let stanza = own.split("\n\n").find(|stanza| stanza.contains("\nSuites:"));
    let line = |line: &str| match line.starts_with("Suites:") {
        true => format!("Suites: {suite}\n"),
        false => format!("{line}\n"),
    };
    stanza.map_or_else(|| SOURCES.replace("SUITE", suite), |own| own.lines().map(line).collect())
}

/// Returns the standard output of a command that succeeds.
fn run(command: &mut Command) -> Result<String, Unready> {
    let output = command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Unready::Missing(format!("{command:?}: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let printed = String::from_utf8_lossy(&output.stderr);
    Err(Unready::Missing(format!("{command:?} failed: {}", printed.trim())))
}

#[test]
fn takes_the_mirror_from_the_machine() {
    let own = "Types: deb\n# x\nURIs: http://mirror/debian\nSuites: bookworm bookworm-updates\n\n\
               Types: deb\nURIs: http://mirror/security\nSuites: bookworm-security\n";
    let expected = "Types: deb\n# x\nURIs: http://mirror/debian\nSuites: sid\n";
    assert_eq!(sources(own, "sid"), expected);
    assert_eq!(sources("", "sid"), SOURCES.replace("SUITE", "sid"));
}
