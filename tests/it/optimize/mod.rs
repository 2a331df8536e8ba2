//! `rauditctl optimize`: the same records for less work.

mod command;
mod random;
mod steps;
