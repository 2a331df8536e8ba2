//! Rule sets: rules files, compiled line by line for one machine, with the place of every rule.
//!
//! | file | what |
//! |---|---|
//! | `set` | files and their lines, in the order in which they are loaded |
//! | `line_checker` | compiles lines in order, and checks locking, tolerance and the kernel's refusals |
//! | `checked` | a set with all of its lines compiled, and the faults in them |
//! | `compiled` | a set compiled for one machine |
//! | `final_rules` | the final rule list after all adds and deletes, in the kernel's order |
//! | `wanted` | the rules and settings that a set describes |

mod checked;
mod compiled;
#[cfg(feature = "lint")]
mod directories;
mod final_rules;
mod line_checker;
mod set;
mod wanted;

pub use checked::CheckedSet;
pub use compiled::{CompiledLine, CompiledSet, LoadedRule};
pub use line_checker::{CheckedLine, LineChecker, Sent};
pub use set::{FileSpan, Input, Line, LineId, RuleFile, RuleSet};
pub use wanted::{Besides, Wanted};
