//! Whether a process still runs, although its number may be in use again.

use std::fs;

/// The fields of `/proc/PID/stat` after the name (proc_pid_stat(5)): the state, and the time of the start.
const STATE: usize = 0;
const START: usize = 19;

/// Returns when a process started, in clock ticks after the boot; `None` if it has ended. No two processes have the same
/// number and the same start.
pub(super) fn start_of(process: u32) -> Option<u64> {
    let stat = fs::read(format!("/proc/{process}/stat")).ok()?;
    // The name may contain anything, also spaces and brackets.
    let after_name = stat.iter().rposition(|byte| *byte == b')')? + 1;
    let text = str::from_utf8(stat.get(after_name..)?).ok()?;
    let fields: Vec<&str> = text.split_whitespace().collect();
    // A process that has ended stays in the list until its parent asks for its status.
    let has_ended = matches!(*fields.get(STATE)?, "Z" | "X" | "x");
    fields.get(START)?.parse().ok().filter(|_| !has_ended)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio, id};

    use super::*;

    #[test]
    fn knows_a_process_by_its_start() {
        let this = start_of(id()).unwrap();
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let start = start_of(child.id()).unwrap();
        assert!(start >= this);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(start_of(child.id()), None);
    }

    #[test]
    fn a_process_that_has_ended_does_not_run() {
        let mut child =
            Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = child.stdout.take().unwrap();
        child.kill().unwrap();
        // The end of its output comes with its own; its parent has not asked for the status yet.
        std::io::copy(&mut output, &mut std::io::sink()).unwrap();
        while start_of(child.id()).is_some() {
            std::thread::yield_now();
        }
        assert!(fs::exists(format!("/proc/{}", child.id())).unwrap());
        child.wait().unwrap();
    }
}
