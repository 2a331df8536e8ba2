//! Which rule made which events of a log.
//!
//! ```text
//! Group ──shape──▶ known? ──described──▶ Evaluator ──▶ Maker ──▶ Table
//! ```
//!
//! | file | what |
//! |---|---|
//! | `maker` | the rule that made an event, by what the rules decide and what the record shows |
//! | `alone` | the rules with the same keys, without all others |
//! | `shape` | what of an event the rules look at: events of one shape have one maker |
//! | `coded` | how a shape is written |
//! | `elsewhere` | names that no rule is about |
//! | `paths` | the path that an event is about |
//! | `by` | the values that rows can be by |
//! | `rows` | events and bytes by row |
//! | `log` | what a log holds |
//! | `repeats` | events that the log has twice |
//! | `growing` | a log that grows: what is new in its files |
//! | `follow` | its table, again and again |
//! | `retention` | what auditd.conf keeps |
//! | `top` | the most frequent of many values |
//! | `volume` | bytes over time |
//! | `timeline` | the part of a log that a chart over time shows |
//! | `window` | the time of the events that count |
//! | `memo` | what is the same for all events of a shape |
//! | `arches` | the archs of the calls of a log |
//! | `table` | the table: a log, counted by row |
//! | `threads` | two threads that read and count |
//! | `outcome` | what other rules would do with an event |
//! | `deduced` | what it follows from that the old rules made an event |
//! | `against` | events and bytes by maker and outcome |
//! | `kept` | what other rules would keep |
//! | `suggest` | rules that would silence what fills the log |

mod against;
mod alone;
mod arches;
mod by;
mod coded;
mod deduced;
mod elsewhere;
mod follow;
mod growing;
mod kept;
mod log;
mod maker;
mod memo;
mod outcome;
mod paths;
mod repeats;
mod retention;
mod rows;
mod shape;
pub mod suggest;
mod table;
mod threads;
mod timeline;
mod top;
mod volume;
mod window;

pub use against::{Against, Cell, Example, Volumes};
pub use arches::Foreign;
pub use by::{By, call_name, keys_of};
pub use follow::{Wake, follow};
pub use growing::{Growing, Look};
pub use kept::Kept;
pub use log::{LEAST_DAY, LeftOut, Log};
pub use maker::{Maker, Makers};
pub use outcome::{Fate, Outcome, Outcomes};
pub use retention::{ConfFault, LimitAction, Retention, UnknownName, unknown_names};
pub use rows::{Row, Total};
pub use table::{Of, Table};
pub use threads::Threads;
pub use timeline::{Apart, Timeline};
pub use top::Top;
pub use volume::{Volume, Width};
pub use window::{Side, Window};
