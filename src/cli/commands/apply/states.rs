//! `--undo --list`: the states that `--undo` goes back to, one after the other.

use super::pending::last_ending;
use super::store::History;
use crate::cli::args::Format;
use crate::cli::commands::output;
use crate::cli::exit::{Exit, Stop};
use crate::cli::running;
use crate::report::plan::{States, UnusableState, write_states};
use crate::report::write_json;

/// Lists the states. The kernel is not asked. There is no answer if `--undo` could not go back to the first.
pub(super) fn list(format: Format) -> Result<Exit, Stop> {
    let (mut kept, mut unusable) = (Vec::new(), Vec::new());
    for (number, (path, found)) in (1..).zip(History::open().all()) {
        match found {
            Ok(state) => kept.push(state),
            Err(error) => {
                let file = path.display().to_string();
                unusable.push(UnusableState { number, file, reason: error.reason().to_owned() });
            }
        }
    }
    let states = States::new(&kept, running::boot_id().as_deref());
    let states = States { unusable, last_confirm: last_ending(), ..states };
    output::write(None, |out| match format {
        Format::Json => write_json(out, &states),
        Format::Text => output::write_text(out, |text| write_states(text, &states)),
    })?;
    Ok(if states.can_go_back() || states.is_empty() { Exit::Done } else { Exit::Unanswered })
}
