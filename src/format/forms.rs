//! How a command may be written: from all in its place to the words as they are.

use super::parts::Parts;
use super::spell::{self, Alone};
use crate::syntax::{Command, Directive, Item, SettingName, SyscallList, Text};

/// A form of a line. Each brings what the bolder ones left as it was into the same form as they would,
/// so that a second pass finds nothing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// All in its place: action and list, arch, syscalls, conditions, keys.
    Whole,
    /// The same with all names beside `all`: some may be unknown on some machine, which is an error there.
    WholeWithNames,
    /// The syscalls where the first of them stood: before a condition that looks at them, or behind it.
    SyscallsInPlace,
    /// Every option where it stands, its value spelled anew.
    InOrder,
    /// Every option where it stands, its value as it was.
    Options,
    /// The words as they are, with one space between them.
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

    /// The command of `line` in this form; `None` if it cannot be written so.
    pub(super) fn print(self, line: &[u8], command: &Command<'_>) -> Option<Vec<u8>> {
        let mut out = Writer { line, out: Vec::with_capacity(line.len() + 8), is_sound: true };
        match self {
            Form::Words => command.words.iter().for_each(|word| out.word(source(line, word))),
            _ if !command.operands.is_empty() || command.options.is_empty() => return None,
            Form::Whole => out.rule(&Parts::of(command)?, Place::BehindArch, Alone::Yes),
            Form::WholeWithNames => out.rule(&Parts::of(command)?, Place::BehindArch, Alone::No),
            Form::SyscallsInPlace => out.rule(&Parts::of(command)?, Place::AsWritten, Alone::Yes),
            Form::InOrder => command.options.iter().for_each(|item| out.value_anew(item)),
            Form::Options => command.options.iter().for_each(|item| out.option_anew(item)),
        }
        out.is_sound.then_some(out.out)
    }
}

/// Where the syscalls go among the conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    BehindArch,
    AsWritten,
}

/// What stands in the line for this text, escapes and all.
pub(super) fn source<'l>(line: &'l [u8], text: &Text<'_>) -> &'l [u8] {
    line.get(text.span().range()).unwrap_or_default()
}

struct Writer<'l> {
    line: &'l [u8],
    out: Vec<u8>,
    /// Whether everything could be written: a file has no empty words, and no options that are none.
    is_sound: bool,
}

impl Writer<'_> {
    fn rule(&mut self, parts: &Parts<'_, '_>, place: Place, alone: Alone) {
        self.value_anew(parts.head);
        parts.permissions.iter().for_each(|item| self.value_anew(item));
        let before = match place {
            Place::BehindArch => parts.behind_arch,
            Place::AsWritten => parts.before_syscalls,
        };
        let (before, behind) = parts.conditions.split_at(before.min(parts.conditions.len()));
        before.iter().for_each(|item| self.value_anew(item));
        if !parts.syscalls.is_empty() {
            self.syscalls(&parts.syscalls, alone);
        }
        behind.iter().for_each(|item| self.value_anew(item));
        parts.keys.iter().for_each(|key| self.key(key, parts.is_watch()));
    }

    /// Watches have `-k`, rules `-F key=`, as auditctl lists them. No word is empty, so a key that is has
    /// the form that can hold it.
    fn key(&mut self, key: &Text<'_>, is_watch: bool) {
        let key = source(self.line, key);
        match is_watch && !key.is_empty() {
            true => self.option(b"-k", key),
            false => self.option(b"-F", &[b"key=", key].concat()),
        }
    }

    fn syscalls(&mut self, lists: &[&SyscallList<'_>], alone: Alone) {
        self.option(b"-S", &spell::syscalls(self.line, lists, alone));
    }

    fn value_anew(&mut self, item: &Item<'_>) {
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
            Directive::Syscalls(list) => self.syscalls(&[list], Alone::No),
            _ => self.option_anew(item),
        }
    }

    fn option_anew(&mut self, item: &Item<'_>) {
        self.option_with(item, None);
    }

    /// Writes the option with this value, or else with its own as it stands.
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

/// The option in short, and its value; `None` for what is no option.
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
