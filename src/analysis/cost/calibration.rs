//! What was measured on a real kernel, and what follows from it.
//!
//! `cargo bench --bench guest` measures in a guest whose clock counts instructions, and writes
//! `data/calibration`, of which this build has a copy in it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The calibration that comes with this build.
const OWN: &str = include_str!("../../../data/calibration/linux-6.1-debian.json");

/// Measured points of one kernel, with the coefficients that follow from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The kernel, as `uname -r` says it.
    pub kernel: String,
    /// The command that measured it.
    pub command: String,
    /// What an estimate is made with.
    pub coefficients: Coefficients,
    /// What was measured.
    pub points: Vec<Point>,
}

/// Instructions for each thing that happens to an armed call which no rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coefficients {
    /// For being armed, with no rule to test.
    pub armed: f64,
    /// For each path that the call looks up, whose name is collected.
    pub path: f64,
    /// For each rule that does not have the syscall in its mask.
    pub mask_misses: f64,
    /// For each rule that has, and whose first field does not hold.
    pub field_misses: f64,
    /// For each further field that is compared.
    pub field: f64,
    /// For each of all fields compared that is a `perm`, in addition.
    pub perm: f64,
    /// For each rule kept by inode that is tested for a path, and does not match.
    pub inode_rule: f64,
}

/// The mean of many calls, in instructions, with some rules loaded.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Which.
    pub rules: Rules,
    /// How many.
    pub count: u32,
    /// A getpid, which looks up no path.
    pub getpid: f64,
    /// A stat, which looks up one.
    pub stat: f64,
}

/// The rules of a point. None matches a call that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rules {
    /// None, and auditing was never switched on.
    NeverEnabled,
    /// None.
    None,
    /// Rules for another syscall.
    MaskMisses,
    /// Rules for the syscall, whose only field does not hold.
    FirstFieldMisses,
    /// Whose first field holds, and whose second does not.
    SecondFieldMisses,
    /// Whose first two fields hold, and whose third does not.
    ThirdFieldMisses,
    /// Whose `arch` holds, and whose `perm` then does not.
    PermMisses,
    /// Rules by inode, all on the list of the file that is looked at, and for other files.
    Inode,
    /// Watches of other files.
    Path,
    /// Watches of other directories.
    Dir,
}

/// A file that is no calibration.
#[derive(Debug, Error)]
#[error("this is no calibration: {0}")]
pub struct BadCalibration(#[from] serde_json::Error);

impl Rules {
    const ALL: [Rules; 10] = [
        Rules::NeverEnabled,
        Rules::None,
        Rules::MaskMisses,
        Rules::FirstFieldMisses,
        Rules::SecondFieldMisses,
        Rules::ThirdFieldMisses,
        Rules::PermMisses,
        Rules::Inode,
        Rules::Path,
        Rules::Dir,
    ];

    /// As it is written in the file.
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
            Rules::Path => "path",
            Rules::Dir => "dir",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rules| rules.name() == name)
    }
}

impl Calibration {
    /// The one that comes with this build.
    ///
    /// # Errors
    /// [`BadCalibration`], if this build is broken.
    pub fn own() -> Result<Self, BadCalibration> {
        Self::from_json(OWN)
    }

    /// The calibration that a file has.
    ///
    /// # Errors
    /// [`BadCalibration`] if it has none.
    pub fn from_json(text: &str) -> Result<Self, BadCalibration> {
        Ok(serde_json::from_str(text)?)
    }

    /// As it is written to a file.
    ///
    /// # Errors
    /// None is known.
    pub fn to_json(&self) -> Result<String, BadCalibration> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// The point with so many of these rules.
    pub fn point(&self, rules: Rules, count: u32) -> Option<&Point> {
        find(&self.points, rules, count)
    }
}

impl Coefficients {
    /// What follows from these points; `None` if one that is needed is missing.
    pub fn of(points: &[Point]) -> Option<Self> {
        let getpid = |rules, count| Some(find(points, rules, count)?.getpid);
        let stat = |rules, count| Some(find(points, rules, count)?.stat);
        let unarmed = getpid(Rules::None, 0)?;
        let one = getpid(Rules::MaskMisses, 1)?;
        let mask_misses = (getpid(Rules::MaskMisses, 400)? - one) / 399.0;
        let armed = one - unarmed - mask_misses;
        let path = stat(Rules::MaskMisses, 1)? - stat(Rules::None, 0)? - mask_misses - armed;
        let hundred = |rules| Some((getpid(rules, 100)? - unarmed - armed) / 100.0);
        let field_misses = hundred(Rules::FirstFieldMisses)?;
        let field = (hundred(Rules::ThirdFieldMisses)? - field_misses) / 2.0;
        let perm = hundred(Rules::PermMisses)? - field_misses - field;
        let inode_rule = (stat(Rules::Inode, 100)? - stat(Rules::Inode, 1)?) / 99.0;
        let rounded = |number: f64| (number * 10.0).round() / 10.0;
        Some(Coefficients {
            armed: rounded(armed),
            path: rounded(path),
            mask_misses: rounded(mask_misses),
            field_misses: rounded(field_misses),
            field: rounded(field),
            perm: rounded(perm),
            inode_rule: rounded(inode_rule),
        })
    }
}

fn find(points: &[Point], rules: Rules, count: u32) -> Option<&Point> {
    points.iter().find(|point| point.rules == rules && point.count == count)
}
