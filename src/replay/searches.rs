//! The fields that are searched in the records of many events.

use std::sync::LazyLock;

use crate::ingest::Search;

/// A search that is prepared once.
pub(super) type Prepared = LazyLock<Search>;

pub(super) static ARCH: Prepared = LazyLock::new(|| Search::of(b"arch="));
pub(super) static SYSCALL: Prepared = LazyLock::new(|| Search::of(b" syscall="));
pub(super) static EXE: Prepared = LazyLock::new(|| Search::of(b" exe="));
pub(super) static AUID: Prepared = LazyLock::new(|| Search::of(b" auid="));
pub(super) static EXIT: Prepared = LazyLock::new(|| Search::of(b" exit="));
pub(super) static A0: Prepared = LazyLock::new(|| Search::of(b" a0="));
pub(super) static A1: Prepared = LazyLock::new(|| Search::of(b" a1="));
pub(super) static A2: Prepared = LazyLock::new(|| Search::of(b" a2="));
pub(super) static NAMETYPE: Prepared = LazyLock::new(|| Search::of(b" nametype="));
