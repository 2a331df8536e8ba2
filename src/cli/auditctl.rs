//! The drop-in face: called as `auditctl`, it does what auditctl 4.2.2 does, message for message
//! and exit code for exit code. Options take effect one after the other, and a file is carried out
//! line by line, up to the first error.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use nix::errno::Errno;
use nix::unistd::geteuid;

use super::auditctl_refusals::{reset_error, rule_refusal, second_refusal, sending_error};
use super::host::SystemHost;
use super::log::Log;
use super::operations::{self, DeleteError, SignalError};
use super::usage::{AUDITCTL_USAGE, VERSION};
use crate::diag::auditctl::{Priority, message};
use crate::diag::{Diagnostic, Fault};
use crate::host::Host;
use crate::kernel::{AuditKernel, KernelError, Netlink};
use crate::report::{listing::Style, status};
use crate::rule::compile::{End, Program, Settings, Step, compile};
use crate::rule::{Control, Field, Request, Rule, TextId};
use crate::source::Source;
use crate::syntax::{Content, Text, lines, parse_line, parse_words};

/// What auditctl exits with.
mod exit {
    pub(super) const DONE: u8 = 0;
    pub(super) const ERROR: u8 = 1;
    pub(super) const NO_DAEMON: u8 = 2;
    pub(super) const NOT_ROOT: u8 = 4;
    /// `main` returns -1.
    pub(super) const FAILED: u8 = 255;
}

/// Runs as auditctl with these arguments, the name of the program left out.
pub(super) fn run(arguments: &[OsString]) -> u8 {
    if arguments.is_empty() {
        write_out(AUDITCTL_USAGE.as_bytes());
        return exit::ERROR;
    }
    let words: Vec<&[u8]> = arguments.iter().map(|word| word.as_bytes()).collect();
    if !may_run(&words) {
        Log::Stderr.say(Priority::Warning, "You must be root to run this program.");
        return exit::NOT_ROOT;
    }
    let is_file = matches!(words.as_slice(), [b"-R", _]);
    let log = if is_file { Log::Syslog } else { Log::Stderr };
    let Some(kernel) = open(log) else { return exit::ERROR };
    let mut session = Session {
        kernel,
        host: SystemHost::auditctl(),
        log,
        interpret: false,
        errors: Errors::Stop,
    };
    match words.as_slice() {
        [b"-R", path] => session.run_file(path),
        _ => session.run_command(arguments),
    }
}

/// Everything but the help needs the capability; root may list without it.
fn may_run(words: &[&[u8]]) -> bool {
    match words {
        [b"--help" | b"-h"] => true,
        [b"-l"] if geteuid().is_root() => true,
        _ => operations::may_control(),
    }
}

fn open(log: Log) -> Option<Netlink> {
    match Netlink::open() {
        Ok(kernel) => Some(kernel),
        Err(errno) => {
            log.error(match errno {
                Errno::EINVAL | Errno::EPROTONOSUPPORT | Errno::EAFNOSUPPORT => {
                    "Error - audit support not in kernel".to_owned()
                }
                _ => format!("Error opening audit netlink socket ({})", errno.desc()),
            });
            log.error("Cannot open netlink audit socket");
            None
        }
    }
}

/// What errors in a file do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errors {
    /// The first one ends it.
    Stop,
    /// `-i`: they are passed over.
    Ignore,
    /// `-c`: they are passed over, and remembered.
    Continue,
    /// One is remembered.
    Remembered,
}

/// Why a command did not come to its end.
enum Failure {
    /// It is wrong, or refused; the errno if it was the kernel that refused.
    Error(Option<Errno>),
    /// The program ends at once, with this status.
    Exit(u8),
}

type Outcome = Result<(), Failure>;

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Failure::Error(Some(errno))
    }
}

struct Session {
    kernel: Netlink,
    host: SystemHost,
    log: Log,
    /// Once a listing was interpreted, all that follow in the file are.
    interpret: bool,
    errors: Errors,
}

impl Session {
    fn run_command(&mut self, arguments: &[OsString]) -> u8 {
        let words = arguments.iter().cloned().map(OsString::into_vec);
        let (source, spans) = Source::command_line(words);
        let texts = spans.iter().map(|span| {
            Text::plain(source.text().get(span.range()).unwrap_or_default(), span.start)
        });
        let settings = Settings { line: None, first_fault_only: true };
        let program = compile(&parse_words(texts.collect()), &self.host, settings);
        let begins_rule = program.begins_rule;
        let outcome = match self.steps(&program) {
            Ok(()) if matches!(program.end, End::Deprecated) => return exit::DONE,
            // Even where the options are wrong, auditctl asks before it says so.
            outcome if begins_rule && !matches!(outcome, Err(Failure::Exit(_))) => {
                if !self.is_ready() {
                    return exit::ERROR;
                }
                outcome
            }
            outcome => outcome,
        };
        match outcome.and_then(|()| self.end(&program)) {
            Ok(()) => exit::DONE,
            Err(Failure::Exit(status)) => status,
            Err(Failure::Error(Some(Errno::ECONNREFUSED))) => {
                self.log.error("The audit system is disabled");
                exit::DONE
            }
            Err(Failure::Error(_)) => {
                self.log.error("There was an error while processing parameters");
                exit::FAILED
            }
        }
    }

    fn run_file(&mut self, path: &[u8]) -> u8 {
        if !self.is_ready() {
            return exit::ERROR;
        }
        let Some(text) = self.read(path) else { return exit::ERROR };
        for line in lines(&text) {
            let Content::Command(command) = parse_line(&line) else { continue };
            let settings = Settings { line: Some(line.number), first_fault_only: true };
            let program = compile(&command, &self.host, settings);
            match self.steps(&program).and_then(|()| self.end(&program)) {
                Ok(()) => {}
                Err(Failure::Exit(status)) => return status,
                Err(Failure::Error(Some(Errno::ECONNREFUSED))) => {
                    self.log.error("The audit system is disabled");
                    break;
                }
                Err(Failure::Error(_)) => {
                    let place = format!("There was an error in line {} of ", line.number);
                    self.log.error([place.as_bytes(), path].concat());
                    match self.errors {
                        Errors::Stop => return exit::ERROR,
                        Errors::Ignore => {}
                        Errors::Continue | Errors::Remembered => self.errors = Errors::Remembered,
                    }
                }
            }
        }
        if self.errors == Errors::Remembered { exit::ERROR } else { exit::DONE }
    }

    fn read(&self, path: &[u8]) -> Option<Vec<u8>> {
        let name = |before: &str, after: &str| [before.as_bytes(), path, after.as_bytes()].concat();
        let opening = |error: std::io::Error| {
            let errno = error.raw_os_error().map_or(Errno::EIO, Errno::from_raw);
            self.log.error(match errno {
                Errno::ENOENT => name("audit rules file ", " doesn't exist"),
                _ => name("Error opening ", &format!(" ({})", errno.desc())),
            });
        };
        let mut file =
            File::open(Path::new(std::ffi::OsStr::from_bytes(path))).map_err(opening).ok()?;
        let metadata = file.metadata().map_err(opening).ok()?;
        if !metadata.is_file() {
            self.log.error(name("Error - ", " is not a regular file"));
            return None;
        }
        if metadata.permissions().mode() & 0o002 != 0 {
            self.log.error(name("Error - ", " is world writable"));
            return None;
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(opening).ok()?;
        Some(text)
    }

    /// Whether rules may be changed; says why not.
    fn is_ready(&mut self) -> bool {
        match self.kernel.status() {
            Ok(status) if status.enabled == 2 => {
                let text = "The audit system is in immutable mode, no rule changes allowed";
                self.log.error(text);
                false
            }
            Err(error) if error.errno() == Errno::ECONNREFUSED => {
                self.log.error("The audit system is disabled");
                false
            }
            Err(error) => {
                self.status_error(&error);
                true
            }
            Ok(_) => true,
        }
    }

    fn status_error(&self, error: &KernelError) {
        // A kernel without audit refuses the connection; that is said in other words.
        if error.errno() != Errno::ECONNREFUSED {
            let reason = error.errno().desc();
            let text = format!("auditctl: Error sending status request ({reason})");
            self.log.say(Priority::Warning, text);
        }
    }

    /// Carries out the steps up to the first that fails; what is said about the command is all said.
    fn steps(&mut self, program: &Program) -> Outcome {
        let mut status_shown = program.end != End::Reply;
        for step in &program.steps {
            match step {
                Step::Say(diagnostic) => self.say(diagnostic)?,
                Step::Send(request, _) => {
                    self.send(request)?;
                    // auditctl prints the status as it is after the first setting.
                    if !std::mem::replace(&mut status_shown, true) && is_setting(request) {
                        self.show_status(false).unwrap_or_default();
                    }
                }
                Step::List { interpret, key } => {
                    self.interpret |= interpret;
                    self.list(key).map_err(|failure| self.key_without_rule(key, failure))?;
                }
                Step::Status { interpret } => {
                    self.interpret |= interpret;
                    self.status()?;
                }
                Step::DeleteAll { key, .. } => {
                    self.delete_all(key).map_err(|failure| self.key_without_rule(key, failure))?;
                }
                Step::Signal(signal) => {
                    let sent = operations::signal(&mut self.kernel, *signal);
                    sent.map_err(|error| self.not_signalled(error))?;
                }
                Step::Ignore => self.ignore(Errors::Ignore),
                Step::Continue => self.ignore(Errors::Continue),
                Step::Version => write_out(format!("auditctl version {VERSION}\n").as_bytes()),
                Step::Usage => write_out(AUDITCTL_USAGE.as_bytes()),
            }
        }
        if program.is_faulty() { Err(Failure::Error(None)) } else { Ok(()) }
    }

    /// `-i` after `-c` changes nothing, and neither forgets an error.
    fn ignore(&mut self, errors: Errors) {
        match (self.errors, errors) {
            (Errors::Stop, _) | (Errors::Ignore, Errors::Continue) => self.errors = errors,
            _ => {}
        }
    }

    fn say(&self, diagnostic: &Diagnostic) -> Outcome {
        if let Some(message) = message(&diagnostic.fault) {
            self.log.message(&message);
        }
        match diagnostic.fault {
            Fault::UnknownSignal(_) => Err(Failure::Exit(exit::ERROR)),
            _ => Ok(()),
        }
    }

    fn send(&mut self, request: &Request) -> Outcome {
        let Request::Control(control) = request else { return Ok(()) };
        match self.kernel.send_one(request) {
            Ok(count) => {
                match control {
                    Control::ResetLost => self.log.say(Priority::Info, format!("lost: {count}")),
                    Control::ResetBacklogWaitTimeActual => {
                        let text = format!("backlog_wait_time_actual: {count}");
                        self.log.say(Priority::Info, text);
                    }
                    _ => {}
                }
                Ok(())
            }
            Err(errno) => {
                if let Some(text) = sending_error(control, errno) {
                    self.log.say(Priority::Warning, text);
                }
                if let Some(message) = reset_error(control, errno) {
                    self.log.message(&message);
                }
                // Said here and again by whoever ends the program, but for the options that end it
                // themselves.
                let ends_itself = matches!(
                    control,
                    Control::Failure(_)
                        | Control::RateLimit(_)
                        | Control::BacklogLimit(_)
                        | Control::BacklogWaitTime(_)
                );
                if errno == Errno::ECONNREFUSED && !ends_itself {
                    self.log.error("The audit system is disabled");
                }
                Err(errno.into())
            }
        }
    }

    fn list(&mut self, key: &[u8]) -> Outcome {
        let style =
            Style { interpret: self.interpret, machine: self.host.machine(), keep_arch: true };
        match operations::list(&mut self.kernel, style, key) {
            Ok(text) => {
                write_out(&text);
                Ok(())
            }
            Err(error) => Err(self.listing_error(&error)),
        }
    }

    fn listing_error(&self, error: &KernelError) -> Failure {
        let errno = error.errno();
        match errno {
            Errno::ECONNREFUSED => self.log.error("The audit system is disabled"),
            Errno::EINVAL => {}
            _ => {
                let text = format!("Error sending rule list data request ({})", errno.desc());
                self.log.say(Priority::Warning, text);
            }
        }
        errno.into()
    }

    fn delete_all(&mut self, key: &[u8]) -> Outcome {
        match operations::delete_all(&mut self.kernel, key) {
            Ok(()) => self.list(key),
            Err(DeleteError::Listing(error)) => Err(self.listing_error(&error)),
            Err(DeleteError::Deleting(errno)) => {
                self.log.error(format!("Error deleting rule ({})", errno.desc()));
                Err(errno.into())
            }
        }
    }

    /// A question that failed leaves its key behind, which auditctl then takes for one of a rule.
    fn key_without_rule(&self, key: &[u8], failure: Failure) -> Failure {
        if !key.is_empty()
            && let Some(message) = message(&Fault::KeyFieldMisplaced)
        {
            self.log.message(&message);
        }
        failure
    }

    fn show_status(&mut self, interpret: bool) -> Result<(), Errno> {
        match self.kernel.status() {
            Ok(found) => {
                write_out(status::status(&found, interpret).as_bytes());
                Ok(())
            }
            Err(error) => {
                self.status_error(&error);
                Err(error.errno())
            }
        }
    }

    /// Only a lack of permission counts as an error here: auditctl compares with -1, which is EPERM.
    fn status(&mut self) -> Outcome {
        if self.show_status(self.interpret) == Err(Errno::EPERM) {
            return Err(Errno::EPERM.into());
        }
        match self.kernel.features() {
            Ok(features) => write_out(status::features(&features).as_bytes()),
            Err(error) => {
                let errno = error.errno();
                if errno != Errno::ECONNREFUSED {
                    let text = format!("Error getting feature ({})", errno.desc());
                    self.log.say(Priority::Warning, text);
                }
                if errno == Errno::EPERM {
                    return Err(errno.into());
                }
            }
        }
        Ok(())
    }

    fn not_signalled(&self, error: SignalError) -> Failure {
        match error {
            SignalError::Status(error) if error.errno() == Errno::EPERM => {
                self.status_error(&error);
                Failure::Exit(exit::ERROR)
            }
            SignalError::Status(error) => {
                self.status_error(&error);
                let text = "Failed sending signal to auditd (timeout)";
                self.log.say(Priority::Warning, text);
                Failure::Exit(exit::ERROR)
            }
            SignalError::NotRunning => {
                self.log.say(Priority::Info, "Auditd is not running");
                Failure::Exit(exit::NO_DAEMON)
            }
            SignalError::Sending(errno) => {
                let text = format!("Failed sending signal to auditd ({})", errno.desc());
                self.log.say(Priority::Warning, text);
                Failure::Exit(exit::ERROR)
            }
        }
    }

    fn end(&mut self, program: &Program) -> Outcome {
        match &program.end {
            End::Failed => Err(Failure::Error(None)),
            End::Done | End::Deprecated | End::Reply => Ok(()),
            End::Usage => {
                write_out(AUDITCTL_USAGE.as_bytes());
                Err(Failure::Exit(exit::ERROR))
            }
            End::Rule(request, _) => self.send_rule(request),
        }
    }

    fn send_rule(&mut self, request: &Request) -> Outcome {
        let (verb, as_path) = match request {
            Request::Add(rule) => ("add", watch_of_dir(rule).map(Request::Add)),
            Request::Delete(rule) => ("delete", watch_of_dir(rule).map(Request::Delete)),
            Request::Control(_) => return Ok(()),
        };
        let answer = self.kernel.send_one(request);
        self.log = Log::Stderr;
        match (answer, as_path) {
            (Ok(_), _) => Ok(()),
            // Old kernels know no directories; the second refusal is put into words by libaudit.
            (Err(Errno::EINVAL), Some(request)) => match self.kernel.send_one(&request) {
                Ok(_) => Ok(()),
                Err(errno) => {
                    if errno != Errno::ECONNREFUSED {
                        self.log.say(Priority::Warning, second_refusal(&request, errno));
                    }
                    Err(errno.into())
                }
            },
            (Err(errno), _) => {
                self.log.error(rule_refusal(verb, errno));
                Err(errno.into())
            }
        }
    }
}

/// The rule with its first field, a directory, taken for a path.
fn watch_of_dir(rule: &Rule) -> Option<Rule> {
    let mut rule = rule.clone();
    match rule.fields.first_mut() {
        Some(Field::Text { id, .. }) if *id == TextId::DIR => {
            *id = TextId::PATH;
            Some(rule)
        }
        _ => None,
    }
}

fn is_setting(request: &Request) -> bool {
    matches!(
        request,
        Request::Control(
            Control::Enabled(_)
                | Control::Failure(_)
                | Control::RateLimit(_)
                | Control::BacklogLimit(_)
                | Control::BacklogWaitTime(_)
        )
    )
}

/// What cannot be written is lost, as auditctl's is: a closed pipe ends a listing, and is no error.
fn write_out(text: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text).and_then(|()| out.flush());
}
