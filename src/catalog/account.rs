//! Numbers that stand for accounts whose real numbers are unknown.

/// The first number for an unknown account; real accounts rarely have numbers this high.
pub const FIRST_MADE_UP_ACCOUNT: u32 = 0xf000_0000;

/// Returns whether this number of a user or group may be made up: it then stands for an account that is unknown here.
pub fn may_be_made_up(number: u32) -> bool {
    (FIRST_MADE_UP_ACCOUNT..u32::MAX).contains(&number)
}
