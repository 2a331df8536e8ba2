//! Settings, questions and commands.

use super::number::{starts_with_digit, unsigned};
use super::program::{SignalName, Step};
use super::{Compiler, Flow, Outcome};
use crate::diag::{Alone, CommandFault, ConditionFault, RuleFault};
use crate::rule::Control;
use crate::span::Span;
use crate::syntax::{Command, Directive, Item, Malformed, PathPair, SettingName, Text};

impl Compiler<'_> {
    pub(super) fn control(&mut self, item: &Item<'_>, command: &Command<'_>) -> Outcome {
        let span = item.span;
        match &item.directive {
            Directive::Set(setting, text) => self.set(*setting, text, span),
            Directive::List => self.list_rules(item, command),
            Directive::Status => self.status(item, command),
            Directive::DeleteAll => self.delete_all(item, command),
            Directive::MakeEquivalent(paths) => self.make_equivalent(paths, span),
            Directive::Message(text) => self.message(text, span, command),
            Directive::Signal(name) => self.signal(name),
            Directive::Malformed(malformed) => self.invalid_option(malformed, span),
            Directive::ReadRules(_) => self.fail(CommandFault::NestedFile, span),
            Directive::Trim => self.command(Control::Trim, span, Flow::Finished),
            Directive::LoginuidImmutable => {
                self.command(Control::LoginuidImmutable, span, Flow::Complete)
            }
            Directive::ResetLost => self.reset_lost(span),
            Directive::ResetBacklogWaitTimeActual => {
                self.command(Control::ResetBacklogWaitTimeActual, span, Flow::Finished)
            }
            Directive::Ignore => self.step(Step::Ignore),
            Directive::Continue => self.step(Step::Continue),
            Directive::Version => self.step(Step::Version),
            Directive::Help => self.step(Step::Usage),
            _ => Ok(Flow::Next),
        }
    }

    fn step(&mut self, step: Step) -> Outcome {
        self.program.steps.push(step);
        Ok(Flow::Complete)
    }

    fn command(&mut self, control: Control, span: Span, flow: Flow) -> Outcome {
        self.send(control, span);
        Ok(flow)
    }

    fn set(&mut self, setting: SettingName, text: &Text<'_>, span: Span) -> Outcome {
        let bytes = text.bytes();
        let is_choice = matches!(setting, SettingName::Enabled | SettingName::Failure);
        let is_valid = match is_choice {
            true => matches!(bytes, b"0" | b"1" | b"2"),
            false => starts_with_digit(bytes),
        };
        if !is_valid {
            let fault = CommandFault::SettingNotANumber { setting, text: bytes.into() };
            return self.fail(fault, text.span());
        }
        let number = unsigned(bytes);
        if number.overflow {
            self.note(CommandFault::SettingOverflow(setting), text.span());
            return Err(Flow::Abandoned);
        }
        self.check_number(text);
        let value = number.low32();
        let control = match setting {
            SettingName::Enabled => Control::Enabled(value),
            SettingName::Failure => Control::Failure(value),
            SettingName::RateLimit => Control::RateLimit(value),
            SettingName::BacklogLimit => Control::BacklogLimit(value),
            SettingName::BacklogWaitTime => Control::BacklogWaitTime(value),
        };
        self.command(control, span.join(text.span()), Flow::Next)
    }

    fn list_rules(&mut self, item: &Item<'_>, command: &Command<'_>) -> Outcome {
        let next = command.words.get(item.next).map(Text::bytes);
        let mut step = Step::List { interpret: false, key: Box::default() };
        match command.words.len() {
            1 => {}
            2 if next == Some(b"-i") => step = Step::List { interpret: true, key: Box::default() },
            3 if next == Some(b"-k") => {
                let key = self.question_key(command)?;
                step = Step::List { interpret: false, key };
            }
            2 | 3 => return self.fail(CommandFault::NotAlone(Alone::ListWith), item.span),
            _ => return self.fail(CommandFault::NotAlone(Alone::ListCount), item.span),
        }
        self.question.asked = true;
        self.question.words = command.words.len() - 1;
        self.step(step)
    }

    fn status(&mut self, item: &Item<'_>, command: &Command<'_>) -> Outcome {
        let words = command.words.len();
        if words > 2 {
            return self.fail(CommandFault::NotAlone(Alone::StatusCount), item.span);
        }
        let mut interpret = false;
        if words == 2 && item.next == 1 {
            interpret = command.words.get(1).is_some_and(|word| word.bytes() == b"-i");
            if !interpret {
                return self.fail(CommandFault::NotAlone(Alone::StatusWith), item.span);
            }
            self.question.words = 1;
        }
        self.step(Step::Status { interpret })
    }

    fn delete_all(&mut self, item: &Item<'_>, command: &Command<'_>) -> Outcome {
        let next = command.words.get(item.next).map(Text::bytes);
        let key = match command.words.len() {
            1 => Box::default(),
            3 if next == Some(b"-k") => self.question_key(command)?,
            3 => return self.fail(CommandFault::NotAlone(Alone::DeleteAllWith), item.span),
            _ => return self.fail(CommandFault::NotAlone(Alone::DeleteAllCount), item.span),
        };
        self.question.asked = true;
        self.question.words = command.words.len() - 1;
        self.step(Step::DeleteAll { key, span: item.span })
    }

    /// Returns the key that a question is limited to: the third word.
    fn question_key(&mut self, command: &Command<'_>) -> Result<Box<[u8]>, Flow> {
        if let Some(word) = command.words.get(2) {
            self.add_key(word)?;
        }
        Ok(std::mem::take(&mut self.keys.bytes).into())
    }

    fn make_equivalent(&mut self, paths: &PathPair<'_>, span: Span) -> Outcome {
        if self.seen.syscalls {
            return self.fail(RuleFault::SyscallsBeforeEquivalent, span);
        }
        let Some((mount, subtree)) = paths.pair() else {
            return self.fail(CommandFault::BadPathPair, paths.text.span());
        };
        let (mount, subtree) = (mount.bytes().into(), subtree.bytes().into());
        let span = span.join(paths.text.span());
        self.command(Control::MakeEquivalent { mount, subtree }, span, Flow::Finished)
    }

    fn message(&mut self, text: &Text<'_>, span: Span, command: &Command<'_>) -> Outcome {
        if command.words.len() > 2 {
            return self.fail(CommandFault::NotAlone(Alone::Message), span);
        }
        // auditctl compares a signed char, so it refuses bytes beyond ASCII too.
        if !text.bytes().iter().all(|byte| (32..128).contains(byte)) {
            self.note(CommandFault::IllegalMessageCharacter, text.span());
            return Err(Flow::Abandoned);
        }
        let record = self.host.user_message(text.bytes()).into();
        self.command(Control::UserMessage(record), span.join(text.span()), Flow::Finished)
    }

    fn signal(&mut self, name: &Text<'_>) -> Outcome {
        let signal = match name.bytes().to_ascii_lowercase().as_slice() {
            b"term" | b"stop" => SignalName::Term,
            b"hup" | b"reload" => SignalName::Hup,
            b"usr1" | b"rotate" => SignalName::Usr1,
            b"usr2" | b"resume" => SignalName::Usr2,
            b"cont" | b"state" => SignalName::Cont,
            _ => return self.fail(CommandFault::UnknownSignal(name.bytes().into()), name.span()),
        };
        self.step(Step::Signal(signal))
    }

    fn reset_lost(&mut self, span: Span) -> Outcome {
        if !self.host.features().lost_reset() {
            return self
                .fail(ConditionFault::FieldUnsupported(b"reset-lost".as_slice().into()), span);
        }
        self.command(Control::ResetLost, span, Flow::Complete)
    }

    /// Returns the word as auditctl has cut it: conditions end before their operator, watches before their trailing
    /// slashes. The word is the one before the option, or an operand, which auditctl does not cut.
    fn left_of<'t>(&self, word: &'t Text<'_>) -> &'t [u8] {
        let bytes = word.bytes();
        let cut = self.cut.filter(|(end, _)| *end == word.span().end);
        cut.and_then(|(_, count)| bytes.get(..bytes.len().checked_sub(count)?)).unwrap_or(bytes)
    }

    fn invalid_option(&mut self, malformed: &Malformed<'_>, span: Span) -> Outcome {
        let fault = CommandFault::InvalidOption {
            cause: malformed.cause,
            name: malformed.name.bytes().into(),
            word: malformed.word.as_ref().map(|word| self.left_of(word).into()),
            line: self.options.line,
        };
        self.fail(fault, span)
    }
}
