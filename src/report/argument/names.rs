//! Names that only the system knows.

use std::fmt::Debug;

/// The system's names for numbers in arguments.
pub trait Names: Debug {
    /// Returns the name of the user with this number.
    fn user(&self, number: u32) -> Option<Vec<u8>>;

    /// Returns the name of the group with this number.
    fn group(&self, number: u32) -> Option<Vec<u8>>;

    /// Returns the name of the Internet protocol with this number, as in `/etc/protocols`.
    fn protocol(&self, number: u32) -> Option<Vec<u8>>;

    /// Returns the name of the account that this number stands for in a rule, if the real number is unknown.
    fn placeholder(&self, number: u32) -> Option<&[u8]> {
        let _ = number;
        None
    }
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
