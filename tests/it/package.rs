//! The package for crates.io has the files that users and distributions need, and builds. Packages for distributions have
//! the same files.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use xtask::needs::{leave_out, skip};

/// The files that cargo adds.
const ADDED: [&str; 3] = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml.orig"];

/// The files and folders that `include` in `Cargo.toml` names, and the manifest.
const CONTENTS: [&str; 13] = [
    "CHANGELOG.md",
    "COMPAT.md",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "data",
    "docs",
    "examples",
    "grammar",
    "man",
    "src",
];

const PACKAGE: [&str; 5] =
    ["package", "--package=rauditctl", "--offline", "--locked", "--allow-dirty"];

/// Returns a cargo with a target folder of its own, because other tests run the program in `target/debug`; `None` if
/// only fast tests run.
pub(crate) fn separate_cargo() -> Option<(Command, PathBuf)> {
    if leave_out() {
        return None;
    }
    let target = xtask::root().join("target/separate");
    std::fs::create_dir_all(&target).expect("a folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(xtask::root()).env("CARGO_TARGET_DIR", &target);
    cargo.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    Some((cargo, target))
}

fn listed() -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(PACKAGE).args(["--no-verify", "--list"]).current_dir(xtask::root());
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).expect("names");
    list.lines().map(str::to_owned).collect()
}

#[test]
fn has_what_a_user_needs_and_no_more() {
    let listed = listed();
    let tops = listed.iter().map(|path| path.split('/').next().unwrap_or_default());
    let tops: BTreeSet<&str> = tops.filter(|top| !ADDED.contains(top)).collect();
    assert_eq!(tops, BTreeSet::from(CONTENTS));
    assert!(listed.len() < 1_000, "{} files", listed.len());
    for path in ["src/main.rs", "man/rauditctl.8", "docs/schema/lint.schema.json"] {
        assert!(listed.contains(path), "{path}");
    }
}

#[test]
fn has_every_embedded_file() {
    let listed = listed();
    let mut embedded = BTreeSet::new();
    for path in listed.iter().filter(|path| path.ends_with(".rs")) {
        let text = std::fs::read_to_string(xtask::root().join(path)).expect("a source");
        let folder = Path::new(path).parent().expect("a folder");
        for mark in ["include_str!(\"", "include_bytes!(\""] {
            let names = text.split(mark).skip(1).filter_map(|after| after.split('"').next());
            embedded.extend(names.map(|name| resolved(folder, name)));
        }
    }
    assert!(embedded.len() >= 3, "{embedded:?}");
    for path in embedded {
        assert!(listed.contains(&path), "{path} is embedded, but not in the package");
    }
}

/// Returns a path without `..`.
fn resolved(folder: &Path, name: &str) -> String {
    let mut path = PathBuf::new();
    for component in folder.join(name).components() {
        match component {
            Component::ParentDir => assert!(path.pop(), "{name} is outside"),
            other => path.push(other),
        }
    }
    path.to_str().expect("a name").to_owned()
}

#[test]
fn builds_from_its_own_package() {
    let Some((mut cargo, target)) = separate_cargo() else { return };
    let output = cargo.args(PACKAGE).output().expect("cargo runs");
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    assert!(!printed.contains("warning: `rauditctl`"), "{printed}");

    let program = Command::new(target.join("debug/rauditctl")).arg("--version").output();
    let printed = String::from_utf8(program.expect("it runs").stdout).expect("text");
    assert!(printed.contains(env!("CARGO_PKG_VERSION")), "{printed}");
}

/// The folders of completions differ between distributions, and only one of them has this document.
const OWN: [&str; 4] = [
    "/usr/share/zsh/vendor-completions/_rauditctl",
    "/usr/share/zsh/site-functions/_rauditctl",
    "/usr/share/doc/rauditctl/README.Debian",
    "/usr/share/licenses/rauditctl/",
];

const UNIT: &str = "/usr/lib/systemd/system/rauditctl-load.service";

/// Returns the metadata of the package for other tools.
fn metadata() -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version=1"]);
    let output = cargo.current_dir(xtask::root()).output().expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let own = packages.iter().find(|package| package["name"] == "rauditctl");
    own.expect("the package")["metadata"].clone()
}

/// Returns the installed files of some assets: each asset is a source, a place and a mode.
fn installed<'a>(assets: impl Iterator<Item = [&'a str; 3]>) -> BTreeSet<(String, String)> {
    let mut files = BTreeSet::new();
    for [source, place, mode] in assets {
        let sources: Vec<String> = match source.split_once('*') {
            None => vec![source.to_owned()],
            Some((folder, end)) => {
                let entries = std::fs::read_dir(xtask::root().join(folder)).expect("a folder");
                let names = entries.map(|entry| entry.expect("an entry").file_name());
                let names = names.map(|name| name.into_string().expect("a name"));
                names.filter(|name| name.ends_with(end)).collect()
            }
        };
        assert!(!sources.is_empty(), "{source} names no file");
        for source in sources {
            let name = source.rsplit('/').next().expect("a name");
            let file = if place.ends_with('/') { name } else { "" };
            let is_built = source.starts_with("target/") || !source.contains('/');
            assert!(is_built || xtask::root().join(&source).is_file(), "{source} is missing");
            files.insert((format!("/{}{file}", place.trim_start_matches('/')), mode.to_owned()));
        }
    }
    files
}

fn word(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Returns the files of the Debian package, and those of the RPM package.
fn assets() -> [BTreeSet<(String, String)>; 2] {
    let metadata = metadata();
    let of = |tool: &str| metadata[tool]["assets"].as_array().cloned().expect("assets");
    let (deb, rpm) = (of("deb"), of("generate-rpm"));
    let deb = deb.iter().map(|asset| [0, 1, 2].map(|at| word(&asset[at])));
    let rpm = rpm.iter().map(|asset| ["source", "dest", "mode"].map(|name| word(&asset[name])));
    [installed(deb), installed(rpm)]
}

#[test]
fn packages_of_distributions_have_the_same_files() {
    let is_common = |(path, _): &(String, String)| !OWN.iter().any(|own| path.starts_with(own));
    let [deb, rpm] = assets().map(|files| files.into_iter().filter(is_common).collect::<Vec<_>>());
    assert_eq!(deb, rpm);
    assert!(deb.iter().any(|(path, _)| path == UNIT), "{deb:?}");
}

/// Returns what a tool prints about the packages with this ending below a folder; none if there is no tool or no package.
fn printed(folder: &str, ending: &str, tool: &str, option: &str) -> Vec<String> {
    let entries = std::fs::read_dir(xtask::root().join("target").join(folder));
    let paths = entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let packages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    if packages.is_empty() {
        skip(format_args!("there is no .{ending}; `cargo xtask package` builds it"));
    }
    let listed = packages.iter().filter_map(|package| {
        let Ok(output) = Command::new(tool).arg(option).arg(package).output() else {
            skip(format_args!("there is no {tool}"));
            return None;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(String::from_utf8(output.stdout).expect("names"))
    });
    listed.collect()
}

#[test]
fn built_packages_have_the_files_of_the_manifest() {
    let [deb, rpm] = assets();
    for files in printed("debian", "deb", "dpkg-deb", "--contents") {
        let has = |path: &str| {
            // cargo-deb compresses manual pages and some documents.
            let ends = [format!(" .{path}"), format!(" .{path}.gz")];
            files.lines().any(|line| ends.iter().any(|end| line.ends_with(end)))
        };
        let missing: Vec<_> = deb.iter().filter(|(path, _)| !has(path)).collect();
        assert!(missing.is_empty(), "{missing:?} in\n{files}");
    }
    for files in printed("generate-rpm", "rpm", "rpm", "-qlp") {
        let missing: Vec<_> =
            rpm.iter().filter(|(path, _)| !files.lines().any(|line| line == path)).collect();
        assert!(missing.is_empty(), "{missing:?} in\n{files}");
    }
}

/// The exposure that systemd computes for the unit, in tenths: 0 is none, and 100 is all.
const EXPOSURE: u32 = 30;

#[test]
fn the_unit_is_valid_and_confined() {
    let text = xtask::root().join("packaging/rauditctl-load.service");
    let text = std::fs::read_to_string(text).expect("the unit");
    // systemd checks that the program is there.
    let own = text.replace("/usr/sbin/rauditctl", env!("CARGO_BIN_EXE_rauditctl"));
    assert_ne!(own, text);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let unit = folder.path().join("rauditctl-load.service");
    std::fs::write(&unit, own).expect("a file");
    let run = |words: &[&str]| {
        Command::new("systemd-analyze").args(words).arg(&unit).output().ok().map(|output| {
            let printed = [output.stdout, output.stderr].concat();
            (output.status.success(), String::from_utf8_lossy(&printed).into_owned())
        })
    };
    let Some((is_valid, printed)) = run(&["verify", "--man=no"]) else {
        skip("there is no systemd-analyze");
        return;
    };
    assert!(is_valid && !printed.contains("rauditctl-load"), "{printed}");
    let threshold = format!("--threshold={EXPOSURE}");
    let (is_confined, printed) =
        run(&["security", "--offline=true", "--no-pager", &threshold]).expect("it runs");
    assert!(is_confined, "{printed}");
    println!("{}", printed.lines().last().unwrap_or_default());
}

/// The kernel looks watched paths up in the file systems of the process.
#[test]
fn the_unit_sees_the_file_systems_of_the_machine() {
    let text = xtask::root().join("packaging/rauditctl-load.service");
    let text = std::fs::read_to_string(text).expect("the unit");
    let set: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let separate = [
        "BindPaths",
        "BindReadOnlyPaths",
        "InaccessiblePaths",
        "MountFlags",
        "PrivateDevices",
        "PrivateIPC",
        "PrivateMounts",
        "PrivateNetwork",
        "PrivateTmp",
        "PrivateUsers",
        "ProcSubset",
        "ProtectControlGroups",
        "ProtectHome",
        "ProtectHostname",
        "ProtectKernelLogs",
        "ProtectKernelModules",
        "ProtectKernelTunables",
        "ProtectProc",
        "ProtectSystem",
        "ReadOnlyPaths",
        "ReadWritePaths",
        "RootDirectory",
        "RootImage",
        "TemporaryFileSystem",
        "DynamicUser",
    ];
    for option in separate {
        let is_set = set.iter().any(|line| line.starts_with(&format!("{option}=")));
        assert!(!is_set, "{option} gives the unit its own view of the file systems");
    }
}
