//! The open documents, the set of files that each belongs to, and the findings in a set.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use gen_lsp_types::{TextDocumentPositionParams, Uri};

use super::buffer::Buffer;
use super::options::Options;
use super::uri::{path_of, uri_of};
use super::{Configured, Surroundings};
use crate::catalog::Arch;
use crate::lint::{Check, Finding, LintSettings, Scope, lint};
use crate::ruleset::{Input, RuleSet};

/// A document that is open in the editor.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) buffer: Arc<Buffer>,
    pub(super) version: i32,
    path: Option<PathBuf>,
}

/// A file of a set.
#[derive(Clone, Debug)]
pub(super) struct SetFile {
    pub(super) uri: Uri,
    pub(super) buffer: Arc<Buffer>,
    path: Option<PathBuf>,
}

/// The files that are loaded together.
#[derive(Clone, Debug)]
pub(super) struct FileSet {
    pub(super) files: Vec<SetFile>,
    /// Whether augenrules joins the files.
    is_joined: bool,
}

/// Number of bytes from which a set is linted beside the message loop.
const LARGE: usize = 1 << 18;

/// A set with its findings.
#[derive(Debug)]
pub(super) struct Linted {
    pub(super) set: FileSet,
    pub(super) extent: Extent,
    pub(super) findings: Vec<Finding>,
    /// The configuration in force.
    pub(super) config: Option<PathBuf>,
    /// Why a configuration is not used.
    pub(super) fault: Option<String>,
    /// The first machine that the set is linted for.
    pub(super) machine: Option<Arch>,
}

/// What was linted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The whole set.
    Set,
    /// One file of a large set, by the checks that need no other file.
    File,
}

/// A large set that is to be linted.
pub struct Task {
    set: FileSet,
    configured: Detached,
    /// The number of changes before.
    changes: u64,
}

/// A large set that was linted.
pub struct Finished {
    linted: Linted,
    changes: u64,
}

/// Settings that another thread can use: they look at nothing on this machine.
struct Detached {
    settings: Box<dyn FnOnce() -> LintSettings<'static> + Send>,
    config: Option<PathBuf>,
    fault: Option<String>,
}

impl Task {
    /// Lints the set.
    pub fn run(self) -> Finished {
        let Detached { settings, config, fault } = self.configured;
        let settings = settings();
        let findings = lint(&self.set.rules(), &settings).findings;
        let extent = Extent::Set;
        let machine = settings.scope.arches.first().copied();
        let linted = Linted { set: self.set, extent, findings, config, fault, machine };
        Finished { linted, changes: self.changes }
    }
}

impl Detached {
    fn of(configured: Configured<'_>) -> Self {
        let Configured { settings, file, fault } = configured;
        let LintSettings { scope, selection, ignored_in } = settings;
        let Scope { arches, kernels, auditctl, max_walk, .. } = scope;
        let settings = move || LintSettings {
            scope: Scope { arches, kernels, auditctl, max_walk, system: None },
            selection,
            ignored_in,
        };
        Detached { settings: Box::new(settings), config: file, fault }
    }
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
    /// The number of changes so far.
    changes: u64,
    /// Whether a large set is being linted.
    is_busy: bool,
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

    /// Returns a file of the set as a set of its own.
    fn only(&self, uri: &Uri) -> Self {
        let files = self.files.iter().filter(|file| file.uri == *uri);
        FileSet { files: files.cloned().collect(), is_joined: self.is_joined }
    }

    /// Returns whether to lint the set takes long.
    fn is_large(&self) -> bool {
        self.files.len() > 1
            && self.files.iter().map(|file| file.buffer.text().len()).sum::<usize>() > LARGE
    }

    /// Returns the name of the set among the sets of a session.
    fn key(&self) -> Option<&str> {
        Some(&self.files.first()?.uri.0)
    }

    /// Returns the set with another text for one of its files.
    pub(super) fn with(&self, index: usize, buffer: Buffer) -> Self {
        let mut set = self.clone();
        if let Some(file) = set.files.get_mut(index) {
            file.buffer = Arc::new(buffer);
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
            changes: 0,
            is_busy: false,
        }
    }

    pub(super) fn open(&mut self, uri: &Uri, version: i32, text: String) {
        let path = path_of(uri);
        let buffer = Arc::new(Buffer::new(&name(uri, path.as_deref()), text.into_bytes()));
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
            document.buffer = Arc::new(change(&document.buffer));
            document.version = version;
        }
        self.forget();
    }

    /// Clears the cached findings. Call this after every change.
    pub(super) fn forget(&mut self) {
        self.changes += 1;
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
            buffer: Arc::clone(&document.buffer),
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
            Some((uri, document)) => (Uri(uri.clone()), Arc::clone(&document.buffer)),
            None => {
                let text = self.surroundings.read(&path)?;
                (uri_of(&path), Arc::new(Buffer::new(&path.display().to_string(), text)))
            }
        };
        Some(SetFile { uri, buffer, path: Some(path) })
    }

    /// Returns the cursor at a position of a document.
    pub(super) fn cursor(&self, at: &TextDocumentPositionParams) -> Option<Cursor> {
        let set = self.set_of(&at.text_document.uri)?;
        let file = set.index_of(&at.text_document.uri)?;
        let offset = set.files.get(file)?.buffer.offset(at.position, self.options.encoding);
        let machine = self.settings(&set).settings.scope.arches.first().copied()?;
        Some(Cursor { set, file, offset, machine })
    }

    /// Returns the lint settings of a set.
    pub(super) fn settings(&self, set: &FileSet) -> Configured<'_> {
        let paths: Vec<PathBuf> = set.files.iter().filter_map(|file| file.path.clone()).collect();
        let mut configured = self.surroundings.settings(&paths);
        self.options.apply(&mut configured.settings);
        configured
    }

    /// Returns the set of a document with its findings. To lint a large set takes long: until [`Workspace::finish`] has
    /// its findings, returns those in the document that depend on no other file.
    pub(super) fn linted(&self, uri: &Uri) -> Option<Rc<Linted>> {
        let set = self.set_of(uri)?;
        if let Some(known) = self.linted.borrow().get(set.key()?) {
            return Some(Rc::clone(known));
        }
        if set.is_large() {
            return Some(Rc::new(self.file_alone(&set, uri)));
        }
        let Configured { settings, file, fault } = self.settings(&set);
        let findings = lint(&set.rules(), &settings).findings;
        let key = set.key()?.to_owned();
        let machine = settings.scope.arches.first().copied();
        let extent = Extent::Set;
        let linted = Rc::new(Linted { set, extent, findings, config: file, fault, machine });
        self.linted.borrow_mut().insert(key, Rc::clone(&linted));
        Some(linted)
    }

    /// Returns the findings in one file of a set that depend on no other file.
    fn file_alone(&self, set: &FileSet, uri: &Uri) -> Linted {
        let set = set.only(uri);
        let Configured { settings, file, fault } = self.settings(&set);
        let mut findings = lint(&set.rules(), &settings).findings;
        let is_of_file =
            |finding: &Finding| matches!(finding.lint.check, Check::Compiler(_) | Check::Text(_));
        findings.retain(is_of_file);
        let machine = settings.scope.arches.first().copied();
        Linted { set, extent: Extent::File, findings, config: file, fault, machine }
    }

    /// Returns a large set that is to be linted; `None` while another one is.
    pub(super) fn task(&mut self) -> Option<Task> {
        if self.is_busy {
            return None;
        }
        let set = self.next_large()?;
        let configured = Detached::of(self.settings(&set));
        self.is_busy = true;
        Some(Task { set, configured, changes: self.changes })
    }

    /// Returns a large set whose findings are not known.
    fn next_large(&self) -> Option<FileSet> {
        let is_known = |key: &str| self.linted.borrow().contains_key(key);
        let mut sets = self.documents().filter_map(|(uri, _)| self.set_of(&uri));
        sets.find(|set| set.is_large() && !set.key().is_none_or(is_known))
    }

    /// Keeps the findings in a large set, unless something has changed since.
    pub(super) fn finish(&mut self, finished: Finished) {
        self.is_busy = false;
        let Finished { linted, changes } = finished;
        if let Some(key) = linted.set.key().filter(|_| changes == self.changes).map(str::to_owned) {
            self.linted.borrow_mut().insert(key, Rc::new(linted));
        }
    }
}

fn is_rules_file(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::as_bytes).unwrap_or_default();
    name.ends_with(b".rules") && !name.starts_with(b".")
}

fn name(uri: &Uri, path: Option<&Path>) -> String {
    path.map_or_else(|| uri.0.clone(), |path| path.display().to_string())
}
