//! Events: their notation, and decisions about events of which only some attributes are known.

mod cases;
mod known;
mod notation;
mod unknown;
