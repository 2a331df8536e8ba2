//! What auditctl says when the kernel refuses something.

use nix::errno::Errno;

use crate::diag::auditctl::{Message, message};
use crate::diag::{Bytes, Fault};
use crate::errno::words;
use crate::rule::{Control, Request};
use crate::syntax::Missing;

/// libaudit's message; `None` where it says nothing.
pub(super) fn sending_error(control: &Control, errno: Errno) -> Option<String> {
    // libaudit takes a refused connection for a kernel without audit, and keeps quiet.
    if errno == Errno::ECONNREFUSED {
        return None;
    }
    let what = match control {
        Control::Enabled(_) => "Error sending enable request",
        Control::Failure(_) => "Error sending failure mode request",
        Control::RateLimit(_) => "Error sending rate limit request",
        // The message for the wait time is the one for the limit, upstream too.
        Control::BacklogLimit(_) | Control::BacklogWaitTime(_) => {
            "Error sending backlog limit request"
        }
        Control::ResetLost => "Error sending lost reset request",
        Control::ResetBacklogWaitTimeActual => {
            "Error sending backlog wait time actual reset request"
        }
        Control::LoginuidImmutable => "Error setting feature",
        Control::Trim => "Error sending trim subtrees command",
        Control::MakeEquivalent { .. } => "Error sending make_equivalent command",
        Control::UserMessage(_) => return None,
    };
    Some(format!("{what} ({})", words(errno as i32)))
}

/// The second message for a refused reset: auditctl looks the errno up among the faults of rules,
/// whose numbers mean something else (`audit_number_to_errmsg`, libaudit.c). Those that a kernel
/// answers with are followed.
pub(super) fn reset_error(control: &Control, errno: Errno) -> Option<Message> {
    let name: Bytes = match control {
        Control::ResetLost => b"reset-lost".as_slice().into(),
        Control::ResetBacklogWaitTimeActual => b"reset_backlog_wait_time_actual".as_slice().into(),
        _ => return None,
    };
    message(&match errno {
        Errno::EPERM => Fault::MalformedField { text: name, missing: Missing::Operator },
        Errno::EAGAIN => Fault::TextTooLong { field: name },
        Errno::ENOMEM => Fault::ExcludeFields,
        Errno::EINVAL => Fault::MalformedField { text: name, missing: Missing::Field },
        _ => return None,
    })
}

/// The message for a refused rule; `verb` is `add` or `delete`.
pub(super) fn rule_refusal(verb: &str, errno: Errno) -> String {
    let reason = match errno {
        Errno::EEXIST => "Rule exists".to_owned(),
        _ => words(errno as i32),
    };
    format!("Error sending {verb} rule data request ({reason})")
}

/// The message for a rule that was refused again, with its directory taken for a path.
pub(super) fn second_refusal(request: &Request, errno: Errno) -> String {
    match request {
        Request::Delete(_) if errno == Errno::ENOENT => {
            "Error sending delete rule request (No rule matches)".into()
        }
        Request::Delete(_) => {
            format!("Error sending delete rule data request ({})", words(errno as i32))
        }
        _ => rule_refusal("add", errno),
    }
}
