//! Work on many values with all processors.

use std::num::NonZero;
use std::thread::{available_parallelism, scope};

/// Maximum number of threads: more would wait for memory.
const MOST_THREADS: usize = 8;
/// Minimum number of values for each thread: fewer are done sooner than a thread starts.
const LEAST_VALUES: usize = 500;

/// Returns the result of `make` for each value, in order. Each thread calls `start` once and passes the result to `make`.
pub(super) fn map<T: Sync, R: Send, S>(
    values: &[T],
    start: impl Fn() -> S + Sync,
    make: impl Fn(&S, &T) -> R + Sync,
) -> Vec<R> {
    let of_part = |part: &[T]| {
        let state = start();
        part.iter().map(|value| make(&state, value)).collect::<Vec<R>>()
    };
    let threads = available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let size = values.len().div_ceil(threads).max(LEAST_VALUES);
    let mut parts = values.chunks(size);
    let first = parts.next().unwrap_or_default();
    scope(|scope| {
        let others = parts.map(|part| scope.spawn(|| of_part(part)));
        let others: Vec<_> = others.collect();
        let mut made = of_part(first);
        for other in others {
            match other.join() {
                Ok(more) => made.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::{LEAST_VALUES, MOST_THREADS, map};

    #[test]
    fn keeps_the_order() {
        for count in [0, 1, LEAST_VALUES, LEAST_VALUES + 1, LEAST_VALUES * (MOST_THREADS + 2)] {
            let values: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = values.iter().map(|value| value * 2).collect();
            assert_eq!(map(&values, || 2, |factor, value| value * factor), doubled);
        }
    }
}
