//! The texts of one fault.

use std::borrow::Cow;

use super::auditctl::Message;
use super::code::Code;

/// The texts of one fault in both modes. Label and help are optional.
pub(super) struct Description<'f> {
    pub(super) code: Code,
    pub(super) title: Cow<'static, str>,
    pub(super) label: Cow<'static, str>,
    help: Help<'f>,
    pub(super) auditctl: Option<Message>,
}

/// A hint. Suggestions compare many names, so they are computed only when the hint is read.
enum Help<'f> {
    None,
    Text(&'static str),
    Computed(Box<dyn Fn() -> Option<String> + 'f>),
}

impl<'f> Description<'f> {
    /// Creates a description with the parts that every fault has: a code, a title, and auditctl's
    /// message if it prints one.
    pub(super) fn new(
        code: Code,
        title: impl Into<Cow<'static, str>>,
        auditctl: impl Into<Option<Message>>,
    ) -> Self {
        Description {
            code,
            title: title.into(),
            label: Cow::Borrowed(""),
            help: Help::None,
            auditctl: auditctl.into(),
        }
    }

    pub(super) fn label(self, label: impl Into<Cow<'static, str>>) -> Self {
        Description { label: label.into(), ..self }
    }

    pub(super) fn help(self, text: &'static str) -> Self {
        Description { help: Help::Text(text), ..self }
    }

    pub(super) fn help_from(self, compute: impl Fn() -> Option<String> + 'f) -> Self {
        Description { help: Help::Computed(Box::new(compute)), ..self }
    }

    /// Returns the hint; `None` for a fault without one.
    pub(super) fn read_help(&self) -> Option<String> {
        match &self.help {
            Help::None => None,
            Help::Text(text) => Some((*text).into()),
            Help::Computed(compute) => compute(),
        }
    }
}

/// Returns the hint that names the nearest known name.
pub(super) fn similar(name: &str) -> String {
    format!("did you mean `{name}`?")
}
