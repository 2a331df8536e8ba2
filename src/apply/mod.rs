//! Puts rules into a kernel: all of them, or none.
//!
//! | file | what |
//! |---|---|
//! | `session` | single requests, with a refusal as a diagnostic |
//! | `client` | the caller of a load: its questions and events |
//! | `transaction` | lines loaded as one, rolled back after an error |
//! | `change` | a plan carried out, rolled back after an error |
//! | `held` | whether the kernel already holds what lines would load |
//! | `permanent` | requests that cannot be undone |
//! | `snapshot` | what a kernel held, and how to restore it |
//! | `difference` | what a kernel lacks after it was restored |
//! | `expected` | what a kernel holds if it does what it answers |
//! | `tolerance` | what `-i` and `-c` forgive |
//!
//! Nothing is printed here, and nothing is known of processes: a [`Client`] receives the events.

mod change;
mod client;
mod difference;
mod expected;
mod held;
mod permanent;
mod session;
mod snapshot;
mod tolerance;
mod transaction;

pub use change::{
    Applied, Change, Observer, Progress, Refused, carry_out, make_permanent, refusal,
};
pub use client::{Client, Event, Outcome, Unanswered};
pub use difference::{Difference, NotHeld, Unrestored};
pub use session::{DeleteError, Failure, Session, delete_all};
pub use snapshot::{RestoreError, Snapshot};
pub use tolerance::Tolerance;
pub use transaction::load;

/// Returns a rule for one syscall.
#[cfg(test)]
fn rule_for(number: u32) -> crate::rule::Rule {
    use crate::rule::{Action, FilterList, Rule};

    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    assert!(rule.mask.insert(number));
    rule
}
