//! What kind an event is of: the filter list that judges it, the type of its record, or its operation of io_uring.

use super::Problem;
use super::value::Value;
use crate::catalog;
use crate::eval::Kind;

/// The names of the filter lists in an event.
const LISTS: [&str; 6] = ["exit", "task", "user", "exclude", "filesystem", "io_uring"];

/// Sets the filter list that judges the event.
pub(super) fn with_list(kind: Kind, value: &Value<'_>) -> Result<Kind, Problem> {
    Ok(match (value.name().unwrap_or_default(), kind) {
        (b"exit", _) => Kind::Syscall,
        (b"task", _) => Kind::Task,
        (b"user", Kind::User(record) | Kind::Record(record)) => Kind::User(record),
        (b"user", _) => Kind::User(None),
        (b"exclude", Kind::User(record) | Kind::Record(record)) => Kind::Record(record),
        (b"exclude", _) => Kind::Record(None),
        (b"filesystem", _) => Kind::Filesystem,
        (b"io_uring", Kind::IoUring(operation)) => Kind::IoUring(operation),
        (b"io_uring", _) => Kind::IoUring(None),
        (name, _) => {
            return Err(Problem::new(format!(
                "list: no filter list is called `{}`",
                value.shown()
            ))
            .with_help(format!("write one of {}", LISTS.join(", ")))
            .suggesting(catalog::nearest(name, LISTS.into_iter())));
        }
    })
}

/// Sets the type of the record. Without a list before it, the exclude list judges the record.
pub(super) fn with_type(kind: Kind, value: &Value<'_>) -> Result<Kind, Problem> {
    let record = match value.name().and_then(catalog::msgtype_number) {
        Some(record) => record,
        None if value.as_number().is_some() => value.number("type")?,
        None => {
            let nearest = value.name().and_then(catalog::nearest_msgtype);
            return Err(Problem::new(format!(
                "type: no record type is called `{}`",
                value.shown()
            ))
            .suggesting(nearest));
        }
    };
    Ok(if matches!(kind, Kind::User(_)) {
        Kind::User(Some(record))
    } else {
        Kind::Record(Some(record))
    })
}

/// Sets the operation of io_uring.
pub(super) fn with_operation(_: Kind, value: &Value<'_>) -> Result<Kind, Problem> {
    let operation = match value.name().and_then(catalog::uring_op_number) {
        Some(operation) => operation,
        None if value.as_number().is_some() => value.number("op")?,
        None => {
            let nearest = value.name().and_then(catalog::nearest_uring_op);
            return Err(Problem::new(format!("op: no operation is called `{}`", value.shown()))
                .suggesting(nearest));
        }
    };
    Ok(Kind::IoUring(Some(operation)))
}
