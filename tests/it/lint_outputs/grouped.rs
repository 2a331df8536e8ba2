//! The text for people: errors first, the findings of one code together.

use rauditctl::diag::Level;
use rauditctl::report::lint::{Choice, Look, Repeated, text};
use rauditctl::source::Source;

use super::TOGETHER;
use super::set::{Format, Set};

fn linted(text: &str) -> Set {
    Set::linted(vec![Source::new("a.rules", text.as_bytes().to_vec())])
}

/// Returns the text for people.
fn printed(set: &Set) -> String {
    let usual: Format = |findings, out| text(findings, Choice::default(), Look::default(), out);
    set.printed(usual)
}

/// Returns the line of the text that contains a part of it.
fn line_of(text: &str, part: &str) -> usize {
    text.lines().position(|line| line.contains(part)).unwrap_or_else(|| panic!("{part}: {text}"))
}

#[test]
fn errors_come_first_and_infos_are_counted() {
    let set = linted(
        "-w /etc/a -p wa -k k\n-a always,exit -F arch=b64 -S open -F exit=-EACCES -k k\n\
         -a always,exit -F arch=b64 -S opennat -k k\n",
    );
    let levels: Vec<Level> = set.findings.iter().map(|finding| finding.level).collect();
    assert!(levels.contains(&Level::Info) && levels.contains(&Level::Warning), "{levels:?}");
    let text = printed(&set);
    assert!(line_of(&text, "error[E020]") < line_of(&text, "warning["), "{text}");
    assert!(!text.contains("info[P101]"), "{text}");
    // The table has the codes that are not shown.
    assert!(text.contains("1  info     P101  watch-arms-everything"), "{text}");
    assert!(text.contains("--show info shows every code"), "{text}");
    let all: Format = |findings, out| super::text(findings, TOGETHER, Look::default(), out);
    assert!(set.printed(all).contains("info[P101]"));
}

#[test]
fn repeated_findings_are_shown_once_with_their_lines() {
    let rule = |number: usize| format!("-a always,exit -F arch=b64 -S opennat -F auid={number}\n");
    let lines: String = (0..5).chain([9, 8]).map(|number| rule(number) + "\n").collect();
    let block: String = (20..24).map(rule).collect();
    let text = printed(&linted(&format!("{lines}{block}")));
    assert_eq!(text.matches("error[E020]").count(), 1, "{text}");
    assert!(text.contains("10 more in lines 3, 5, 7, 9, 11, 13, 15-18"), "{text}");
    assert!(text.contains("11  error"), "{text}");
}

#[test]
fn other_files_are_named() {
    let file =
        |name: &str| Source::new(name, b"-a always,exit -F arch=b64 -S opennat -k k\n".to_vec());
    let text = printed(&Set::linted(vec![file("a.rules"), file("b.rules"), file("c.rules")]));
    assert!(text.contains("2 more in b.rules line 1, c.rules line 1"), "{text}");
}

#[test]
fn every_error_has_its_message() {
    let rule = |name: &str| format!("-a always,exit -F arch=b64 -S {name} -k k\n");
    let names: Vec<String> = (0..15).map(|number| format!("nosuchcall{number}")).collect();
    let text = printed(&linted(&names.iter().map(|name| rule(name)).collect::<String>()));
    for name in &names {
        assert!(text.contains(&format!("unknown syscall `{name}`")), "{name}: {text}");
    }
    // A wrong file must not fill the terminal.
    let many: String = (0..300).map(|number| rule(&format!("nosuchcall{number}"))).collect();
    let text = printed(&linted(&many));
    assert!(text.lines().count() < 150, "{}", text.lines().count());
    assert!(text.contains("280 more messages"), "{text}");
    assert!(text.contains("300  error"), "{text}");
}

#[test]
fn each_finding_is_shown_on_request() {
    let set = linted(&"-a always,exit -F arch=b64 -S opennat -k k\n".repeat(5));
    let each = Choice { least: Level::Error, repeated: Repeated::Each };
    let mut out = Vec::new();
    set.show(|findings| text(findings, each, Look::default(), &mut out)).unwrap();
    assert_eq!(String::from_utf8(out).unwrap().matches("error[E020]").count(), 5);
}

#[test]
fn errors_of_one_line_are_limited_and_counted() {
    let set = linted(&format!("-a always,exit{}\n-w /srv -p wa -k k\n", " -F x".repeat(500)));
    let errors = set.findings.iter().filter(|finding| finding.level == Level::Error);
    let errors: Vec<_> = errors.collect();
    assert_eq!(errors.len(), 100);
    let help = errors[99].help.as_deref().unwrap_or_default();
    assert!(help.ends_with("400 more errors in this line are left out"), "{help}");
    // The near miss: a line with exactly as many errors has them all.
    let set = linted(&format!("-a always,exit{}\n", " -F x".repeat(100)));
    let mut helps = set.findings.iter().filter_map(|finding| finding.help.as_deref());
    assert!(!helps.any(|help| help.contains("left out")));
}
