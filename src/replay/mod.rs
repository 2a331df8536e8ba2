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
//! | `top` | the most frequent of many values |
//! | `memo` | what is the same for all events of a shape |
//! | `table` | events and bytes by maker |
//! | `outcome` | what other rules would do with an event |
//! | `against` | events and bytes by maker and outcome |
//! | `suggest` | rules that would silence what fills the log |

mod against;
mod maker;
mod memo;
mod outcome;
mod shape;
pub mod suggest;
mod table;
mod top;

pub use against::{Against, Cell, Example};
pub use maker::{Maker, Makers};
pub use outcome::{Fate, Outcome, Outcomes};
pub use table::{Log, Row, Table};
pub use top::Top;
