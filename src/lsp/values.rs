//! The values that a field may have, as far as they are words.

use crate::catalog::{
    Arch, FieldKind, FieldRow, FilterList, Operator, OperatorSet, Perm, Word, errnos, family_name,
    filetypes, fstypes, meaning, msgtypes,
};

/// A word that may stand somewhere, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) word: String,
    pub(super) detail: String,
}

impl Value {
    pub(super) fn new(word: impl Into<String>, detail: impl Into<String>) -> Self {
        Value { word: word.into(), detail: detail.into() }
    }
}

/// The words for values of this kind, on a machine.
pub(super) fn values(kind: FieldKind, machine: Arch) -> Vec<Value> {
    match kind {
        FieldKind::Arch => arches(machine),
        FieldKind::Errno => {
            let errors = errnos().iter();
            errors
                .map(|(name, number)| Value::new(format!("-{name}"), format!("error {number}")))
                .collect()
        }
        FieldKind::MessageType => {
            let types = msgtypes().iter();
            types.map(|(number, name)| Value::new(*name, format!("message {number}"))).collect()
        }
        FieldKind::FsType => numbered(fstypes(), |number| format!("{number:#x}")),
        FieldKind::FileType => numbered(filetypes(), |number| format!("{number:#o}")),
        FieldKind::Perm => permissions(),
        FieldKind::User => {
            vec![Value::new("unset", "4294967295: never logged in"), Value::new("root", "0")]
        }
        FieldKind::Group => vec![Value::new("root", "0")],
        FieldKind::SessionId => vec![Value::new("unset", "4294967295: no session")],
        FieldKind::Success => vec![Value::new("1", "it succeeded"), Value::new("0", "it failed")],
        FieldKind::Family => (0..crate::catalog::AF_MAX)
            .filter_map(|number| Some(Value::new(number.to_string(), family_name(number)?)))
            .collect(),
        FieldKind::Number
        | FieldKind::Text
        | FieldKind::Path
        | FieldKind::Key
        | FieldKind::Inode
        | FieldKind::Compare
        | FieldKind::Argument => Vec::new(),
    }
}

/// What `b64` and `b32` are here, and the names of machines.
fn arches(machine: Arch) -> Vec<Value> {
    let here = |word: &str, arch: Option<Arch>| {
        arch.map(|arch| Value::new(word, format!("{} here", arch.common_name())))
    };
    let sizes = [here("b64", machine.b64()), here("b32", machine.b32())];
    let names = Arch::ALL.iter().filter(|arch| arch.known_to_auditctl());
    let names = names.map(|arch| Value::new(arch.common_name(), format!("{:#x}", arch.elf())));
    sizes.into_iter().flatten().chain(names).collect()
}

/// Permissions as they are mostly written, then letter by letter.
pub(super) fn permissions() -> Vec<Value> {
    let usual = [Value::new("wa", "write, change of attributes"), Value::new("rwxa", "anything")];
    let letters = Perm::ALL.iter().map(|perm| {
        let letter = char::from(perm.letter()).to_string();
        let text = meaning(Word::Perm, &letter).map_or("", |meaning| meaning.text);
        Value::new(letter, text)
    });
    usual.into_iter().chain(letters).collect()
}

fn numbered(names: &[(&str, u32)], shown: impl Fn(u32) -> String) -> Vec<Value> {
    names.iter().map(|(name, number)| Value::new(*name, shown(*number))).collect()
}

/// How a value of this kind is written.
pub(super) const fn kind_text(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Number => "a number",
        FieldKind::User => "a user: number, name or `unset`",
        FieldKind::Group => "a group: number or name",
        FieldKind::Arch => "`b64`, `b32`, the name of a machine, or an ELF id",
        FieldKind::MessageType => "a message type: number or name",
        FieldKind::Text => "text",
        FieldKind::Path => "an absolute path, as it stands",
        FieldKind::Key => "text of at most 256 bytes",
        FieldKind::SessionId => "a number, or `unset`",
        FieldKind::FsType => "a file system type: name or number",
        FieldKind::Inode => "a number",
        FieldKind::Errno => "a number, or the name of an error",
        FieldKind::Success => "1 or 0",
        FieldKind::Perm => "letters of `rwxa`",
        FieldKind::FileType => "the name of a file type",
        FieldKind::Compare => "the number of a comparison",
        FieldKind::Family => "the number of an address family",
        FieldKind::Argument => "a number, which may be negative",
    }
}

/// The operators of a set, as they are written.
pub(super) fn operators(set: OperatorSet) -> String {
    let symbols = Operator::ALL.iter().filter(|operator| set.contains(**operator));
    symbols.map(|operator| format!("`{}`", operator.symbol())).collect::<Vec<_>>().join(" ")
}

/// The lists that a field may stand on, as they are written.
pub(super) fn lists(row: &FieldRow) -> String {
    let all = FilterList::ALL.iter().filter(|list| list.known_to_auditctl());
    if all.clone().all(|list| row.lists.contains(list)) {
        return "all".to_owned();
    }
    let names = all.filter(|list| row.lists.contains(list));
    names.map(|list| format!("`{}`", list.name())).collect::<Vec<_>>().join(", ")
}
