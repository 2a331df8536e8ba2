//! `rauditctl optimize`: the same records for less work.

mod command;
mod priced;
mod random;
mod steps;
