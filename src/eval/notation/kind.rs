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
    let (number, nearest) = (catalog::msgtype_number, catalog::nearest_msgtype);
    let record = Some(named(value, "type", "record type", number, nearest)?);
    Ok(if matches!(kind, Kind::User(_)) { Kind::User(record) } else { Kind::Record(record) })
}

/// Returns the kind of an operation of io_uring.
pub(super) fn operation(value: &Value<'_>) -> Result<Kind, Problem> {
    let (number, nearest) = (catalog::uring_op_number, catalog::nearest_uring_op);
    Ok(Kind::IoUring(Some(named(value, "op", "operation", number, nearest)?)))
}

/// Returns the number of a name, or the number that stands for it. A message names the attribute, and what is named.
fn named(
    value: &Value<'_>,
    attribute: &str,
    what: &str,
    number: fn(&[u8]) -> Option<u32>,
    nearest: fn(&[u8]) -> Option<&'static str>,
) -> Result<u32, Problem> {
    if let Some(number) = value.name().and_then(number) {
        return Ok(number);
    }
    if value.as_number().is_some() {
        return value.number(attribute);
    }
    let message = format!("{attribute}: no {what} is called `{}`", value.shown());
    Err(Problem::new(message).suggesting(value.name().and_then(nearest)))
}
