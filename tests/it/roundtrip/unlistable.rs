//! Rules that a kernel may hold, and whose listing compiles to another rule or to none. auditctl's listing is the same.

use rauditctl::catalog::{Arch, Operator, field};
use rauditctl::compile::{End, Options, compile};
use rauditctl::host::FixedHost;
use rauditctl::rule::{Action, Field, FieldId, FilterList, Mask, Op, Placement, Request, Rule};
use rauditctl::syntax::{self, Content};

use super::{listed, mask_of};

fn rule(mask: Mask, fields: &[(u32, Op, u32)]) -> Rule {
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    rule.mask = mask;
    rule.fields = fields.iter().map(|(id, op, value)| number(*id, *op, *value)).collect();
    rule
}

fn number(id: u32, op: Op, value: u32) -> Field {
    match FieldId::of(id) {
        FieldId::Number(id) => Field::Number { id, op, value },
        FieldId::Text(_) => unreachable!("a field with a number"),
    }
}

fn text(id: u32, text: &str) -> Field {
    match FieldId::of(id) {
        FieldId::Text(id) => Field::Text { id, op: Op::EQUAL, text: text.as_bytes().into() },
        FieldId::Number(_) => unreachable!("a field with a text"),
    }
}

/// Compiles the listing of a rule as a line of a file; `None` if it is refused.
fn again(rule: &Rule) -> Option<Rule> {
    let line = listed(rule);
    let line = syntax::lines(&line).next()?;
    let Content::Command(command) = syntax::parse_line(&line) else { return None };
    let program = compile(&command, &FixedHost::new(Arch::X86_64), Options::default());
    match program.end {
        End::Rule(Request::Add(rule), _) => Some(rule),
        _ => None,
    }
}

#[track_caller]
fn check_lost(rule: &Rule, expected: &str) {
    assert_eq!(listed(rule).escape_ascii().to_string(), expected);
    assert_ne!(again(rule).as_ref(), Some(rule));
}

#[test]
fn listing_drops_the_prepend_flag() {
    let front = Rule { placement: Placement::Prepend, ..rule(mask_of(vec![59]), &[]) };
    check_lost(&front, "-a always,exit -S execve");
    assert_eq!(again(&front), Some(Rule { placement: Placement::Append, ..front }));
}

#[test]
fn loses_masks_that_no_line_can_write() {
    check_lost(&rule(Mask::EMPTY, &[]), "-a always,exit");
    // The kernel lists a rule for all syscalls without class bits.
    let mut words = *Mask::ALL.words();
    words[Mask::WORDS - 1] = 0xffff;
    check_lost(&rule(Mask::from_words(words), &[]), "-a always,exit -S all");
    let mut on_task = rule(mask_of(vec![59]), &[]);
    on_task.list = FilterList::Task;
    check_lost(&on_task, "-a always,task");
    // `-S all` selects only operations with a name.
    let mut uring = rule(Mask::ALL, &[]);
    uring.list = FilterList::IoUring;
    check_lost(&uring, "-a always,io_uring -S all");
}

#[test]
fn permissions_add_their_syscalls() {
    let read = rule(mask_of(vec![59]), &[(field::PERM, Op::EQUAL, 4)]);
    check_lost(&read, "-a always,exit -S execve -F perm=r");
    let none = rule(mask_of(vec![59]), &[(field::PERM, Op::EQUAL, 0)]);
    check_lost(&none, "-a always,exit -S execve -F perm=");
}

#[test]
fn arch_after_other_fields_is_listed_first() {
    let arch = Arch::X86_64.elf();
    let late = rule(mask_of(vec![59]), &[(0, Op::EQUAL, 1), (field::ARCH, Op::EQUAL, arch)]);
    check_lost(&late, "-a always,exit -F arch=b64 -S execve -F pid=1");
    // b64 is the arch of the machine.
    let foreign = rule(mask_of(vec![221]), &[(field::ARCH, Op::EQUAL, Arch::Aarch64.elf())]);
    check_lost(&foreign, "-a always,exit -F arch=b64 -S execve");
}

#[test]
fn loses_values_that_parse_differently() {
    let all = || Mask::ALL;
    let high = rule(all(), &[(0, Op::EQUAL, u32::MAX)]);
    check_lost(&high, "-a always,exit -S all -F pid=-1");
    let group = rule(all(), &[(field::GID, Op::EQUAL, u32::MAX)]);
    check_lost(&group, "-a always,exit -S all -F gid=-1");
    let file_type = rule(all(), &[(field::FILETYPE, Op::EQUAL, 0o100_000)]);
    check_lost(&file_type, "-a always,exit -S all -F filetype=32768");
    let no_pair = rule(all(), &[(field::FIELD_COMPARE, Op::EQUAL, 99)]);
    check_lost(&no_pair, "-a always,exit -S all");
}

#[test]
fn loses_fields_and_operators_without_a_name() {
    check_lost(&rule(Mask::ALL, &[(115, Op::EQUAL, 1)]), "-a always,exit -S all f115=1");
    check_lost(&rule(Mask::ALL, &[(0, Op::Raw(1), 1)]), "-a always,exit -S all -F pid{0x1}1");
    // auditctl accepts these two fields only with `=` and `!=`.
    let inode = rule(Mask::ALL, &[(field::INODE, Op::Known(Operator::Less), 1)]);
    check_lost(&inode, "-a always,exit -S all -F inode<1");
}

#[test]
fn loses_texts_with_operators_or_spaces() {
    let with = |field| {
        let mut rule = rule(Mask::ALL, &[]);
        rule.fields.push(field);
        rule
    };
    check_lost(&with(text(field::EXE, "/a!=b")), "-a always,exit -S all -F exe=/a!=b");
    check_lost(&with(text(field::EXE, "/a b")), "-a always,exit -S all -F exe=/a b");
    check_lost(&with(text(field::EXE, "")), "-a always,exit -S all -F exe=");
    check_lost(&with(text(field::KEY, "a>=b")), "-a always,exit -S all -F key=a>=b");
    check_lost(&with(text(field::KEY, "")), "-a always,exit -S all");
    check_lost(&with(text(field::KEY, "a\u{1}\u{1}b")), "-a always,exit -S all -F key=a -F key=b");
    let mut early = with(text(field::KEY, "k"));
    early.fields.push(number(0, Op::EQUAL, 1));
    check_lost(&early, "-a always,exit -S all -F key=k -F pid=1");
}

#[test]
fn loses_watches_that_no_watch_option_makes() {
    let watch = |fields: Vec<Field>| Rule { fields: fields.into(), ..rule(Mask::ALL, &[]) };
    let perm = || number(field::PERM, Op::EQUAL, 2);
    check_lost(&watch(vec![perm()]), " -p w");
    let none = number(field::PERM, Op::EQUAL, 0);
    check_lost(&watch(vec![text(field::PATH, "/a"), none]), "-w /a -p ");
    check_lost(&watch(vec![perm(), text(field::PATH, "/a")]), " -p w-w /a");
    check_lost(&watch(vec![text(field::PATH, "/a/"), perm()]), "-w /a/ -p w");
    check_lost(&watch(vec![text(field::PATH, "a"), perm()]), "-w a -p w");
    // FixedHost has no directory, so this becomes a path.
    check_lost(&watch(vec![text(field::DIR, "/etc"), perm()]), "-w /etc -p w");
    let two = vec![text(field::PATH, "/a"), perm(), perm()];
    check_lost(&watch(two), "-w /a -p w -p w");
}
