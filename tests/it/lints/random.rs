//! Fixes of random files: afterwards the kernel has the rules that the fix promises.
//!
//! `RAUDITCTL_FUZZ_CASES` sets the number of random sets for each test; the default is small.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use rauditctl::catalog::Arch;
use rauditctl::diag::Level;
use rauditctl::format::format;
use rauditctl::lint::fix::{Allowed, apply, fix_all};
use rauditctl::lint::{Finding, Lint, LintSettings, lint, lints};
use rauditctl::rewrite::{Change, Edit};
use rauditctl::rule::Control;
use rauditctl::source::Source;
use rauditctl::syntax::{self, Content};

use super::loaded::{Loaded, set_of};
use super::made::{self, Files};
use super::{changes, only};
use crate::grammar::derive::Choices;
use crate::no_panic::{cases_or, for_each_of};

/// Default number of sets for each test.
const FEW: u32 = 30;

/// The machines that each set is for.
const ARCHES: [&[Arch]; 4] =
    [&[Arch::X86_64], &[Arch::Aarch64], &[Arch::X86_64, Arch::Aarch64], &[Arch::S390x]];

type Verdict = Result<(), Failure>;

/// A promise that does not hold, and the files after the fix.
struct Failure {
    why: String,
    after: Files,
}

/// Runs a test on random files, for each choice of machines. Each failure is reported once, for the fewest lines that
/// cause it.
fn for_each_set(run: impl Fn(&Files, &LintSettings<'_>) -> Verdict) {
    let failures: RefCell<BTreeMap<String, String>> = RefCell::default();
    for_each_of(cases_or(FEW), 600, |choices: &mut Choices<'_>| {
        let files = made::files(choices);
        for arches in ARCHES {
            let mut settings = LintSettings::new(Arch::X86_64);
            settings.scope.arches = arches.to_vec();
            let Err(failure) = run(&files, &settings) else { continue };
            let why = failure.why;
            if !failures.borrow().contains_key(&why) {
                let least = least(files.clone(), |files| is_failing(run(files, &settings), &why));
                let after = run(&least, &settings).err().map(|failure| failure.after);
                let (least, after) = (shown(&least), shown(&after.unwrap_or_default()));
                let text = format!("{arches:?}\n=== before\n{least}\n=== after\n{after}\n");
                failures.borrow_mut().insert(why, text);
            }
        }
    });
    let failures = failures.into_inner();
    let failures: Vec<String> =
        failures.iter().map(|(why, files)| format!("##### {why} on {files}")).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn is_failing(verdict: Verdict, why: &str) -> bool {
    verdict.is_err_and(|failure| failure.why == why)
}

/// Returns the files without the lines that the failure does not need.
fn least(mut files: Files, fails: impl Fn(&Files) -> bool) -> Files {
    for file in 0..files.len() {
        let mut at = 0;
        loop {
            let (source, directory) = files[file].clone();
            let mut lines: Vec<&[u8]> = source.text().split_inclusive(|b| *b == b'\n').collect();
            if at >= lines.len() {
                break;
            }
            lines.remove(at);
            let mut fewer = files.clone();
            fewer[file] = (Source::new(source.name(), lines.concat()), directory);
            match fails(&fewer) {
                true => files = fewer,
                false => at += 1,
            }
        }
    }
    files
}

fn loaded(files: &Files, settings: &LintSettings<'_>) -> Vec<(Arch, Loaded)> {
    settings.scope.arches.iter().map(|arch| (*arch, Loaded::on(*arch, files, settings))).collect()
}

fn with_fixes(files: &Files, settings: &LintSettings<'_>, allowed: Allowed) -> (Files, usize) {
    let mut files = files.clone();
    let made = fix_all(&mut files, settings, allowed);
    (files, made)
}

fn found(files: &Files, settings: &LintSettings<'_>) -> Vec<Finding> {
    lint(&set_of(files), settings).findings
}

/// Formats files for a failure.
fn shown(files: &Files) -> String {
    let texts = files.iter().map(|(source, _)| source.text().escape_ascii().to_string());
    let texts: Vec<String> = texts.map(|text| text.replace("\\n", "\n")).collect();
    texts.join("\n--- next file ---\n")
}

fn claim(holds: bool, why: &str, after: &Files) -> Verdict {
    match holds {
        true => Ok(()),
        false => Err(Failure { why: why.to_owned(), after: after.clone() }),
    }
}

/// Returns comments and blank lines, in order.
fn silent_lines(files: &Files) -> Vec<Vec<u8>> {
    let texts = files.iter().map(|(source, _)| source.text());
    let lines = texts.flat_map(syntax::lines);
    let silent = lines.filter(|line| !matches!(syntax::parse_line(line), Content::Command(_)));
    silent.map(|line| line.bytes.to_vec()).collect()
}

/// Counts errors by code.
fn errors(findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    let mut errors = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.lint.level == Level::Error) {
        *errors.entry(finding.lint.code).or_default() += 1;
    }
    errors
}

/// Returns whether `after` has no new error.
fn has_no_new_error(before: &[Finding], after: &[Finding]) -> bool {
    let (before, after) = (errors(before), errors(after));
    after.iter().all(|(code, count)| before.get(code).is_some_and(|known| known >= count))
}

#[test]
fn safe_fixes_change_nothing_in_the_kernel() {
    let total = Cell::new(0);
    for_each_set(|files, settings| {
        let (after, made) = with_fixes(files, settings, Allowed::Safe);
        total.set(total.get() + made);
        for ((arch, old), (_, new)) in loaded(files, settings).iter().zip(loaded(&after, settings))
        {
            let name = arch.common_name();
            claim(old.rules == new.rules, &format!("other rules on {name}"), &after)?;
            claim(old.controls == new.controls, &format!("other settings on {name}"), &after)?;
            claim(old.forgiving == new.forgiving, "an -i or -c is gone", &after)?;
            claim(old.faulty >= new.faulty, &format!("new faults on {name}"), &after)?;
            claim(old.repeated >= new.repeated, &format!("new duplicates on {name}"), &after)?;
        }
        claim(silent_lines(files) == silent_lines(&after), "comments change", &after)?;
        claim(
            with_fixes(&after, settings, Allowed::Safe).1 == 0,
            "a second run fixes more",
            &after,
        )?;
        Ok(())
    });
    assert!(total.get() > 0, "nothing was fixed");
}

/// Each finding fixed alone, and then all of one lint.
#[test]
fn each_fix_keeps_its_promise() {
    let tally: RefCell<BTreeMap<&str, usize>> = RefCell::default();
    for_each_set(|files, settings| {
        let findings = found(files, settings);
        let mut seen: Vec<&'static Lint> = Vec::new();
        let before = loaded(files, settings);
        for finding in findings.iter().filter(|finding| finding.fix.is_some()) {
            *tally.borrow_mut().entry(finding.lint.code).or_default() += 1;
            alone(files, settings, finding, &findings, &before)?;
            if !seen.contains(&finding.lint) {
                seen.push(finding.lint);
                all_of_one(files, settings, finding.lint, &before)?;
            }
        }
        Ok(())
    });
    println!("{:?}", tally.borrow());
    let with_fix = lints().filter(|lint| lint.fix.is_some());
    let never: Vec<&str> =
        with_fix.map(|lint| lint.code).filter(|code| !tally.borrow().contains_key(code)).collect();
    // A few sets do not use every fix.
    assert!(never.is_empty() || cases_or(FEW) < 1000, "never fixed: {never:?}");
}

type Kernels = [(Arch, Loaded)];

fn alone(
    files: &Files,
    settings: &LintSettings<'_>,
    finding: &Finding,
    all: &[Finding],
    before: &Kernels,
) -> Verdict {
    let fix = finding.fix.as_ref().expect("a fix");
    let texts: Vec<&[u8]> = files.iter().map(|(source, _)| source.text()).collect();
    let fixed = apply(&texts, std::slice::from_ref(finding), Allowed::Unsafe);
    let after: Files = files
        .iter()
        .zip(fixed.texts)
        .map(|((source, directory), text)| (Source::new(source.name(), text), *directory))
        .collect();
    let code = finding.lint.code;
    changed(code, fix.change, before, &after, settings)?;
    let left = found(&after, settings);
    // One finding may stand for several problems: afterwards it reports another one, or has no fix.
    let same = |files: &Files, one: &Finding| {
        let text = files[one.place.file].0.text();
        let line = text[one.place.span.start..].split(|byte| *byte == b'\n').next();
        (one.lint.code, one.message.clone(), line.map(<[u8]>::to_vec))
    };
    let meant = same(files, finding);
    let like = |files: &Files, findings: &[Finding]| {
        findings.iter().filter(|one| same(files, one) == meant).count()
    };
    let with_fix = |findings: &[Finding]| {
        findings.iter().filter(|one| one.lint == finding.lint && one.fix.is_some()).count()
    };
    let is_gone = like(&after, &left) < like(files, all) || with_fix(&left) < with_fix(all);
    claim(is_gone, &format!("{code} is found again"), &after)?;
    if fix.change != Change::Meaning {
        claim(has_no_new_error(all, &left), &format!("{code} brings errors"), &after)?;
    }
    untouched_lines_stay(files, &after, finding)
}

fn all_of_one(
    files: &Files,
    settings: &LintSettings<'_>,
    lint: &'static Lint,
    before: &Kernels,
) -> Verdict {
    let settings = LintSettings { selection: only(lint), ..settings.clone() };
    let (after, _) = with_fixes(files, &settings, Allowed::Unsafe);
    let change = lint.fix.expect("a fix");
    changed(lint.code, change, before, &after, &settings)?;
    let left = found(&after, &settings);
    let has_fix = left.iter().any(|one| one.lint == lint && one.fix.is_some());
    claim(!has_fix, &format!("{} is not done", lint.code), &after)
}

fn changed(
    code: &str,
    change: Change,
    before: &Kernels,
    after: &Files,
    settings: &LintSettings<'_>,
) -> Verdict {
    for ((arch, old), (_, new)) in before.iter().zip(loaded(after, settings)) {
        let name = arch.common_name();
        let what = |what: &str| format!("{code} on {name}: {what}");
        if change == Change::Meaning {
            // The text has a new meaning, which may delete or lock rules.
            let locks = |loaded: &Loaded| loaded.controls.contains(&Control::Enabled(2));
            if locks(old) == locks(&new) {
                claim(
                    old.adding + old.repeated <= new.adding + new.repeated,
                    &what("a rule is lost"),
                    after,
                )?;
                let are_there = old.controls.len() <= new.controls.len();
                claim(are_there, &what("a setting is lost"), after)?;
            }
            continue;
        }
        claim(old.faulty >= new.faulty, &what("a new fault"), after)?;
        claim(old.controls == new.controls, &what("other settings"), after)?;
        claim(old.forgiving == new.forgiving, &what("an -i or -c is gone"), after)?;
        claim(old.repeated >= new.repeated, &what("a new duplicate"), after)?;
        if let Err(why) = changes::hold(change, *arch, &old.rules, &new.rules) {
            let why = why.rsplit('}').next().unwrap_or_default();
            claim(false, &what(why), after)?;
        }
    }
    Ok(())
}

fn untouched_lines_stay(files: &Files, after: &Files, finding: &Finding) -> Verdict {
    let fix = finding.fix.as_ref().expect("a fix");
    for (file, ((old, _), (new, _))) in files.iter().zip(after).enumerate() {
        let mut new_lines = new.text().split(|byte| *byte == b'\n');
        let mut start = 0;
        for line in old.text().split(|byte| *byte == b'\n') {
            let end = start + line.len();
            let touches = |edit: &Edit| {
                edit.place.file == file
                    && edit.place.span.start <= end
                    && edit.place.span.end >= start
            };
            if !fix.edits.iter().any(touches) {
                let stays = new_lines.any(|new| new == line);
                claim(stays, &format!("{} changes other lines", finding.lint.code), after)?;
            }
            start = end + 1;
        }
    }
    Ok(())
}

#[test]
fn all_fixes_together_leave_none() {
    for_each_set(|files, settings| {
        let (after, _) = with_fixes(files, settings, Allowed::Unsafe);
        let left = found(&after, settings);
        let fixable: Vec<&str> =
            left.iter().filter(|one| one.fix.is_some()).map(|one| one.lint.code).collect();
        claim(fixable.is_empty(), &format!("{fixable:?} is left"), &after)?;
        // Invisible bytes hide problems, which the fix of the text reveals.
        let hides = found(files, settings)
            .iter()
            .any(|one| one.fix.as_ref().is_some_and(|fix| fix.change == Change::Meaning));
        if hides {
            return Ok(());
        }
        claim(has_no_new_error(&found(files, settings), &left), "new errors", &after)?;
        for ((arch, old), (_, new)) in loaded(files, settings).iter().zip(loaded(&after, settings))
        {
            let name = arch.common_name();
            claim(old.faulty >= new.faulty, &format!("new faults on {name}"), &after)?;
            claim(old.repeated >= new.repeated, &format!("new duplicates on {name}"), &after)?;
            claim(old.controls == new.controls, &format!("other settings on {name}"), &after)?;
        }
        Ok(())
    });
}

#[test]
fn formatting_and_fixing_keep_the_rules() {
    for_each_set(|files, settings| {
        let formatted = |files: &Files| -> Files {
            let files = files.iter();
            files
                .map(|(source, dir)| (Source::new(source.name(), format(source.text())), *dir))
                .collect()
        };
        let rules = |files: &Files| -> Vec<_> {
            loaded(files, settings).into_iter().map(|(_, loaded)| loaded.rules).collect()
        };
        let before = rules(files);
        let (fixed, _) = with_fixes(files, settings, Allowed::Safe);
        let (fixed, other) =
            (formatted(&fixed), with_fixes(&formatted(files), settings, Allowed::Safe).0);
        claim(before == rules(&fixed), "fixing and formatting changes the rules", &fixed)?;
        claim(before == rules(&other), "formatting and fixing changes the rules", &other)?;
        claim(
            shown(&formatted(&fixed)) == shown(&fixed),
            "a second formatting changes the file",
            &fixed,
        )?;
        let (fixed, _) = with_fixes(files, settings, Allowed::Unsafe);
        let reformatted = formatted(&fixed);
        claim(
            rules(&fixed) == rules(&reformatted),
            "formatting a fixed file changes it",
            &reformatted,
        )?;
        claim(
            shown(&formatted(&reformatted)) == shown(&reformatted),
            "a second formatting changes a fixed file",
            &reformatted,
        )
    });
}
