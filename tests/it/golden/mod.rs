//! Recorded answers of auditctl 4.2.2.
//!
//! Two sets: forty-odd cases in `fixtures/golden`, written out so that a person can read them and run through
//! the library alone; and, where the whole collection of 1653 is at hand beside this folder, all of
//! them, run through the program under a kernel that is played in user space.

mod case;
mod own;
mod recorded;
mod refusing;
