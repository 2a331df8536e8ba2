//! The program under a fake kernel.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use xtask::needs::skip;

use crate::live::programs::give_up_audit;

const FAKE_KERNEL: &str = "tests/recorded/fake_kernel.c";

/// The result of a command: exit status, standard output, standard error.
pub(crate) type Outcome = (Option<i32>, String, String);

/// A fake kernel, with a folder for its state and for files of a test.
pub(crate) struct Kernel {
    pub(crate) library: &'static Path,
    pub(crate) folder: tempfile::TempDir,
}

impl Kernel {
    /// The fake kernel, if there is a C compiler. This thread loses the right to reach the real one.
    fn start() -> Option<Self> {
        let library = library()?;
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).ok()?;
        give_up_audit().expect("capabilities can be given up");
        Some(Kernel { library, folder })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command under a kernel in its first state; `fail` lists the refused requests, as `TYPE:ERRNO`.
    pub(crate) fn run(&self, fail: &str, arguments: &[&str]) -> Outcome {
        self.run_as("auditctl", fail, arguments)
    }

    pub(crate) fn run_as(&self, name: &str, fail: &str, arguments: &[&str]) -> Outcome {
        let _ = fs::remove_file(self.path("state"));
        self.finish(self.program(name).args(arguments).env("FAKE_KERNEL_FAIL", fail))
    }

    /// The program, called by a name, under the kernel in its last state.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
        self.under(command.arg0(name));
        command
    }

    /// Puts a command under the kernel.
    pub(crate) fn under(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", self.library)
            .env("FAKE_KERNEL_LOG", self.path("log"))
            .env("FAKE_KERNEL_STATE", self.path("state"))
            .env("FAKE_KERNEL_MACHINE", "x86_64")
            .env("STATE_DIRECTORY", self.path("lib"))
            .env("RUNTIME_DIRECTORY", self.path("run"))
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
    }

    /// Runs a program to its end.
    pub(crate) fn finish(&self, command: &mut Command) -> Outcome {
        let _ = fs::remove_file(self.path("log"));
        let output = command.output().expect("it can be run");
        // A process that waits to go back can write to the log first.
        let is_loaded = self.log().lines().any(|line| line.starts_with("START"));
        assert!(is_loaded, "the fake kernel was not loaded: {}", self.log());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// The log of the last run; the head of the source of the kernel describes it.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).expect("the fake kernel keeps a log")
    }
}

/// Checks with the fake kernel, in a thread of its own: capabilities belong to threads.
pub(crate) fn with_kernel(check: impl FnOnce(&Kernel) + Send + 'static) {
    let thread = std::thread::spawn(|| Kernel::start().map(|kernel| check(&kernel)));
    let checked = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    if checked.is_none() {
        skip("there is no C compiler");
    }
}

/// The compiled kernel; `None` without a C compiler.
fn library() -> Option<&'static Path> {
    static LIBRARY: OnceLock<Option<PathBuf>> = OnceLock::new();
    LIBRARY.get_or_init(compile).as_deref()
}

fn compile() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(FAKE_KERNEL);
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scratch = tempfile::NamedTempFile::new_in(home).ok()?;
    let mut compiler = Command::new("cc");
    compiler.args(["-O2", "-shared", "-fPIC", "-o"]).arg(scratch.path()).arg(source);
    let status = compiler.args(["-ldl", "-lpthread"]).status().ok()?;
    assert!(status.success(), "the fake kernel does not compile");
    let library = home.join("fake_kernel.so");
    scratch.persist(&library).expect("it can be renamed");
    Some(library)
}
