//! Generates `src/catalog/generated/` and the TextMate grammar for editors from the files in `grammar/vocab`, and the
//! built-in calibration from `data/calibration`.

mod arches;
mod arguments;
mod calibration;
mod meanings;
mod source;
mod syscalls;
mod tables;
mod textmate;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use crate::tsv::Fault;

/// The directory of the generated tables, relative to the root.
pub const OUT: &str = "src/catalog/generated";

/// Renders all generated files. Returns their paths, relative to `root`, and their contents.
pub fn render(root: &Path) -> Result<Vec<(PathBuf, String)>, Fault> {
    let vocab = root.join("grammar/vocab");
    let mut files = tables::render(&vocab)?;
    files.push(arches::render(&vocab)?);
    files.push(meanings::render(&vocab)?);
    files.extend(arguments::render(&vocab)?);
    files.extend(syscalls::render(&vocab)?);
    files.sort();
    files.insert(0, module(&files));
    let tables =
        files.into_iter().map(|(name, text)| (Path::new(OUT).join(format!("{name}.rs")), text));
    let grammar = (PathBuf::from(textmate::PATH), textmate::render(&vocab)?);
    Ok(tables.chain([grammar, calibration::render(root)?]).collect())
}

/// Writes the stale files and returns their paths.
pub fn write(root: &Path) -> Result<Vec<PathBuf>, Fault> {
    let stale = stale(root)?;
    for (path, text) in render(root)? {
        if stale.contains(&path) {
            let full = root.join(&path);
            fs::write(&full, text).map_err(|e| Fault(format!("{}: {e}", full.display())))?;
        }
    }
    for path in surplus(root)? {
        let full = root.join(&path);
        fs::remove_file(&full).map_err(|e| Fault(format!("{}: {e}", full.display())))?;
    }
    Ok(stale)
}

/// Returns the generated files that differ from the current vocabulary, including missing and surplus files.
pub fn stale(root: &Path) -> Result<Vec<PathBuf>, Fault> {
    let rendered = render(root)?;
    let differs = |(path, text): (PathBuf, String)| {
        (fs::read_to_string(root.join(&path)).ok().as_deref() != Some(text.as_str()))
            .then_some(path)
    };
    let mut stale: Vec<PathBuf> = rendered.into_iter().filter_map(differs).collect();
    stale.extend(surplus(root)?);
    Ok(stale)
}

/// Returns the files in the directory that are no longer generated.
fn surplus(root: &Path) -> Result<Vec<PathBuf>, Fault> {
    let rendered: Vec<PathBuf> = render(root)?.into_iter().map(|(path, _)| path).collect();
    let Ok(entries) = fs::read_dir(root.join(OUT)) else {
        return Ok(Vec::new());
    };
    let present = entries.flatten().map(|entry| Path::new(OUT).join(entry.file_name()));
    Ok(present.filter(|path| !rendered.contains(path)).collect())
}

/// Renders `mod.rs`, which declares the other modules.
fn module(files: &[(String, String)]) -> (String, String) {
    let mut text = source::head("grammar/vocab", "Tables of the catalog.");
    for (name, _) in files {
        text.push_str(&format!("pub(super) mod {name};\n"));
    }
    ("mod".to_owned(), text)
}
