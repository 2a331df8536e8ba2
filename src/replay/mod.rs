//! Which rule made which events of a log.
//!
//! ```text
//! Group ──shape──▶ known? ──described──▶ Evaluator ──▶ Maker ──▶ Table
//! ```
//!
//! | file | what |
//! |---|---|
//! | `maker` | the rule that made an event, by what the rules decide and what the record shows |
//! | `shape` | what of an event the rules look at: events of one shape have one maker |
//! | `paths` | the path that an event is about |
//! | `by` | the values that rows can be by |
//! | `rows` | events and bytes by row |
//! | `log` | what a log holds |
//! | `repeats` | events that the log has twice |
//! | `growing` | a log that grows: what is new in its files |
//! | `follow` | its table, again and again |
//! | `retention` | what auditd.conf keeps |
//! | `top` | the most frequent of many values |
//! | `window` | the time of the events that count |
//! | `table` | the table: a log, counted by row |

mod by;
mod follow;
mod growing;
mod log;
mod maker;
mod paths;
mod repeats;
mod retention;
mod rows;
mod shape;
mod table;
mod top;
mod window;

pub use by::{By, call_name, keys_of};
pub use follow::{Wake, follow};
pub use growing::{Growing, Look};
pub use log::{LeftOut, Log};
pub use maker::{Maker, Makers};
pub use retention::{ConfFault, LimitAction, Retention};
pub use rows::{Row, Total};
pub use table::{Of, Table};
pub use top::Top;
pub use window::{Side, Window};
