//! What is loaded, and the line that each rule comes from.

use std::fmt;
use std::sync::Arc;

use crate::catalog::PathKind;
use crate::model::{KernelModel, Reason, Refusal};
use crate::rule::{Control, LOCKED, Request, Rule};
use crate::ruleset::{CompiledLine, FileSpan, Sent};

/// The file and line that something comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The name of the file, as reports print it.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One step of loading rules, with its origin.
#[derive(Clone, Debug)]
pub struct Load {
    /// The line that asks for it.
    pub origin: Origin,
    /// The change to the rules.
    pub step: LoadStep,
    /// What the path of a watch is; `None` for other steps, and for rules that a kernel holds.
    pub watched: Option<PathKind>,
}

impl Load {
    /// Returns the load of a request from `origin`.
    pub fn new(origin: Origin, request: Request) -> Self {
        Load { origin, step: request.into(), watched: None }
    }
}

/// A change to the rules in the kernel.
#[derive(Clone, Debug)]
pub enum LoadStep {
    /// Adds a rule.
    Add(Rule),
    /// Deletes a rule.
    Delete(Rule),
    /// Changes a setting; only `-e` matters here.
    Control(Control),
    /// `-D`: deletes every rule, or, with a key, the rules whose key field contains it.
    DeleteAll {
        /// The text of `-k`.
        key: Option<Box<[u8]>>,
    },
}

impl From<Request> for LoadStep {
    fn from(request: Request) -> Self {
        match request {
            Request::Add(rule) => LoadStep::Add(rule),
            Request::Delete(rule) => LoadStep::Delete(rule),
            Request::Control(control) => LoadStep::Control(control),
        }
    }
}

/// Returns what compiled lines load, in order. `origin` gives the origin of a request by the index of its line and
/// by its place.
pub fn loads(
    lines: &[CompiledLine<'_, '_>],
    origin: impl Fn(usize, FileSpan) -> Origin,
) -> Vec<Load> {
    let sent = lines.iter().enumerate().flat_map(|(index, line)| {
        let watched = line.checked.program.watched;
        line.checked.sent().map(move |(sent, span)| (index, sent, line.place(span), watched))
    });
    let loads = sent.map(|(index, sent, place, watched)| {
        let origin = origin(index, place);
        match sent {
            Sent::Request(request) => Load { watched, ..Load::new(origin, request.clone()) },
            Sent::DeleteAll(key) => {
                let key = (!key.is_empty()).then(|| key.into());
                Load { origin, step: LoadStep::DeleteAll { key }, watched: None }
            }
        }
    });
    loads.collect()
}

/// A kernel model during loading, with the facts that the model does not keep.
pub(super) struct Loading {
    pub(super) kernel: KernelModel,
    /// The load of each accepted rule, by [`crate::model::Entry::serial`].
    pub(super) taken: Vec<usize>,
    /// The loads that the kernel refused, in order.
    pub(super) refused: Vec<(usize, Refusal)>,
    /// The load and the value of the last `-e`.
    pub(super) enabled: Option<(usize, u32)>,
}

impl Loading {
    /// Loads everything into `kernel`, which has no rules yet. Records a refused load and goes on.
    pub(super) fn run(kernel: KernelModel, loads: &[Load]) -> Self {
        let mut loading = Loading { kernel, taken: Vec::new(), refused: Vec::new(), enabled: None };
        for (index, load) in loads.iter().enumerate() {
            if let Err(refusal) = loading.step(index, &load.step) {
                loading.refused.push((index, refusal));
            }
        }
        loading
    }

    fn step(&mut self, index: usize, step: &LoadStep) -> Result<(), Refusal> {
        if matches!(self.enabled, Some((_, LOCKED))) && is_locked_out(step) {
            return Err(Reason::Locked.into());
        }
        match step {
            LoadStep::Add(rule) => {
                self.kernel.add(rule)?;
                self.taken.push(index);
                Ok(())
            }
            LoadStep::Delete(rule) => self.kernel.delete(rule),
            LoadStep::Control(Control::Enabled(value)) => {
                self.enabled = Some((index, *value));
                Ok(())
            }
            LoadStep::Control(_) => Ok(()),
            LoadStep::DeleteAll { key } => self.delete_all(key.as_deref()),
        }
    }

    fn delete_all(&mut self, key: Option<&[u8]>) -> Result<(), Refusal> {
        let matches = |rule: &&Rule| key.is_none_or(|key| rule.has_key_containing(key));
        let rules: Vec<Rule> = self.kernel.rules().filter(matches).cloned().collect();
        rules.iter().try_for_each(|rule| self.kernel.delete(rule))
    }
}

/// Returns whether a kernel whose rules are locked refuses the step (`audit_receive_msg`). It also refuses most other
/// settings, which do not matter here.
fn is_locked_out(step: &LoadStep) -> bool {
    match step {
        LoadStep::Control(control) => matches!(control, Control::Enabled(_)),
        _ => true,
    }
}
