//! Measurements of a real kernel, and the coefficients that follow from them.
//!
//! `cargo bench --bench guest` measures in a virtual machine whose clock counts instructions. It
//! writes `data/calibration`, from which `cargo xtask vocab` generates the built-in calibration.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};
#[cfg(feature = "serde")]
use thiserror::Error;

use super::built_in::MEASURED;
use crate::catalog::KernelVersion;

/// Measured points of one kernel, with the coefficients that follow from them.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
pub struct Calibration {
    /// The kernel, as `uname -r` prints it.
    pub kernel: String,
    /// The command that measured it.
    pub command: String,
    /// The coefficients of an estimate.
    pub coefficients: Coefficients,
    /// The measurements.
    pub points: Vec<Point>,
}

/// A built-in calibration.
pub(super) struct Measured {
    pub(super) version: KernelVersion,
    pub(super) kernel: &'static str,
    pub(super) command: &'static str,
    pub(super) coefficients: Coefficients,
    pub(super) points: &'static [Point],
}

/// Instructions for each part of the work for an armed call that no rule matches.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
pub struct Coefficients {
    /// For being armed, with no rule to test.
    pub armed: f64,
    /// For each path that the call looks up: the kernel collects its name.
    pub path: f64,
    /// For each rule without the syscall in its mask.
    pub mask_misses: f64,
    /// For each rule with the syscall in its mask, without its fields.
    pub mask_holds: f64,
    /// For each compared field that is none of those below.
    pub field: f64,
    /// For each compared `perm`.
    pub perm: f64,
    /// For each compared `dir` that does not hold, whether or not the call collected names.
    pub dir: f64,
    /// For each compared `path` or `inode` that does not hold.
    pub file: f64,
}

/// The mean instructions of many calls with some rules loaded.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
pub struct Point {
    /// The kind of rules.
    pub rules: Rules,
    /// The number of rules.
    pub count: u32,
    /// Instructions of a getpid, which looks up no path.
    pub getpid: f64,
    /// Instructions of a stat, which looks up one path.
    pub stat: f64,
}

/// The rules of a point. None matches a measured call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Rules {
    /// No rules, and auditing was never turned on.
    NeverEnabled,
    /// No rules.
    None,
    /// Rules for another syscall.
    MaskMisses,
    /// Rules for the syscall whose only field does not match.
    FirstFieldMisses,
    /// Rules whose first field matches and whose second does not.
    SecondFieldMisses,
    /// Rules whose first two fields match and whose third does not.
    ThirdFieldMisses,
    /// Rules whose `arch` matches and whose `perm` does not.
    PermMisses,
    /// Rules by inode for other files, all on the list of the measured file.
    Inode,
    /// The same for another syscall.
    InodeMaskMisses,
    /// The same with an `arch` before the `inode` that matches.
    InodeSecond,
    /// Watches of other files.
    Path,
    /// Rules whose first field is another directory.
    Dir,
    /// Rules whose `arch` matches, and whose second field is another directory.
    DirSecond,
    /// Rules whose `perm` does not match, before another directory.
    DirAfterPerm,
    /// Rules for the directory of the measured file, whose second field does not match.
    DirHolds,
    /// Rules whose first field is another directory, after one for the directory of the measured file.
    DirInTree,
}

/// The error for a file that is not a calibration.
#[cfg(feature = "serde")]
#[derive(Debug, Error)]
#[error("not a calibration: {0}")]
pub struct BadCalibration(#[from] serde_json::Error);

impl Rules {
    const ALL: [Rules; 16] = [
        Rules::NeverEnabled,
        Rules::None,
        Rules::MaskMisses,
        Rules::FirstFieldMisses,
        Rules::SecondFieldMisses,
        Rules::ThirdFieldMisses,
        Rules::PermMisses,
        Rules::Inode,
        Rules::InodeMaskMisses,
        Rules::InodeSecond,
        Rules::Path,
        Rules::Dir,
        Rules::DirSecond,
        Rules::DirAfterPerm,
        Rules::DirHolds,
        Rules::DirInTree,
    ];

    /// Returns the name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Rules::NeverEnabled => "never-enabled",
            Rules::None => "none",
            Rules::MaskMisses => "mask-misses",
            Rules::FirstFieldMisses => "first-field-misses",
            Rules::SecondFieldMisses => "second-field-misses",
            Rules::ThirdFieldMisses => "third-field-misses",
            Rules::PermMisses => "perm-misses",
            Rules::Inode => "inode",
            Rules::InodeMaskMisses => "inode-mask-misses",
            Rules::InodeSecond => "inode-second",
            Rules::Path => "path",
            Rules::Dir => "dir",
            Rules::DirSecond => "dir-second",
            Rules::DirAfterPerm => "dir-after-perm",
            Rules::DirHolds => "dir-holds",
            Rules::DirInTree => "dir-in-tree",
        }
    }

    /// Returns the rules with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rules| rules.name() == name)
    }
}

impl Calibration {
    /// Returns the built-in calibrations, that of the oldest kernel first.
    pub fn built_in() -> impl Iterator<Item = Self> {
        MEASURED.iter().map(Self::from)
    }

    /// Returns the built-in calibration for a kernel: that of the newest measured kernel that is not newer, or of the
    /// oldest measured kernel. `None` is the newest known kernel.
    ///
    /// ```
    /// use rauditctl::analysis::cost::Calibration;
    /// use rauditctl::catalog::KernelVersion;
    ///
    /// let calibration = Calibration::of_kernel(Some(KernelVersion::new(6, 6)));
    /// assert!(calibration.kernel.starts_with("6.1."));
    /// ```
    pub fn of_kernel(version: Option<KernelVersion>) -> Self {
        let is_newer =
            |measured: &Measured| version.is_some_and(|version| measured.version > version);
        let [oldest, newer @ ..] = &MEASURED;
        Self::from(newer.iter().rfind(|measured| !is_newer(measured)).unwrap_or(oldest))
    }

    /// Parses the text of a calibration file.
    ///
    /// # Errors
    /// [`BadCalibration`] if the text is not a calibration.
    #[cfg(feature = "serde")]
    pub fn from_json(text: &str) -> Result<Self, BadCalibration> {
        Ok(serde_json::from_str(text)?)
    }

    /// Returns the text of a calibration file.
    ///
    /// # Errors
    /// [`BadCalibration`] if a number cannot be written as JSON.
    #[cfg(feature = "serde")]
    pub fn to_json(&self) -> Result<String, BadCalibration> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the point with `count` of these rules.
    pub fn point(&self, rules: Rules, count: u32) -> Option<&Point> {
        find(&self.points, rules, count)
    }
}

impl From<&Measured> for Calibration {
    fn from(measured: &Measured) -> Self {
        Calibration {
            kernel: measured.kernel.to_owned(),
            command: measured.command.to_owned(),
            coefficients: measured.coefficients,
            points: measured.points.to_vec(),
        }
    }
}

impl Coefficients {
    /// Computes the coefficients from these points; `None` if a required point is missing.
    pub fn of(points: &[Point]) -> Option<Self> {
        let getpid = |rules, count| Some(find(points, rules, count)?.getpid);
        let stat = |rules, count| Some(find(points, rules, count)?.stat);
        let unarmed = getpid(Rules::None, 0)?;
        let one = getpid(Rules::MaskMisses, 1)?;
        let mask_misses = (getpid(Rules::MaskMisses, 400)? - one) / 399.0;
        let armed = one - unarmed - mask_misses;
        let path = stat(Rules::MaskMisses, 1)? - stat(Rules::None, 0)? - mask_misses - armed;
        let hundred = |rules| Some((getpid(rules, 100)? - unarmed - armed) / 100.0);
        let first_misses = hundred(Rules::FirstFieldMisses)?;
        let field = (hundred(Rules::ThirdFieldMisses)? - first_misses) / 2.0;
        let mask_holds = first_misses - field;
        let perm = hundred(Rules::PermMisses)? - first_misses;
        let dir = hundred(Rules::Dir)? - mask_holds;
        let by_inode = (stat(Rules::Inode, 100)? - stat(Rules::Inode, 1)?) / 99.0;
        let rounded = |number: f64| (number * 10.0).round() / 10.0;
        Some(Coefficients {
            armed: rounded(armed),
            path: rounded(path),
            mask_misses: rounded(mask_misses),
            mask_holds: rounded(mask_holds),
            field: rounded(field),
            perm: rounded(perm),
            dir: rounded(dir),
            file: rounded(by_inode - mask_holds),
        })
    }
}

fn find(points: &[Point], rules: Rules, count: u32) -> Option<&Point> {
    points.iter().find(|point| point.rules == rules && point.count == count)
}
