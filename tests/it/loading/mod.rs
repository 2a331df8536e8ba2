//! Loading: all of a set or nothing, and a true report, also after faults.
//!
//! | file | what |
//! |---|---|
//! | `transaction` | loads into a kernel in memory |
//! | `changes` | planned changes with every single request refused, or its answer lost |
//! | `faults`, `faulty` | the same with every single request refused, or its answer lost |
//! | `program` | `rauditctl -R` under a fake kernel: signals, two loads at once, lost answers |
//! | `applied` | `rauditctl plan` and `apply` under a fake kernel |
//! | `files` | the files that are read |

mod applied;
mod changes;
mod faults;
mod faulty;
mod files;
mod program;
mod transaction;
