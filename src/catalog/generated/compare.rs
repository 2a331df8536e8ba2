//! Comparisons of two fields.
//!
//! Generated from `grammar/vocab/compare.tsv` by `cargo xtask vocab`; edit the source instead.

/// Number and fields, sorted by number.
pub(crate) static PAIRS: &[(u32, &str, &str)] = &[
    (1, "uid", "obj_uid"),
    (2, "gid", "obj_gid"),
    (3, "euid", "obj_uid"),
    (4, "egid", "obj_gid"),
    (5, "auid", "obj_uid"),
    (6, "suid", "obj_uid"),
    (7, "sgid", "obj_gid"),
    (8, "fsuid", "obj_uid"),
    (9, "fsgid", "obj_gid"),
    (10, "uid", "auid"),
    (11, "uid", "euid"),
    (12, "uid", "fsuid"),
    (13, "uid", "suid"),
    (14, "auid", "fsuid"),
    (15, "auid", "suid"),
    (16, "auid", "euid"),
    (17, "euid", "suid"),
    (18, "euid", "fsuid"),
    (19, "suid", "fsuid"),
    (20, "gid", "egid"),
    (21, "gid", "fsgid"),
    (22, "gid", "sgid"),
    (23, "egid", "fsgid"),
    (24, "egid", "sgid"),
    (25, "sgid", "fsgid"),
];
