//! The fields that are searched in the records of many events.

use std::sync::LazyLock;

use super::fields::Search;

/// A search that is prepared once.
pub(crate) type Prepared = LazyLock<Search>;

pub(crate) static ARCH: Prepared = LazyLock::new(|| Search::of(b"arch="));
pub(crate) static SYSCALL: Prepared = LazyLock::new(|| Search::of(b" syscall="));
pub(crate) static EXE: Prepared = LazyLock::new(|| Search::of(b" exe="));
pub(crate) static AUID: Prepared = LazyLock::new(|| Search::of(b" auid="));
pub(crate) static EXIT: Prepared = LazyLock::new(|| Search::of(b" exit="));
pub(crate) static A0: Prepared = LazyLock::new(|| Search::of(b" a0="));
pub(crate) static A1: Prepared = LazyLock::new(|| Search::of(b" a1="));
pub(crate) static A2: Prepared = LazyLock::new(|| Search::of(b" a2="));
pub(crate) static NAME: Prepared = LazyLock::new(|| Search::of(b" name="));
pub(crate) static NAMETYPE: Prepared = LazyLock::new(|| Search::of(b" nametype="));
