//! A job for the guest, and its outcome.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::cpio::{self, Writer};
use crate::harness::Guest;
use crate::rules;

/// Functions for scripts.
const LIBRARY: &str = include_str!("job.sh");

/// The libraries that only Debian's auditd loads.
const LIBRARIES: [&str; 10] = [
    "libwrap.so.0",
    "libnsl.so.2",
    "libtirpc.so.3",
    "libgssapi_krb5.so.2",
    "libkrb5.so.3",
    "libk5crypto.so.3",
    "libkrb5support.so.0",
    "libcom_err.so.2",
    "libkeyutils.so.1",
    "libresolv.so.2",
];

/// The settings of auditd: one file, on a small disk.
const AUDITD: &str = "\
log_file = /tmp/audit/audit.log
log_format = ENRICHED
flush = NONE
max_log_file_action = IGNORE
space_left = 2
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
plugin_dir = /etc/audit/plugins.d
";

/// A script for the guest's shell, run as root with `/tmp` as directory, and the files that it needs.
#[derive(Debug)]
pub(crate) struct Job {
    script: String,
    files: Vec<(String, u32, Vec<u8>)>,
    audited: bool,
    /// Arguments of QEMU beside the usual ones.
    pub(crate) machine: &'static [&'static str],
    /// How long the guest may take, its boot included if the job is the first.
    pub(crate) timeout: Duration,
}

impl Job {
    /// A job on a kernel whose audit system has not been switched on.
    ///
    /// The script can call the functions of `job.sh`.
    pub(crate) fn new(script: &str) -> Self {
        Job {
            script: format!(". /job/lib.sh\n{script}"),
            files: Vec::new(),
            audited: false,
            machine: &[],
            timeout: Duration::from_secs(120),
        }
    }

    /// A job whose tasks are audited: `auditctl -e 1` comes before the script's shell is started.
    pub(crate) fn audited(script: &str) -> Self {
        Job { audited: true, ..Job::new(script) }
    }

    /// Adds a file that all may read.
    pub(crate) fn file(mut self, path: &str, content: &[u8]) -> Self {
        self.files.push((path.to_owned(), 0o644, content.to_vec()));
        self
    }

    /// Adds a program.
    pub(crate) fn program(mut self, path: &str, content: &[u8]) -> Self {
        self.files.push((path.to_owned(), 0o755, content.to_vec()));
        self
    }

    /// Adds Debian's audit daemon and the programs that read its log. `start_auditd` in the script starts it.
    pub(crate) fn auditd(mut self, guest: &Guest) -> Self {
        for program in ["auditd", "aureport", "ausearch"] {
            let path = format!("sbin/{program}");
            self = self.program(&format!("/{path}"), &guest.package_file(&path));
        }
        for library in LIBRARIES {
            let content = guest.package_file(&format!("lib/x86_64-linux-gnu/{library}"));
            self = self.file(&format!("/lib/{library}"), &content);
        }
        self.file("/etc/audit/auditd.conf", AUDITD.as_bytes())
    }

    /// Adds rules files as `/job/rules/NAME`, and lists the paths that they name for `make_paths`.
    pub(crate) fn rules(mut self, files: &[(String, String)]) -> Self {
        for (name, text) in files {
            self = self.file(&format!("/job/rules/{name}"), text.as_bytes());
        }
        let mut paths: Vec<_> = files.iter().flat_map(|(_, text)| rules::paths(text)).collect();
        // Directories first, then from the leaves up: what another path leads through is a directory.
        paths.sort_by_key(|path| (!path.ends_with('/'), Reverse(path.len())));
        let lines: String = paths.iter().map(|path| format!("{path}\n")).collect();
        self.file("/job/paths", lines.as_bytes())
    }

    /// Sets the time-out.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The files of the job, as the guest unpacks them.
    pub(crate) fn archive(&self) -> Vec<u8> {
        let mut archive = Writer::default();
        archive.file("/job/lib.sh", 0o644, LIBRARY.as_bytes());
        archive.file("/job/script", 0o644, self.script.as_bytes());
        if self.audited {
            archive.file("/job/audited", 0o644, b"");
        }
        for (path, mode, content) in &self.files {
            archive.file(path, *mode, content);
        }
        archive.finish()
    }
}

/// The last line of a job's output.
const END: &str = "@@guest:end\n";

/// The outcome of a job.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The script's exit status.
    pub(crate) status: i32,
    /// What the script printed, messages included.
    pub(crate) stdout: String,
    /// What the kernel printed.
    pub(crate) console: String,
    /// The files below `/out`.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// A command that the script ran by `record`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Its exit status.
    pub(crate) status: i32,
    /// Its standard output.
    pub(crate) out: String,
    /// Its messages.
    pub(crate) err: String,
}

impl Outcome {
    /// Reads the outcome of the first job from the output of the second port, and returns it with the rest of the
    /// output; `None` if it is incomplete.
    pub(crate) fn read<'p>(port: &'p str, console: &str) -> Option<(Outcome, &'p str)> {
        let (job, others) = port.split_once(END)?;
        let (stdout, rest) = job.rsplit_once("\n@@guest:status ")?;
        let (status, archive) = rest.split_once('\n')?;
        let outcome = Outcome {
            status: status.parse().ok()?,
            stdout: stdout.to_owned(),
            console: console.to_owned(),
            files: cpio::read(&from_base64(archive)?)?,
        };
        Some((outcome, others))
    }

    /// The command that `record NAME` ran.
    ///
    /// # Panics
    /// If the script did not get that far.
    pub(crate) fn step(&self, name: &str) -> Step {
        let status = self.text(&format!("{name}.status"));
        Step {
            status: status.trim().parse().expect("a number"),
            out: self.text(&format!("{name}.out")),
            err: self.text(&format!("{name}.err")),
        }
    }

    fn text(&self, name: &str) -> String {
        let Some(bytes) = self.files.get(name) else {
            panic!("the job left no {name}; it printed:\n{}", self.stdout);
        };
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// Decodes base64 with line ends in it; `None` at any other byte.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut bits) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        group = (group << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(((group >> bits) & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[test]
fn base64_is_decoded() {
    assert_eq!(from_base64("").unwrap(), b"");
    assert_eq!(from_base64("YXVk\naXQ=\n").unwrap(), b"audit");
    assert_eq!(from_base64("//+A").unwrap(), [0xff, 0xff, 0x80]);
    assert_eq!(from_base64("a*"), None);
}
