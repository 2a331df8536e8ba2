//! Recorded answers of auditctl 4.2.2.
//!
//! Two sets: forty-odd cases in `fixtures/golden`, which a person can read, run through the library alone;
//! and the 1614 recorded runs in `tests/recorded`, run through the program under an in-process kernel.

mod case;
pub(crate) mod kernel;
mod listings;
mod own;
mod recorded;
pub(crate) mod records;
mod refusing;
