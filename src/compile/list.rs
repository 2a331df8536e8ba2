//! `-a`, `-A` and `-d`: a list and an action, in either order.

use super::{Compiler, Flow, Outcome};
use crate::catalog;
use crate::diag::{RuleFault, Verb};
use crate::rule::{Action, FilterList, Placement};
use crate::span::Span;
use crate::syntax::{Directive, Item, Keywords};

/// The meaning of a keyword for the action.
enum ActionWord {
    Known(Action),
    /// `possible`, which is no longer supported.
    Deprecated,
    /// Not an action.
    None,
}

impl Compiler<'_> {
    pub(super) fn list_and_action(&mut self, item: &Item<'_>) -> Outcome {
        let (verb, keywords) = match &item.directive {
            Directive::Append(keywords) => (Verb::Append, keywords),
            Directive::Prepend(keywords) => (Verb::Prepend, keywords),
            Directive::Delete(keywords) => (Verb::Delete, keywords),
            _ => return Ok(Flow::Next),
        };
        let names_task = || keywords.text.bytes().windows(4).any(|part| part == b"task");
        if verb != Verb::Delete && self.seen.syscalls && names_task() {
            return self.fail(RuleFault::SyscallsBeforeTask(verb), item.span);
        }
        let span = item.span.join(keywords.text.span());
        let outcome = self.set_list_and_action(verb, keywords, span);
        self.faults.in_list |= outcome.is_err();
        outcome
    }

    fn set_list_and_action(&mut self, verb: Verb, keywords: &Keywords<'_>, span: Span) -> Outcome {
        self.seen.rules += 1;
        if self.seen.rules != 1 {
            return self.fail(RuleFault::SecondRule(verb), span);
        }
        self.rule.span = span;
        let Some((left, right)) = keywords.pair() else {
            let text = keywords.text.bytes().into();
            return self
                .fail(RuleFault::BadKeyword { verb, text, half: None }, keywords.text.span());
        };
        self.begin_rule();

        // The first word may be a list or an action. If a watch has set the list already, the
        // second word can only be the action.
        let mut list = self.begun_list(verb);
        let mut action = self.rule.action;
        match action_word(left.bytes()) {
            ActionWord::Known(known) => action = Some(known),
            ActionWord::Deprecated => {}
            ActionWord::None => match self.list_named(left.bytes()) {
                Some(named) => list = Some(named),
                None => return self.bad_keyword(verb, keywords),
            },
        }
        match list {
            None => list = self.list_named(right.bytes()),
            Some(_) => match action_word(right.bytes()) {
                ActionWord::Known(known) => action = Some(known),
                ActionWord::Deprecated => {
                    self.note(RuleFault::PossibleDeprecated(verb), keywords.text.span());
                    return Ok(deprecated(verb));
                }
                ActionWord::None => return self.bad_keyword(verb, keywords),
            },
        }
        let (Some(list), Some(action)) = (list, action) else {
            return self.bad_keyword(verb, keywords);
        };

        self.rule.action = Some(action);
        match verb {
            Verb::Append => self.rule.add = Some((list, Placement::Append)),
            Verb::Prepend => self.rule.add = Some((list, Placement::Prepend)),
            Verb::Delete => self.rule.delete = Some(list),
        }
        self.rule.is_sent = true;
        Ok(Flow::Next)
    }

    /// Reports the wrong half, or both.
    fn bad_keyword(&mut self, verb: Verb, keywords: &Keywords<'_>) -> Outcome {
        let half = keywords.pair().and_then(|(left, right)| {
            match (is_keyword(left.bytes()), is_keyword(right.bytes())) {
                (true, false) => Some(right),
                (false, true) => Some(left),
                _ => None,
            }
        });
        let fault = RuleFault::BadKeyword {
            verb,
            text: keywords.text.bytes().into(),
            half: half.as_ref().map(|half| half.bytes().into()),
        };
        self.fail(fault, half.as_ref().unwrap_or(&keywords.text).span())
    }

    fn begun_list(&self, verb: Verb) -> Option<FilterList> {
        match verb {
            Verb::Delete => self.rule.delete,
            Verb::Append | Verb::Prepend => self.rule.add.map(|(list, _)| list),
        }
    }

    fn list_named(&mut self, name: &[u8]) -> Option<FilterList> {
        let list = list_named(name)?;
        self.seen.exclude_list |= list == FilterList::Exclude;
        Some(list)
    }
}

fn list_named(name: &[u8]) -> Option<FilterList> {
    let list = catalog::KnownList::from_name(name).filter(|list| list.known_to_auditctl())?;
    Some(FilterList::from(list))
}

fn is_keyword(name: &[u8]) -> bool {
    list_named(name).is_some() || !matches!(action_word(name), ActionWord::None)
}

#[inline]
fn action_word(name: &[u8]) -> ActionWord {
    match name {
        b"always" => ActionWord::Known(Action::Always),
        b"never" => ActionWord::Known(Action::Never),
        b"possible" => ActionWord::Deprecated,
        _ => ActionWord::None,
    }
}

/// Returns the flow after the action `possible`: `-A` checks the rest of the command before it
/// stops; `-a` and `-d` do not.
fn deprecated(verb: Verb) -> Flow {
    match verb {
        Verb::Prepend => Flow::Deprecated,
        Verb::Append | Verb::Delete => Flow::DeprecatedFinished,
    }
}
