//! How long auditd keeps its log: the settings of auditd.conf.

use std::fmt;

use crate::catalog::nearest;
use crate::span::Span;

/// The bytes in a megabyte of auditd (`MEGABYTE`, src/auditd-event.c).
const MEGABYTE: u64 = 1 << 20;

/// Maximum of `num_logs`, as auditd.conf(5) has it.
const MOST_LOGS: u64 = 999;

/// The names of the settings that auditd 4.2.2 takes (`keywords`, src/auditd-config.c). Older versions lack those of TLS and
/// `report_interval`.
const NAMES: [&str; 48] = [
    "local_events",
    "log_file",
    "write_logs",
    "log_format",
    "log_group",
    "priority_boost",
    "flush",
    "freq",
    "num_logs",
    "name_format",
    "name",
    "max_log_file",
    "max_log_file_action",
    "verify_email",
    "action_mail_acct",
    "space_left",
    "space_left_action",
    "admin_space_left",
    "admin_space_left_action",
    "disk_full_action",
    "disk_error_action",
    "tcp_listen_port",
    "tcp_listen_queue",
    "tcp_max_per_addr",
    "use_libwrap",
    "tcp_client_ports",
    "tcp_client_max_idle",
    "transport",
    "tls_allowed_clients",
    "tls_auth",
    "tls_cipher_suites",
    "tls_crypto_profile",
    "tls_key_exchange",
    "tls_psk_file",
    "tls_psk_identity",
    "tls_require_pqc",
    "enable_krb5",
    "krb5_principal",
    "krb5_key_file",
    "distribute_network",
    "q_depth",
    "overflow_action",
    "max_restarts",
    "plugin_dir",
    "end_of_event_timeout",
    "report_interval",
    "dispatcher",
    "disp_qos",
];

/// What auditd does with its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// `max_log_file`, in bytes.
    pub file_bytes: u64,
    /// `num_logs`
    pub files: u64,
    /// `max_log_file_action`
    pub action: LimitAction,
    /// `write_logs`
    pub is_written: bool,
}

/// What auditd does if the log has its maximum size (`max_log_file_action`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitAction {
    /// Nothing.
    Ignore,
    /// It warns in the system log.
    Syslog,
    /// It writes no more records.
    Suspend,
    /// It starts a new file, and deletes the oldest.
    Rotate,
    /// It starts a new file, and deletes none.
    KeepLogs,
}

impl LimitAction {
    /// Every action.
    pub const ALL: [Self; 5] =
        [Self::Ignore, Self::Syslog, Self::Suspend, Self::Rotate, Self::KeepLogs];

    /// Returns the word in auditd.conf.
    pub const fn name(self) -> &'static str {
        match self {
            LimitAction::Ignore => "IGNORE",
            LimitAction::Syslog => "SYSLOG",
            LimitAction::Suspend => "SUSPEND",
            LimitAction::Rotate => "ROTATE",
            LimitAction::KeepLogs => "KEEP_LOGS",
        }
    }
}

/// An error in auditd.conf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfFault {
    /// The place.
    pub span: Span,
    /// The problem.
    pub message: &'static str,
    /// The remedy.
    pub help: &'static str,
}

impl fmt::Display for ConfFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl Retention {
    /// Returns whether auditd deletes old files.
    pub fn deletes(&self) -> bool {
        // With fewer than two files it does not rotate, as auditd.conf(5) has it.
        self.action == LimitAction::Rotate && self.files >= 2
    }

    /// Reads auditd.conf. Settings that do not matter here are skipped.
    ///
    /// ```
    /// use rauditctl::replay::{LimitAction, Retention};
    ///
    /// let conf = "max_log_file = 8\nnum_logs = 5\nmax_log_file_action = rotate\n";
    /// let retention = Retention::parse(conf).unwrap();
    /// assert_eq!((retention.file_bytes, retention.files), (8 << 20, 5));
    /// assert_eq!(retention.action, LimitAction::Rotate);
    /// ```
    ///
    /// # Errors
    /// Every line of these settings that auditd does not take, and a missing `max_log_file`.
    pub fn parse(text: &str) -> Result<Self, Vec<ConfFault>> {
        let mut reader = Reader::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if !reader.line(line.trim_end(), start) {
                break;
            }
            start += line.len();
        }
        // auditd begins with 0 and IGNORE (`clear_config`, src/auditd-config.c).
        let action = reader.action.unwrap_or(LimitAction::Ignore);
        let is_needed = action != LimitAction::Ignore;
        if reader.faults.is_empty() && reader.megabytes.is_none() && is_needed {
            let end = Span::new(text.trim_end().len(), text.trim_end().len());
            reader.fail(
                end,
                "`max_log_file` is missing",
                "write `max_log_file = 8` for 8 megabytes",
            );
        }
        if !reader.faults.is_empty() {
            return Err(reader.faults);
        }
        Ok(Retention {
            file_bytes: reader.megabytes.unwrap_or_default().saturating_mul(MEGABYTE),
            files: reader.files.unwrap_or_default(),
            action,
            is_written: reader.is_written.unwrap_or(true),
        })
    }
}

/// A name in auditd.conf that auditd does not know: it does not start (`load_config`, src/auditd-config.c).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownName<'t> {
    /// The line, from 1.
    pub line: usize,
    /// The name.
    pub name: &'t str,
    /// A setting with a similar name.
    pub nearest: Option<&'static str>,
}

/// Returns the names in an auditd.conf that auditd does not know.
pub fn unknown_names(text: &str) -> impl Iterator<Item = UnknownName<'_>> {
    let names = (1..).zip(text.lines()).filter_map(|(line, text)| {
        let name = text.trim_end().split(' ').find(|word| !word.is_empty())?;
        (!name.starts_with('#')).then_some((line, name))
    });
    let unknown =
        names.filter(|(_, name)| !NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)));
    unknown.map(|(line, name)| {
        let nearest = nearest(name.as_bytes(), NAMES.into_iter());
        UnknownName { line, name, nearest }
    })
}

/// The settings that were read, and the errors.
#[derive(Default)]
struct Reader {
    megabytes: Option<u64>,
    files: Option<u64>,
    action: Option<LimitAction>,
    is_written: Option<bool>,
    faults: Vec<ConfFault>,
}

impl Reader {
    /// Reads a line: `NAME = VALUE` in any case. The last of two lines of a name counts, as for auditd. Returns whether auditd
    /// reads on: it stops at a line that is no setting (`nv_split`, src/auditd-config.c), so that a rules file has one error.
    fn line(&mut self, line: &str, start: usize) -> bool {
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        let Some(name) = words.next().filter(|name| !name.starts_with('#')) else { return true };
        if words.next() != Some("=") {
            let whole = Span::new(start, start + line.len());
            let help = "write it as `num_logs = 5`, with spaces; rules belong to --rules";
            self.fail(whole, "expected a setting of auditd.conf, `NAME = VALUE`", help);
            return false;
        }
        let known = ["max_log_file", "num_logs", "max_log_file_action", "write_logs"];
        let Some(name) = known.into_iter().find(|known| known.eq_ignore_ascii_case(name)) else {
            return true;
        };
        let (_, rest) = line.split_once('=').unwrap_or_default();
        let value = rest.trim();
        let at = start + line.len() - rest.trim_start().len();
        let place = Span::new(at, at + value.len());
        self.set(name, value, place);
        true
    }

    /// Takes one of the settings that matter here.
    fn set(&mut self, name: &str, value: &str, place: Span) {
        match name {
            "max_log_file" => self.megabytes = self.number(value, place, u64::MAX),
            "num_logs" => self.files = self.number(value, place, MOST_LOGS),
            "write_logs" => {
                self.is_written = ["no", "yes"]
                    .iter()
                    .position(|word| word.eq_ignore_ascii_case(value))
                    .map(|found| found == 1);
                if self.is_written.is_none() {
                    self.fail(place, "expected `yes` or `no`", "write `write_logs = yes`");
                }
            }
            _ => {
                let mut all = LimitAction::ALL.into_iter();
                self.action = all.find(|action| action.name().eq_ignore_ascii_case(value));
                if self.action.is_none() {
                    let help = "write IGNORE, SYSLOG, SUSPEND, ROTATE or KEEP_LOGS";
                    self.fail(place, "unknown action", help);
                }
            }
        }
    }

    fn number(&mut self, value: &str, place: Span, most: u64) -> Option<u64> {
        let is_digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let number = value.parse().ok().filter(|number| is_digits && *number <= most);
        if number.is_none() {
            let help = match most {
                MOST_LOGS => "write a whole number up to 999",
                _ => "write a whole number of megabytes",
            };
            self.fail(place, "expected a number", help);
        }
        number
    }

    fn fail(&mut self, span: Span, message: &'static str, help: &'static str) {
        self.faults.push(ConfFault { span, message, help });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_file_that_auditd_comes_with() {
        let text = "#\n# This file controls the configuration of the audit daemon\n#\n\nlocal_events = yes\n\
                    write_logs = yes\nlog_file = /var/log/audit/audit.log\nmax_log_file = 8\nnum_logs = 5\n\
                    max_log_file_action = ROTATE\nspace_left = 75\nspace_left_action = SYSLOG\n";
        let retention = Retention::parse(text).unwrap();
        assert_eq!((retention.file_bytes, retention.files), (8_388_608, 5));
        assert!(retention.deletes() && retention.is_written);
    }

    #[test]
    fn only_rotation_of_two_files_or_more_deletes() {
        let of = |action: &str, files: u64| {
            let text = format!(
                "MAX_LOG_FILE = 50\nnum_logs = {files}\nmax_log_file_action  =  {action}\n"
            );
            Retention::parse(&text).unwrap()
        };
        assert!(of("rotate", 2).deletes());
        assert!(!of("rotate", 1).deletes());
        assert!(!of("keep_logs", 5).deletes());
        assert_eq!(of("Syslog", 5).action, LimitAction::Syslog);
        let none = Retention::parse("# nothing\n").unwrap();
        assert_eq!((none.action, none.files), (LimitAction::Ignore, 0));
    }

    /// `num_log` is a slip of the pen that would count as `num_logs = 0`. The case of a name does not matter.
    #[test]
    fn names_what_auditd_does_not_know() {
        let text = "# num_log\nMax_Log_File = 8\n\n  num_log = 5\nreport_interval = 0\n\tx = 1\n";
        let found: Vec<_> = unknown_names(text).collect();
        let unknown = |line, name, nearest| UnknownName { line, name, nearest };
        assert_eq!(found, [unknown(4, "num_log", Some("num_logs")), unknown(6, "\tx", None)]);
    }

    #[test]
    fn errors_have_places() {
        const NO_SETTING: &str = "expected a setting of auditd.conf, `NAME = VALUE`";
        for (line, place, message) in [
            ("max_log_file = 8M", "8M", "expected a number"),
            ("max_log_file = -8", "-8", "expected a number"),
            ("max_log_file =", "", "expected a number"),
            ("num_logs = 1000", "1000", "expected a number"),
            ("num_logs 5", "num_logs 5", NO_SETTING),
            ("num_logs=5", "num_logs=5", NO_SETTING),
            ("-w /etc/passwd -p wa\n-w /etc/shadow -p wa", "-w /etc/passwd -p wa", NO_SETTING),
            ("[budget]", "[budget]", NO_SETTING),
            ("max_log_file_action = KEEP", "KEEP", "unknown action"),
            ("write_logs = on", "on", "expected `yes` or `no`"),
        ] {
            let text = format!("# first\n{line}\n");
            let faults = Retention::parse(&text).unwrap_err();
            assert_eq!(faults.len(), 1, "{line}");
            assert_eq!((&text[faults[0].span.range()], faults[0].message), (place, message));
        }
        let faults = Retention::parse("num_logs = 5\nmax_log_file_action = ROTATE\n").unwrap_err();
        assert_eq!(faults[0].message, "`max_log_file` is missing");
    }
}
