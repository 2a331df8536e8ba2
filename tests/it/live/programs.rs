//! The two programs, and the kernel that they both talk to.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use caps::{CapSet, Capability};

/// The in-process kernel.
const FAKE_KERNEL: &str = "tests/recorded/fake_kernel.c";
/// What Debian's auditctl is in, and what it loads.
const PACKAGES: [&str; 4] = ["auditd", "libaudit1", "libauparse0", "libcap-ng0"];
/// The version that the differences are known of.
const VERSION: &str = "auditctl version 3.0.9";
/// Requests that change something; how often one asks is up to the program.
const CHANGES: [u16; 7] = [1001, 1005, 1011, 1012, 1014, 1015, 1018];
/// `AUDIT_SET`
const SET: u16 = 1001;
/// Bytes of the newest `audit_status`.
const STATUS_LEN: usize = 44;

/// Both programs, ready to run.
pub(super) struct Programs {
    tree: PathBuf,
    fake_kernel: PathBuf,
    scratch: tempfile::TempDir,
}

/// What a program did.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) exit: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) syslog: Vec<String>,
    pub(super) requests: Vec<(u16, Vec<u8>)>,
}

impl Programs {
    /// Both programs, or why they cannot be had. Takes the audit capabilities from this thread and
    /// all that it starts.
    pub(super) fn prepare() -> Result<Self, String> {
        if !cfg!(target_arch = "x86_64") {
            return Err("it is for x86_64".into());
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(FAKE_KERNEL);
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live");
        fs::create_dir_all(&home).map_err(|error| error.to_string())?;
        let scratch = tempfile::tempdir_in(&home).map_err(|error| error.to_string())?;
        let fake_kernel = scratch.path().join("fake_kernel.so");
        run(Command::new("cc")
            .args(["-O2", "-shared", "-fPIC", "-o"])
            .args([&fake_kernel, &source])
            .args(["-ldl", "-lpthread"]))?;
        let tree = packages(&home)?;
        give_up_audit()?;
        let programs = Programs { tree, fake_kernel, scratch };
        let version = programs.theirs(&["-v".to_owned()]).stdout;
        match version.trim() {
            VERSION => Ok(programs),
            other => Err(format!("Debian's auditctl is `{other}` here")),
        }
    }

    /// Runs Debian's auditctl.
    pub(super) fn theirs(&self, arguments: &[String]) -> Run {
        let libraries = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"]
            .map(|folder| self.tree.join(folder).display().to_string());
        let program = ["sbin/auditctl", "usr/sbin/auditctl"]
            .map(|path| self.tree.join(path))
            .into_iter()
            .find(|path| path.is_file())
            .expect("the package has auditctl");
        let mut command = Command::new(program);
        self.run(command.env("LD_LIBRARY_PATH", libraries.join(":")), arguments)
    }

    /// Runs ours under the same name.
    pub(super) fn ours(&self, arguments: &[String]) -> Run {
        self.run(&mut Command::new(env!("CARGO_BIN_EXE_rauditctl")), arguments)
    }

    fn run(&self, command: &mut Command, arguments: &[String]) -> Run {
        let (log, state) = (self.scratch.path().join("log"), self.scratch.path().join("state"));
        let _ = fs::remove_file(&log);
        let _ = fs::remove_file(&state);
        let output = command
            .arg0("auditctl")
            .args(arguments)
            .env("LD_PRELOAD", &self.fake_kernel)
            .env("FAKE_KERNEL_LOG", &log)
            .env("FAKE_KERNEL_STATE", &state)
            .env("FAKE_KERNEL_MACHINE", "x86_64")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .expect("it can be run");
        let log = fs::read_to_string(log).expect("the fake kernel keeps a log");
        assert!(log.starts_with("START"), "the fake kernel was not loaded");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut run = Run {
            exit: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            syslog: Vec::new(),
            requests: Vec::new(),
        };
        log.lines().for_each(|line| run.note(line));
        run
    }
}

impl Run {
    /// Reads a line of the fake kernel's log. The head of its source describes the lines.
    fn note(&mut self, line: &str) {
        match line.split('\t').collect::<Vec<_>>().as_slice() {
            ["REQ", kind, _flags, payload, _answer] => {
                let kind = kind.parse().expect("a message type");
                if CHANGES.contains(&kind) {
                    self.requests.push((kind, canonical(kind, hex(payload))));
                }
            }
            ["SYSLOG", _priority, text] => {
                self.syslog.push(String::from_utf8_lossy(&hex(text)).into_owned());
            }
            _ => {}
        }
    }
}

/// Padding may be sent or not, and a status may be as short as its last member that is set.
fn canonical(kind: u16, mut payload: Vec<u8>) -> Vec<u8> {
    let len = if kind == SET { STATUS_LEN } else { payload.len().next_multiple_of(4) };
    payload.resize(len, 0);
    payload
}

fn hex(digits: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// Debian's packages taken apart; they are kept for the next time.
fn packages(home: &Path) -> Result<PathBuf, String> {
    let tree = home.join("packages");
    if tree.is_dir() {
        return Ok(tree);
    }
    let partial = tempfile::tempdir_in(home).map_err(|error| error.to_string())?;
    run(Command::new("apt-get")
        .args(["-q", "download"])
        .args(PACKAGES)
        .current_dir(partial.path()))?;
    let whole = partial.path().join("tree");
    for entry in fs::read_dir(partial.path()).map_err(|error| error.to_string())?.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "deb") {
            run(Command::new("dpkg").arg("-x").arg(entry.path()).arg(&whole))?;
        }
    }
    // Another run may have been faster.
    match fs::rename(&whole, &tree) {
        Err(error) if !tree.is_dir() => Err(error.to_string()),
        _ => Ok(tree),
    }
}

/// Should a program escape the fake kernel, it may not do anything to the machine's.
pub(crate) fn give_up_audit() -> Result<(), String> {
    let audit =
        [Capability::CAP_AUDIT_CONTROL, Capability::CAP_AUDIT_READ, Capability::CAP_AUDIT_WRITE];
    for capability in audit {
        // Effective first: what is effective must be permitted.
        for set in [CapSet::Effective, CapSet::Inheritable, CapSet::Bounding, CapSet::Permitted] {
            let _ = caps::drop(None, set, capability);
        }
        let has = |set| caps::has_cap(None, set, capability).unwrap_or(true);
        if has(CapSet::Permitted) || has(CapSet::Inheritable) || has(CapSet::Ambient) {
            return Err(format!("{capability} cannot be given up"));
        }
        if nix::unistd::geteuid().is_root() && has(CapSet::Bounding) {
            return Err(format!("{capability} cannot be kept from what root starts"));
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
