//! The rules that arm every syscall, and what to write instead.

use std::fmt::{self, Write};

use super::Layout;
use super::text::{count, rule_text};
use crate::analysis::{Advice, Arming, Cause, Remedy, narrowing};
use crate::rule::FilterList;

/// Pieces of advice that are given, unless all are wanted.
const MOST_ADVICE: usize = 5;

/// Writes the advice, worst rule first; nothing if no rule arms everything.
pub(super) fn write_advice(out: &mut dyn Write, arming: &Arming, layout: Layout) -> fmt::Result {
    let narrowing = narrowing(arming);
    let Arming { nr_syscalls, .. } = *arming;
    let total = narrowing.advice.len();
    if total == 0 {
        return Ok(());
    }
    let verb = if total == 1 { "arms" } else { "arm" };
    writeln!(out, "{} {verb} everything, worst first:", count(total, "rule"))?;
    let shown = if layout.is_whole { total } else { total.min(MOST_ADVICE) };
    for advice in narrowing.advice.iter().take(shown) {
        let what = cause_text(advice.cause);
        writeln!(out, "  {}: {what}", advice.origin)?;
        writeln!(out, "    {}", remedy_text(arming, advice))?;
        for rule in advice.remedy.iter().flat_map(|remedy| &remedy.rules) {
            writeln!(out, "      {}", rule_text(rule, arming.arch))?;
        }
    }
    if shown < total {
        writeln!(out, "  and {} more: all with --view advice", total - shown)?;
    }
    let left = narrowing.without_remedy();
    let but = match left {
        0 => String::new(),
        1 => ", but for the one that has to name its syscalls".to_owned(),
        more => format!(", but for the {more} that have to name their syscalls"),
    };
    writeln!(out, "with all of this: {} of {nr_syscalls} armed{but}", narrowing.would_arm)
}

/// Why the rule arms everything.
pub(in crate::report) fn cause_text(cause: Cause) -> String {
    match cause {
        Cause::List(list) => {
            format!("on the {} list, and so the bitmap is not used", list.name())
        }
        Cause::NoArch => "a watch, or perm without arch: for all syscalls".to_owned(),
        Cause::LateArch => "arch behind perm, where it comes too late: for all syscalls".to_owned(),
        Cause::AllNamed => "-S all beside perm, which has syscalls of its own".to_owned(),
        Cause::NoSyscalls => "no -S, or -S all: for all syscalls".to_owned(),
    }
}

/// What can be done.
pub(in crate::report) fn remedy_text(arming: &Arming, advice: &Advice) -> String {
    let of = arming.nr_syscalls;
    match (&advice.remedy, advice.cause) {
        (Some(Remedy { arms, adds_perm: true, .. }), _) => format!(
            "name them with -S, or say with perm what is done to the file; for everything, {arms} of \
             {of} armed:"
        ),
        (Some(Remedy { arms, .. }), _) => format!("as syscall rules it arms {arms} of {of}:"),
        (None, Cause::List(list)) => {
            let armed = arming.counters.armed().count();
            format!("without {} {armed} of {of} would be armed", those(list))
        }
        (None, _) => "name the syscalls it is about with -S".to_owned(),
    }
}

fn those(list: FilterList) -> &'static str {
    match list {
        FilterList::Task => "task rules, which decide about whole programs,",
        FilterList::IoUring => "io_uring rules",
        _ => "such rules",
    }
}
