//! Events: their notation, and decisions about events of which only some attributes are known.

mod cases;
mod generated;
mod history;
mod known;
mod lists;
mod many;
mod notation;
mod unknown;
