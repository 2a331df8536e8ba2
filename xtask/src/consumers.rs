//! Installs third-party programs that read rauditctl's output, for the tests. They come from PyPI and npm, with the
//! versions that `tests/consumers` pins, and go to `target/consumers`.

#![expect(clippy::print_stderr, reason = "messages for the developer")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// The source of a set of packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// PyPI, installed into a virtual environment.
    Python,
    /// npm, installed into `node_modules`.
    Node,
}

impl Registry {
    /// All registries.
    pub const ALL: [Self; 2] = [Self::Python, Self::Node];

    /// Returns the files that pin the versions, relative to the root.
    pub const fn pins(self) -> &'static [&'static str] {
        match self {
            Self::Python => &["tests/consumers/requirements.txt"],
            Self::Node => &["tests/consumers/package.json", "tests/consumers/package-lock.json"],
        }
    }

    /// Returns the folder of the packages.
    pub fn folder(self, root: &Path) -> PathBuf {
        root.join("target/consumers").join(match self {
            Self::Python => "python",
            Self::Node => "node",
        })
    }

    /// Returns the folder of their programs.
    pub fn programs(self, root: &Path) -> PathBuf {
        self.folder(root).join(match self {
            Self::Python => "bin",
            Self::Node => "node_modules/.bin",
        })
    }

    /// Returns whether the installed packages match the current pins. A copy of the pins is stored beside the packages
    /// after a complete installation.
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

    /// Installs the packages without running their install scripts. Returns whether this succeeded.
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

/// Treats a missing program as a failed program.
fn succeeded(ended: io::Result<ExitStatus>) -> io::Result<bool> {
    match ended {
        Ok(status) => Ok(status.success()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Installs all packages that do not match their pins, and reports failures. Returns whether everything is installed.
pub fn install(root: &Path) -> io::Result<bool> {
    let mut all = true;
    for registry in Registry::ALL {
        if !registry.is_fresh(root) && !registry.install(root)? {
            let pins = registry.pins().join(" and ");
            eprintln!("cannot install the packages of {pins}; some tests are skipped");
            all = false;
        }
    }
    Ok(all)
}
