//! Why a rule arms every syscall, and what to write instead.

use super::count;
use crate::analysis::cost::{Calibration, WalkPrice};
use crate::analysis::{Advice, Analysis, Arming, Cause, Narrowing, Remedy};
use crate::catalog::syscall_number;
use crate::rule::{FilterList, Rule};

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

/// What to do about the rules of an analysis, and what that does.
pub(in crate::report::explain) struct Remedies<'a> {
    arming: &'a Arming,
    narrowing: &'a Narrowing,
    /// What a rule adds to a read, which names no file: no `perm` asks for it, so a mask that auditctl fills lacks it.
    read: Option<WalkPrice>,
    /// The kernel on which that was measured.
    measured_on: String,
}

impl<'a> Remedies<'a> {
    pub(in crate::report::explain) fn of(analysis: &'a Analysis) -> Self {
        let arming = &analysis.arming;
        let Calibration { coefficients, kernel, .. } = Calibration::of_kernel(analysis.version);
        let read = syscall_number(arming.arch, b"read");
        let read = read.map(|nr| WalkPrice::new(arming, (arming.arch, nr), coefficients));
        Remedies { arming, narrowing: analysis.narrowing(), read, measured_on: kernel }
    }

    /// Returns what to do about the rule.
    pub(in crate::report::explain) fn text(&self, advice: &Advice) -> String {
        let of = self.arming.nr_syscalls;
        match (&advice.remedy, advice.cause) {
            (Some(Remedy { arms, rule: None, .. }), _) => format!(
                "written as a syscall rule, with dir= if the path is a directory and path= if it is a file, it arms \
                 {arms} of {of} with the bitmap; the path is not on this machine"
            ),
            (Some(Remedy { arms, rule: Some(rule), adds_perm, .. }), cause) => {
                let written = match cause {
                    _ if *adds_perm => {
                        "list its syscalls with -S, or the kinds of access with perm; with every kind of access"
                    }
                    Cause::Watch => "written as a syscall rule,",
                    Cause::AllNamed => "with -F perm= after arch, and without -S all,",
                    Cause::LateArch => "with arch before perm,",
                    _ => "with the syscalls that it can match,",
                };
                let stock = self.on_stock(advice, rule);
                format!("{written} it arms {arms} of {of} with the bitmap; {stock}:")
            }
            (None, Cause::List(list)) => {
                let armed = self.arming.counters.armed().count();
                format!("without {}, {armed} of {of} would be armed", rules_of(list))
            }
            (None, _) => "list its syscalls with -S".to_owned(),
        }
    }

    /// Returns what a rule to write instead does on a stock kernel.
    fn on_stock(&self, advice: &Advice, rule: &Rule) -> String {
        if !advice.is_walked {
            return "a stock kernel tests it for its file only, as before".to_owned();
        }
        match &self.read {
            Some(read) => format!(
                "on a stock kernel it adds {:.0} instead of {:.0} instructions to a read, which names no file",
                read.of(rule),
                read.of(&advice.rule)
            ),
            None => "a stock kernel compares its conditions for these only".to_owned(),
        }
    }

    /// Returns the effect of all advice on a kernel with the bitmap and on a stock kernel.
    pub(in crate::report::explain) fn effects(&self) -> [String; 2] {
        let Narrowing { would_arm, .. } = self.narrowing;
        let (of, armed) = (self.arming.nr_syscalls, self.arming.bitmap.armed_count);
        let left_out = left_out(self.narrowing);
        let bitmap = format!("{would_arm} of {of} armed instead of {armed}{left_out}");
        [bitmap, format!("every syscall stays armed, {}", self.saved())]
    }

    /// Returns what limits the advice, if it names syscalls.
    pub(in crate::report::explain) fn limit(&self) -> Option<&'static str> {
        let mut rules =
            self.narrowing.advice.iter().filter_map(|one| one.remedy.as_ref()?.rule.as_ref());
        let names_syscalls = rules.any(|rule| !rule.mask.is_empty());
        names_syscalls.then_some(
            "the new rules name syscalls of this kernel: a newer one may have more that the old rules match",
        )
    }

    /// Returns what all advice saves on a stock kernel, as the end of a sentence.
    fn saved(&self) -> String {
        let walked = self.narrowing.advice.iter().filter(|advice| advice.is_walked);
        let rules: Vec<(&Rule, &Rule)> = walked
            .filter_map(|advice| Some((&advice.rule, advice.remedy.as_ref()?.rule.as_ref()?)))
            .collect();
        match &self.read {
            _ if rules.is_empty() => "and each walk costs as much as before".to_owned(),
            Some(read) => {
                let saved: f64 =
                    rules.iter().map(|(rule, after)| read.of(rule) - read.of(after)).sum();
                format!(
                    "and a read, which names no file, costs {saved:.0} instructions less, estimated from measurements of Linux {}",
                    self.measured_on
                )
            }
            None => {
                format!(
                    "and the conditions of {} are compared for fewer",
                    count(rules.len(), "rule")
                )
            }
        }
    }
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
