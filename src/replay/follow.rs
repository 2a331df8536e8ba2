//! The table of a log that grows, again and again.

use std::time::Duration;

/// How often files are looked at.
const STEP: Duration = Duration::from_secs(1);

/// After how many looks a changed log is shown again: ten seconds.
const LOOKS: u32 = 10;

/// Why a wait has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The time is over.
    Time,
    /// The user wants an end.
    Stop,
}

/// Looks again and again until `wait` returns that the user wants an end. `look` reads what has come, and returns whether
/// something has; `show` shows it, at the beginning, every ten seconds if something has come, and at the end. Returns what
/// it has returned at the end.
///
/// # Errors
/// Those of `look` and `show`.
pub fn follow<S, T, E>(
    state: &mut S,
    mut wait: impl FnMut(Duration) -> Wake,
    mut look: impl FnMut(&mut S) -> Result<bool, E>,
    mut show: impl FnMut(&mut S, Wake) -> Result<T, E>,
) -> Result<T, E> {
    look(state)?;
    show(state, Wake::Time)?;
    let (mut looks, mut is_new) = (0, false);
    while wait(STEP) == Wake::Time {
        is_new |= look(state)?;
        looks += 1;
        if looks >= LOOKS {
            if is_new {
                show(state, Wake::Time)?;
            }
            (looks, is_new) = (0, false);
        }
    }
    look(state)?;
    show(state, Wake::Stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No clock: each wait ends at once, and an event can come in it.
    #[test]
    fn shows_a_change_every_ten_seconds_and_at_the_end() {
        let mut waits = 0;
        let mut grows = [3, 4, 25, 31].into_iter().peekable();
        let mut shown = Vec::new();
        let wait = |time: Duration| {
            waits += 1;
            assert_eq!(time, STEP);
            if waits == 33 { Wake::Stop } else { Wake::Time }
        };
        let mut looks = 0;
        let look = |state: &mut u32| {
            looks += 1;
            // The first look is before the first wait.
            if grows.next_if_eq(&(looks - 1)).is_some() {
                *state += 1;
                return Ok(true);
            }
            Ok(false)
        };
        let show = |state: &mut u32, wake| {
            shown.push((*state, wake));
            Ok::<(), ()>(())
        };
        follow(&mut 0, wait, look, show).unwrap();
        // At second 20 nothing has changed.
        let expected = [(0, Wake::Time), (2, Wake::Time), (3, Wake::Time), (4, Wake::Stop)];
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_error_ends_it() {
        let found = follow(&mut (), |_| Wake::Time, |()| Err("gone"), |(), _| Ok(()));
        assert_eq!(found, Err("gone"));
    }
}
