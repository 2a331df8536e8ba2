//! The documents that are open, the set of rules each belongs to, and what is found in it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gen_lsp_types::Uri;

use super::Surroundings;
use super::buffer::Buffer;
use super::options::Options;
use super::uri::{path_of, uri_of};
use crate::lint::{Finding, Settings, lint};
use crate::ruleset::{Input, RuleSet};

/// A text that is open in the editor.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) buffer: Rc<Buffer>,
    pub(super) version: i32,
    path: Option<PathBuf>,
}

/// A file of a set.
#[derive(Clone, Debug)]
pub(super) struct SetFile {
    pub(super) uri: Uri,
    pub(super) buffer: Rc<Buffer>,
    path: Option<PathBuf>,
}

/// The files that are loaded together with a document.
#[derive(Clone, Debug)]
pub(super) struct FileSet {
    pub(super) files: Vec<SetFile>,
    /// Whether augenrules joins them.
    is_joined: bool,
}

/// What was found in a set.
#[derive(Debug)]
pub(super) struct Linted {
    pub(super) set: FileSet,
    pub(super) findings: Vec<Finding>,
    /// What is wrong with the configuration.
    pub(super) fault: Option<String>,
}

/// Everything that is open.
pub(super) struct Workspace<'h> {
    surroundings: &'h dyn Surroundings,
    pub(super) options: Options,
    documents: BTreeMap<String, Document>,
    /// By the first file of the set; forgotten at each change.
    linted: RefCell<HashMap<String, Rc<Linted>>>,
}

impl FileSet {
    /// The set as the lints take it.
    pub(super) fn rules(&self) -> RuleSet<'_> {
        let directory = self.is_joined.then_some(0);
        RuleSet::new(
            self.files.iter().map(|file| Input { source: file.buffer.source(), directory }),
        )
    }

    /// Which of its files this is.
    pub(super) fn index_of(&self, uri: &Uri) -> Option<usize> {
        self.files.iter().position(|file| file.uri == *uri)
    }

    /// The same set with another text for one of its files.
    pub(super) fn with(&self, index: usize, buffer: Buffer) -> Self {
        let mut set = self.clone();
        if let Some(file) = set.files.get_mut(index) {
            file.buffer = Rc::new(buffer);
        }
        set
    }
}

impl<'h> Workspace<'h> {
    pub(super) fn new(surroundings: &'h dyn Surroundings) -> Self {
        Workspace {
            surroundings,
            options: Options::default(),
            documents: BTreeMap::new(),
            linted: RefCell::default(),
        }
    }

    pub(super) fn open(&mut self, uri: &Uri, version: i32, text: String) {
        let path = path_of(uri);
        let buffer = Rc::new(Buffer::new(&name(uri, path.as_deref()), text.into_bytes()));
        self.documents.insert(uri.0.clone(), Document { buffer, version, path });
        self.forget();
    }

    /// Whether it was open.
    pub(super) fn close(&mut self, uri: &Uri) -> bool {
        self.forget();
        self.documents.remove(&uri.0).is_some()
    }

    /// Gives a document another text; nothing for one that is not open.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        change: impl FnOnce(&Buffer) -> Buffer,
    ) {
        if let Some(document) = self.documents.get_mut(&uri.0) {
            document.buffer = Rc::new(change(&document.buffer));
            document.version = version;
        }
        self.forget();
    }

    /// Forgets what was found: something has changed.
    pub(super) fn forget(&mut self) {
        self.linted.borrow_mut().clear();
    }

    pub(super) fn document(&self, uri: &Uri) -> Option<&Document> {
        self.documents.get(&uri.0)
    }

    /// The documents, each with its URI.
    pub(super) fn documents(&self) -> impl Iterator<Item = (Uri, &Document)> {
        self.documents.iter().map(|(uri, document)| (Uri(uri.clone()), document))
    }

    /// The files that are loaded together with a document, itself among them.
    pub(super) fn set_of(&self, uri: &Uri) -> Option<FileSet> {
        let document = self.documents.get(&uri.0)?;
        let alone = || SetFile {
            uri: uri.clone(),
            buffer: Rc::clone(&document.buffer),
            path: document.path.clone(),
        };
        let joined = document.path.as_deref().and_then(|path| self.joined(path));
        Some(joined.unwrap_or_else(|| FileSet { files: vec![alone()], is_joined: false }))
    }

    /// The set of the directory that a rules file is in; `None` where it is the only one, and the
    /// directory is none that augenrules reads.
    fn joined(&self, path: &Path) -> Option<FileSet> {
        let directory = path.parent().filter(|_| is_rules_file(path))?;
        let open = self.documents.values().filter_map(|document| document.path.clone());
        let open = open.filter(|path| path.parent() == Some(directory) && is_rules_file(path));
        let paths = self.surroundings.rules_files(directory, &open.collect::<Vec<_>>());
        let is_set = paths.len() > 1 || directory.ends_with("rules.d");
        if !is_set || !paths.iter().any(|one| one == path) {
            return None;
        }
        let files = paths.into_iter().filter_map(|path| self.file(path));
        Some(FileSet { files: files.collect(), is_joined: true })
    }

    /// A file as it is open, or as it is on the disk.
    fn file(&self, path: PathBuf) -> Option<SetFile> {
        let is_it = |document: &Document| document.path.as_ref() == Some(&path);
        let open = self.documents.iter().find(|(_, document)| is_it(document));
        let (uri, buffer) = match open {
            Some((uri, document)) => (Uri(uri.clone()), Rc::clone(&document.buffer)),
            None => {
                let text = self.surroundings.read(&path)?;
                (uri_of(&path), Rc::new(Buffer::new(&path.display().to_string(), text)))
            }
        };
        Some(SetFile { uri, buffer, path: Some(path) })
    }

    /// How a set is linted, and what is wrong with its configuration.
    pub(super) fn settings(&self, set: &FileSet) -> (Settings<'_>, Option<String>) {
        let paths: Vec<PathBuf> = set.files.iter().filter_map(|file| file.path.clone()).collect();
        let (mut settings, fault) = self.surroundings.settings(&paths);
        self.options.apply(&mut settings);
        (settings, fault)
    }

    /// What is found in the set of a document.
    pub(super) fn linted(&self, uri: &Uri) -> Option<Rc<Linted>> {
        let set = self.set_of(uri)?;
        let key = set.files.first()?.uri.0.clone();
        if let Some(known) = self.linted.borrow().get(&key) {
            return Some(Rc::clone(known));
        }
        let (settings, fault) = self.settings(&set);
        let findings = lint(&set.rules(), &settings).findings;
        let linted = Rc::new(Linted { set, findings, fault });
        self.linted.borrow_mut().insert(key, Rc::clone(&linted));
        Some(linted)
    }
}

fn is_rules_file(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::as_bytes).unwrap_or_default();
    name.ends_with(b".rules") && !name.starts_with(b".")
}

fn name(uri: &Uri, path: Option<&Path>) -> String {
    path.map_or_else(|| uri.0.clone(), |path| path.display().to_string())
}
