//! The stable codes of all diagnostics.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal $level:ident,)*) => {
        /// The stable code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// Returns the code as printed.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// Returns the severity.
            pub const fn level(self) -> Level {
                match self { $(Code::$name => Level::$level,)* }
            }
        }
    };
}

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// The rule works, but probably not as intended.
    Warning,
    /// The command does not work.
    Error,
}

codes! {
    // The command: options and operands.
    /// An unknown option, or an option without its value.
    InvalidOption "E001" Error,
    /// A word that belongs to no option.
    StrayOperand "E002" Error,
    /// A command without an option.
    NoOption "E003" Error,
    /// An option with words that it does not allow.
    NotAlone "E004" Error,
    /// `-R` inside a file, or with other options.
    NestedFile "E005" Error,
    /// A setting or command on the line of a rule.
    BesideRule "E006" Error,
    /// A line in a notation that auditctl does not read.
    WrongNotation "E007" Error,

    // The rule: list, action and number of fields.
    /// A value that is not a list and an action.
    BadKeyword "E010" Error,
    /// A second list and action.
    SecondRule "E011" Error,
    /// The action `possible`.
    PossibleDeprecated "C106" Warning,
    /// A condition before the list.
    ListMissing "E012" Error,
    /// Syscalls without a list.
    NoList "E013" Error,
    /// Syscalls on a list that takes no syscalls.
    SyscallsOnList "E014" Error,
    /// More than 63 fields.
    TooManyFields "E015" Error,

    // Syscalls and architectures.
    /// An unknown syscall on this arch.
    UnknownSyscall "E020" Error,
    /// An unknown io_uring operation.
    UnknownUringOp "E021" Error,
    /// An unknown architecture, or a word size that the machine does not have.
    UnknownArch "E022" Error,
    /// An arch after the syscalls it applies to.
    ArchAfterSyscalls "E023" Error,
    /// A machine whose syscalls are unknown.
    UnknownMachine "E024" Error,
    /// A syscall name with different numbers for the two word sizes, without an arch.
    SyscallMismatch "C101" Warning,

    // Conditions.
    /// A condition without field, operator or value.
    MalformedCondition "E030" Error,
    /// An unknown field.
    UnknownField "E031" Error,
    /// A field that this list does not accept.
    FieldNotOnList "E032" Error,
    /// An operator that this field does not accept.
    OperatorNotAllowed "E033" Error,
    /// A field that the running kernel does not support.
    FieldUnsupported "E034" Error,
    /// Two fields that cannot be compared.
    IncomparableFields "E035" Error,

    // Values.
    /// Not a number where a number is required.
    NotANumber "E040" Error,
    /// A number out of range.
    OutOfRange "E041" Error,
    /// An unknown user.
    UnknownUser "E042" Error,
    /// An unknown group.
    UnknownGroup "E043" Error,
    /// An unknown error name.
    UnknownErrno "E044" Error,
    /// An unknown message type.
    UnknownMessageType "E045" Error,
    /// An unknown file type.
    UnknownFileType "E046" Error,
    /// An unknown file system type.
    UnknownFsType "E047" Error,
    /// A letter that is not a permission, or too many letters.
    BadPermission "E048" Error,
    /// A string that exceeds the kernel's limit.
    TextTooLong "E049" Error,
    /// An illegal control character.
    IllegalCharacter "E050" Error,
    /// A signal that the daemon does not understand.
    UnknownSignal "E051" Error,
    /// A value that is not two paths.
    BadPathPair "E052" Error,
    /// A value that auditctl reads differently from how it looks.
    MisreadValue "C133" Warning,

    // Keys, permissions and watches.
    /// A key with no part before it that takes a key.
    KeyMisplaced "E060" Error,
    /// Keys over 256 bytes.
    KeyTooLong "E061" Error,
    /// Permissions with no rule before them.
    PermissionMisplaced "E062" Error,
    /// A watch after other parts of a rule.
    WatchMisplaced "E063" Error,
    /// A path that cannot be watched.
    BadWatchPath "E064" Error,
    /// `..` or a wildcard, which the kernel takes literally.
    OddWatchPath "R106" Warning,
    /// A watch, tested at every syscall.
    SlowWatch "P101" Info,
    /// `perm` without an arch before it, tested at every syscall.
    SlowPerm "P102" Info,

    // Answers of the kernel.
    /// The kernel refuses a request.
    Refused "E070" Error,
    /// A change after `-e 2`.
    AfterLock "E071" Error,
    /// A rule that no kernel accepts.
    WouldBeRefused "E072" Warning,
}
