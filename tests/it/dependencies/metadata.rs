//! The packages that Linux on x86_64 needs, as `cargo metadata` prints them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    /// `None` is a path.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) rust_version: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) req: String,
    pub(crate) path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Resolve {
    root: String,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Metadata {
    pub(crate) fn read() -> Self {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--format-version=1", "--all-features", "--offline", "--locked"]);
        // Crates for other systems were never downloaded.
        cargo.arg("--filter-platform=x86_64-unknown-linux-gnu").current_dir(xtask::root());
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("metadata")
    }

    /// Returns the packages that are part of the program or build it, without dev-dependencies.
    pub(crate) fn shipped(&self) -> Vec<&Package> {
        let mut seen = BTreeSet::new();
        let mut open = vec![self.resolve.root.as_str()];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.resolve.nodes.iter().find(|node| node.id == id).expect("a node");
            let is_shipped = |edge: &&Edge| {
                edge.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"))
            };
            open.extend(node.deps.iter().filter(is_shipped).map(|edge| edge.pkg.as_str()));
        }
        self.packages.iter().filter(|package| seen.contains(package.id.as_str())).collect()
    }
}
