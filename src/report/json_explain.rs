//! `--explain-bitmap` as JSON. Field names are stable; new ones may be added.

use std::rc::Rc;

use serde::{Serialize, Serializer};

use super::explain_reason::{bitmap_reason, stock_reason};
use crate::analysis::{ArmedSyscall, Arming, RuleGroup};
use crate::model::Refusal;

/// The explanation of one target.
#[derive(Debug, Serialize)]
pub struct Explanation<'a> {
    arch: &'static str,
    nr_syscalls: u32,
    counters: Counters,
    stock: Stock,
    bitmap: Bitmap<'a>,
    refused: Vec<Refused>,
}

/// What the kernel counts.
#[derive(Debug, Serialize)]
struct Counters {
    n_rules: u32,
    n_syscall_rules: u32,
}

/// A kernel without the bitmap.
#[derive(Debug, Serialize)]
struct Stock {
    armed: bool,
    reason: String,
}

/// A kernel with the bitmap. `syscalls` are those with a count; when `armed_count` is greater, the
/// kernel does not use the bitmap, and `reason` says why.
#[derive(Debug, Serialize)]
struct Bitmap<'a> {
    armed_count: usize,
    reason: String,
    syscalls: Vec<Syscall<'a>>,
}

/// A syscall number with a count.
#[derive(Debug, Serialize)]
struct Syscall<'a> {
    nr: u32,
    name: Option<&'static str>,
    compat_name: Option<&'static str>,
    rules: usize,
    #[serde(rename = "where")]
    places: Places<'a>,
}

/// A rule that the kernel refused, and that is not counted.
#[derive(Debug, Serialize)]
struct Refused {
    #[serde(rename = "where")]
    place: String,
    errno: i32,
    reason: String,
}

impl<'a> Explanation<'a> {
    /// What `arming` found.
    pub fn new(arming: &'a Arming) -> Self {
        let texts: Rc<[String]> = arming.loads().map(|origin| origin.to_string()).collect();
        let syscalls = arming.bitmap.syscalls.iter();
        let refused = |(origin, refusal): &(_, Refusal)| Refused {
            place: format!("{origin}"),
            errno: refusal.errno(),
            reason: refusal.to_string(),
        };
        Explanation {
            arch: arming.arch.common_name(),
            nr_syscalls: arming.nr_syscalls,
            counters: Counters {
                n_rules: arming.counters.n_rules(),
                n_syscall_rules: arming.counters.n_syscall_rules(),
            },
            stock: Stock { armed: arming.stock.armed, reason: stock_reason(arming) },
            bitmap: Bitmap {
                armed_count: arming.bitmap.armed_count,
                reason: bitmap_reason(arming),
                syscalls: syscalls.map(|one| syscall(one, &texts)).collect(),
            },
            refused: arming.refused.iter().map(refused).collect(),
        }
    }
}

fn syscall<'a>(syscall: &'a ArmedSyscall, texts: &Rc<[String]>) -> Syscall<'a> {
    Syscall {
        nr: syscall.nr,
        name: syscall.name,
        compat_name: syscall.compat_name,
        rules: syscall.rules.members().len(),
        places: Places { group: &syscall.rules, texts: Rc::clone(texts) },
    }
}

/// Where the rules of a group were written, as `file:line`. The texts are made once for all groups:
/// a thousand rules may stand at each of hundreds of syscalls.
#[derive(Debug)]
struct Places<'a> {
    group: &'a RuleGroup,
    /// By load.
    texts: Rc<[String]>,
}

impl Serialize for Places<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = self.group.members().iter();
        serializer.collect_seq(members.filter_map(|&load| self.texts.get(load)))
    }
}
