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
//! | `window` | the time of the events that count |
//! | `table` | events and bytes by maker |

mod maker;
mod shape;
mod table;
mod top;
mod window;

pub use maker::{Maker, Makers};
pub use table::{LeftOut, Log, Row, Table};
pub use top::Top;
pub use window::{Side, Window};
