//! Logs: the lines of audit.log, and the events that they describe.
//!
//! ```text
//! bytes ──lines──▶ line ──record──▶ Record ──assembly──▶ Group ──event──▶ eval::Event, keys
//! ```
//!
//! | file | what |
//! |---|---|
//! | `lines` | the lines of a file, as long as they are complete and not too long |
//! | `record` | one line: type, time, serial number, fields |
//! | `records` | lines one after the other, of which those of an event have much in common |
//! | `fields` | the fields of a record |
//! | `layout` | where the fields of records are, without a search |
//! | `slots` | the fields whose places are kept |
//! | `bytes` | bytes that are read by eight |
//! | `searches` | the fields that are searched in the records of many events |
//! | `assembly` | events from records that come in any order |
//! | `group` | the records of an event |
//! | `directory` | whether names begin in a directory that is open |
//! | `event` | an event as the filters of the kernel see it |
//!
//! Any user can put bytes of his choice into some values: names of files, programs and keys. The kernel writes such a value
//! in quotes, or in hexadecimal digits if it has a quote, a space or a byte that is not ASCII
//! (`audit_log_n_untrustedstring`, kernel/audit.c), so no value can end a line or begin another field.

mod assembly;
mod bytes;
mod directory;
mod event;
mod fields;
mod group;
mod layout;
mod lines;
mod record;
mod records;
pub(crate) mod searches;
mod slots;

pub use assembly::Assembly;
pub(crate) use bytes::word_of;
pub(crate) use directory::may_be_of_descriptor;
pub use event::{Described, described, is_about_call, is_by_rules};
pub use fields::{Fields, Search, Value};
pub use group::{Group, Part};
pub use lines::{Lines, MOST_BYTES};
pub use record::{Fault, Record, Stamp, lost};
pub use records::Records;
