//! The open documents, the set of files that each belongs to, and the findings in a set.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gen_lsp_types::{TextDocumentPositionParams, Uri};

use super::Surroundings;
use super::buffer::Buffer;
use super::options::Options;
use super::uri::{path_of, uri_of};
use crate::catalog::Arch;
use crate::lint::{Finding, LintSettings, lint};
use crate::ruleset::{Input, RuleSet};

/// A document that is open in the editor.
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

/// The files that are loaded together.
#[derive(Clone, Debug)]
pub(super) struct FileSet {
    pub(super) files: Vec<SetFile>,
    /// Whether augenrules joins the files.
    is_joined: bool,
}

/// A set with its findings.
#[derive(Debug)]
pub(super) struct Linted {
    pub(super) set: FileSet,
    pub(super) findings: Vec<Finding>,
    /// The error in the configuration, if it is invalid.
    pub(super) fault: Option<String>,
}

/// A position in a file of a set.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    pub(super) set: FileSet,
    /// The index of the file in the set.
    pub(super) file: usize,
    /// The byte offset in the file.
    pub(super) offset: usize,
    /// The first machine that the set is linted for.
    pub(super) machine: Arch,
}

/// The open documents and the findings in their sets.
pub(super) struct Workspace<'h> {
    surroundings: &'h dyn Surroundings,
    pub(super) options: Options,
    documents: BTreeMap<String, Document>,
    /// Cached findings by the URI of the first file of the set; every change clears the cache.
    linted: RefCell<HashMap<String, Rc<Linted>>>,
}

impl FileSet {
    /// Returns the set in the form that the lints use.
    pub(super) fn rules(&self) -> RuleSet<'_> {
        let directory = self.is_joined.then_some(0);
        RuleSet::new(
            self.files.iter().map(|file| Input { source: file.buffer.source(), directory }),
        )
    }

    /// Returns the index of a file in the set.
    pub(super) fn index_of(&self, uri: &Uri) -> Option<usize> {
        self.files.iter().position(|file| file.uri == *uri)
    }

    /// Returns the set with another text for one of its files.
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

    /// Closes a document. Returns whether it was open.
    pub(super) fn close(&mut self, uri: &Uri) -> bool {
        self.forget();
        self.documents.remove(&uri.0).is_some()
    }

    /// Replaces the text of a document. Does nothing if the document is not open.
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

    /// Clears the cached findings. Call this after every change.
    pub(super) fn forget(&mut self) {
        self.linted.borrow_mut().clear();
    }

    pub(super) fn document(&self, uri: &Uri) -> Option<&Document> {
        self.documents.get(&uri.0)
    }

    /// Returns the documents, each with its URI.
    pub(super) fn documents(&self) -> impl Iterator<Item = (Uri, &Document)> {
        self.documents.iter().map(|(uri, document)| (Uri(uri.clone()), document))
    }

    /// Returns the files that are loaded together with a document, including the document.
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

    /// Returns the set of the directory of a rules file. Returns `None` if the directory has no other rules file and
    /// is not named `rules.d`.
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

    /// Returns a file with the text of its open document, or from the disk if it is not open.
    fn file(&self, path: PathBuf) -> Option<SetFile> {
        let mut documents = self.documents.iter();
        let open = documents.find(|(_, document)| document.path.as_ref() == Some(&path));
        let (uri, buffer) = match open {
            Some((uri, document)) => (Uri(uri.clone()), Rc::clone(&document.buffer)),
            None => {
                let text = self.surroundings.read(&path)?;
                (uri_of(&path), Rc::new(Buffer::new(&path.display().to_string(), text)))
            }
        };
        Some(SetFile { uri, buffer, path: Some(path) })
    }

    /// Returns the cursor at a position of a document.
    pub(super) fn cursor(&self, at: &TextDocumentPositionParams) -> Option<Cursor> {
        let set = self.set_of(&at.text_document.uri)?;
        let file = set.index_of(&at.text_document.uri)?;
        let offset = set.files.get(file)?.buffer.offset(at.position, self.options.encoding);
        let machine = self.settings(&set).0.scope.arches.first().copied()?;
        Some(Cursor { set, file, offset, machine })
    }

    /// Returns the lint settings of a set, and the error in its configuration if it is invalid.
    pub(super) fn settings(&self, set: &FileSet) -> (LintSettings<'_>, Option<String>) {
        let paths: Vec<PathBuf> = set.files.iter().filter_map(|file| file.path.clone()).collect();
        let (mut settings, fault) = self.surroundings.settings(&paths);
        self.options.apply(&mut settings);
        (settings, fault)
    }

    /// Returns the set of a document with its findings.
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
