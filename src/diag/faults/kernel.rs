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
    WouldBeRefused { reason: String, field: Option<&'static str> },
}

/// The kind of a refused request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedRequest {
    /// Adding a rule.
    Add,
    /// Deleting a rule, or a control request.
    Other,
}

impl KernelFault {
    pub(super) fn describe(&self) -> Description<'_> {
        match self {
            Self::Refused { errno, request, path } => {
                Description::new(Code::Refused, refused(*errno, *request), None)
                    .label("refused by the kernel")
                    .help_from(|| refused_help(*errno, *request, path.as_deref()))
            }
            Self::AfterLock => {
                Description::new(Code::AfterLock, "change of locked rules or settings", None)
                    .label("locked by an earlier `-e 2`")
                    .help("move `-e 2` to the last line")
            }
            Self::WouldBeRefused { reason, field } => {
                let field = field.map(|field| format!(" (`{field}`)")).unwrap_or_default();
                let title = format!("the kernel will refuse this rule: {reason}{field}");
                Description::new(Code::WouldBeRefused, title, None)
            }
        }
    }
}

fn refused(errno: Errno, request: RefusedRequest) -> String {
    let reason = errno;
    match (errno, request) {
        (Errno::EEXIST, _) => format!("the kernel already has this rule ({reason})"),
        (Errno::ENOENT, RefusedRequest::Add) => {
            format!("the path of the rule cannot be watched ({reason})")
        }
        (Errno::ENOENT, RefusedRequest::Other) => format!("the kernel has no such rule ({reason})"),
        _ => format!("the kernel refused the request: {reason}"),
    }
}

fn refused_help(errno: Errno, request: RefusedRequest, path: Option<&[u8]>) -> Option<String> {
    match (errno, path) {
        (Errno::ENOENT, Some(path)) if request == RefusedRequest::Add => {
            Some(format!("create {} and its directory, or remove the rule", quote(path)))
        }
        (Errno::EPERM, _) => {
            Some("run as root; rules locked with `-e 2` cannot change until the next boot".into())
        }
        (Errno::EINVAL, _) => {
            Some("check the fields, operators and values; a newer kernel may accept them".into())
        }
        (Errno::ENOMEM, _) => Some("free memory and try again".into()),
        _ => None,
    }
}
