//! What other rules would keep of a log.

use std::collections::BTreeMap;

use super::against::Cell;
use super::by::keys_of;
use super::maker::Maker;
use super::outcome::{Fate, Outcome};
use super::rows::Total;
use super::table::Table;
use crate::catalog::record;

/// What other rules would keep of a log.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The events that they would keep, and their bytes, without records that are left out.
    pub all: Total,
    /// The same by the keys that the events would have.
    pub keys: BTreeMap<Vec<u8>, Total>,
    /// Events that they may keep: the log does not hold what decides.
    pub undecided: Total,
    /// The same by the keys that the events can have.
    pub undecided_keys: BTreeMap<Vec<u8>, Total>,
    /// Those that can have any key.
    pub undecided_under_any: Total,
    /// Whether keys of events that they would keep are unknown, in a log with very many.
    pub lacks_keys: bool,
}

impl Kept {
    /// Returns what is kept of a log; `None` if the table has not asked other rules.
    pub(super) fn of(table: &Table) -> Option<Self> {
        let mut kept = Kept::default();
        for (maker, outcome, cell) in table.against()?.cells() {
            kept.add(table, maker, outcome, cell);
        }
        Some(kept)
    }

    fn add(&mut self, table: &Table, maker: usize, outcome: &Outcome, cell: &Cell) {
        let bytes = cell.bytes.saturating_sub(cell.left_out);
        let total = Total { events: cell.events, bytes };
        match &outcome.fate {
            Fate::Dropped => {}
            Fate::Undecided { keys, .. } => {
                self.undecided.add(total);
                match keys {
                    Some(keys) => {
                        keys.iter().for_each(|key| add_key(&mut self.undecided_keys, key, total))
                    }
                    None => self.undecided_under_any.add(total),
                }
            }
            Fate::Kept => {
                self.all.add(total);
                // Without the record of the call, no record has the keys.
                let main = [record::SYSCALL, record::URINGOP];
                if main.iter().any(|main| outcome.without.contains(main)) {
                    return;
                }
                let makers = table.makers();
                self.lacks_keys |= makers.all().get(maker).is_some_and(Maker::lacks_keys);
                for key in makers.keys(maker).into_iter().flat_map(keys_of) {
                    add_key(&mut self.keys, key, total);
                }
            }
            Fate::Renamed { to, .. } => {
                self.all.add(total);
                to.iter().for_each(|key| add_key(&mut self.keys, key, total));
            }
        }
    }
}

fn add_key(keys: &mut BTreeMap<Vec<u8>, Total>, key: &[u8], total: Total) {
    keys.entry(key.to_vec()).or_default().add(total);
}
