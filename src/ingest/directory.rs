//! Calls with names that are relative to a directory which is open, as in `openat(5, "name")`.

use super::fields::Value;
use super::searches::{A0, A1, A2, name_of_call};
use crate::catalog::argument::{Parameter, parameter};

/// `AT_FDCWD`: the directory of the process.
const CURRENT: u32 = 0xffff_ff9c;

/// Returns whether the relative names of a call begin in a directory that is open. The log does not hold which one.
/// `call` has the fields of the SYSCALL record.
pub(crate) fn is_of_descriptor(call: &[u8]) -> bool {
    let Some(name) = name_of_call(call) else { return false };
    [&A0, &A1, &A2].into_iter().zip(0..).any(|(field, argument)| {
        let is_directory = parameter(name, argument) == Some(Parameter::Number("directory"));
        // Programs write it with 32 or with 64 bits.
        let is_current = |value: Value<'_>| {
            value.based(16).is_some_and(|value| value & u64::from(u32::MAX) == u64::from(CURRENT))
        };
        is_directory && !field.find(call).is_some_and(is_current)
    })
}
