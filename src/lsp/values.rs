//! The values of fields: candidates for completion, and descriptions for hover.

use crate::catalog::{
    Arch, FieldKind, FieldRow, KnownList, Operator, OperatorSet, Perm, Word, errnos, family_name,
    filetypes, fstypes, meaning, msgtypes,
};

/// A word that completion offers, with a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) word: String,
    pub(super) detail: String,
}

impl Candidate {
    pub(super) fn new(word: impl Into<String>, detail: impl Into<String>) -> Self {
        Candidate { word: word.into(), detail: detail.into() }
    }
}

/// Returns the words that are values of this kind on a machine.
pub(super) fn values(kind: FieldKind, machine: Arch) -> Vec<Candidate> {
    match kind {
        FieldKind::Arch => arches(machine),
        FieldKind::Errno => {
            let errors = errnos().iter();
            errors
                .map(|(name, number)| Candidate::new(format!("-{name}"), format!("error {number}")))
                .collect()
        }
        FieldKind::MessageType => {
            let types = msgtypes().iter();
            types.map(|(number, name)| Candidate::new(*name, format!("message {number}"))).collect()
        }
        FieldKind::FsType => numbered(fstypes(), |number| format!("{number:#x}")),
        FieldKind::FileType => numbered(filetypes(), |number| format!("{number:#o}")),
        FieldKind::Perm => permissions(),
        FieldKind::User => {
            vec![
                Candidate::new("unset", "4294967295: never logged in"),
                Candidate::new("root", "0"),
            ]
        }
        FieldKind::Group => vec![Candidate::new("root", "0")],
        FieldKind::SessionId => vec![Candidate::new("unset", "4294967295: no session")],
        FieldKind::Success => vec![Candidate::new("1", "success"), Candidate::new("0", "failure")],
        FieldKind::Family => (0..crate::catalog::AF_MAX)
            .filter_map(|number| Some(Candidate::new(number.to_string(), family_name(number)?)))
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

/// Returns `b64` and `b32` with their meaning on a machine, and the names of machines.
fn arches(machine: Arch) -> Vec<Candidate> {
    let here = |word: &str, arch: Option<Arch>| {
        arch.map(|arch| Candidate::new(word, format!("{} on this machine", arch.common_name())))
    };
    let sizes = [here("b64", machine.b64()), here("b32", machine.b32())];
    let names = Arch::ALL.iter().filter(|arch| arch.known_to_auditctl());
    let names = names.map(|arch| Candidate::new(arch.common_name(), format!("{:#x}", arch.elf())));
    sizes.into_iter().flatten().chain(names).collect()
}

/// Returns the usual combinations of permissions, then the single letters.
pub(super) fn permissions() -> Vec<Candidate> {
    let usual =
        [Candidate::new("wa", "write and attribute change"), Candidate::new("rwxa", "any access")];
    let letters = Perm::ALL.iter().map(|perm| {
        let letter = char::from(perm.letter()).to_string();
        let text = meaning(Word::Perm, &letter).map_or("", |meaning| meaning.text);
        Candidate::new(letter, text)
    });
    usual.into_iter().chain(letters).collect()
}

fn numbered(names: &[(&str, u32)], shown: impl Fn(u32) -> String) -> Vec<Candidate> {
    names.iter().map(|(name, number)| Candidate::new(*name, shown(*number))).collect()
}

/// Describes how a value of this kind is written.
pub(super) const fn kind_text(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Number => "a number",
        FieldKind::User => "a user: number, name or `unset`",
        FieldKind::Group => "a group: number or name",
        FieldKind::Arch => "`b64`, `b32`, the name of a machine, or an ELF id",
        FieldKind::MessageType => "a message type: number or name",
        FieldKind::Text => "text",
        FieldKind::Path => "an absolute path, taken literally",
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

/// Lists the operators of a set in Markdown.
pub(super) fn operators(set: OperatorSet) -> String {
    let symbols = Operator::ALL.iter().filter(|operator| set.contains(**operator));
    symbols.map(|operator| format!("`{}`", operator.symbol())).collect::<Vec<_>>().join(" ")
}

/// Lists the filter lists that accept a field in Markdown.
pub(super) fn lists(row: &FieldRow) -> String {
    let all = KnownList::ALL.iter().filter(|list| list.known_to_auditctl());
    if all.clone().all(|list| row.lists.contains(list)) {
        return "all".to_owned();
    }
    let names = all.filter(|list| row.lists.contains(list));
    names.map(|list| format!("`{}`", list.name())).collect::<Vec<_>>().join(", ")
}
