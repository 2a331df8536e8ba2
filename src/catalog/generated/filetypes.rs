//! File types: `S_IFMT` bits.
//!
//! Generated from `grammar/vocab/filetypes.tsv` by `cargo xtask vocab`; edit the source instead.

/// Numbers by name, sorted by name.
pub(crate) static BY_NAME: &[(&str, u32)] = &[
    ("block", 24576),
    ("character", 8192),
    ("dir", 16384),
    ("fifo", 4096),
    ("file", 32768),
    ("link", 40960),
    ("socket", 49152),
];

/// Names by number, sorted by number.
pub(crate) static BY_NUMBER: &[(u32, &str)] = &[
    (4096, "fifo"),
    (8192, "character"),
    (16384, "dir"),
    (24576, "block"),
    (32768, "file"),
    (40960, "link"),
    (49152, "socket"),
];
