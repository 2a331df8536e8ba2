//! The files that are read: regular ones, of a limited size, and for `-R` only those that nobody but root can write.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::stat::Mode;
use nix::unistd::{geteuid, mkfifo};

use crate::golden::kernel::with_kernel;

/// Commands that read rules, with the status for a file that they do not read.
const COMMANDS: [&[&str]; 6] = [
    &["explain", "--arch", "x86_64"],
    &["compile", "--arch", "x86_64"],
    &["lint", "--arch", "x86_64"],
    &["fmt", "--check"],
    &["explain", "--arch", "x86_64", "--diff", "/dev/null"],
    &["explain", "--arch", "x86_64", "Cargo.toml", "--workload"],
];

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

/// Runs a command; fails if it does not end by itself.
fn finish(command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let end = Instant::now() + Duration::from_secs(30);
    while child.try_wait().expect("it can be waited for").is_none() {
        if Instant::now() > end {
            child.kill().expect("it can be killed");
            panic!("{command:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("it has ended")
}

fn assert_refused(command: &mut Command, why: &str) {
    let output = finish(command);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{command:?}: {stderr}");
    assert!(stderr.contains(why), "{command:?}: {stderr}");
}

#[test]
fn no_command_reads_fifos_and_devices() {
    let folder = tempfile::tempdir().expect("a folder");
    let fifo = folder.path().join("fifo.rules");
    mkfifo(&fifo, Mode::from_bits_truncate(0o600)).expect("a FIFO");
    for path in [fifo.as_path(), Path::new("/dev/zero"), Path::new("/dev/null")] {
        for command in &COMMANDS[..4] {
            assert_refused(program().args(*command).arg(path), "is not a regular file");
        }
    }
    let diff = ["explain", "--arch", "x86_64", "--diff", "fixtures/rules/small.rules"];
    assert_refused(program().args(diff).arg(&fifo), "is not a regular file");
    let workload = ["explain", "--arch", "x86_64", "fixtures/rules/small.rules", "--workload"];
    assert_refused(program().args(workload).arg("/dev/zero"), "is not a regular file");
}

#[test]
fn no_command_reads_more_than_the_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("large.rules");
    fs::write(&file, vec![b'\n'; (1 << 20) + 1]).expect("the file is written");
    for command in &COMMANDS[..4] {
        let limited = ["--max-size", "1"];
        assert_refused(program().args(*command).args(limited).arg(&file), "is larger than 1 MiB");
        let more = finish(program().args(*command).args(["--max-size", "2"]).arg(&file));
        assert!(!String::from_utf8_lossy(&more.stderr).contains("is larger"), "{command:?}");
    }
    // A sparse file of 65 MiB: the usual limit is 64.
    fs::File::create(&file).and_then(|file| file.set_len(65 << 20)).expect("a large file");
    assert_refused(program().arg("compile").arg(&file), "is larger than 64 MiB");
}

#[test]
fn standard_input_is_limited_too() {
    let zero = || Stdio::from(fs::File::open("/dev/zero").expect("it is there"));
    for command in &COMMANDS[..4] {
        let mut command_line = program();
        command_line.args(*command).args(["--max-size", "1", "-"]).stdin(zero());
        assert_refused(&mut command_line, "`<stdin>` is larger than 1 MiB");
    }
}

/// A process substitution is a pipe below /dev/fd, and its writer may be slow.
#[test]
fn reads_the_pipe_of_a_process_substitution() {
    let small = fs::read("fixtures/rules/small.rules").expect("it is there");
    let mut child: Child = program()
        .args(["compile", "--arch", "x86_64", "/dev/stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    std::thread::sleep(Duration::from_millis(100));
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(&small).expect("it reads");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let direct =
        finish(program().args(["compile", "--arch", "x86_64", "fixtures/rules/small.rules"]));
    let count = |output: &Output| String::from_utf8_lossy(&output.stdout).lines().count();
    assert!(count(&output) > 0);
    assert_eq!(count(&output), count(&direct));
}

#[test]
fn an_empty_directory_is_an_error_of_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("notes.txt"), "-w /x").expect("the file is written");
    for command in &COMMANDS[..4] {
        assert_refused(program().args(*command).arg(folder.path()), "has no file named *.rules");
        let output = finish(program().args(*command).arg(folder.path()));
        assert_eq!(output.status.code(), Some(2), "{command:?}");
    }
    with_kernel(move |kernel| {
        let (exit, _, stderr) =
            kernel.finish(kernel.program("rauditctl").arg("-R").arg(folder.path()));
        assert_eq!(exit, Some(1));
        assert!(stderr.contains("has no file named *.rules"), "{stderr}");
    });
}

#[test]
fn a_directory_is_one_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("10-first.rules", "-D\n-w /a -p wa\n-e 2\n");
    write("20-second.rules", "-w /b -p wa\n-b 1000\n");
    let output = finish(program().args(["compile", "--arch", "x86_64"]).arg(folder.path()));
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let places: Vec<String> = text
        .lines()
        .map(|line| {
            let report: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let file = report["file"].as_str().expect("a file").rsplit('/').next().unwrap_or("");
            format!("{file}:{}", report["line"])
        })
        .collect();
    // augenrules moves the lock to the end, and the settings to the start.
    assert_eq!(places.first().expect("a line"), "10-first.rules:1");
    assert_eq!(places.last().expect("a line"), "10-first.rules:3");
    assert_eq!(places.len(), 5);
    with_kernel(move |kernel| {
        let (exit, _, stderr) =
            kernel.finish(kernel.program("rauditctl").arg("-R").arg(folder.path()));
        assert_eq!(exit, Some(0), "{stderr}");
        assert!(stderr.ends_with(": 2 rules loaded\n"), "{stderr}");
        let (_, state, _) = kernel.finish(kernel.program("rauditctl").arg("-s"));
        assert!(state.contains("enabled 2\n") && state.contains("backlog_limit 1000\n"), "{state}");
    });
}

/// A host must not lack the rules that a link or a directory was to bring.
#[test]
fn loads_no_directory_of_which_a_file_is_missing() {
    with_kernel(|kernel| {
        let folder = kernel.path("rules.d");
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join("10.rules"), "-w /a -p wa\n").expect("the file is written");
        let load = || kernel.finish(kernel.program("rauditctl").arg("-R").arg(&folder));
        symlink("gone", folder.join("20.rules")).expect("a link");
        let (exit, _, stderr) = load();
        assert_eq!(exit, Some(1), "{stderr}");
        assert!(stderr.contains("20.rules") && stderr.contains("No such file"), "{stderr}");
        fs::remove_file(folder.join("20.rules")).expect("it is removed");
        fs::create_dir(folder.join("20.rules")).expect("a folder");
        let (exit, _, stderr) = load();
        assert_eq!(exit, Some(1), "{stderr}");
        assert!(stderr.contains("20.rules` is not a regular file"), "{stderr}");
        let (_, rules, _) = kernel.finish(kernel.program("rauditctl").arg("-l"));
        assert_eq!(rules, "No rules\n");
        fs::remove_dir(folder.join("20.rules")).expect("it is removed");
        assert_eq!(load().0, Some(0));
    });
}

#[test]
fn loads_no_file_that_others_can_change() {
    with_kernel(|kernel| {
        let folder = kernel.path("rules.d");
        fs::create_dir(&folder).expect("a folder");
        let file = folder.join("a.rules");
        fs::write(&file, "-w /a -p wa\n").expect("the file is written");
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, Permissions::from_mode(mode)).expect("the mode is set");
        };
        let load = |path: &Path| {
            let _ = fs::remove_file(kernel.path("state"));
            kernel.finish(kernel.program("rauditctl").arg("-R").arg(path))
        };
        let assert_refused = |path: &Path, why: &str| {
            let (exit, _, stderr) = load(path);
            assert_eq!(exit, Some(1), "{stderr}");
            assert!(stderr.contains(why), "{stderr}");
        };
        mode(&folder, 0o755);
        for ours in [0o600, 0o640, 0o444] {
            mode(&file, ours);
            assert_eq!(load(&file).0, Some(0));
            assert_eq!(load(&folder).0, Some(0));
        }
        for others in [0o660, 0o602] {
            mode(&file, others);
            let help = format!("chmod go-w {}", file.display());
            assert_refused(&file, &help);
            assert_refused(&folder, &help);
        }
        mode(&file, 0o640);
        mode(&folder, 0o777);
        assert_refused(&folder, &format!("chmod go-w {}", folder.display()));
        mode(&folder, 0o755);
        // auditctl only looks whether everybody can write, and reads the file of anybody.
        mode(&file, 0o660);
        let (exit, ..) = kernel.finish(kernel.program("auditctl").arg("-R").arg(&file));
        assert_eq!(exit, Some(0));
        // Standard input is as trusted as who calls the program.
        let input = fs::File::open(&file).expect("it is there");
        let _ = fs::remove_file(kernel.path("state"));
        let mut from_input = kernel.program("rauditctl");
        let (exit, _, stderr) = kernel.finish(from_input.args(["-R", "-"]).stdin(input));
        assert_eq!(exit, Some(0), "{stderr}");
        // The fake kernel shows files of the user who runs the program as root's.
        if geteuid().is_root() {
            mode(&file, 0o640);
            std::os::unix::fs::chown(&file, Some(4711), None).expect("root may");
            assert_refused(
                &file,
                &format!(
                    "belongs to user 4711, not to root, so its rules are not loaded; check it and run `chown root {}`",
                    file.display()
                ),
            );
        }
    });
}

#[test]
fn loads_no_fifos_devices_and_large_files() {
    with_kernel(|kernel| {
        let fifo = kernel.path("fifo");
        mkfifo(&fifo, Mode::from_bits_truncate(0o600)).expect("a FIFO");
        let load = |arguments: &[&str]| {
            let mut command = kernel.program("rauditctl");
            let output = finish(command.arg("-R").args(arguments));
            (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        for path in [fifo.to_str().expect("UTF-8"), "/dev/zero", "/dev/stdin"] {
            let (exit, stderr) = load(&[path]);
            assert_eq!(exit, Some(1), "{stderr}");
            assert!(stderr.contains("is not a regular file"), "{path}: {stderr}");
        }
        let large = kernel.path("large.rules");
        let line = format!("#{}\n", "-".repeat(98));
        fs::write(&large, line.repeat((1 << 20) / line.len() + 1)).expect("the file is written");
        let large = large.to_str().expect("UTF-8");
        for option in [&["--max-size", "1"][..], &["--max-size=1"]] {
            let (exit, stderr) = load(&[option, &[large]].concat());
            assert_eq!(exit, Some(1), "{stderr}");
            assert!(stderr.contains("is larger than 1 MiB"), "{stderr}");
        }
        assert_eq!(load(&[large, "--max-size", "2"]).0, Some(0));
        assert_eq!(load(&[large, "--max-size", "none"]).0, Some(255));
    });
}
