//! The stable codes of all diagnostics.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal $level:ident,)*) => {
        /// The stable code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as printed.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// The severity.
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
    /// It works, but probably not as intended.
    Warning,
    /// It does not work.
    Error,
}

codes! {
    // The command: options and operands.
    /// No such option, or one without its value.
    InvalidOption "E001" Error,
    /// A word that belongs to no option.
    StrayOperand "E002" Error,
    /// No option at all.
    NoOption "E003" Error,
    /// An option with other words than it allows.
    NotAlone "E004" Error,
    /// `-R` inside a file, or with other options.
    NestedFile "E005" Error,

    // The rule: list, action and number of fields.
    /// Not a list and an action.
    BadKeyword "E010" Error,
    /// A second list and action.
    SecondRule "E011" Error,
    /// The action `possible`.
    PossibleDeprecated "C106" Warning,
    /// A condition before the list.
    ListMissing "E012" Error,
    /// Syscalls without a list.
    NoList "E013" Error,
    /// Syscalls on a list that has none.
    SyscallsOnList "E014" Error,
    /// More than 63 fields.
    TooManyFields "E015" Error,

    // Syscalls and architectures.
    /// No such syscall on this arch.
    UnknownSyscall "E020" Error,
    /// No such io_uring operation.
    UnknownUringOp "E021" Error,
    /// No such architecture, or not the word size asked for.
    UnknownArch "E022" Error,
    /// An arch after the syscalls it applies to.
    ArchAfterSyscalls "E023" Error,
    /// A machine whose syscalls are unknown.
    UnknownMachine "E024" Error,
    /// A name with different numbers on the two word sizes, without an arch.
    SyscallMismatch "C101" Warning,

    // Conditions.
    /// A condition without field, operator or value.
    MalformedCondition "E030" Error,
    /// No such field.
    UnknownField "E031" Error,
    /// A field that this list does not take.
    FieldNotOnList "E032" Error,
    /// An operator that this field does not take.
    OperatorNotAllowed "E033" Error,
    /// A field that the running kernel does not know yet.
    FieldUnsupported "E034" Error,
    /// Two fields that cannot be compared.
    IncomparableFields "E035" Error,

    // Values.
    /// A number was expected.
    NotANumber "E040" Error,
    /// A number out of range.
    OutOfRange "E041" Error,
    /// No such user.
    UnknownUser "E042" Error,
    /// No such group.
    UnknownGroup "E043" Error,
    /// No such errno.
    UnknownErrno "E044" Error,
    /// No such message type.
    UnknownMessageType "E045" Error,
    /// No such file type.
    UnknownFileType "E046" Error,
    /// No such file system type.
    UnknownFsType "E047" Error,
    /// A letter that is no permission, or too many letters.
    BadPermission "E048" Error,
    /// A string over the kernel's limit.
    TextTooLong "E049" Error,
    /// An illegal control character.
    IllegalCharacter "E050" Error,
    /// No signal that the daemon understands.
    UnknownSignal "E051" Error,
    /// Not two paths.
    BadPathPair "E052" Error,

    // Keys, permissions and watches.
    /// A key with nothing before it.
    KeyMisplaced "E060" Error,
    /// Keys over 256 bytes.
    KeyTooLong "E061" Error,
    /// Permissions with nothing before them.
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
