//! Each step alone, with what it must make and what it must leave.

use std::sync::{Arc, LazyLock};

use rauditctl::analysis::cost::Calibration;
use rauditctl::analysis::workload::Workload;
use rauditctl::analysis::{Arming, Load, Origin, arming};
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::compile::{End, Options, compile};
use rauditctl::host::FixedHost;
use rauditctl::model::Profile;
use rauditctl::rewrite::optimize::{Kind, Optimized, Step, Task, Whole, optimize};
use rauditctl::rewrite::rule_line;
use rauditctl::syntax::{Content, lines, parse_line};

const ARCH: Arch = Arch::X86_64;
const VERSION: KernelVersion = KernelVersion::new(6, 1);

pub(super) fn armed(text: &str, version: KernelVersion) -> Arming {
    let host = FixedHost {
        directories: vec![b"/etc".to_vec(), b"/etc/ssh".to_vec()],
        files: vec![b"/etc/shadow".to_vec()],
        ..FixedHost::new(ARCH)
    };
    let loads = lines(text.as_bytes()).map(|line| {
        let Content::Command(command) = parse_line(&line) else { panic!("{text}") };
        let program = compile(&command, &host, Options::default());
        let End::Rule(request, _) = program.end else { panic!("{text}") };
        Load::new(Origin { file: Arc::from("a.rules"), line: line.number }, request)
    });
    let loads: Vec<Load> = loads.collect();
    let number = ARCH.nr_syscalls_at(version).expect("a known version");
    arming(Profile::new(ARCH, number), &loads)
}

pub(super) fn optimized(arming: &Arming, steps: &[Step]) -> Optimized {
    optimized_but(arming, steps, &[], &[])
}

/// Optimizes for a kind of kernel.
pub(super) fn optimized_for(kind: Kind, arming: &Arming, steps: &[Step]) -> Optimized {
    done(arming, &|task| Task { kind, steps, ..task })
}

/// Leaves some rules as they are, and some syscalls out of the fast path.
pub(super) fn optimized_but(
    arming: &Arming,
    steps: &[Step],
    kept: &[usize],
    companions: &[(Arch, u32)],
) -> Optimized {
    done(arming, &|task| Task { steps, kept, companions, ..task })
}

fn done<'t>(arming: &Arming, of: &dyn Fn(Task<'t>) -> Task<'t>) -> Optimized {
    static WORKLOAD: LazyLock<Workload> = LazyLock::new(Workload::common);
    static CALIBRATION: LazyLock<Calibration> =
        LazyLock::new(|| Calibration::of_kernel(Some(KernelVersion::new(6, 1))));
    let task = of(Task {
        version: KernelVersion::new(6, 1),
        kind: Kind::Stock,
        steps: &[],
        kept: &[],
        companions: &[],
        workload: &WORKLOAD,
        calibration: &CALIBRATION,
    });
    optimize(arming, &task).expect("no step is refuted")
}

pub(super) fn texts(optimized: &Optimized) -> Vec<String> {
    let line = |rule| rule_line(rule, ARCH).expect("a line");
    let lines = optimized.rules.iter().map(|optimal| line(&optimal.rule));
    lines.map(|line| String::from_utf8(line).expect("UTF-8")).collect()
}

#[track_caller]
fn makes(step: Step, rules: &[&str], expected: &[&str]) {
    let arming = armed(&(rules.join("\n") + "\n"), KernelVersion::new(6, 1));
    let optimized = optimized(&arming, &[step]);
    assert_eq!(texts(&optimized), expected);
    assert_eq!(optimized.whole, Whole::Same);
    assert!(optimized.steps.iter().all(|done| done.undecided.is_empty()), "{:?}", optimized.steps);
}

const CHMOD: &str = "-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -k perm";
const KILL: &str = "-a always,exit -F arch=b64 -S kill -k etc";

#[test]
fn drops_what_an_earlier_rule_decides() {
    let root = "-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F uid=0 -k perm";
    makes(Step::Drop, &[CHMOD, root], &[CHMOD]);
    makes(Step::Drop, &[root, CHMOD], &[root, CHMOD]);
    let contradiction = "-a always,exit -F arch=b64 -S kill -F auid>=1000 -F auid<500 -k none";
    makes(Step::Drop, &[contradiction, CHMOD], &[CHMOD]);
    // stat asks for no access that `perm` knows.
    let stat = "-a always,exit -F arch=b64 -S stat -F a2=1 -F perm=r -k stat";
    let made = optimized(&armed(&format!("{stat}\n{CHMOD}\n"), VERSION), &[Step::Drop]);
    // auditctl adds the syscalls of `perm`, so that rule matches others.
    assert_eq!(made.rules.len(), 2);
    let stat =
        stat.replace("-F arch=b64 -S stat -F a2=1 -F perm=r", "-F perm=r -F arch=b64 -S stat");
    makes(Step::Drop, &[&stat, CHMOD], &[CHMOD]);
    // A rule with another key after it decides nothing either.
    makes(Step::Drop, &[CHMOD, &root.replace("perm", "other")], &[CHMOD]);
}

/// Rules that become equal are one rule.
#[test]
fn drops_what_another_step_makes_equal() {
    let owner = "-a always,exit -F arch=b64 -S getpid,unlink -F obj_uid=0 -k own";
    let same = owner.replace("getpid,", "");
    let other = same.replace("obj_uid=0 -k", "obj_uid=0 -F auid>=1000 -k");
    let text = format!("{owner}\n{other}\n{}\n", owner.replace("getpid", "kill"));
    let made = optimized(&armed(&text, KernelVersion::new(6, 1)), &[Step::Narrow, Step::Drop]);
    assert_eq!(texts(&made), [same]);
}

/// When a watched file is moved away, the kernel tests the rules by inode before the exit list. Then a rule without a key
/// leaves no key, and after the exit list it leaves the key of the rule that matches there.
#[test]
fn keeps_the_last_rule_of_a_path_among_others_by_inode() {
    let all = "-a always,exit -S all -k all";
    let shadow = "-a always,exit -F arch=b64 -S rename -F path=/etc/shadow -F exit=-EACCES -k all";
    let other = "-a always,exit -F arch=b64 -S all -F path=/etc/passwd -F obj_uid=0";
    makes(Step::Drop, &[other, all, shadow], &[other, all, shadow]);
    makes(Step::Drop, &[all, shadow], &[all]);
    // The first rule by inode that matches ends the tests of the others.
    let twice = shadow.replace("EACCES", "EPERM");
    makes(Step::Drop, &[other, all, shadow, &twice], &[other, all, shadow, &twice]);
    let nothing = shadow.replace("-F exit", "-F uid=0 -F uid=1 -F exit");
    makes(Step::Drop, &[other, all, shadow, &nothing], &[other, all, shadow]);
}

/// The record of a call that a rule without a key decides may have the key of another rule.
#[test]
fn keeps_a_rule_whose_key_is_recorded() {
    let keyless = "-a always,exit -F arch=b64 -S unlink";
    let watch = "-w /etc/shadow -p wa -k shadow";
    let arming = armed(&format!("{keyless}\n{watch}\n"), KernelVersion::new(6, 1));
    let optimized = optimized(&arming, &[Step::Drop]);
    assert_eq!(optimized.rules.len(), 2);
}

#[test]
fn merges_rules_that_differ_in_perm() {
    let with =
        |perm: &str, key: &str| format!("-a always,exit -F dir=/etc -F perm={perm} -k {key}");
    let (write, attributes) = (with("w", "etc"), with("a", "etc"));
    makes(
        Step::MergePerm,
        &[&write, KILL, &attributes],
        // auditctl sends a rule without syscalls for all of them.
        &["-a always,exit -S all -F dir=/etc -F perm=wa -k etc", KILL],
    );
    // The rule between them has some of the calls first.
    let all = |rule: &str| rule.replace(",exit", ",exit -S all");
    makes(
        Step::MergePerm,
        &[&write, CHMOD, &attributes],
        &[&all(&write), CHMOD, &all(&attributes)],
    );
    let other = with("a", "other");
    makes(Step::MergePerm, &[&write, &other], &[&all(&write), &all(&other)]);
}

#[test]
fn merges_rules_that_differ_in_syscalls() {
    let chown = CHMOD.replace("chmod,fchmod", "chown");
    let both = CHMOD.replace("chmod,fchmod", "chmod,fchmod,chown");
    makes(Step::MergeSyscalls, &[CHMOD, &chown], &[&both]);
    makes(
        Step::MergeSyscalls,
        &[CHMOD, &chown.replace("perm", "own")],
        &[CHMOD, &chown.replace("perm", "own")],
    );
    // The rule between them decides some of the calls.
    let never = "-a never,exit -F arch=b64 -S chown -F auid=1001";
    makes(Step::MergeSyscalls, &[CHMOD, never, &chown], &[CHMOD, never, &chown]);
}

#[test]
fn merges_ranges_that_join() {
    let with =
        |range: &str| format!("-a always,exit -F arch=b64 -S chmod {range} -F uid=0 -k perm");
    let low = with("-F auid<1000");
    let some = with("-F auid>=1000 -F auid<=1999");
    makes(Step::MergeRanges, &[&low, &some], &[&with("-F auid<=1999")]);
    // The kernel compares numbers without sign: these are next to each other.
    let denied = [with("-F exit=-EACCES"), with("-F exit=-ENOMEM")];
    makes(
        Step::MergeRanges,
        &[&denied[0], &denied[1]],
        &[&with("-F exit>=-EACCES -F exit<=-ENOMEM")],
    );
    // No number is between 1999 and 2001, but 2000.
    let apart = with("-F auid>=2001");
    makes(Step::MergeRanges, &[&some, &apart], &[&some, &apart]);
    // A group may be a supplementary group.
    let groups = [with("-F gid=8"), with("-F gid=9")];
    makes(Step::MergeRanges, &[&groups[0], &groups[1]], &[&groups[0], &groups[1]]);
    let other = with("-F auid>=2000").replace("perm", "other");
    makes(Step::MergeRanges, &[&some, &other], &[&some, &other]);
}

/// A `never` without conditions ends the walk, so rules that cannot match its calls come after it.
#[test]
fn leads_with_rules_that_end_the_walk() {
    let never = "-a never,exit -F arch=b64 -S read,getpid";
    let watch = "-a always,exit -F arch=b64 -S openat -F dir=/etc -k etc";
    makes(Step::Lead, &[CHMOD, watch, never], &[never, CHMOD, watch]);
    // It does not pass a rule that records one of its calls.
    let read = "-a always,exit -F arch=b64 -S read -F uid=0 -k read";
    makes(Step::Lead, &[CHMOD, read, watch, never], &[CHMOD, read, never, watch]);
    // The calls of a rule that ends the walk would become dearer.
    let chmod = "-a never,exit -F arch=b64 -S chmod";
    makes(Step::Lead, &[chmod, watch, never], &[chmod, never, watch]);
    // Its key could be in the record of a rule by inode, and a condition leaves calls for the rules after it.
    for other in [format!("{never} -k quiet"), format!("{never} -F uid=33")] {
        makes(Step::Lead, &[CHMOD, watch, &other], &[CHMOD, watch, &other]);
    }
}

#[test]
fn merges_word_sizes_only_if_no_number_means_another_syscall() {
    let with = |arch: &str| {
        format!("-a always,exit -F arch={arch} -S execve -F perm=x -F path=/etc/shadow -k x")
    };
    let arming = armed(&format!("{}\n{}\n", with("b64"), with("b32")), KernelVersion::new(6, 1));
    let merged = texts(&optimized(&arming, &[Step::MergeArch]));
    assert_eq!(merged.len(), 1, "{merged:?}");
    assert!(!merged[0].contains("arch="), "{merged:?}");
    // Number 90 is chmod on x86_64 and mmap on i386.
    let chmod32 = CHMOD.replace("b64", "b32");
    makes(Step::MergeArch, &[CHMOD, &chmod32], &[CHMOD, &chmod32]);
}

#[test]
fn narrows_to_what_perm_and_files_allow() {
    let arming = armed("-w /etc/ssh -p x -k ssh\n", KernelVersion::new(6, 1));
    // execve and execveat have the numbers 59 and 322 on x86_64, 11 and 358 on i386.
    let names = "-a always,exit -S munmap,execve,execveat,358 -F dir=/etc/ssh -F perm=x -k ssh";
    assert_eq!(texts(&optimized(&arming, &[Step::Narrow])), [names]);
    let owner = "-a always,exit -F arch=b64 -S getpid,unlink -F obj_uid=0 -k own";
    makes(Step::Narrow, &[owner], &[&owner.replace("getpid,", "")]);
    makes(Step::Narrow, &[CHMOD], &[CHMOD]);
}

/// A rule by inode matches operations of io_uring too, if it has the number 0 and asks for no arch.
#[test]
fn leaves_what_workers_of_io_uring_do() {
    let arming = armed("-a always,exit -F arch!=b32 -S all -F path=/etc/shadow\n", VERSION);
    let made = optimized(&arming, &[Step::Narrow]);
    assert_eq!(made.rules[0].steps, [Step::Narrow]);
    // read, which names no file, and write, which names none either.
    assert!(made.rules[0].rule.mask.contains(0) && !made.rules[0].rule.mask.contains(1));
    let with = |arch: &str, name: &str| {
        format!("-a always,exit -F arch={arch} -S {name} -F path=/etc/shadow -k s")
    };
    let pair = [with("b64", "read,execve"), with("b32", "restart_syscall,execve")];
    makes(Step::MergeArch, &[&pair[0], &pair[1]], &[&pair[0], &pair[1]]);
}

#[test]
fn puts_the_file_first() {
    makes(
        Step::Order,
        &["-a always,exit -F arch=b64 -S open -F perm=wa -F auid>=1000 -F dir=/etc -k etc"],
        &[&format!(
            "-a always,exit -F dir=/etc -F arch=b64 -S {} -F auid>=1000 -F perm=wa -k etc",
            added("wa")
        )],
    );
}

/// Returns the syscalls that auditctl adds for `perm` on x86_64, with `open`, in the order of their numbers.
fn added(perm: &str) -> String {
    let arming = armed(
        &format!("-a always,exit -F arch=b64 -F perm={perm} -F dir=/etc\n"),
        KernelVersion::new(6, 1),
    );
    let text = texts(&optimized(&arming, &[])).remove(0);
    text.split(' ').skip_while(|word| *word != "-S").nth(1).expect("syscalls").to_owned()
}

#[test]
fn leaves_rules_that_are_kept() {
    let arming = armed("-w /etc/ssh -p x -k ssh\n-w /etc -p wa -k etc\n", KernelVersion::new(6, 1));
    let steps: Vec<Step> = Step::exact().collect();
    let optimized = optimized_but(&arming, &steps, &[0], &[]);
    assert!(optimized.rules[0].steps.is_empty());
    assert_eq!(optimized.rules[1].steps, [Step::Narrow]);
}
