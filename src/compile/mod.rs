//! Compiles the syntax tree to a rule: resolves names and checks what auditctl checks, in auditctl's order.
//!
//! | file | what it compiles |
//! |---|---|
//! | `mod` | the command: options in order, and its end |
//! | `list` | `-a -A -d`: list and action |
//! | `syscalls` | `-S` and the syscalls of `perm` |
//! | `field`, `value`, `compare` | `-F` and `-C` |
//! | `watch` | `-w -W -p` |
//! | `key` | `-k` and `-F key=` |
//! | `notation` | lines in a notation that auditctl does not read |
//! | `control` | settings, questions and commands |
//! | `number` | numbers as C reads them |
//! | `misread` | values that auditctl reads differently from how they look |
//! | `state` | the state that options leave for later options |
//! | `program` | the result |
//!
//! Order matters in a rule: the list comes before fields, an arch before the syscalls that it applies to, and a part
//! that takes a key before the key. The compiler therefore walks over the options with a state, as auditctl's
//! `setopt` does.

mod compare;
mod control;
mod field;
mod key;
mod list;
mod misread;
pub(crate) mod notation;
mod number;
mod program;
mod state;
mod syscalls;
mod value;
mod watch;

pub use program::{End, Program, SignalName, Step};
#[cfg(feature = "lint")]
pub(crate) use watch::trim_slashes;

use crate::diag::{
    BesideRule, CommandFault, ConditionFault, Diagnostic, Fault, Level, RuleFault, Stray,
};
use crate::host::Host;
use crate::rule::{Action, Control, FilterList, MAX_FIELDS, Mask, Request, Rule};
use crate::span::Span;
use crate::syntax::{Command, Directive, Item, Text};
use state::{Draft, Faults, Keys, Question, Seen};

/// The options of the compiler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The number of the line, for the messages of auditctl that name it.
    pub line: Option<usize>,
    /// The faults to find.
    pub search: FaultSearch,
}

/// The faults of a command that are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FaultSearch {
    /// All of them.
    #[default]
    All,
    /// The first one, as auditctl does.
    FirstOnly,
}

impl Options {
    /// Compiles as auditctl does: up to the first fault.
    pub fn auditctl(line: Option<usize>) -> Self {
        Options { line, search: FaultSearch::FirstOnly }
    }

    fn is_first_only(self) -> bool {
        self.search == FaultSearch::FirstOnly
    }
}

/// Compiles one command for `host`.
///
/// Returns the steps and messages in order; executes nothing. Do not execute a faulty program, except to imitate
/// auditctl, which executes the steps before the first fault.
///
/// Follows auditctl 4.2.2 (`setopt` in auditctl.c, `audit_rule_fieldpair_data` in libaudit.c),
/// except that an unknown list is always refused.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::host::FixedHost;
/// use rauditctl::compile::{End, Options, compile};
/// use rauditctl::syntax::{parse_words, words};
///
/// let words = words(b"-a always,exit -F arch=b64 -S openat -k open", 0);
/// let program = compile(&parse_words(words), &FixedHost::new(Arch::X86_64), Options::default());
/// assert!(matches!(program.end, End::Rule(..)));
/// ```
#[inline]
pub fn compile(command: &Command<'_>, host: &dyn Host, options: Options) -> Program {
    let program = compile_once(command, host, options);
    match program.is_faulty() && !options.is_first_only() {
        true => notation::as_meant(command, host, options, program),
        false => program,
    }
}

/// Compiles one command as auditctl reads it: a command in another notation has the faults that auditctl sees, and none
/// that names the notation.
pub(crate) fn compile_once(command: &Command<'_>, host: &dyn Host, options: Options) -> Program {
    let mut compiler = Compiler::new(host, options);
    compiler.run(command);
    compiler.finish(command)
}

/// The effect of one option on the rest of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    /// The next option is compiled.
    Next,
    /// The command is complete; further words are a fault (`retval` -2).
    Complete,
    /// The command is complete; auditctl ignores further words (`finish`).
    Finished,
    /// The option is wrong (`retval` -1).
    Failed,
    /// The option is wrong, and the end of the command is not checked.
    Abandoned,
    /// A deprecated rule, which is skipped (`retval` -3); further words are a fault.
    Deprecated,
    /// A deprecated rule, which is skipped; further words are ignored.
    DeprecatedFinished,
}

type Outcome = Result<Flow, Flow>;

/// The end of a command without faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Close {
    #[default]
    Reply,
    Rule,
    Done,
    Deprecated,
}

/// A walk over the options of one command.
struct Compiler<'h> {
    host: &'h dyn Host,
    options: Options,
    program: Program,
    close: Close,
    rule: Draft,
    keys: Keys,
    seen: Seen,
    faults: Faults,
    question: Question,
    /// The last word that auditctl has cut while reading it: its end, and the number of bytes cut.
    cut: Option<(usize, usize)>,
}

impl<'h> Compiler<'h> {
    fn new(host: &'h dyn Host, options: Options) -> Self {
        Compiler {
            host,
            options,
            program: Program::default(),
            close: Close::default(),
            rule: Draft::default(),
            keys: Keys::default(),
            seen: Seen::default(),
            faults: Faults::default(),
            question: Question::default(),
            cut: None,
        }
    }

    /// Walks over the options and determines how the command ends.
    fn run(&mut self, command: &Command<'_>) {
        let has_rule = command.options.iter().any(|item| item.directive.begins_rule());
        if has_rule {
            let fields = most_fields(&command.options);
            self.rule.fields = Vec::with_capacity(fields);
            self.program.field_spans = Vec::with_capacity(fields);
        }
        for item in &command.options {
            // auditctl carries such an option out, so that only a search for all faults may skip it.
            if has_rule
                && !self.options.is_first_only()
                && let Some(fault) = beside_rule(&item.directive)
            {
                self.note(fault, item.span);
                continue;
            }
            match self.option(item, command) {
                Flow::Next => {}
                Flow::Complete => return self.complete(item, command, Close::Done),
                Flow::Deprecated => return self.complete(item, command, Close::Deprecated),
                Flow::Finished => return self.finish_early(item, command),
                Flow::DeprecatedFinished => {
                    self.keys.bytes.clear();
                    self.close = Close::Deprecated;
                    return;
                }
                Flow::Abandoned if self.options.is_first_only() => return self.keys.bytes.clear(),
                Flow::Failed if self.options.is_first_only() => return,
                // Other words beside an option that must be alone are not checked.
                _ if self.faults.end_checks => return,
                Flow::Failed | Flow::Abandoned => {}
            }
        }
        if command.options.is_empty() && !command.ended {
            let operand = command.operands.first();
            let (word, span) =
                operand.map(|word| (word.bytes().into(), word.span())).unwrap_or_default();
            return self.note(CommandFault::NoOption(word), span);
        }
        if let Some(operand) = command.operands.first()
            && !self.faults.may_lack_a_word
        {
            // After a malformed option or condition, the word probably belongs to it.
            self.stray(operand, command);
        }
        self.close = if self.rule.is_sent { Close::Rule } else { Close::Reply };
    }

    /// Ends a command; its key is dropped. auditctl ignores the words after `item`, settings too, without a message.
    fn finish_early(&mut self, item: &Item<'_>, command: &Command<'_>) {
        self.keys.bytes.clear();
        match self.options.is_first_only() {
            true => self.close = Close::Done,
            false => self.complete(item, command, Close::Done),
        }
    }

    /// Ends a command that takes no more words after `item`.
    fn complete(&mut self, item: &Item<'_>, command: &Command<'_>, close: Close) {
        let used = item.next + self.question.words;
        if item.next == 0 && self.options.is_first_only() {
            // The first letter of a cluster: getopt is still at the start, which auditctl treats as a
            // command without options.
            self.note(CommandFault::NoOption(Box::default()), item.span);
        } else if let Some(word) = command.words.get(used) {
            self.stray(word, command);
        }
        self.close = close;
    }

    /// Notes a word that belongs to no option.
    fn stray(&mut self, word: &Text<'_>, command: &Command<'_>) {
        let has_tab = |word: &Text<'_>| word.bytes().contains(&b'\t');
        let stray = match command.words.iter().any(has_tab) {
            true => Stray::BesideTab,
            false => Stray::Other,
        };
        self.note(CommandFault::StrayOperand { word: word.bytes().into(), stray }, word.span());
    }

    /// Completes the rule with its keys.
    fn finish(&mut self, command: &Command<'_>) -> Program {
        if !self.keys.bytes.is_empty() && !self.question.asked {
            self.join_keys();
        }
        if !self.faults.any && self.close == Close::Reply && self.seen.syscalls {
            let span = command.options.first().map_or_else(Span::default, |item| item.span);
            self.note(RuleFault::NoList, span);
        }
        self.program.end = match self.close {
            _ if self.faults.any => End::Failed,
            Close::Rule => self.rule(),
            Close::Reply => End::Reply,
            Close::Done => End::Done,
            Close::Deprecated => End::Deprecated,
        };
        // Many programs are kept at once.
        self.program.steps.shrink_to_fit();
        self.program.field_spans.shrink_to_fit();
        std::mem::take(&mut self.program)
    }

    /// Returns the end of a command with the complete rule.
    fn rule(&mut self) -> End {
        let Some(list) = self.rule.list() else { return End::Usage };
        let mut rule = Rule::new(list, self.rule.action.unwrap_or(Action::Always));
        self.rule.fields.shrink_to_fit();
        rule.fields = std::mem::take(&mut self.rule.fields).into();
        let keeps_mask = self.seen.syscalls || list == FilterList::Task;
        rule.mask = if keeps_mask { self.rule.mask.clone() } else { Mask::ALL };
        let request = match self.rule.add {
            Some((_, placement)) => Request::Add(Rule { placement, ..rule }),
            None => Request::Delete(rule),
        };
        End::Rule(request, self.rule.span)
    }

    fn option(&mut self, item: &Item<'_>, command: &Command<'_>) -> Flow {
        let outcome = match &item.directive {
            Directive::Append(_) | Directive::Prepend(_) | Directive::Delete(_) => {
                self.list_and_action(item)
            }
            Directive::Syscalls(list) => self.syscalls(list),
            Directive::Field(expression) => self.field(expression, item, command),
            Directive::Compare(expression) => self.compare(expression),
            Directive::Key(key) => self.key(key, item.span),
            Directive::Permissions(letters) => self.permissions(letters, item.span),
            Directive::Watch(path) => self.watch(path, item.span),
            Directive::RemoveWatch(path) => self.remove_watch(path, item.span),
            _ => self.control(item, command),
        };
        outcome.unwrap_or_else(|flow| flow)
    }

    fn begin_rule(&mut self) {
        self.program.begins_rule_after.get_or_insert(self.program.steps.len());
    }

    /// Notes a fault that ends the option.
    #[cold]
    fn fail<T>(&mut self, fault: impl Into<Fault>, span: Span) -> Result<T, Flow> {
        self.note(fault, span);
        Err(Flow::Failed)
    }

    /// Notes a fault: an error, a warning or an info.
    #[cold]
    fn note(&mut self, fault: impl Into<Fault>, span: Span) {
        let diagnostic = Diagnostic::new(fault, span);
        self.faults.any |= diagnostic.level() == Level::Error;
        self.faults.end_checks |= ends_checks(&diagnostic.fault);
        self.faults.may_lack_a_word |= may_lack_a_word(&diagnostic.fault);
        self.program.steps.push(diagnostic.into());
    }

    fn send(&mut self, control: Control, span: Span) {
        self.program.steps.push(Step::Send(Request::Control(control).into(), span));
    }
}

/// Returns the number of fields that the options make at most. Usually they make as many: a key is one field however
/// often it is given, and a watch comes with its permissions.
fn most_fields(options: &[Item<'_>]) -> usize {
    let (mut fields, mut keys) = (0, 0);
    for item in options {
        match &item.directive {
            Directive::Field(condition) if condition.text.bytes().starts_with(b"key=") => keys = 1,
            Directive::Key(_) => keys = 1,
            Directive::Field(_) | Directive::Compare(_) => fields += 1,
            Directive::Watch(_) | Directive::RemoveWatch(_) => fields += 2,
            _ => {}
        }
    }
    (fields + keys).min(MAX_FIELDS)
}

/// Returns the fault of an option that does not belong on the line of a rule. Options that must be alone have their own
/// faults.
fn beside_rule(directive: &Directive<'_>) -> Option<CommandFault> {
    use BesideRule::{RuleDropped, SettingFirst};
    let (option, effect) = match directive {
        Directive::Set(setting, _) => (setting.option(), SettingFirst),
        Directive::Trim => ("-t", RuleDropped),
        Directive::MakeEquivalent(_) => ("-q", RuleDropped),
        Directive::Ignore => ("-i", RuleDropped),
        Directive::Continue => ("-c", RuleDropped),
        Directive::Version => ("-v", RuleDropped),
        Directive::Help => ("-h", RuleDropped),
        Directive::LoginuidImmutable => ("--loginuid-immutable", RuleDropped),
        Directive::ResetLost => ("--reset-lost", RuleDropped),
        Directive::ResetBacklogWaitTimeActual => ("--reset_backlog_wait_time_actual", RuleDropped),
        Directive::Signal(_) => ("--signal", RuleDropped),
        _ => return None,
    };
    Some(CommandFault::BesideRule { option, effect })
}

fn ends_checks(fault: &Fault) -> bool {
    use CommandFault::{NestedFile, NotAlone};
    matches!(fault, Fault::Command(NotAlone(_) | NestedFile))
}

fn may_lack_a_word(fault: &Fault) -> bool {
    use ConditionFault::{MalformedCompare, MalformedField};
    matches!(
        fault,
        Fault::Command(CommandFault::InvalidOption { .. })
            | Fault::Condition(MalformedField { .. } | MalformedCompare { .. })
    )
}
