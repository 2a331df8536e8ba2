//! Events: their notation, and decisions about events of which only some attributes are known.

mod known;
mod notation;
mod unknown;
