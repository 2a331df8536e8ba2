//! The forms in which a command can be written, from a fixed order of its parts to its unchanged words.

use super::parts::Parts;
use super::spell::{self, AllSyscalls};
use crate::syntax::{Command, Directive, Item, SettingName, SyscallList, Text};

/// A form of a line. Each form leaves the results of bolder forms unchanged, so that a second pass changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A fixed order: action and list, arch, syscalls, conditions, keys.
    Whole,
    /// The same, but the names beside `all` stay: on some machines such a name may be unknown, which is an error.
    WholeWithNames,
    /// The syscalls at the place of the first syscall: a condition may depend on them.
    SyscallsInPlace,
    /// Every option in its place, with a normalized value.
    InOrder,
    /// Every option in its place, with its value unchanged.
    Options,
    /// The words unchanged, with one space between them.
    Words,
}

impl Form {
    /// The boldest first.
    pub(super) const ALL: [Form; 6] = [
        Form::Whole,
        Form::WholeWithNames,
        Form::SyscallsInPlace,
        Form::InOrder,
        Form::Options,
        Form::Words,
    ];

    /// Writes the command of `line` in this form; `None` if that is impossible.
    pub(super) fn print(self, line: &[u8], command: &Command<'_>) -> Option<Vec<u8>> {
        let mut out = Writer { line, out: Vec::with_capacity(line.len() + 8), is_sound: true };
        match self {
            Form::Words => command.words.iter().for_each(|word| out.word(source(line, word))),
            _ if !command.operands.is_empty() || command.options.is_empty() => return None,
            Form::Whole => {
                out.rule(&Parts::of(command)?, SyscallPlace::AfterArch, AllSyscalls::Alone)
            }
            Form::WholeWithNames => {
                out.rule(&Parts::of(command)?, SyscallPlace::AfterArch, AllSyscalls::WithNames)
            }
            Form::SyscallsInPlace => {
                out.rule(&Parts::of(command)?, SyscallPlace::AsWritten, AllSyscalls::Alone)
            }
            Form::InOrder => command.options.iter().for_each(|item| out.normalized(item)),
            Form::Options => command.options.iter().for_each(|item| out.unchanged(item)),
        }
        out.is_sound.then_some(out.out)
    }
}

/// The place of the syscalls among the conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SyscallPlace {
    AfterArch,
    AsWritten,
}

/// Returns the bytes of the line that this text comes from, with escapes.
pub(super) fn source<'l>(line: &'l [u8], text: &Text<'_>) -> &'l [u8] {
    line.get(text.span().range()).unwrap_or_default()
}

struct Writer<'l> {
    line: &'l [u8],
    out: Vec<u8>,
    /// Writes a rule. Returns whether everything could be written: a file has no empty words and no malformed
    /// options.
    is_sound: bool,
}

impl Writer<'_> {
    fn rule(&mut self, parts: &Parts<'_, '_>, place: SyscallPlace, all: AllSyscalls) {
        self.normalized(parts.head);
        parts.permissions.iter().for_each(|item| self.normalized(item));
        let before = match place {
            SyscallPlace::AfterArch => parts.after_arch,
            SyscallPlace::AsWritten => parts.before_syscalls,
        };
        let (before, after) = parts.conditions.split_at(before.min(parts.conditions.len()));
        before.iter().for_each(|item| self.normalized(item));
        if !parts.syscalls.is_empty() {
            self.syscalls(&parts.syscalls, all);
        }
        after.iter().for_each(|item| self.normalized(item));
        for key in &parts.keys {
            let key = source(self.line, key);
            // The form in which auditctl lists keys. A file has no empty words, so an empty key needs `key=`.
            match parts.is_watch() && !key.is_empty() {
                true => self.option(b"-k", key),
                false => self.option(b"-F", &[b"key=", key].concat()),
            }
        }
    }

    fn syscalls(&mut self, lists: &[&SyscallList<'_>], all: AllSyscalls) {
        self.option(b"-S", &spell::syscalls(self.line, lists, all));
    }

    fn normalized(&mut self, item: &Item<'_>) {
        let line = self.line;
        match &item.directive {
            Directive::Append(keywords)
            | Directive::Prepend(keywords)
            | Directive::Delete(keywords) => {
                let value = spell::keywords(keywords);
                self.option_with(item, value.as_deref());
            }
            Directive::Field(expression) => {
                self.option_with(item, Some(&spell::field(line, expression)));
            }
            Directive::Compare(expression) => {
                self.option_with(item, Some(&spell::compare(line, expression)));
            }
            Directive::Permissions(letters) => {
                let value = spell::permissions(letters.bytes());
                self.option_with(item, value.as_deref());
            }
            Directive::Syscalls(list) => self.syscalls(&[list], AllSyscalls::WithNames),
            _ => self.unchanged(item),
        }
    }

    fn unchanged(&mut self, item: &Item<'_>) {
        self.option_with(item, None);
    }

    /// Writes the option with this value, or with its own value, unchanged.
    fn option_with(&mut self, item: &Item<'_>, value: Option<&[u8]>) {
        let Some((name, own)) = named(&item.directive) else {
            self.is_sound = false;
            return;
        };
        match (value, own) {
            (Some(value), _) => self.option(name, value),
            (None, Some(own)) => self.option(name, source(self.line, own)),
            (None, None) => self.word(name),
        }
    }

    fn option(&mut self, name: &[u8], value: &[u8]) {
        self.word(name);
        self.word(value);
    }

    fn word(&mut self, word: &[u8]) {
        self.is_sound &= !word.is_empty();
        if !self.out.is_empty() {
            self.out.push(b' ');
        }
        self.out.extend_from_slice(word);
    }
}

/// Returns the short form of the option, and its value; `None` for a malformed option.
fn named<'d, 'a>(directive: &'d Directive<'a>) -> Option<(&'static [u8], Option<&'d Text<'a>>)> {
    let (name, value): (&'static [u8], _) = match directive {
        Directive::Append(keywords) => (b"-a", Some(&keywords.text)),
        Directive::Prepend(keywords) => (b"-A", Some(&keywords.text)),
        Directive::Delete(keywords) => (b"-d", Some(&keywords.text)),
        Directive::Watch(path) => (b"-w", Some(path)),
        Directive::RemoveWatch(path) => (b"-W", Some(path)),
        Directive::Syscalls(list) => (b"-S", Some(&list.text)),
        Directive::Field(expression) => (b"-F", Some(&expression.text)),
        Directive::Compare(expression) => (b"-C", Some(&expression.text)),
        Directive::Key(key) => (b"-k", Some(key)),
        Directive::Permissions(letters) => (b"-p", Some(letters)),
        Directive::Set(SettingName::Enabled, number) => (b"-e", Some(number)),
        Directive::Set(SettingName::Failure, number) => (b"-f", Some(number)),
        Directive::Set(SettingName::RateLimit, number) => (b"-r", Some(number)),
        Directive::Set(SettingName::BacklogLimit, number) => (b"-b", Some(number)),
        Directive::Set(SettingName::BacklogWaitTime, number) => {
            (b"--backlog_wait_time", Some(number))
        }
        Directive::List => (b"-l", None),
        Directive::Status => (b"-s", None),
        Directive::DeleteAll => (b"-D", None),
        Directive::Trim => (b"-t", None),
        Directive::MakeEquivalent(paths) => (b"-q", Some(&paths.text)),
        Directive::Message(text) => (b"-m", Some(text)),
        Directive::ReadRules(path) => (b"-R", Some(path)),
        Directive::Ignore => (b"-i", None),
        Directive::Continue => (b"-c", None),
        Directive::Version => (b"-v", None),
        Directive::Help => (b"-h", None),
        Directive::LoginuidImmutable => (b"--loginuid-immutable", None),
        Directive::ResetLost => (b"--reset-lost", None),
        Directive::ResetBacklogWaitTimeActual => (b"--reset_backlog_wait_time_actual", None),
        Directive::Signal(name) => (b"--signal", Some(name)),
        Directive::Malformed(_) => return None,
    };
    Some((name, value))
}
