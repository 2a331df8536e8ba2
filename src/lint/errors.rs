//! Errors of the compiler and the kernel: one lint for each code. The pages are in `errors/`.

use super::definition::{Check, Lint};
use crate::diag::{Code, Level};
use crate::rewrite::Change;

/// Defines the lint of each code, with its name and its page.
macro_rules! errors {
    ($($check:ident $list:ident { $($code:ident $name:literal $page:literal $(=> $fix:ident)?,)* })*) => {$(
        pub(super) static $list: &[Lint] = &[$(Lint {
            code: Code::$code.as_str(),
            name: $name,
            level: Level::Error,
            fix: errors!(@fix $($fix)?),
            check: Check::$check(Code::$code),
            page: include_str!(concat!("errors/", $page, ".md")),
        },)*];
    )*};
    // Nobody but the author knows what a refused line should do, except if only its notation is wrong.
    (@fix) => { None };
    (@fix $fix:ident) => { Some(Change::$fix) };
}

// `Compiler`: the text alone shows the error. `Loading`: only the machine that loads the rules can report it: its
// kernel lacks a feature (E034), its syscalls are unknown (E024), or its kernel refuses the rule (E070).
errors! {
    Compiler ERRORS {
        InvalidOption "invalid-option" "E001",
        StrayOperand "stray-operand" "E002",
        NoOption "no-option" "E003",
        NotAlone "not-alone" "E004",
        NestedFile "nested-file" "E005",
        BesideRule "beside-rule" "E006",
        WrongNotation "wrong-notation" "E007" => Meaning,
        BadKeyword "bad-keyword" "E010",
        SecondRule "second-rule" "E011",
        ListMissing "list-missing" "E012",
        NoList "no-list" "E013",
        SyscallsOnList "syscalls-on-list" "E014",
        TooManyFields "too-many-fields" "E015",
        UnknownSyscall "unknown-syscall" "E020",
        UnknownUringOp "unknown-uring-op" "E021",
        UnknownArch "unknown-arch" "E022",
        ArchAfterSyscalls "arch-after-syscalls" "E023",
        MalformedCondition "malformed-condition" "E030",
        UnknownField "unknown-field" "E031",
        FieldNotOnList "field-not-on-list" "E032",
        OperatorNotAllowed "operator-not-allowed" "E033",
        IncomparableFields "incomparable-fields" "E035",
        NotANumber "not-a-number" "E040",
        OutOfRange "out-of-range" "E041",
        UnknownUser "unknown-user" "E042",
        UnknownGroup "unknown-group" "E043",
        UnknownErrno "unknown-errno" "E044",
        UnknownMessageType "unknown-message-type" "E045",
        UnknownFileType "unknown-file-type" "E046",
        UnknownFsType "unknown-fs-type" "E047",
        BadPermission "bad-permission" "E048",
        TextTooLong "text-too-long" "E049",
        IllegalCharacter "illegal-character" "E050",
        UnknownSignal "unknown-signal" "E051",
        BadPathPair "bad-path-pair" "E052",
        KeyMisplaced "key-misplaced" "E060",
        KeyTooLong "key-too-long" "E061",
        PermissionMisplaced "permission-misplaced" "E062",
        WatchMisplaced "watch-misplaced" "E063",
        BadWatchPath "bad-watch-path" "E064",
        AfterLock "after-lock" "E071",
        WouldBeRefused "kernel-refuses" "E072",
    }
    Loading LOADING {
        UnknownMachine "unknown-machine" "E024",
        FieldUnsupported "field-unsupported" "E034",
        Refused "refused" "E070",
    }
}

/// A suppression comment that the linter cannot parse.
pub(super) static BAD_SUPPRESSION: Lint = Lint {
    code: "E080",
    name: "bad-suppression",
    level: Level::Error,
    fix: None,
    check: Check::Suppressions,
    page: include_str!("errors/E080.md"),
};
