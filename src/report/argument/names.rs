//! What only the system can name.

use std::fmt::Debug;

/// Names of the system for numbers that stand in arguments.
pub trait Names: Debug {
    /// The name of the user with this number.
    fn user(&self, number: u32) -> Option<Vec<u8>>;

    /// The name of the group with this number.
    fn group(&self, number: u32) -> Option<Vec<u8>>;

    /// The name of the Internet protocol with this number, as in `/etc/protocols`.
    fn protocol(&self, number: u32) -> Option<Vec<u8>>;
}

/// A system without names.
#[derive(Clone, Copy, Debug)]
pub struct NoNames;

impl Names for NoNames {
    fn user(&self, _: u32) -> Option<Vec<u8>> {
        None
    }

    fn group(&self, _: u32) -> Option<Vec<u8>> {
        None
    }

    fn protocol(&self, _: u32) -> Option<Vec<u8>> {
        None
    }
}
