//! Refusals of the kernel. auditctl's message depends on what it sent, so none of these faults has its message.

use super::super::code::Code;
use super::super::description::Description;
use super::super::quote::quote;
use super::Bytes;
use crate::errno::Errno;

/// A refusal of the kernel, received or expected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each fault is documented, and its members are named after their content"
)]
#[non_exhaustive]
pub enum KernelFault {
    /// The kernel refused a request.
    Refused { errno: Errno, request: RefusedRequest, path: Option<Bytes> },
    /// A change of rules or settings after the `-e 2` that locks them.
    AfterLock,
    /// A rule that auditctl sends and kernels refuse: the reason, and the field that causes it.
    WouldBeRefused { reason: String, field: Option<&'static str>, remedy: Option<&'static str> },
}

/// The kind of a refused request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedRequest {
    /// Adding a rule.
    Add,
    /// Deleting a rule.
    Delete,
    /// A setting, or another control request.
    Control,
}

impl KernelFault {
    pub(super) fn describe(&self) -> Description<'_> {
        match self {
            Self::Refused { errno, request, path } => {
                Description::titled(Code::Refused, refused(*errno, *request), None)
                    .label("refused by the kernel")
                    .help_from(|| refused_help(*errno, *request, path.as_deref()))
            }
            Self::AfterLock => Description::titled(
                Code::AfterLock,
                "line after `-e 2`, which locks rules and settings",
                None,
            )
            .label("refused until the next boot")
            .help("move `-e 2` to the last line"),
            Self::WouldBeRefused { reason, field, remedy } => {
                let field = field.map(|field| format!(" (`{field}`)")).unwrap_or_default();
                let title = format!("the kernel will refuse this rule: {reason}{field}");
                Description::titled(Code::WouldBeRefused, title, None)
                    .help(remedy.unwrap_or("correct the rule, or delete the line: auditctl sends it, and stops when it is refused"))
            }
        }
    }
}

fn refused(errno: Errno, request: RefusedRequest) -> String {
    let reason = errno;
    match (errno, request) {
        (Errno::EEXIST, _) => format!("the kernel already has this rule ({reason})"),
        (Errno::ENOENT | Errno::ENOTDIR, RefusedRequest::Add) => {
            format!("the path of the rule cannot be watched ({reason})")
        }
        (Errno::ENOENT, RefusedRequest::Delete) => {
            format!("the kernel has no such rule ({reason})")
        }
        _ => format!("the kernel refused the request: {reason}"),
    }
}

fn refused_help(errno: Errno, request: RefusedRequest, path: Option<&[u8]>) -> String {
    match (errno, path) {
        (Errno::ENOENT, Some(path)) if request == RefusedRequest::Add => {
            format!("create {} and its directory, or remove the rule", quote(path))
        }
        (Errno::ENOTDIR, Some(path)) if request == RefusedRequest::Add => {
            format!(
                "correct the path {}, which leads through a file, or remove the rule",
                quote(path)
            )
        }
        (Errno::ENOENT, _) if request == RefusedRequest::Add => {
            "create the path and its directory, or remove the rule".into()
        }
        (Errno::ENOENT, _) if request == RefusedRequest::Delete => {
            "write the rule as `-l` lists it".into()
        }
        (Errno::EEXIST, _) => {
            "remove the rule, or begin the file with `-D` to delete the old rules first".into()
        }
        (Errno::EPERM, _) => {
            "run as root; rules locked with `-e 2` cannot change until the next boot".into()
        }
        (Errno::EINVAL, _) if request == RefusedRequest::Control => {
            "correct the value; a newer kernel may accept it".into()
        }
        (Errno::EINVAL, _) => {
            "check the fields, operators and values; a newer kernel may accept them".into()
        }
        (Errno::ENOMEM, _) => "free memory and try again".into(),
        _ => "read the kernel log (`dmesg`), and try the line alone".into(),
    }
}
