//! What a condition of a rule asks about an event, by the list that the rule is on.

use crate::catalog::{self, KernelVersion, Operator, field};
use crate::eval::clean_path;
use crate::model::{Entry, Home};
use crate::rule::{Field, FilterList, Op};

/// The auid of a task without a login.
pub(super) const UNSET: u32 = u32::MAX;
/// The kernel's numbers for success and failure (`AUDITSC_SUCCESS`, `AUDITSC_FAILURE`).
pub(super) const SUCCESS: u32 = 1;
pub(super) const FAILURE: u32 = 2;
/// The first kernel that compares the process and not the thread as `pid` in the lists user and exclude.
const COMPARES_PROCESS: KernelVersion = KernelVersion::new(6, 12);

/// The task at two moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum When {
    /// When the event is judged.
    Now,
    /// When the task was made.
    AtEntry,
}

/// What a call that succeeds does to the judged name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fate {
    Kept,
    Removed,
    Made,
}

/// An attribute with one of several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Trait {
    /// The result of the call.
    Result,
    /// The access mode in the flags with which a file is opened.
    OpenMode,
    /// The family of the address.
    Family,
    /// The number that a field compares.
    Number(u32, When),
    /// The thread.
    Thread,
    /// The part of the subject's label that a field compares.
    Label(u32, When),
    /// The program.
    Exe,
    /// What the call does to the judged name.
    Fate,
    /// The file system of the judged name.
    Fstype,
    /// The place of the name that is judged.
    Location,
}

/// Something that is so or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Fact {
    /// A group is among the supplementary groups.
    InGroup(u32, When),
    /// Two ids, which the number of a comparison names, are the same.
    SameIds(u32, When),
    /// A part of the subject's label, which is not the text, compares with it like this in the policy.
    Ordered(u32, u32, Box<[u8]>, When),
    /// An id of the task, which a field compares, compares like this with an account whose number is unknown.
    Account(u32, Operator, u32, When),
    /// Some name of the call meets this condition.
    AnyName(NameTest),
    /// Some name that the call collects before it makes an entry meets this condition.
    EarlyName(NameTest),
    /// The judged name meets this condition.
    ThisName(NameTest),
}

impl Fact {
    /// Returns whether it is a condition on a name.
    pub(super) fn is_about_names(&self) -> bool {
        matches!(self, Fact::AnyName(_) | Fact::EarlyName(_) | Fact::ThisName(_))
    }
}

/// A condition on a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NameTest {
    pub(super) field: u32,
    /// The bits of the operator.
    pub(super) op: u32,
    pub(super) value: u32,
    pub(super) text: Box<[u8]>,
}

impl NameTest {
    pub(super) fn op(&self) -> Op {
        Op::from_bits(self.op)
    }
}

/// What a condition asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Test<'r> {
    Known(bool),
    /// A number compares like this.
    Number(Trait, Op, u32),
    /// An argument, which is 0 for operations of io_uring.
    Argument(Trait, Op, u32),
    /// Whether the task has logged in compares like this.
    LoggedIn(When, Op, u32),
    /// An id compares like this, or is among the groups.
    Group(Trait, When, Op, u32),
    Arch(Op, u32),
    Access {
        bits: u32,
        is_negated: bool,
    },
    Result(Op, u32),
    Success(Op, u32),
    Family(Op, u32),
    Exe {
        path: Vec<u8>,
        is_negated: bool,
    },
    Label(u32, When, Op, &'r [u8]),
    Fact(Fact, bool),
    SameIds {
        pair: u32,
        when: When,
        is_negated: bool,
    },
    Inside(&'r [u8]),
    At(&'r [u8]),
    /// The list does not know the field: it ends here.
    Ends,
}

/// How the kernel tests a rule, by the place where it keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Task,
    Exit,
    IoUring,
    ByInode,
    /// A rule with a path that is kept by inode, for a name that the call makes: the kernel loses the program of such
    /// a rule (`audit_dupe_exe`).
    Made,
    /// A rule that is kept by inode, at the moment at which the call removes a name: there is no result yet
    /// (`audit_update_watch`).
    Removed,
    User,
    Exclude,
    Filesystem,
    /// The kernel accepts no such rules.
    Never,
}

impl Role {
    pub(super) fn of(entry: &Entry) -> Self {
        match (entry.home(), entry.rule().list) {
            (Home::InodeHash, FilterList::Exit | FilterList::IoUring) => Role::ByInode,
            (_, FilterList::Exit) => Role::Exit,
            (_, FilterList::IoUring) => Role::IoUring,
            (_, FilterList::Task) => Role::Task,
            (_, FilterList::User) => Role::User,
            (_, FilterList::Exclude) => Role::Exclude,
            (_, FilterList::Filesystem) => Role::Filesystem,
            (_, FilterList::Entry | FilterList::Watch | FilterList::Raw(_)) => Role::Never,
        }
    }

    pub(super) fn is_of_records(self) -> bool {
        matches!(self, Role::User | Role::Exclude)
    }

    /// Returns whether the rule is kept by inode.
    pub(super) fn is_by_inode(self) -> bool {
        matches!(self, Role::ByInode | Role::Made | Role::Removed)
    }

    fn when(self) -> When {
        if self == Role::Task { When::AtEntry } else { When::Now }
    }
}

fn is_negated(op: Op) -> bool {
    op == Op::Known(Operator::NotEqual)
}

impl<'r> Test<'r> {
    pub(super) fn of(field: &'r Field, role: Role, version: KernelVersion) -> Self {
        match (field, role.is_of_records()) {
            (Field::Number { op, value, .. }, true) => {
                of_record_number(field.number(), *op, *value, version)
            }
            (Field::Number { op, value, .. }, false) => {
                of_number(field.number(), *op, *value, role)
            }
            (Field::Text { op, text, .. }, of_records) => {
                of_text(field.number(), *op, text, role, of_records)
            }
        }
    }
}

fn of_record_number<'r>(number: u32, op: Op, value: u32, version: KernelVersion) -> Test<'r> {
    let now = |number| Trait::Number(number, When::Now);
    if let Some(test) = of_unknown_account(number, op, value, When::Now) {
        return test;
    }
    match number {
        field::PID if version < COMPARES_PROCESS => Test::Number(Trait::Thread, op, value),
        field::PID | field::UID | field::GID | field::AUID | field::MSGTYPE => {
            Test::Number(now(number), op, value)
        }
        field::LOGINUID_SET => Test::LoggedIn(When::Now, op, value),
        _ => Test::Ends,
    }
}

fn of_number<'r>(number: u32, op: Op, value: u32, role: Role) -> Test<'r> {
    let when = role.when();
    let of_task = Trait::Number(number, when);
    if let Some(test) = of_unknown_account(number, op, value, when) {
        return test;
    }
    match number {
        field::GID | field::EGID => Test::Group(of_task, when, op, value),
        field::PID | field::UID..=field::FSGID | field::AUID | field::SESSIONID | field::PERS => {
            Test::Number(of_task, op, value)
        }
        field::LOGINUID_SET => Test::LoggedIn(when, op, value),
        field::FIELD_COMPARE => comparison(op, value, role),
        field::PERM | field::FILETYPE if role == Role::Task => Test::Known(is_negated(op)),
        _ if role == Role::Task => Test::Known(false),
        field::PERM => Test::Access { bits: value, is_negated: is_negated(op) },
        field::FILETYPE => {
            let test =
                NameTest { field: number, op: Op::EQUAL.bits(), value, text: Box::default() };
            Test::Fact(Fact::AnyName(test), is_negated(op))
        }
        field::PPID => Test::Number(of_task, op, value),
        field::ARCH => Test::Arch(op, value),
        field::A0..=field::A3 => Test::Argument(of_task, op, value),
        field::EXIT => Test::Result(op, value),
        field::SUCCESS => Test::Success(op, if value == 0 { FAILURE } else { SUCCESS }),
        field::SADDR_FAM => Test::Family(op, value),
        field::OBJ_UID | field::OBJ_GID | field::DEVMAJOR..=field::INODE => {
            let test = NameTest { field: number, op: op.bits(), value, text: Box::default() };
            Test::Fact(of_name(test, role), false)
        }
        _ => Test::Known(false),
    }
}

/// Returns the test of an id of the task against an account whose number is unknown: it may be any number.
fn of_unknown_account<'r>(number: u32, op: Op, value: u32, when: When) -> Option<Test<'r>> {
    let (field::UID..=field::FSGID | field::AUID, Op::Known(operator)) = (number, op) else {
        return None;
    };
    let (operator, is_negated) = match operator {
        Operator::NotEqual => (Operator::Equal, true),
        other => (other, false),
    };
    let fact = Fact::Account(number, operator, value, when);
    catalog::may_be_made_up(value).then_some(Test::Fact(fact, is_negated))
}

/// Returns the comparison of two ids, the one of the task first (`audit_field_compare`).
fn comparison<'r>(op: Op, pair: u32, role: Role) -> Test<'r> {
    let Some((_, other)) = compared_ids(pair) else { return Test::Known(false) };
    match other {
        field::OBJ_UID | field::OBJ_GID if role == Role::Task => Test::Known(false),
        field::OBJ_UID | field::OBJ_GID => {
            let test = NameTest {
                field: field::FIELD_COMPARE,
                op: op.bits(),
                value: pair,
                text: Box::default(),
            };
            Test::Fact(Fact::AnyName(test), false)
        }
        _ => match op {
            Op::Known(Operator::Equal | Operator::NotEqual) => {
                Test::SameIds { pair, when: role.when(), is_negated: is_negated(op) }
            }
            _ => Test::Known(false),
        },
    }
}

/// Returns the fields of a comparison.
pub(super) fn compared_ids(pair: u32) -> Option<(u32, u32)> {
    let (one, other) = catalog::compare_pair(pair)?;
    let number = |name: &str| catalog::field_number(name.as_bytes());
    Some((number(one)?, number(other)?))
}

/// Rules that are kept by inode look at the judged name, and those on a list at every name.
fn of_name(test: NameTest, role: Role) -> Fact {
    if role.is_by_inode() { Fact::ThisName(test) } else { Fact::AnyName(test) }
}

fn of_text<'r>(number: u32, op: Op, text: &'r [u8], role: Role, of_records: bool) -> Test<'r> {
    match number {
        field::SUBJ_USER..=field::SUBJ_CLR => Test::Label(number, role.when(), op, text),
        field::EXE if matches!(role, Role::Task | Role::Made) => Test::Known(is_negated(op)),
        field::EXE => Test::Exe { path: clean_path(text).into_owned(), is_negated: is_negated(op) },
        _ if of_records => Test::Ends,
        field::KEY => Test::Known(true),
        _ if role == Role::Task => Test::Known(false),
        field::PATH if role.is_by_inode() => Test::At(text),
        field::DIR => Test::Inside(text),
        field::OBJ_USER..=field::OBJ_LEV_HIGH => {
            let test = NameTest { field: number, op: op.bits(), value: 0, text: text.into() };
            Test::Fact(of_name(test, role), false)
        }
        _ => Test::Known(false),
    }
}
