//! Files that `fmt` and `lint --fix` replace: nothing else changes, and a signal leaves the old or the new text.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{run, texts};

/// A label of SELinux, as the kernel stores it: with a NUL.
const LABEL: &[u8] = b"system_u:object_r:auditd_etc_t:s0\0";

const OLD: &str = "-a exit,always -S  open -F key=a -F key=a\n";

/// Sets an attribute; returns whether this user and this file system may.
fn set(path: &Path, name: &str, value: &[u8]) -> bool {
    xattr::set(path, name, value).is_ok()
}

#[test]
fn keeps_selinux_labels_and_other_attributes() {
    for arguments in
        [&["fmt", "a.rules"][..], &["lint", "--fix", "--exit-zero", "--select", "R101", "a.rules"]]
    {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.rules");
        fs::write(&file, OLD.trim_end()).unwrap();
        // Only root may set a label, and a machine with SELinux accepts only those that it knows.
        let is_labeled = set(&file, "security.selinux", LABEL);
        let has_origin = set(&file, "user.origin", b"vendor");
        let output = run(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {:?}", texts(&output));
        assert_ne!(fs::read_to_string(&file).unwrap(), OLD.trim_end());
        let value = |name| xattr::get(&file, name).unwrap();
        if is_labeled {
            assert_eq!(value("security.selinux").as_deref(), Some(LABEL));
        }
        if has_origin {
            assert_eq!(value("user.origin").as_deref(), Some(&b"vendor"[..]));
        }
    }
}

#[test]
fn a_signal_leaves_old_or_new_texts_and_no_other_file() {
    let old = OLD.repeat(20);
    for moment in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..200 {
            fs::write(folder.path().join(format!("{number}.rules")), &old).unwrap();
        }
        let mut fmt = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
        fmt.current_dir(folder.path()).args(["fmt", "."]).stderr(Stdio::piped());
        let mut child = fmt.spawn().expect("the program runs");
        let mut messages = child.stderr.take().expect("a pipe");
        messages.read_exact(&mut [0; 1]).expect("a message about the first file");
        std::thread::sleep(Duration::from_millis(moment));
        let kill = format!("kill -TERM {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
        let _ = messages.read_to_end(&mut Vec::new());
        assert_eq!(child.wait().expect("it ends").signal(), Some(15));

        let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        let mut counts: BTreeMap<bool, usize> = BTreeMap::new();
        let mut new = None;
        for file in files {
            let name = file.file_name().unwrap().to_str().unwrap();
            assert!(name.ends_with(".rules") && !name.starts_with('.'), "{name} is left");
            let text = fs::read_to_string(&file).unwrap();
            *counts.entry(text == old).or_default() += 1;
            if text != old {
                assert_eq!(*new.get_or_insert(text.clone()), text);
            }
        }
        assert_eq!(counts.values().sum::<usize>(), 200);
        assert!(counts.contains_key(&false), "the first file is formatted");
    }
}
