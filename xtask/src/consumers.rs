//! Programs by others that take what rauditctl writes, for the tests: from PyPI and npm, with the
//! versions pinned in `tests/consumers`, in `target/consumers`.

#![expect(clippy::print_stderr, reason = "it talks to the developer")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// Where a set of packages comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// PyPI: a virtual environment.
    Python,
    /// npm: a `node_modules`.
    Node,
}

impl Registry {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Python, Self::Node];

    /// The files that pin the versions, below the root.
    pub const fn pins(self) -> &'static [&'static str] {
        match self {
            Self::Python => &["tests/consumers/requirements.txt"],
            Self::Node => &["tests/consumers/package.json", "tests/consumers/package-lock.json"],
        }
    }

    /// Where the packages are.
    pub fn folder(self, root: &Path) -> PathBuf {
        root.join("target/consumers").join(match self {
            Self::Python => "python",
            Self::Node => "node",
        })
    }

    /// The folder of their programs.
    pub fn programs(self, root: &Path) -> PathBuf {
        self.folder(root).join(match self {
            Self::Python => "bin",
            Self::Node => "node_modules/.bin",
        })
    }

    /// Whether the packages are there as they are pinned now: a copy of the pins is put beside
    /// them when all is installed.
    pub fn is_fresh(self, root: &Path) -> bool {
        let installed = fs::read(self.stamp(root)).ok();
        installed.is_some() && installed == self.pinned(root).ok()
    }

    fn stamp(self, root: &Path) -> PathBuf {
        self.folder(root).join("pins")
    }

    fn pinned(self, root: &Path) -> io::Result<Vec<u8>> {
        let texts: io::Result<Vec<_>> =
            self.pins().iter().map(|path| fs::read(root.join(path))).collect();
        Ok(texts?.concat())
    }

    /// Installs the packages. Their own install scripts do not run.
    fn install(self, root: &Path) -> io::Result<bool> {
        let folder = self.folder(root);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let installed = match self {
            Self::Python => python(root, &folder)?,
            Self::Node => self.node(root, &folder)?,
        };
        if installed {
            fs::write(self.stamp(root), self.pinned(root)?)?;
        }
        Ok(installed)
    }

    fn node(self, root: &Path, folder: &Path) -> io::Result<bool> {
        for pins in self.pins().iter().map(Path::new) {
            fs::copy(root.join(pins), folder.join(pins.file_name().unwrap_or_default()))?;
        }
        let quick = [
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=1000",
            "--prefer-offline",
            "--loglevel=error",
        ];
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).args(quick);
        succeeded(npm.current_dir(folder).stdout(Stdio::null()).status())
    }
}

fn python(root: &Path, folder: &Path) -> io::Result<bool> {
    let venv =
        Command::new("python3").args(["-m", "venv"]).arg(folder).stdout(io::stderr()).status();
    if !succeeded(venv)? {
        return Ok(false);
    }
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary=:all:", "--retries=1", "--timeout=60", "--requirement"]);
    succeeded(pip.arg(root.join("tests/consumers/requirements.txt")).status())
}

/// A program that is not there is one that fails.
fn succeeded(ended: io::Result<ExitStatus>) -> io::Result<bool> {
    match ended {
        Ok(status) => Ok(status.success()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Installs what is not there as it is pinned, says what could not be had, and tells whether all is there.
pub fn install(root: &Path) -> io::Result<bool> {
    let mut all = true;
    for registry in Registry::ALL {
        if !registry.is_fresh(root) && !registry.install(root)? {
            let pins = registry.pins().join(" and ");
            eprintln!("could not install what {pins} asks for, some tests are skipped");
            all = false;
        }
    }
    Ok(all)
}
