//! Every fault that a command can have.

use super::code::Code;
use crate::catalog::Arch;
use crate::rule::FilterList;
use crate::syntax::{Cause, Missing, SettingName};

/// Bytes from a rule, kept for a message.
pub type Bytes = Box<[u8]>;

/// Which of the three options makes a rule of a list and an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// `-a`
    Append,
    /// `-A`
    Prepend,
    /// `-d`
    Delete,
}

/// An option that restricts what may stand beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alone {
    /// `-s` with more than one other word.
    StatusCount,
    /// `-s` with another word than `-i`.
    StatusWith,
    /// `-l` with more than two other words.
    ListCount,
    /// `-l` with other words than `-i`, or `-k` and a key.
    ListWith,
    /// `-D` with one or more than two other words.
    DeleteAllCount,
    /// `-D` with other words than `-k` and a key.
    DeleteAllWith,
    /// `-m` with anything but its text.
    Message,
}

/// What is wrong with a command, with what is needed to say it.
///
/// `field` and `text` are as written. The order is that of [`Code`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the members are named for what they hold; each fault is described"
)]
pub enum Fault {
    /// No such option, or one without its value.
    InvalidOption { cause: Cause, name: Bytes, word: Option<Bytes>, line: Option<usize> },
    /// A word that belongs to no option.
    StrayOperand(Bytes),
    /// Words, but no option among them.
    NoOption,
    /// An option beside others that it does not stand.
    NotAlone(Alone),
    /// `-R` where it cannot be.
    NestedFile,

    /// Not a list and an action, or not such ones; `half` is the wrong one if the other is right.
    BadKeyword { verb: Verb, text: Bytes, half: Option<Bytes> },
    /// A second `-a`, `-A` or `-d`.
    SecondRule(Verb),
    /// The action `possible`.
    PossibleDeprecated(Verb),
    /// `-F` before the list.
    ListMissing,
    /// Syscalls, but no list.
    NoList,
    /// `-S` before `-a task`.
    SyscallsBeforeTask(Verb),
    /// `-S` on a list without syscalls.
    SyscallsOnList(FilterList),
    /// `-q` behind syscalls.
    SyscallsBeforeEquivalent,
    /// More than 63 fields.
    TooManyFields(Bytes),
    /// More than 63 fields with the one of `-p`.
    TooManyFieldsWithPermissions,

    /// No such syscall.
    UnknownSyscall { name: Bytes, arch: Arch },
    /// No such io_uring operation in this list of them.
    UnknownUringOp { name: Bytes, text: Bytes },
    /// No such arch, or not with this word size on this machine.
    UnknownArch { field: Bytes, text: Bytes },
    /// `arch` behind the syscalls.
    ArchAfterSyscalls(Bytes),
    /// The machine is none of the known ones.
    UnknownMachine,
    /// Names with other numbers on the 32-bit side.
    SyscallMismatch { line: Option<usize>, arch: Arch, compat: Arch },

    /// `-F` with something missing.
    MalformedField { text: Bytes, missing: Missing },
    /// `-C` with something missing.
    MalformedCompare { text: Bytes, missing: Missing },
    /// `-F` with an unknown field.
    UnknownField(Bytes),
    /// `-C` with an unknown field in front.
    UnknownCompareField(Bytes),
    /// `-C` with an unknown field behind; the one in front is known.
    UnknownCompareValue { field: Bytes, value: Bytes },
    /// A field of the exit list on another one.
    ExitOnly(Bytes),
    /// `msgtype` on another list than exclude or user.
    MessageTypeList,
    /// A field that an old kernel does not take on the exclude list.
    ExcludeFields,
    /// `sessionid` on another list than exclude, user or exit.
    SessionIdList(Bytes),
    /// `fstype` on another list than filesystem.
    FsTypeList(Bytes),
    /// Any operator but `=` and `!=`.
    EqualityOnly(Bytes),
    /// Any operator but `=`.
    EqualOnly(Bytes),
    /// The kernel does not know this field yet.
    FieldUnsupported(Bytes),
    /// The kernel does not know the filesystem list yet.
    FilesystemUnsupported(Bytes),
    /// No kernel compares these two.
    IncomparableFields(Bytes),

    /// A number was expected as the value of a field.
    FieldNotANumber(Bytes),
    /// A number was expected, or one of a few.
    SettingNotANumber { setting: SettingName, text: Bytes },
    /// A number beyond 64 bits.
    SettingOverflow(SettingName),
    /// A value beyond what the kernel takes.
    FieldOutOfRange(Bytes),
    /// No such user.
    UnknownUser(Bytes),
    /// No such group.
    UnknownGroup(Bytes),
    /// No such errno.
    UnknownErrno { field: Bytes, text: Bytes },
    /// No such message type.
    UnknownMessageType { field: Bytes, text: Bytes },
    /// No such file type.
    UnknownFileType { field: Bytes, text: Bytes },
    /// No such file system type.
    UnknownFsType { field: Bytes, text: Bytes },
    /// `perm` with other letters.
    BadPermissionField,
    /// `-p` with another letter.
    UnknownPermission(u8),
    /// `-p` with more than four letters.
    TooManyPermissions(Bytes),
    /// A string over the kernel's limit.
    TextTooLong { field: Bytes },
    /// A control character in a user message.
    IllegalMessageCharacter,
    /// No signal the daemon understands.
    UnknownSignal(Bytes),
    /// `-q` without two paths.
    BadPathPair,

    /// `-k` with nothing before it that a key can be for.
    KeyMisplaced,
    /// `-F key` likewise, found when the rule is complete.
    KeyFieldMisplaced,
    /// Keys over the kernel's limit.
    KeyTooLong,
    /// The separator of keys in a key.
    KeySeparator(Bytes),
    /// `-p` with no rule before it.
    PermissionsMisplaced,
    /// `-p` with no field before it.
    PermissionsWithoutFields,
    /// `-w` behind `-a`, `-A`, `-d`, `-w` or `-W`.
    WatchAfterRule,
    /// `-w` or `-W` behind other parts of a rule.
    WatchNotFirst,
    /// A path over the kernel's limit.
    WatchPathTooLong,
    /// A path that does not start at the root.
    WatchPathRelative,
    /// A last component over the kernel's limit.
    WatchNameTooLong,
    /// `..` in a path.
    WatchPathDots,
    /// `*` or `?` in a path.
    WatchPathWildcard,
    /// A watch.
    SlowWatch,
    /// `perm` without an arch before it.
    SlowPerm,

    /// The kernel said no.
    Refused { errno: i32, adding: bool, path: Option<Bytes> },
    /// A change of rules or settings behind the `-e 2` that locks them.
    AfterLock,
    /// A rule that auditctl sends and kernels refuse: why, and because of which field.
    WouldBeRefused { reason: String, field: Option<&'static str> },
}

impl Fault {
    /// Its stable code.
    pub fn code(&self) -> Code {
        match self {
            Fault::InvalidOption { .. } => Code::InvalidOption,
            Fault::StrayOperand(_) => Code::StrayOperand,
            Fault::NoOption => Code::NoOption,
            Fault::NotAlone(_) => Code::NotAlone,
            Fault::NestedFile => Code::NestedFile,
            Fault::BadKeyword { .. } => Code::BadKeyword,
            Fault::SecondRule(_) => Code::SecondRule,
            Fault::PossibleDeprecated(_) => Code::PossibleDeprecated,
            Fault::ListMissing => Code::ListMissing,
            Fault::NoList => Code::NoList,
            Fault::SyscallsBeforeTask(_)
            | Fault::SyscallsOnList(_)
            | Fault::SyscallsBeforeEquivalent => Code::SyscallsOnList,
            Fault::TooManyFields(_) | Fault::TooManyFieldsWithPermissions => Code::TooManyFields,
            Fault::UnknownSyscall { .. } => Code::UnknownSyscall,
            Fault::UnknownUringOp { .. } => Code::UnknownUringOp,
            Fault::UnknownArch { .. } => Code::UnknownArch,
            Fault::ArchAfterSyscalls(_) => Code::ArchAfterSyscalls,
            Fault::UnknownMachine => Code::UnknownMachine,
            Fault::SyscallMismatch { .. } => Code::SyscallMismatch,
            Fault::MalformedField { .. } | Fault::MalformedCompare { .. } => {
                Code::MalformedCondition
            }
            Fault::UnknownField(_)
            | Fault::UnknownCompareField(_)
            | Fault::UnknownCompareValue { .. } => Code::UnknownField,
            Fault::ExitOnly(_)
            | Fault::MessageTypeList
            | Fault::ExcludeFields
            | Fault::SessionIdList(_)
            | Fault::FsTypeList(_) => Code::FieldNotOnList,
            Fault::EqualityOnly(_) | Fault::EqualOnly(_) => Code::OperatorNotAllowed,
            Fault::FieldUnsupported(_) | Fault::FilesystemUnsupported(_) => Code::FieldUnsupported,
            Fault::IncomparableFields(_) => Code::IncomparableFields,
            Fault::FieldNotANumber(_) | Fault::SettingNotANumber { .. } => Code::NotANumber,
            Fault::SettingOverflow(_) | Fault::FieldOutOfRange(_) => Code::OutOfRange,
            Fault::UnknownUser(_) => Code::UnknownUser,
            Fault::UnknownGroup(_) => Code::UnknownGroup,
            Fault::UnknownErrno { .. } => Code::UnknownErrno,
            Fault::UnknownMessageType { .. } => Code::UnknownMessageType,
            Fault::UnknownFileType { .. } => Code::UnknownFileType,
            Fault::UnknownFsType { .. } => Code::UnknownFsType,
            Fault::BadPermissionField
            | Fault::UnknownPermission(_)
            | Fault::TooManyPermissions(_) => Code::BadPermission,
            Fault::TextTooLong { .. } => Code::TextTooLong,
            Fault::IllegalMessageCharacter | Fault::KeySeparator(_) => Code::IllegalCharacter,
            Fault::UnknownSignal(_) => Code::UnknownSignal,
            Fault::BadPathPair => Code::BadPathPair,
            Fault::KeyMisplaced | Fault::KeyFieldMisplaced => Code::KeyMisplaced,
            Fault::KeyTooLong => Code::KeyTooLong,
            Fault::PermissionsMisplaced | Fault::PermissionsWithoutFields => {
                Code::PermissionMisplaced
            }
            Fault::WatchAfterRule | Fault::WatchNotFirst => Code::WatchMisplaced,
            Fault::WatchPathTooLong | Fault::WatchPathRelative | Fault::WatchNameTooLong => {
                Code::BadWatchPath
            }
            Fault::WatchPathDots | Fault::WatchPathWildcard => Code::OddWatchPath,
            Fault::SlowWatch => Code::SlowWatch,
            Fault::SlowPerm => Code::SlowPerm,
            Fault::Refused { .. } => Code::Refused,
            Fault::AfterLock => Code::AfterLock,
            Fault::WouldBeRefused { .. } => Code::WouldBeRefused,
        }
    }
}
