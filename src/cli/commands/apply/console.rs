//! What `apply` reports while it changes a kernel.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::{Change, Observer, Progress, RestoreError, refusal};
use crate::cli::native::kernel_error;
use crate::cli::report::{self, Voice};
use crate::cli::restored::{listed, not_held, unrestored};
use crate::cli::signals::{Arrived, HeldSignals};
use crate::diag::Diagnostic;
use crate::errno::Errno;
use crate::plan::{About, SettingChange, Step};
use crate::report::listing::Style;
use crate::rule::{Control, Request, Rule};
use crate::ruleset::FileSpan;

/// How long a change takes before the progress bar appears.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a message is about.
#[derive(Clone, Copy)]
pub(super) enum Subject<'s> {
    /// A wanted rule, as an index.
    Rule(usize),
    /// A setting.
    Setting(&'s Control),
}

/// Where the rules and settings of a plan come from.
pub(super) trait Places {
    /// Returns the place of a rule or setting, as messages show it; `None` if it is unknown.
    fn name(&self, subject: Subject<'_>) -> Option<String>;

    /// Prints a diagnostic at a rule or setting. Returns whether its text is known.
    fn print(
        &self,
        voice: Voice,
        subject: Subject<'_>,
        diagnostic: &dyn Fn(FileSpan) -> Diagnostic,
    ) -> bool;
}

/// A message that waits until the signals are released.
enum Message {
    Refused { wanted: Option<usize>, request: Request, errno: Errno },
    RefusedSetting(SettingChange, Errno),
    Error(String),
    Note(String),
}

/// Keeps the messages of a change until its end.
pub(super) struct Console<'c> {
    voice: Voice,
    places: &'c dyn Places,
    style: Style<'c>,
    is_verbose: bool,
    held: Option<HeldSignals>,
    /// Whether the kernel was rolled back to what it held before.
    is_rolled_back: bool,
    messages: Vec<Message>,
    bar: ProgressBar,
    start: std::time::Instant,
}

impl<'c> Console<'c> {
    pub(super) fn new(
        voice: Voice,
        places: &'c dyn Places,
        style: Style<'c>,
        is_verbose: bool,
        change: &Change,
    ) -> Self {
        let bar = ProgressBar::new(change.plan.steps.len() as u64);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len} requests {wide_bar} {eta}") {
            bar.set_style(style);
        }
        let start = std::time::Instant::now();
        Console {
            voice,
            places,
            style,
            is_verbose,
            held: None,
            is_rolled_back: false,
            messages: Vec::new(),
            bar,
            start,
        }
    }

    /// Prints the messages, and returns the signals that arrived.
    pub(super) fn close(self) -> Option<Arrived> {
        self.bar.finish_and_clear();
        let arrived = self.held.map(HeldSignals::release);
        for message in self.messages {
            match message {
                Message::Refused { wanted, request, errno } => {
                    print_refusal(self.voice, self.places, self.style, wanted, &request, errno);
                }
                Message::RefusedSetting(setting, errno) => {
                    print_refused_setting(self.voice, self.places, &setting, errno);
                }
                Message::Error(text) => self.voice.error(text),
                Message::Note(text) => self.voice.note(text),
            }
        }
        if let Some(arrived) = &arrived {
            arrived.report(self.voice);
        }
        arrived
    }

    /// Returns the places of the wanted rules that the kernel refused, with its errors.
    pub(super) fn refused_rules(&self) -> Vec<(String, Errno)> {
        let place = |message: &Message| match message {
            Message::Refused { wanted, errno, .. } => {
                Some((self.places.name(Subject::Rule((*wanted)?))?, *errno))
            }
            _ => None,
        };
        self.messages.iter().filter_map(place).collect()
    }

    /// Returns whether the kernel was rolled back to what it held before.
    pub(super) fn is_rolled_back(&self) -> bool {
        self.is_rolled_back
    }

    fn error(&mut self, text: impl Into<String>) {
        self.messages.push(Message::Error(text.into()));
    }

    fn note(&mut self, text: impl Into<String>) {
        self.messages.push(Message::Note(text.into()));
    }

    fn listed(&self, rule: &Rule) -> String {
        listed(self.style, rule)
    }

    fn answered(&mut self, step: &Step, answer: Result<u32, Errno>) {
        self.bar.inc(1);
        if self.bar.is_hidden() && self.start.elapsed() > PATIENCE && stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if self.is_verbose {
            let text = self.described(step);
            let end = answer.err().map(|errno| format!(" ({errno})")).unwrap_or_default();
            self.note(format!("{text}{end}"));
        }
        let is_gone = matches!(step.request, Request::Delete(_)) && answer == Err(Errno::ENOENT);
        if let Err(errno) = answer
            && !is_gone
        {
            let wanted = match step.about {
                About::Wanted(at) | About::Bridge(at) => Some(at),
                About::Loaded(_) => None,
            };
            self.messages.push(Message::Refused { wanted, request: step.request.clone(), errno });
        }
    }

    fn described(&self, step: &Step) -> String {
        let (sign, rule) = match &step.request {
            Request::Add(rule) => ("+", rule),
            Request::Delete(rule) => ("-", rule),
            Request::Control(_) => return String::new(),
        };
        let rule = self.listed(rule);
        let name = |at| self.places.name(Subject::Rule(at)).unwrap_or_default();
        match step.about {
            About::Wanted(at) => format!("{sign} {}: {rule}", name(at)),
            About::Bridge(at) => format!("{sign} bridge for {}: {rule}", name(at)),
            About::Loaded(_) => format!("{sign} {rule}"),
        }
    }

    fn not_rolled_back(&mut self, error: &RestoreError) {
        self.error(match error {
            RestoreError::Kernel(_) => format!(
                "it is unknown which rules and settings the kernel holds ({error}); `rauditctl -l` and \
                 `rauditctl -s` show them, and `rauditctl apply` can be run again"
            ),
            _ => format!("the previous rules and settings could not all be restored: {error}"),
        });
        for line in unrestored(error, self.style) {
            self.note(line);
        }
    }
}

impl Observer for Console<'_> {
    fn event(&mut self, event: Progress<'_>) {
        match event {
            Progress::FirstChange => self.held = Some(HeldSignals::hold()),
            Progress::Answered(step, answer) => self.answered(step, answer),
            Progress::Set(setting, answer) => {
                if self.is_verbose {
                    self.note(format!("  {} {}", setting.name(), setting.to()));
                }
                if let Err(errno) = answer {
                    self.messages.push(Message::RefusedSetting(setting.clone(), errno));
                }
            }
            Progress::NotTried(rules) => {
                let requests = report::count(rules, "more request");
                self.note(format!("{requests} not tried after these errors"));
            }
            Progress::NoAnswer(error) => self.error(kernel_error(&error)),
            Progress::Interrupted => self.note("interrupted; going back to the rules before"),
            Progress::NotHeld(found) => {
                let (error, lines) = not_held(&found, self.style);
                self.error(error);
                lines.into_iter().for_each(|line| self.note(line));
            }
            Progress::RolledBack => {
                self.is_rolled_back = true;
                self.note(
                    "nothing was changed: the kernel holds the rules and settings it had before",
                );
            }
            Progress::NotRolledBack(error) => self.not_rolled_back(&error),
        }
    }

    fn is_interrupted(&mut self) -> bool {
        self.held.as_mut().is_some_and(HeldSignals::has_arrived)
    }
}

fn print_refusal(
    voice: Voice,
    places: &dyn Places,
    style: Style<'_>,
    wanted: Option<usize>,
    request: &Request,
    errno: Errno,
) {
    let fault = refusal(request, errno);
    let at = |place: FileSpan| Diagnostic::new(fault.clone(), place.span);
    if wanted.is_some_and(|wanted| places.print(voice, Subject::Rule(wanted), &at)) {
        return;
    }
    let (refuses, rule) = match request {
        Request::Add(rule) => ("refuses", listed(style, rule)),
        Request::Delete(rule) => ("refuses to delete", listed(style, rule)),
        Request::Control(_) => ("refuses", String::new()),
    };
    let place = prefix(wanted.and_then(|wanted| places.name(Subject::Rule(wanted))));
    voice.error(format_args!("{place}the kernel {refuses} `{rule}`: {errno}"));
}

fn print_refused_setting(voice: Voice, places: &dyn Places, setting: &SettingChange, errno: Errno) {
    let subject = Subject::Setting(&setting.control);
    let fault = refusal(&Request::Control(setting.control.clone()), errno);
    if places.print(voice, subject, &|place| Diagnostic::new(fault.clone(), place.span)) {
        return;
    }
    let place = prefix(places.name(subject));
    let (name, to) = (setting.name(), setting.to());
    voice.error(format_args!("{place}the kernel refuses to set {name} to {to}: {errno}"));
}

/// Returns a place as the start of a message.
fn prefix(place: Option<String>) -> String {
    place.map(|place| format!("{place}: ")).unwrap_or_default()
}
