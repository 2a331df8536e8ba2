//! The texts of one fault.

use std::borrow::Cow;

use super::auditctl::Message;
use super::code::Code;

/// The texts of one fault in both modes. The label may be empty.
pub(super) struct Description<'f> {
    pub(super) code: Code,
    pub(super) title: Cow<'static, str>,
    pub(super) label: Cow<'static, str>,
    help: Help<'f>,
    pub(super) auditctl: Option<Message>,
}

/// A description without its help. It is of no use before it has one, so every fault has help.
pub(super) struct Titled {
    code: Code,
    title: Cow<'static, str>,
    label: Cow<'static, str>,
    auditctl: Option<Message>,
}

/// The help. Suggestions compare many names, so they are computed only when the help is read.
enum Help<'f> {
    Text(Cow<'static, str>),
    Computed(Box<dyn Fn() -> String + 'f>),
}

impl Description<'_> {
    /// Begins a description with the parts that every fault has: a code, a title, and auditctl's
    /// message if it prints one.
    pub(super) fn titled(
        code: Code,
        title: impl Into<Cow<'static, str>>,
        auditctl: impl Into<Option<Message>>,
    ) -> Titled {
        Titled { code, title: title.into(), label: Cow::Borrowed(""), auditctl: auditctl.into() }
    }

    /// Returns the help.
    pub(super) fn read_help(&self) -> String {
        match &self.help {
            Help::Text(text) => text.clone().into_owned(),
            Help::Computed(compute) => compute(),
        }
    }
}

impl Titled {
    pub(super) fn label(self, label: impl Into<Cow<'static, str>>) -> Self {
        Titled { label: label.into(), ..self }
    }

    pub(super) fn help<'f>(self, text: impl Into<Cow<'static, str>>) -> Description<'f> {
        self.described(Help::Text(text.into()))
    }

    pub(super) fn help_from<'f>(self, compute: impl Fn() -> String + 'f) -> Description<'f> {
        self.described(Help::Computed(Box::new(compute)))
    }

    fn described(self, help: Help<'_>) -> Description<'_> {
        let Titled { code, title, label, auditctl } = self;
        Description { code, title, label, help, auditctl }
    }
}

/// Returns the help that names the nearest known name.
pub(super) fn similar(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// Returns the help that names the nearest known name, or else how to find a known name.
pub(super) fn similar_or(nearest: Option<&str>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), similar)
}
