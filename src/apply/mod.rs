//! Puts rules into a kernel: all of them, or none.
//!
//! | file | what |
//! |---|---|
//! | `session` | single requests, with a refusal as a diagnostic |
//! | `transaction` | lines loaded as one, rolled back after an error |
//! | `snapshot` | what a kernel held, and how to restore it |
//! | `tolerance` | what `-i` and `-c` forgive |
//!
//! Nothing is printed here: a [`Client`] receives the events.

mod session;
mod snapshot;
mod tolerance;
mod transaction;

pub use session::{DeleteError, Failure, Session, delete_all};
pub use snapshot::{RestoreError, Snapshot};
pub use tolerance::Tolerance;
pub use transaction::{Client, Event, Outcome, Unanswered, load};
