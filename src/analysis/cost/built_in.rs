//! The built-in calibration.
//!
//! Generated from `data/calibration/linux-6.1-debian.json` by `cargo xtask vocab`; edit the source instead.

use super::calibration::{Coefficients, Point, Rules};

/// The kernel.
pub(super) const KERNEL: &str = "6.1.0-56-cloud-amd64";

/// The command that measured it.
pub(super) const COMMAND: &str = "cargo bench --bench guest -- --write";

/// The coefficients of an estimate.
pub(super) const COEFFICIENTS: Coefficients = Coefficients {
    armed: 339.1,
    field: 49.5,
    field_misses: 118.0,
    inode_rule: 112.1,
    mask_misses: 19.0,
    path: 870.5,
    perm: 50.5,
};

/// The measurements.
pub(super) const POINTS: &[Point] = &[
    Point { rules: Rules::NeverEnabled, count: 0, getpid: 313.6, stat: 7286.5 },
    Point { rules: Rules::None, count: 0, getpid: 479.1, stat: 7458.0 },
    Point { rules: Rules::MaskMisses, count: 1, getpid: 837.2, stat: 8686.6 },
    Point { rules: Rules::MaskMisses, count: 10, getpid: 1007.8, stat: 8858.1 },
    Point { rules: Rules::MaskMisses, count: 50, getpid: 1766.7, stat: 9618.6 },
    Point { rules: Rules::MaskMisses, count: 100, getpid: 2717.0, stat: 10568.7 },
    Point { rules: Rules::MaskMisses, count: 200, getpid: 4616.4, stat: 12470.1 },
    Point { rules: Rules::MaskMisses, count: 400, getpid: 8419.3, stat: 16272.6 },
    Point { rules: Rules::FirstFieldMisses, count: 1, getpid: 936.0, stat: 8785.6 },
    Point { rules: Rules::FirstFieldMisses, count: 10, getpid: 1994.9, stat: 9848.7 },
    Point { rules: Rules::FirstFieldMisses, count: 50, getpid: 6717.3, stat: 14571.6 },
    Point { rules: Rules::FirstFieldMisses, count: 100, getpid: 12621.9, stat: 20476.1 },
    Point { rules: Rules::SecondFieldMisses, count: 100, getpid: 17424.4, stat: 25278.6 },
    Point { rules: Rules::ThirdFieldMisses, count: 100, getpid: 22528.1, stat: 30383.2 },
    Point { rules: Rules::PermMisses, count: 100, getpid: 22628.3, stat: 30482.2 },
    Point { rules: Rules::Inode, count: 1, getpid: 817.3, stat: 8778.7 },
    Point { rules: Rules::Inode, count: 100, getpid: 814.8, stat: 19873.6 },
    Point { rules: Rules::Path, count: 1, getpid: 815.4, stat: 8667.4 },
    Point { rules: Rules::Path, count: 10, getpid: 815.1, stat: 8662.0 },
    Point { rules: Rules::Path, count: 100, getpid: 815.0, stat: 8980.1 },
    Point { rules: Rules::Path, count: 400, getpid: 815.5, stat: 9922.8 },
    Point { rules: Rules::Dir, count: 1, getpid: 921.9, stat: 8770.1 },
    Point { rules: Rules::Dir, count: 10, getpid: 1859.0, stat: 9709.3 },
    Point { rules: Rules::Dir, count: 100, getpid: 11220.2, stat: 19072.9 },
    Point { rules: Rules::Dir, count: 400, getpid: 42440.9, stat: 50293.4 },
];
