//! File system types: magic numbers.
//!
//! Generated from `grammar/vocab/fstypes.tsv` by `cargo xtask vocab`; edit the source instead.

/// Numbers by name, sorted by name.
pub(crate) static BY_NAME: &[(&str, u32)] = &[
    ("cgroup", 2613483),
    ("cgroup2", 1667723888),
    ("debugfs", 1684170528),
    ("tracefs", 1953653091),
];

/// Names by number, sorted by number.
pub(crate) static BY_NUMBER: &[(u32, &str)] = &[
    (2613483, "cgroup"),
    (1667723888, "cgroup2"),
    (1684170528, "debugfs"),
    (1953653091, "tracefs"),
];
