//! Faster deletions: the kernel waits less for the CPUs that may still use a list.

use std::fs;

use crate::cli::report::Voice;

/// The switch of the kernel (Documentation/admin-guide/kernel-parameters.txt, `rcupdate.rcu_expedited`).
const SWITCH: &str = "/sys/kernel/rcu_expedited";

/// Holds the switch on; puts it back when it ends.
pub(super) struct Expedited {
    before: String,
}

impl Expedited {
    /// Switches it on.
    pub(super) fn start(voice: Voice) -> Option<Self> {
        let before = fs::read_to_string(SWITCH).ok()?;
        match fs::write(SWITCH, "1") {
            Ok(()) => Some(Expedited { before }),
            Err(error) => {
                voice.note(format_args!(
                    "`{SWITCH}` cannot be set ({error}): deleting takes as long as usual"
                ));
                None
            }
        }
    }
}

impl Drop for Expedited {
    fn drop(&mut self) {
        let _ = fs::write(SWITCH, self.before.trim());
    }
}
