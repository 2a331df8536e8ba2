//! The emulated machine: a QEMU process that runs some jobs, and never outlives them.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::cpio::Writer;
use crate::harness::Guest;
use crate::job::{Job, Outcome};

/// The machine's arguments. Software emulation works everywhere in the same way.
const MACHINE: [&str; 16] = [
    "-accel",
    "tcg",
    "-cpu",
    "max",
    "-smp",
    "1",
    "-m",
    "1024",
    "-display",
    "none",
    "-monitor",
    "none",
    "-nodefaults",
    "-no-user-config",
    "-no-reboot",
    "-append",
];

/// A crash ends the machine (`panic=-1`), the records of the audit system stay off the console. The last
/// word is for `in_guest`, which works nowhere else.
const KERNEL: &str = "console=ttyS0 panic=-1 loglevel=4 reboot=t rauditctl.guest=1";

/// A job that did not end.
#[derive(Clone)]
pub(crate) struct Failure {
    what: String,
    console: String,
    stdout: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        writeln!(f, "--- the end of the console:\n{}", tail(&self.console))?;
        writeln!(f, "--- the end of what the job printed:\n{}", tail(&self.stdout))
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Guest {
    /// Boots a machine for a job and waits until it is off again. Fails if the kernel crashes or time runs out.
    pub(crate) fn run(&self, job: &Job) -> Result<Outcome, Failure> {
        self.run_all(std::slice::from_ref(job)).remove(0)
    }

    /// Boots a machine, runs the jobs one after the other, and waits until it is off again. Returns an outcome for
    /// each job. If a job fails, the later jobs fail too.
    pub(crate) fn run_all(&self, jobs: &[Job]) -> Vec<Result<Outcome, Failure>> {
        if jobs.is_empty() {
            return Vec::new();
        }
        let folder = tempfile::tempdir_in(&self.scratch).expect("a directory for the machine");
        let mut initrd = self.base.to_vec();
        initrd.extend(archive(jobs));
        fs::write(folder.path().join("initrd"), initrd).expect("the initramfs is written");

        let arguments = jobs.first().map_or(&[][..], |job| job.machine);
        let mut machine = Machine::start(&self.kernel.image, arguments, folder.path());
        let timeout = jobs.iter().map(|job| job.timeout).sum();
        let end = machine.wait(timeout);
        let read = |name| {
            let bytes = fs::read(folder.path().join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (console, port) = (read("console"), read("job"));

        let mut outcomes = Vec::new();
        let mut rest = port.as_str();
        while let Some((outcome, others)) = Outcome::read(rest, &console) {
            outcomes.push(Ok(outcome));
            rest = others;
        }
        let what = match end {
            None => format!("the guest was not done after {timeout:?}"),
            Some(_) if console.contains("Kernel panic") => "the guest's kernel crashed".to_owned(),
            Some(status) => {
                format!("the guest ended ({status}) before its job did: {}", read("qemu"))
            }
        };
        let failure = Failure { what, stdout: rest.to_owned(), console };
        let later = Failure { what: format!("not reached: {}", failure.what), ..failure.clone() };
        let failures = std::iter::once(failure).chain(std::iter::repeat(later));
        let missing = jobs.len().saturating_sub(outcomes.len());
        outcomes.extend(failures.take(missing).map(Err));
        outcomes
    }
}

/// The archive to append to the base one: the jobs in order, each as an archive.
fn archive(jobs: &[Job]) -> Vec<u8> {
    let mut archive = Writer::default();
    for (number, job) in jobs.iter().enumerate() {
        archive.file(&format!("/jobs/{number:02}"), 0o644, &job.archive());
    }
    archive.finish()
}

/// A running QEMU, killed when dropped.
struct Machine(Child);

impl Machine {
    /// Starts a machine whose serial ports are the files `console` and `job` of `folder`.
    fn start(kernel: &Path, arguments: &[&str], folder: &Path) -> Machine {
        let messages = fs::File::create(folder.join("qemu")).expect("a file for messages");
        let child = Command::new("qemu-system-x86_64")
            .args(MACHINE)
            .arg(KERNEL)
            .args(arguments)
            .arg("-kernel")
            .arg(kernel)
            .args(["-initrd", "initrd", "-serial", "file:console", "-serial", "file:job"])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(messages)
            .spawn()
            .expect("QEMU starts");
        Machine(child)
    }

    /// Waits for the machine's end; `None` when time ran out.
    fn wait(&mut self, timeout: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + timeout;
        loop {
            let end = self.0.try_wait().expect("QEMU is our child");
            if end.is_some() || Instant::now() >= deadline {
                return end;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The last lines of a text.
fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(25)..].join("\n")
}
