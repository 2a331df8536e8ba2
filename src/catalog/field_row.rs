//! Rule fields: names, and the values and operators of each.

use super::by_hash::{ByHash, names};
use super::generated::fields;
use super::{KernelVersion, KnownList, lookup, suggest};

/// The kind of value that a field has.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
#[non_exhaustive]
pub enum FieldKind {
    /// An unsigned number: pid, ppid, pers, devmajor, devminor.
    Number,
    /// A user: number, negative number, `unset`, or name.
    User,
    /// A group: number or name.
    Group,
    /// A machine name, `b32`, `b64`, or an ELF id.
    Arch,
    /// A message type: number or name.
    MessageType,
    /// Text that the kernel compares with a security label.
    Text,
    /// A path: path, dir, exe.
    Path,
    /// The key of a rule: text of at most 256 bytes.
    Key,
    /// A session: number, negative number, or `unset`; auditctl reads anything else as 0.
    SessionId,
    /// A file system type: number or name.
    FsType,
    /// An unsigned inode number.
    Inode,
    /// The result of a syscall: number with or without sign, or an error name with or without `-`.
    Errno,
    /// Whether the syscall succeeded: a number, 0 or 1.
    Success,
    /// Letters of `rwxa`.
    Perm,
    /// The name of a file type.
    FileType,
    /// The number of a comparison of two fields.
    Compare,
    /// The number of an address family; auditctl reads anything else as 0.
    Family,
    /// A number with or without sign: a0 to a3.
    Argument,
}

/// The operators that a field allows.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub enum OperatorSet {
    /// All eight.
    All,
    /// All but `&` and `&=`.
    Order,
    /// `=` and `!=`.
    Equality,
    /// `=` alone.
    Equal,
    /// None: the field cannot be written.
    None,
}

/// The facts about a field.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct FieldRow {
    /// Its number, `AUDIT_*` of linux/audit.h.
    pub number: u32,
    /// Its name, as auditctl prints it.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: FieldKind,
    /// The lists on which auditctl accepts it; empty if auditctl has no name for it.
    pub lists: &'static [KnownList],
    /// The operators that auditctl accepts.
    pub operators: OperatorSet,
    /// The operators that the kernel accepts.
    pub kernel_operators: OperatorSet,
    /// Whether the exclude list of a kernel without the feature EXCLUDE_EXTEND allows it.
    pub basic_exclude: bool,
    /// The first kernel that has it; `None` if older than 3.0.
    pub since: Option<KernelVersion>,
}

/// Returns the number of the field `name`, in any case.
#[inline]
pub fn field_number(name: &[u8]) -> Option<u32> {
    let place = BY_HASH.find(&NAMES, name)?;
    fields::BY_NAME.get(usize::from(place.get()) - 1).map(|(_, number)| *number)
}

/// Returns the number of a field that exists.
#[expect(clippy::indexing_slicing, reason = "called by the compiler")]
pub(super) const fn number_of(name: &str) -> u32 {
    fields::BY_NAME[BY_HASH.place_of(&NAMES, name).get() as usize - 1].1
}

static NAMES: [&str; fields::BY_NAME.len()] = names(fields::BY_NAME);

static BY_HASH: ByHash<256> = ByHash::of(&NAMES);

/// Returns the name that auditctl prints for a field: `auid`, never `loginuid`.
pub fn field_name(number: u32) -> Option<&'static str> {
    lookup::entry(fields::BY_NUMBER, number)
}

/// Returns the facts about field `number`, including the kernel's own `loginuid_set`.
pub fn field_info(number: u32) -> Option<&'static FieldRow> {
    ROW_BY_NUMBER.get(number as usize).copied().flatten()
}

/// The rows of `fields::ROWS` at the index of their number.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static ROW_BY_NUMBER: [Option<&FieldRow>; 256] = {
    let mut rows = [None; 256];
    let mut at = 0;
    while at < fields::ROWS.len() {
        let row = &fields::ROWS[at];
        rows[row.number as usize] = Some(row);
        at += 1;
    }
    rows
};

/// Returns the field whose name is most similar to `name`.
pub fn nearest_field(name: &[u8]) -> Option<&'static str> {
    suggest::nearest(name, fields::BY_NAME.iter().map(|(known, _)| *known))
}
