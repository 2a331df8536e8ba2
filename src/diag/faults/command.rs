//! Options, operands, settings and commands.

use super::super::auditctl::{Message, after, before};
use super::super::code::Code;
use super::super::description::{Description, similar_or};
use super::super::hints;
use super::super::quote::quote;
use super::Bytes;
use crate::syntax::{Cause, LONG, SettingName};

/// An option that must be alone, or with few others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alone {
    /// `-s` with more than one other word.
    StatusCount,
    /// `-s` with a word other than `-i`.
    StatusWith,
    /// `-l` with more than two other words.
    ListCount,
    /// `-l` with words other than `-i`, or `-k` and a key.
    ListWith,
    /// `-D` with one other word, or with more than two.
    DeleteAllCount,
    /// `-D` with words other than `-k` and a key.
    DeleteAllWith,
    /// `-m` with anything except its text.
    Message,
}

/// What auditctl does with an option on the line of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BesideRule {
    /// It sends the setting, then the rule.
    SettingFirst,
    /// It carries out the option, and never sends the rule.
    RuleDropped,
}

/// A fault of options, operands, settings or commands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each fault is documented, and its members are named after their content"
)]
#[non_exhaustive]
pub enum CommandFault {
    /// An unknown option, or an option without its value.
    InvalidOption { cause: Cause, name: Bytes, word: Option<Bytes>, line: Option<usize> },
    /// A word that belongs to no option.
    StrayOperand { word: Bytes, stray: Stray },
    /// Words without an option: the first of them.
    NoOption(Bytes),
    /// An option together with options that it does not allow.
    NotAlone(Alone),
    /// `-R` inside a file, or with other options.
    NestedFile,
    /// A setting or command on the line of a rule.
    BesideRule { option: &'static str, effect: BesideRule },
    /// A setting that is not a number, or not one of the allowed numbers.
    SettingNotANumber { setting: SettingName, text: Bytes },
    /// A setting that exceeds 64 bits.
    SettingOverflow(SettingName),
    /// A control character in a user message.
    IllegalMessageCharacter,
    /// A signal that the daemon does not understand.
    UnknownSignal(Bytes),
    /// `-q` without two paths.
    BadPathPair,
}

/// The probable reason why a word belongs to no option, where other words show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stray {
    /// A word of the command contains a TAB, which does not end a word.
    BesideTab,
    /// Any other.
    Other,
}

impl CommandFault {
    pub(super) fn describe(&self) -> Description<'_> {
        match self {
            Self::InvalidOption { cause, name, word, line } => Description::titled(
                Code::InvalidOption,
                invalid_option(*cause, name),
                Message::error(option_is_invalid(word.as_deref(), *line)),
            )
            .help_from(|| valid_option(*cause, name)),
            Self::StrayOperand { word, stray } => Description::titled(
                Code::StrayOperand,
                format!("unexpected word {}", quote(word)),
                Message::error("parameter passed without an option given"),
            )
            .label("belongs to no option")
            .help(match (stray, &**word) {
                (_, [b'#', ..]) => "put the comment on its own line",
                (_, b"\\") => "write the whole rule on one line: a backslash at its end does not continue it",
                (Stray::BesideTab, _) => "use a space instead of the TAB: auditctl separates words at spaces only",
                (_, [b'-', ..]) => {
                    "remove it, or give it a line or a command of its own: the option before it ends the command"
                }
                _ => {
                    "write `\\ ` for a space inside a path or key, since quotes do not protect it; an option takes \
                     the next word as its value, even if it looks like an option, as in `-k -F`"
                }
            }),
            Self::NoOption(word) => {
                Description::titled(Code::NoOption, "command without an option", None)
                    .help_from(|| option_instead(word))
            }
            Self::NotAlone(alone) => {
                let (title, message) = not_alone(*alone);
                Description::titled(Code::NotAlone, title, Message::error(message))
                    .help("remove the other words, or give them a command of their own")
            }
            Self::NestedFile => Description::titled(
                Code::NestedFile,
                "`-R` inside a file or with other options",
                Message::error("Error - nested rule files not supported"),
            )
            .help("load each file with its own command"),
            Self::BesideRule { option, effect } => Description::titled(
                Code::BesideRule,
                format!("`{option}` on the line of a rule"),
                None,
            )
            .label(match effect {
                BesideRule::SettingFirst => "takes effect even if the kernel refuses the rule",
                BesideRule::RuleDropped => "auditctl does not send a rule beside it",
            })
            .help(format!("move `{option}` to a line of its own")),
            Self::SettingNotANumber { setting, text } => {
                let texts = setting_texts(*setting);
                Description::titled(
                    Code::NotANumber,
                    format!("`{}` {} {}", setting.option(), texts.takes, quote(text)),
                    Message::error(before(texts.not_a_number, text)),
                )
                .help(texts.remedy)
            }
            Self::SettingOverflow(setting) => {
                let texts = setting_texts(*setting);
                Description::titled(
                    Code::OutOfRange,
                    format!("the number of `{}` exceeds 64 bits", setting.option()),
                    Message::error(texts.overflow),
                )
                .help("write a number up to 4294967295")
            }
            Self::IllegalMessageCharacter => Description::titled(
                Code::IllegalCharacter,
                "illegal character in a message",
                Message::error("Illegal character in audit event"),
            )
            .help("use ASCII characters only, without control characters"),
            Self::UnknownSignal(name) => Description::titled(
                Code::UnknownSignal,
                format!("unknown signal {}", quote(name)),
                Message::error(after(name, " is an unsupported signal")),
            )
            .help(
                "write one of TERM (stop), HUP (reload), USR1 (rotate), USR2 (resume), CONT (state)",
            ),
            Self::BadPathPair => Description::titled(
                Code::BadPathPair,
                "`-q` needs a mount point and a subtree",
                Message::error("Error parsing equivalent parts"),
            )
            .help("write `-q mount,subtree`"),
        }
    }
}

fn invalid_option(cause: Cause, name: &[u8]) -> String {
    let dashes = if name.len() > 1 { "--" } else { "-" };
    let option = quote(&[dashes.as_bytes(), name].concat());
    match cause {
        Cause::Unknown => format!("unknown option {option}"),
        Cause::Ambiguous => format!("ambiguous option {option}"),
        Cause::ValueMissing => format!("option {option} needs a value"),
        Cause::ValueUnwanted => format!("option {option} takes no value"),
    }
}

fn option_is_invalid(word: Option<&[u8]>, line: Option<usize>) -> Vec<u8> {
    let place = line.map(|line| format!(" on line {line}")).unwrap_or_default();
    [b"Option ", word.unwrap_or(b" "), place.as_bytes(), b" is invalid"].concat()
}

/// Returns the remedy for an option that getopt refuses.
fn valid_option(cause: Cause, name: &[u8]) -> String {
    match cause {
        Cause::Unknown => similar_or(
            hints::option_for(name).as_deref(),
            "write an option of auditctl(8), such as `-w`, `-S` or `-k`",
        ),
        Cause::Ambiguous => format!("write {}", candidates(name)),
        Cause::ValueMissing => "add the value, or remove the option".into(),
        Cause::ValueUnwanted => "remove the value and the `=` before it".into(),
    }
}

/// Returns the long options with this prefix.
fn candidates(name: &[u8]) -> String {
    let names = LONG.iter().filter(|(long, ..)| long.starts_with(name));
    let names: Vec<String> =
        names.map(|(long, ..)| format!("`--{}`", String::from_utf8_lossy(long))).collect();
    names.join(" or ")
}

/// Returns the remedy for a line that begins with this word and has no option.
fn option_instead(word: &[u8]) -> String {
    let instead = hints::other_place(word).map(ToOwned::to_owned);
    instead.unwrap_or_else(|| "begin the rule with an option such as `-a` or `-w`".into())
}

/// Returns the title and auditctl's message.
fn not_alone(alone: Alone) -> (&'static str, &'static str) {
    let status = "`-s` allows no words other than `-i`";
    let list = "`-l` allows no words other than `-i`, or `-k` and a key";
    let delete_all = "`-D` allows no words other than `-k` and a key";
    match alone {
        Alone::StatusCount => (status, "Too many options for status command"),
        Alone::StatusWith => (status, "Only -i option is allowed"),
        Alone::ListCount => (list, "Wrong number of options for list request"),
        Alone::ListWith => (list, "Only -k or -i options are allowed"),
        Alone::DeleteAllCount => (delete_all, "Wrong number of options for Delete all request"),
        Alone::DeleteAllWith => (delete_all, "Only the -k option is allowed"),
        Alone::Message => (
            "`-m` allows no other options",
            "The -m option must be only the only option and takes 1 parameter",
        ),
    }
}

struct SettingTexts {
    remedy: &'static str,
    takes: &'static str,
    not_a_number: &'static str,
    overflow: &'static str,
}

fn setting_texts(setting: SettingName) -> SettingTexts {
    let [remedy, takes, not_a_number, overflow] = match setting {
        SettingName::Enabled => [
            "write 0 (off), 1 (on), or 2 (on, and locked until the next boot)",
            "takes 0, 1 or 2, not",
            "Enable must be 0, 1, or 2 was ",
            "Error converting rate",
        ],
        SettingName::Failure => [
            "write 0 (silent), 1 (log the failure) or 2 (stop the machine)",
            "takes 0, 1 or 2, not",
            "Failure must be 0, 1, or 2 was ",
            "Error converting rate",
        ],
        SettingName::RateLimit => [
            "write the number of messages a second, such as 1000, or 0 for no limit",
            "takes a number, not",
            "Rate must be a numeric value was ",
            "Error converting rate",
        ],
        SettingName::BacklogLimit => [
            "write the number of messages that may wait, such as 8192",
            "takes a number, not",
            "Backlog must be a numeric value was ",
            "Error converting backlog",
        ],
        SettingName::BacklogWaitTime => [
            "write a number, such as 60000, or 0 to wait for nothing",
            "takes a number, not",
            "Backlog_wait_time must be a numeric value was ",
            "Error converting backlog_wait_time",
        ],
    };
    SettingTexts { remedy, takes, not_a_number, overflow }
}
