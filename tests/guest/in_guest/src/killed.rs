//! Kills a program in the middle of a change of rules: the program is traced (ptrace), and its syscalls are counted
//! from its first request that adds or deletes a rule.

use std::io::{self, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

/// `sendto` on `x86_64`.
const SENDTO: u64 = 44;
/// `AUDIT_ADD_RULE` and `AUDIT_DEL_RULE`.
const CHANGES: [u16; 2] = [1011, 1012];

/// Runs a program and prints the number of syscalls from its first change to its last one.
pub(crate) fn count(program: &[&str]) -> io::Result<()> {
    let (_, window) = run(program, None)?;
    println!("{window}");
    Ok(())
}

/// Runs a program and kills it before its syscall number `at` after its first change, counted from 1.
pub(crate) fn kill(at: usize, program: &[&str]) -> io::Result<()> {
    let (status, _) = run(program, Some(at))?;
    println!("{}", status.map_or(-1, |status| status.signal().unwrap_or(0)));
    Ok(())
}

/// Returns the status of the program, and the number of syscalls from its first change to its last one.
fn run(program: &[&str], at: Option<usize>) -> io::Result<(Option<ExitStatus>, usize)> {
    // The shell waits for a line, so that the tracer has the program from its first syscall on.
    let mut child = Command::new("/bin/sh")
        .args(["-c", "read _; exec \"$@\" <&-", "sh"])
        .args(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let pid = Pid::from_raw(child.id().cast_signed());
    ptrace::attach(pid)?;
    waitpid(pid, None)?;
    ptrace::setoptions(pid, Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACEEXEC)?;
    child.stdin.take().expect("a pipe").write_all(b"\n")?;

    let (mut entered, mut since, mut window) = (false, None, 0);
    ptrace::syscall(pid, None)?;
    loop {
        let mut deliver = None;
        match waitpid(pid, None)? {
            WaitStatus::PtraceSyscall(_) => {
                entered = !entered;
                if entered {
                    let changes = sends_a_change(pid)?;
                    since = since.map(|calls: usize| calls + 1);
                    if changes {
                        window = *since.get_or_insert(0);
                    }
                    if at.is_some() && at == since {
                        ptrace::kill(pid)?;
                        return Ok((Some(child.wait()?), window));
                    }
                }
            }
            WaitStatus::Stopped(_, signal) if signal != Signal::SIGSTOP => deliver = Some(signal),
            WaitStatus::Exited(..) | WaitStatus::Signaled(..) => return Ok((None, window)),
            _ => {}
        }
        ptrace::syscall(pid, deliver)?;
    }
}

/// Returns whether the syscall that begins sends a request that adds or deletes a rule.
fn sends_a_change(pid: Pid) -> nix::Result<bool> {
    let registers = ptrace::getregs(pid)?;
    if registers.orig_rax != SENDTO {
        return Ok(false);
    }
    // The header of a message: its length (u32), its type (u16), its flags (u16).
    let header = ptrace::read(pid, registers.rsi as ptrace::AddressType)?.to_ne_bytes();
    Ok(CHANGES.contains(&u16::from_ne_bytes([header[4], header[5]])))
}
