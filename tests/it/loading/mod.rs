//! Loading: all of a set or nothing, and a true report, also after faults.
//!
//! | file | what |
//! |---|---|
//! | `transaction` | loads into a kernel in memory |
//! | `changes` | planned changes with every single request refused, or its answer lost |
//! | `faults`, `faulty` | the same with every single request refused, or its answer lost |
//! | `socket` | planned changes through a real socket pair, whose datagrams are lost, repeated, late or cut off |
//! | `program` | `rauditctl -R` under a fake kernel: signals, two loads at once, lost answers |
//! | `applied` | `rauditctl plan` and `apply` under a fake kernel |
//! | `back` | the rules before a change: `--confirm`, `--keep` and `--undo` |
//! | `waiting` | the process that goes back: its signals, its end, and what it leaves |
//! | `sources` | messages about files without rules, or of another kind |
//! | `files` | the files that are read |

mod applied;
mod back;
mod changes;
mod faults;
mod faulty;
mod files;
mod hostile;
mod program;
mod socket;
mod sources;
mod transaction;
mod waiting;

use crate::golden::kernel::Kernel;

/// The types of requests that the fake kernel can be told to refuse (include/uapi/linux/audit.h).
const ADD: u16 = 1011;
const DELETE: u16 = 1012;
const SET: u16 = 1001;
const FEATURE: u16 = 1018;

trait Changes {
    /// The number of requests that change something in the last run.
    fn changes(&self) -> usize;
}

impl Changes for Kernel {
    fn changes(&self) -> usize {
        let is_change = |line: &&str| {
            let mut words = line.split('\t');
            words.next() == Some("REQ")
                && matches!(words.next(), Some("1001" | "1005" | "1011" | "1012" | "1014" | "1018"))
        };
        self.log().lines().filter(is_change).count()
    }
}
