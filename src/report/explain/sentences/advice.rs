//! Why a rule arms every syscall, and what to write instead.

use super::count;
use crate::analysis::{Advice, Arming, Cause, Narrowing, Remedy};
use crate::rule::FilterList;

/// Returns why the rule arms every syscall.
pub(in crate::report::explain) fn cause_text(cause: Cause) -> String {
    let mask = match cause {
        Cause::List(list) => {
            return format!("it is on the {} list, so the bitmap is not used", list.name());
        }
        Cause::Watch => "a watch",
        Cause::NoArch => "perm without arch",
        Cause::LateArch => "arch comes after perm, too late to select the syscalls",
        Cause::AllNamed => "it has -S all, or its permissions are in -p instead of -F perm=",
        Cause::NoSyscalls => "no -S, or -S all",
    };
    format!("{mask}: its mask has every syscall")
}

/// Returns what to do about the rule.
pub(in crate::report::explain) fn remedy_text(arming: &Arming, advice: &Advice) -> String {
    let of = arming.nr_syscalls;
    let walk = match advice.added_to_walk() {
        0 => String::new(),
        more => format!("; a stock kernel then walks {} more", count(more, "rule")),
    };
    match (&advice.remedy, advice.cause) {
        (Some(Remedy { arms, rules, .. }), _) if rules.is_empty() => format!(
            "written as syscall rules, with dir= if the path is a directory and path= if it is a file, it arms {arms} \
             of {of} with the bitmap; the path is not on this machine"
        ),
        (Some(Remedy { arms, adds_perm: true, .. }), _) => format!(
            "list its syscalls with -S, or the kinds of access with perm; with every kind of access \
             it arms {arms} of {of} with the bitmap{walk}:"
        ),
        (Some(Remedy { arms, .. }), cause) => {
            let written = match cause {
                Cause::Watch => "written as syscall rules",
                Cause::AllNamed => "with -F perm= after arch, and without -S all",
                _ => "with arch before perm",
            };
            format!("{written}, it arms {arms} of {of} with the bitmap{walk}:")
        }
        (None, Cause::List(list)) => {
            let armed = arming.counters.armed().count();
            format!("without {}, {armed} of {of} would be armed", rules_of(list))
        }
        (None, _) => "list its syscalls with -S".to_owned(),
    }
}

/// Returns the effect of all advice on a kernel with the bitmap and on a stock kernel.
pub(in crate::report::explain) fn effects(arming: &Arming, narrowing: &Narrowing) -> [String; 2] {
    let Narrowing { would_arm, walked, would_walk, .. } = narrowing;
    let (of, armed) = (arming.nr_syscalls, arming.bitmap.armed_count);
    let bitmap = format!("{would_arm} of {of} armed instead of {armed}{}", left_out(narrowing));
    let stock = match would_walk == walked {
        true => format!(
            "every syscall stays armed, with {} on each walk, as before",
            count(*walked, "rule")
        ),
        false => format!(
            "every syscall stays armed, with {} on each walk instead of {walked}: keep the rules as they are",
            count(*would_walk, "rule")
        ),
    };
    [bitmap, stock]
}

/// Returns the rules that the result of all advice leaves out, as the end of a sentence.
fn left_out(narrowing: &Narrowing) -> String {
    match narrowing.without_remedy() {
        0 => String::new(),
        1 => ", not counting the one rule that must list its syscalls".to_owned(),
        more => format!(", not counting the {more} rules that must list their syscalls"),
    }
}

fn rules_of(list: FilterList) -> &'static str {
    match list {
        FilterList::Task => "task rules, which decide whether to audit a process at all",
        FilterList::IoUring => "io_uring rules",
        _ => "such rules",
    }
}
