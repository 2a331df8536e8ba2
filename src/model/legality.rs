//! Which rules a kernel accepts (`audit_to_entry_common`, `audit_field_valid`, `audit_data_to_entry`,
//! `audit_to_watch`, `audit_to_inode`, `audit_make_tree`, `audit_alloc_mark`; Linux 6.1).

use super::refusal::{Reason, Refusal};
use crate::catalog::{self, AF_MAX, Operator, field};
use crate::rule::{Action, Field, FilterList, KERNEL_MAX_FIELDS, MAX_KEY_LEN, Op, Rule};

/// The maximum length of a path in bytes (`PATH_MAX`).
const PATH_MAX: usize = 4096;
/// The unset id: uid and gid fields refuse it, auid accepts it.
pub(super) const ID_UNSET: u32 = u32::MAX;
/// The file type bits of a mode (`S_IFMT`).
const S_IFMT: u32 = 0o170_000;
/// The bits of `perm`.
const PERM_BITS: u32 = 15;
/// The last comparison (`AUDIT_MAX_FIELD_COMPARE`).
const MAX_FIELD_COMPARE: u32 = 25;

/// Whether a kernel checks the values of `perm`, `filetype`, `saddr_fam`, a comparison and `loginuid_set`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueChecks {
    Done,
    Skipped,
}

/// The fields that a rule can have only once.
#[derive(Default)]
struct Seen {
    object: bool,
    key: bool,
    exe: bool,
}

/// Checks whether a kernel accepts this rule. Missing paths and equal rules are not checked here.
pub(super) fn check(rule: &Rule, checks: ValueChecks) -> Result<(), Refusal> {
    match rule.list {
        FilterList::Entry | FilterList::Watch | FilterList::Raw(_) => {
            return Err(Reason::InvalidList.into());
        }
        _ => {}
    }
    if !matches!(rule.action, Action::Always | Action::Never) {
        return Err(Reason::InvalidAction.into());
    }
    if rule.fields.len() > KERNEL_MAX_FIELDS {
        return Err(Reason::TooManyFields.into());
    }
    let mut seen = Seen::default();
    for (index, field) in rule.fields.iter().enumerate() {
        check_field(rule.list, field, checks, &mut seen)
            .map_err(|reason| Refusal::of_field(reason, index))?;
    }
    Ok(())
}

fn check_field(
    list: FilterList,
    field: &Field,
    checks: ValueChecks,
    seen: &mut Seen,
) -> Result<(), Reason> {
    let Op::Known(operator) = field.op() else {
        return Err(Reason::UnknownOperator);
    };
    match field {
        Field::Number { id, value, .. } => {
            let (number, value) = filed_as(id.number(), *value);
            check_list(list, number)?;
            check_operator(number, operator)?;
            check_number(list, number, value, seen)?;
            match checks {
                ValueChecks::Done => check_value(number, value),
                ValueChecks::Skipped => Ok(()),
            }
        }
        Field::Text { id, text, .. } => {
            check_list(list, id.number())?;
            check_operator(id.number(), operator)?;
            check_text(list, id.number(), text, seen)?;
            check_watch_operator(id.number(), operator)
        }
    }
}

/// Returns field and value as the kernel stores them: an auid of 4294967295 asks whether the auid is set.
pub(super) fn filed_as(number: u32, value: u32) -> (u32, u32) {
    match (number, value) {
        (field::AUID, ID_UNSET) => (field::LOGINUID_SET, 0),
        other => other,
    }
}

/// Checks that a list allows a field.
fn check_list(list: FilterList, number: u32) -> Result<(), Reason> {
    let allowed = match (list, number) {
        (FilterList::Filesystem, _) => matches!(number, field::FSTYPE | field::KEY),
        (_, field::FSTYPE) => false,
        (_, field::MSGTYPE) => matches!(list, FilterList::Exclude | FilterList::User),
        (_, field::PERM) => list != FilterList::IoUring,
        _ => true,
    };
    if allowed { Ok(()) } else { Err(Reason::FieldNotOnList) }
}

/// Checks that a field is known and accepts the operator.
fn check_operator(number: u32, operator: Operator) -> Result<(), Reason> {
    let info = catalog::field_info(number).ok_or(Reason::UnknownField)?;
    // `audit_field_valid` leaves these fields to their own functions.
    let allowed = match number {
        field::PATH | field::DIR | field::INODE => {
            matches!(operator, Operator::Equal | Operator::NotEqual)
        }
        _ => info.kernel_operators.contains(operator),
    };
    if allowed { Ok(()) } else { Err(Reason::OperatorNotAllowed) }
}

/// Checks that files and trees are watched with `=`. The kernel checks this after the text (`audit_to_watch`,
/// `audit_make_tree`).
fn check_watch_operator(number: u32, operator: Operator) -> Result<(), Reason> {
    match number {
        field::PATH | field::DIR if operator != Operator::Equal => Err(Reason::OperatorNotAllowed),
        _ => Ok(()),
    }
}

/// Checks a field with a number, as every kernel does.
fn check_number(list: FilterList, number: u32, value: u32, seen: &mut Seen) -> Result<(), Reason> {
    match number {
        field::UID..=field::AUID | field::OBJ_UID..=field::OBJ_GID if value == ID_UNSET => {
            Err(Reason::InvalidValue)
        }
        field::INODE => watches(list, &mut seen.object),
        _ => Ok(()),
    }
}

/// Checks the values that `audit_field_valid` is intended to refuse.
fn check_value(number: u32, value: u32) -> Result<(), Reason> {
    let allowed = match number {
        field::LOGINUID_SET => value <= 1,
        field::PERM => value & !PERM_BITS == 0,
        field::FILETYPE => value & !S_IFMT == 0,
        field::FIELD_COMPARE => value <= MAX_FIELD_COMPARE,
        field::SADDR_FAM => value < AF_MAX,
        _ => true,
    };
    if allowed { Ok(()) } else { Err(Reason::InvalidValue) }
}

/// Checks a field with a string.
fn check_text(list: FilterList, number: u32, text: &[u8], seen: &mut Seen) -> Result<(), Reason> {
    match number {
        field::KEY if seen.key => return Err(Reason::SecondKey),
        field::KEY if text.len() > MAX_KEY_LEN => return Err(Reason::TextTooLong),
        field::EXE if seen.exe => return Err(Reason::SecondExe),
        field::EXE if text.len() > PATH_MAX => return Err(Reason::TextTooLong),
        _ if text.is_empty() => return Err(Reason::EmptyText),
        _ if text.len() > PATH_MAX => return Err(Reason::NameTooLong),
        _ => {}
    }
    match number {
        field::KEY => seen.key = true,
        field::EXE => {
            seen.exe = true;
            check_file(text)?;
        }
        field::PATH => {
            check_file(text)?;
            watches(list, &mut seen.object)?;
        }
        field::DIR => {
            check_path(text)?;
            watches(list, &mut seen.object)?;
        }
        _ => {}
    }
    Ok(())
}

fn check_path(text: &[u8]) -> Result<(), Reason> {
    if text.starts_with(b"/") { Ok(()) } else { Err(Reason::InvalidPath) }
}

fn check_file(text: &[u8]) -> Result<(), Reason> {
    if text.ends_with(b"/") { Err(Reason::InvalidPath) } else { check_path(text) }
}

/// Checks that a rule has only one of `inode`, `path` and `dir`.
fn watches(list: FilterList, taken: &mut bool) -> Result<(), Reason> {
    if !matches!(list, FilterList::Exit | FilterList::IoUring) {
        return Err(Reason::FieldNotOnList);
    }
    if std::mem::replace(taken, true) {
        return Err(Reason::SecondObject);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::FieldId;
    use FilterList::{Exclude, Exit, Filesystem, IoUring, Task, User};

    fn number(number: u32, op: Operator, value: u32) -> Field {
        match FieldId::of(number) {
            FieldId::Number(id) => Field::Number { id, op: Op::Known(op), value },
            FieldId::Text(_) => panic!("{number} has a text"),
        }
    }

    fn text(number: u32, op: Operator, text: &[u8]) -> Field {
        match FieldId::of(number) {
            FieldId::Text(id) => Field::Text { id, op: Op::Known(op), text: text.into() },
            FieldId::Number(_) => panic!("{number} has a number"),
        }
    }

    fn answer(list: FilterList, fields: &[Field]) -> Result<(), Reason> {
        let mut rule = Rule::new(list, Action::Always);
        rule.fields = fields.to_vec().into();
        check(&rule, ValueChecks::Done).map_err(|refusal| refusal.reason)
    }

    use Operator::{BitMask, BitTest, Equal, Greater, NotEqual};

    #[test]
    fn rejects_unknown_lists_and_actions() {
        for list in [FilterList::Entry, FilterList::Watch, FilterList::Raw(0xffff_ffef)] {
            assert_eq!(answer(list, &[]), Err(Reason::InvalidList));
        }
        for action in [Action::Possible, Action::Raw(3)] {
            let refusal = check(&Rule::new(Exit, action), ValueChecks::Done).unwrap_err();
            assert_eq!((refusal.reason, refusal.errno()), (Reason::InvalidAction, 22));
        }
    }

    #[test]
    fn accepts_up_to_64_fields() {
        let uid = number(field::UID, Equal, 0);
        assert_eq!(answer(Exit, &vec![uid.clone(); 64]), Ok(()));
        assert_eq!(answer(Exit, &vec![uid; 65]), Err(Reason::TooManyFields));
    }

    #[test]
    fn reports_the_refused_field() {
        let mut rule = Rule::new(Exit, Action::Always);
        rule.fields = vec![number(field::UID, Equal, 0), number(field::PERM, Equal, 16)].into();
        assert_eq!(
            check(&rule, ValueChecks::Done),
            Err(Refusal::of_field(Reason::InvalidValue, 1))
        );
        assert_eq!(check(&rule, ValueChecks::Skipped), Ok(()));
    }

    #[test]
    fn rejects_unknown_fields_and_operators() {
        assert_eq!(answer(Exit, &[number(115, Equal, 0)]), Err(Reason::UnknownField));
        let FieldId::Number(id) = FieldId::of(field::UID) else { panic!() };
        for bits in [0, 0x1234_0000, 0x7800_0000] {
            let raw = Field::Number { id, op: Op::Raw(bits), value: 0 };
            assert_eq!(answer(Exit, &[raw]), Err(Reason::UnknownOperator));
        }
    }

    #[test]
    fn rejects_fields_of_other_lists() {
        let off_list = Err(Reason::FieldNotOnList);
        let msgtype = [number(field::MSGTYPE, Equal, 1300)];
        let fstype = [number(field::FSTYPE, Equal, 0x7472_6163)];
        let perm = [number(field::PERM, Equal, 4)];
        assert_eq!(answer(Exit, &msgtype), off_list);
        assert_eq!(answer(User, &msgtype), Ok(()));
        assert_eq!(answer(Exclude, &msgtype), Ok(()));
        assert_eq!(answer(Exit, &fstype), off_list);
        assert_eq!(answer(Filesystem, &fstype), Ok(()));
        assert_eq!(answer(Filesystem, &[number(field::UID, Equal, 0)]), off_list);
        assert_eq!(answer(Filesystem, &[text(field::KEY, Equal, b"k")]), Ok(()));
        assert_eq!(answer(IoUring, &perm), off_list);
        assert_eq!(answer(Exclude, &perm), Ok(()));
        assert_eq!(answer(Task, &[text(field::PATH, Equal, b"/etc")]), off_list);
        assert_eq!(answer(IoUring, &[text(field::PATH, Equal, b"/etc")]), Ok(()));
        assert_eq!(answer(User, &[number(field::INODE, Equal, 1)]), off_list);
    }

    #[test]
    fn checks_operators_by_field() {
        let not_allowed = Err(Reason::OperatorNotAllowed);
        assert_eq!(answer(Exit, &[number(field::A0, BitTest, 1)]), Ok(()));
        assert_eq!(answer(Exit, &[number(field::DEVMINOR, BitMask, 1)]), Ok(()));
        assert_eq!(answer(Exit, &[number(field::UID, Greater, 1)]), Ok(()));
        assert_eq!(answer(Exit, &[number(field::UID, BitMask, 1)]), not_allowed);
        assert_eq!(answer(Exit, &[number(field::ARCH, Greater, 1)]), not_allowed);
        assert_eq!(answer(Exit, &[text(field::SUBJ_TYPE, Greater, b"t")]), not_allowed);
        assert_eq!(answer(Exit, &[text(field::SUBJ_SEN, Greater, b"s0")]), Ok(()));
        assert_eq!(answer(Exit, &[text(field::EXE, NotEqual, b"/bin/sh")]), Ok(()));
        assert_eq!(answer(Exit, &[text(field::PATH, NotEqual, b"/etc")]), not_allowed);
        assert_eq!(answer(Exit, &[text(field::DIR, NotEqual, b"/etc")]), not_allowed);
        assert_eq!(answer(Exit, &[number(field::INODE, NotEqual, 1)]), Ok(()));
        assert_eq!(answer(Exit, &[number(field::INODE, Greater, 1)]), not_allowed);
        assert_eq!(answer(Exit, &[number(field::AUID, Greater, ID_UNSET - 1)]), Ok(()));
        assert_eq!(answer(Exit, &[number(field::AUID, Greater, ID_UNSET)]), not_allowed);
    }

    #[test]
    fn rejects_values_out_of_range() {
        let allowed = [
            (field::AUID, ID_UNSET),
            (field::LOGINUID_SET, 1),
            (field::PERM, 15),
            (field::FILETYPE, 0o100_000),
            (field::FIELD_COMPARE, 25),
            (field::SADDR_FAM, 45),
            (field::SESSIONID, ID_UNSET),
        ];
        for (field, value) in allowed {
            assert_eq!(answer(Exit, &[number(field, Equal, value)]), Ok(()), "{field}");
        }
        let refused = [
            (field::UID, ID_UNSET),
            (field::OBJ_GID, ID_UNSET),
            (field::LOGINUID_SET, ID_UNSET),
            (field::PERM, 16),
            (field::FILETYPE, 1),
            (field::FIELD_COMPARE, 26),
            (field::SADDR_FAM, 46),
        ];
        for (field, value) in refused {
            let answer = answer(Exit, &[number(field, Equal, value)]);
            assert_eq!(answer, Err(Reason::InvalidValue), "{field}");
        }
    }

    #[test]
    fn rejects_second_key_exe_and_object() {
        let key = text(field::KEY, Equal, b"k");
        let exe = text(field::EXE, Equal, b"/bin/sh");
        assert_eq!(answer(Exit, &[key.clone(), key]), Err(Reason::SecondKey));
        assert_eq!(answer(Exit, &[exe.clone(), exe]), Err(Reason::SecondExe));
        let objects = [
            text(field::PATH, Equal, b"/etc"),
            text(field::DIR, Equal, b"/etc/"),
            number(field::INODE, NotEqual, 2),
        ];
        for first in &objects {
            for second in &objects {
                let answer = answer(Exit, &[first.clone(), second.clone()]);
                assert_eq!(answer, Err(Reason::SecondObject));
            }
        }
    }

    #[test]
    fn checks_texts() {
        let of = |field, length: usize| {
            let long = [b"/".as_slice(), &vec![b'x'; length - 1]].concat();
            answer(Exit, &[text(field, Equal, &long)])
        };
        assert_eq!(of(field::KEY, 256), Ok(()));
        assert_eq!(of(field::KEY, 257), Err(Reason::TextTooLong));
        assert_eq!(of(field::EXE, 4096), Ok(()));
        assert_eq!(of(field::EXE, 4097), Err(Reason::TextTooLong));
        assert_eq!(of(field::PATH, 4096), Ok(()));
        assert_eq!(of(field::PATH, 4097), Err(Reason::NameTooLong));
        assert_eq!(Reason::NameTooLong.errno(), 36);
        assert_eq!(answer(Exit, &[text(field::KEY, Equal, b"")]), Err(Reason::EmptyText));
        assert_eq!(answer(Exit, &[text(field::PATH, Equal, b"etc")]), Err(Reason::InvalidPath));
        assert_eq!(answer(Exit, &[text(field::PATH, Equal, b"/etc/")]), Err(Reason::InvalidPath));
        assert_eq!(answer(Exit, &[text(field::EXE, Equal, b"/bin/")]), Err(Reason::InvalidPath));
        assert_eq!(answer(Exit, &[text(field::DIR, Equal, b"/etc/")]), Ok(()));
    }
}
