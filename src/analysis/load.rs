//! What is loaded, and where it was written.

use std::fmt;
use std::sync::Arc;

use crate::model::{KernelModel, Reason, Refusal};
use crate::rule::{Control, Field, Request, Rule, TextId};

/// The line that something was written in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The file, by the name it is shown with.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One step of loading rules.
#[derive(Clone, Debug)]
pub struct Load {
    /// Where it was written.
    pub origin: Origin,
    /// What is done.
    pub step: Step,
}

impl Load {
    /// A request from `origin`.
    pub fn new(origin: Origin, request: Request) -> Self {
        Load { origin, step: request.into() }
    }
}

/// What a line does to the rules in the kernel.
#[derive(Clone, Debug)]
pub enum Step {
    /// A rule is added.
    Add(Rule),
    /// A rule is deleted.
    Delete(Rule),
    /// Something that is not about a rule.
    Control(Control),
    /// `-D`: every rule is deleted, or, with a key, those in whose keys it is found.
    DeleteAll {
        /// The text of `-k`.
        key: Option<Box<[u8]>>,
    },
}

impl From<Request> for Step {
    fn from(request: Request) -> Self {
        match request {
            Request::Add(rule) => Step::Add(rule),
            Request::Delete(rule) => Step::Delete(rule),
            Request::Control(control) => Step::Control(control),
        }
    }
}

/// A kernel that is being loaded: the model, and what the model does not keep.
pub(super) struct Loading {
    pub(super) kernel: KernelModel,
    /// For each rule the kernel took, by [`crate::model::Entry::serial`], the load it came from.
    pub(super) taken: Vec<usize>,
    /// The loads that the kernel refused, in order.
    pub(super) refused: Vec<(usize, Refusal)>,
    /// The last `-e`: the load, and the value.
    pub(super) enabled: Option<(usize, u32)>,
}

impl Loading {
    /// Loads everything into `kernel`, which has no rules yet. What is refused is noted, and the
    /// rest still loaded.
    pub(super) fn run(kernel: KernelModel, loads: &[Load]) -> Self {
        let mut loading = Loading { kernel, taken: Vec::new(), refused: Vec::new(), enabled: None };
        for (index, load) in loads.iter().enumerate() {
            if let Err(refusal) = loading.step(index, &load.step) {
                loading.refused.push((index, refusal));
            }
        }
        loading
    }

    fn step(&mut self, index: usize, step: &Step) -> Result<(), Refusal> {
        if matches!(self.enabled, Some((_, 2))) && is_locked_out(step) {
            return Err(Reason::Locked.into());
        }
        match step {
            Step::Add(rule) => {
                self.kernel.add(rule)?;
                self.taken.push(index);
                Ok(())
            }
            Step::Delete(rule) => self.kernel.delete(rule),
            Step::Control(Control::Enabled(value)) => {
                self.enabled = Some((index, *value));
                Ok(())
            }
            Step::Control(_) => Ok(()),
            Step::DeleteAll { key } => self.delete_all(key.as_deref()),
        }
    }

    fn delete_all(&mut self, key: Option<&[u8]>) -> Result<(), Refusal> {
        let is_meant = |rule: &&Rule| key.is_none_or(|key| has_key_with(rule, key));
        let rules: Vec<Rule> = self.kernel.rules().filter(is_meant).cloned().collect();
        rules.iter().try_for_each(|rule| self.kernel.delete(rule))
    }
}

/// Whether a kernel whose rules are locked refuses the step (`audit_receive_msg`). It refuses most
/// other settings too, which matter nothing here.
fn is_locked_out(step: &Step) -> bool {
    match step {
        Step::Control(control) => matches!(control, Control::Enabled(_)),
        _ => true,
    }
}

/// Whether `text` is found in the key field of `rule`.
fn has_key_with(rule: &Rule, text: &[u8]) -> bool {
    rule.fields.iter().any(|field| match field {
        Field::Text { id: TextId::KEY, text: key, .. } => {
            text.is_empty() || key.windows(text.len()).any(|window| window == text)
        }
        _ => false,
    })
}
