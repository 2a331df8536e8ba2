//! auditctl's messages for refusals of the kernel.

use crate::diag::auditctl::{Channel, Message};
use crate::errno::Errno;
use crate::rule::{Control, Request};

/// The messages of `audit_number_to_errmsg` by their numbers; `@` is the name of the option.
const NUMBERED: [(i32, &str); 38] = [
    (1, "-F missing operation for @"),
    (2, "-F unknown field: @"),
    (3, "@ must be before -S"),
    (4, "@ machine type not found"),
    (5, "@ elf mapping not found"),
    (6, "@ requested bit level not supported by machine"),
    (7, "@ can only be used with exit filter list"),
    (8, "-F unknown message type - @"),
    (9, "msgtype field can only be used with exclude or user filter list"),
    (10, "Failed upgrading rule"),
    (11, "String value too long"),
    (12, "Only msgtype, *uid, *gid, pid, and subj* fields can be used with exclude filter"),
    (13, "@ only takes = or != operators"),
    (14, "Permission can only contain  'rwxa'"),
    (15, "-F unknown errno - @"),
    (16, "-F unknown file type -  @"),
    (17, "@ can only be used with exit and entry filter list"),
    (18, "@ "),
    (19, "Key field needs a watch, syscall or exe path given prior to it"),
    (20, "-F missing value after operation for @"),
    (21, "-F value should be number for @"),
    (22, "-F missing field name before operator for @"),
    (23, " @"),
    (24, "-C missing field name before operator for @"),
    (25, "-C missing value after operation for  @"),
    (26, "-C unknown field: @"),
    (27, "-C unknown right hand value for comparison with: @"),
    (28, "Too many fields in rule: @"),
    (29, "@ only takes = operator"),
    (30, "Field option not supported by kernel: @"),
    (31, "@ must be used with exclude, user, or exit filter"),
    (32, "filter is missing from rule"),
    (33, "-C incompatible comparison @"),
    (34, "@ field is not valid for the filter"),
    (35, "@ filter is not supported by the kernel"),
    (36, "file system type is unknown for field: @"),
    (37, "value is too large for field: @"),
    (39, "Error adding syscalls for perm filtering"),
];

/// Returns libaudit's message; `None` if it prints nothing.
pub(super) fn sending_error(control: &Control, errno: Errno) -> Option<String> {
    // libaudit takes a refused connection for a kernel without audit, and prints nothing.
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
    Some(format!("{what} ({errno})"))
}

/// Returns the second message for a refused reset: auditctl looks the errno up among the faults of rules, whose
/// numbers mean something else (`audit_number_to_errmsg`, libaudit.c).
pub(super) fn reset_error(control: &Control, errno: Errno) -> Option<Message> {
    let name = match control {
        Control::ResetLost => "reset-lost",
        Control::ResetBacklogWaitTimeActual => "reset_backlog_wait_time_actual",
        _ => return None,
    };
    let (_, text) = NUMBERED.iter().find(|(number, _)| *number == errno.number())?;
    Some(Message { channel: Channel::Stderr, text: text.replace('@', name).into() })
}

/// Returns the message for a refused rule; `verb` is `add` or `delete`.
pub(super) fn rule_refusal(verb: &str, errno: Errno) -> String {
    let reason = match errno {
        Errno::EEXIST => "Rule exists".to_owned(),
        _ => errno.to_string(),
    };
    format!("Error sending {verb} rule data request ({reason})")
}

/// Returns the message for a rule that was refused again, with its directory as a path.
pub(super) fn second_refusal(request: &Request, errno: Errno) -> String {
    match request {
        Request::Delete(_) if errno == Errno::ENOENT => {
            "Error sending delete rule request (No rule matches)".into()
        }
        Request::Delete(_) => {
            format!("Error sending delete rule data request ({errno})")
        }
        _ => rule_refusal("add", errno),
    }
}
