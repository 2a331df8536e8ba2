//! `--undo --list`: the states that `--undo` goes back to, one after the other.

use super::pending::last_ending;
use super::store::History;
use crate::cli::args::Format;
use crate::cli::commands::output;
use crate::cli::exit::{Exit, Stop};
use crate::cli::running;
use crate::report::plan::{States, write_states};
use crate::report::write_json;

/// Lists the states. The kernel is not asked.
pub(super) fn list(format: Format) -> Result<Exit, Stop> {
    let states = States::new(&History::open().all()?, running::boot_id().as_deref());
    let states = States { last_confirm: last_ending(), ..states };
    output::write(None, |out| match format {
        Format::Json => write_json(out, &states),
        Format::Text => output::write_text(out, |text| write_states(text, &states)),
    })?;
    Ok(Exit::Done)
}
