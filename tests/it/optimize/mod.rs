//! `rauditctl optimize`: the same records for less work.

mod check;
mod command;
mod comments;
mod listing;
mod priced;
mod random;
mod steps;
mod workload;
