//! A log of which it is known which key each event has.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// The rules on programs, and those on files.
const PROGRAMS: u64 = 300;
const FILES: u64 = 100;
/// The second of the first event.
const START: u64 = 1_764_230_400;

/// The events of each key.
pub(crate) type Counts = BTreeMap<String, u64>;

/// Returns the rules: 400 keys.
pub(crate) fn rules() -> String {
    let mut text = String::new();
    for n in 0..PROGRAMS {
        let syscalls = ["openat", "unlink,unlinkat", "execve", "chmod,fchmodat"][(n % 4) as usize];
        let user = "-F auid>=1000 -F auid!=unset";
        let exe = format!("-F exe=/usr/bin/tool{n}");
        writeln!(text, "-a always,exit -F arch=b64 -S {syscalls} {user} {exe} -k tool{n}").unwrap();
    }
    for n in 0..FILES {
        let path = format!("-F path=/etc/conf{n} -F perm=wa");
        writeln!(text, "-a always,exit -F arch=b64 {path} -k conf{n}").unwrap();
    }
    text
}

/// Writes a log of this size, at least, with this number of events a second. Returns the events of each key.
pub(crate) fn write(path: &Path, bytes: usize, rate: u64) -> io::Result<Counts> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut counts = Counts::new();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut written, mut event) = (0, String::new());
    for serial in 1.. {
        if written >= bytes {
            break;
        }
        let millis = serial * 1_000 / rate;
        let stamp = format!("audit({}.{:03}:{serial}):", START + millis / 1_000, millis % 1_000);
        event.clear();
        if let Some(key) = append(&mut event, &stamp, &mut random) {
            *counts.entry(key).or_default() += 1;
        }
        file.write_all(event.as_bytes())?;
        written += event.len();
    }
    file.flush()?;
    Ok(counts)
}

/// Appends the records of an event: that of a rule on a program or a file, or an event that no rule makes. Returns its key.
fn append(event: &mut String, stamp: &str, random: &mut Random) -> Option<String> {
    match random.below(100) {
        0..3 => {
            writeln!(
                event,
                "type=USER_ACCT msg={stamp} pid={} uid=0 auid=1000 ses=3 subj=unconfined \
                 msg='op=PAM:accounting grantors=pam_unix acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? \
                 terminal=cron res=success'",
                random.below(30_000),
            )
            .unwrap();
            None
        }
        3..70 => Some(append_program(event, stamp, random)),
        _ => Some(append_file(event, stamp, random)),
    }
}

/// Appends the event of a rule on a program.
fn append_program(event: &mut String, stamp: &str, random: &mut Random) -> String {
    let n = random.below(PROGRAMS);
    let exe = format!("/usr/bin/tool{n}");
    let path = format!("/srv/data/{}", random.below(4_000));
    let exec = n % 4 == 2;
    let (syscall, a0, a2) = match n % 4 {
        0 => (257, "ffffff9c", 0),
        1 => (263, "ffffff9c", 0),
        2 => (59, "55d0c0a1b2c0", 0x55d0),
        _ => (268, "ffffff9c", 0o600),
    };
    let paths: &[_] = match n % 4 {
        1 => &[("/srv/data/", "PARENT"), (&path, "DELETE")],
        2 => &[(&exe, "NORMAL"), ("/lib64/ld-linux-x86-64.so.2", "NORMAL")],
        _ => &[(&path, "NORMAL")],
    };
    let call = Call { syscall, a0, a2, paths, exec };
    let key = format!("tool{n}");
    call.append(event, stamp, random, &exe, &key);
    key
}

/// Appends the event of a rule on a file.
fn append_file(event: &mut String, stamp: &str, random: &mut Random) -> String {
    let n = random.below(FILES);
    let path = format!("/etc/conf{n}");
    let paths = &[("/etc/", "PARENT"), (path.as_str(), "NORMAL")];
    let call = Call { syscall: 257, a0: "ffffff9c", a2: 0o1101, paths, exec: false };
    let exe = format!("/usr/sbin/daemon{}", random.below(20));
    let key = format!("conf{n}");
    call.append(event, stamp, random, &exe, &key);
    key
}

/// A syscall.
struct Call<'c> {
    syscall: u32,
    a0: &'c str,
    a2: u32,
    /// The names of files, and how they are meant.
    paths: &'c [(&'c str, &'c str)],
    /// Whether it runs a program.
    exec: bool,
}

impl Call<'_> {
    fn append(&self, event: &mut String, stamp: &str, random: &mut Random, exe: &str, key: &str) {
        let Call { syscall, a0, a2, paths, exec } = self;
        let (a1, pid, items) = (random.below(1 << 44), random.below(30_000), paths.len());
        writeln!(
            event,
            "type=SYSCALL msg={stamp} arch=c000003e syscall={syscall} success=yes exit=3 a0={a0} a1={a1:x} a2={a2:x} \
             a3=0 items={items} ppid=1 pid={pid} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 \
             tty=pts0 ses=3 comm=\"tool\" exe=\"{exe}\" subj=unconfined key=\"{key}\"",
        )
        .unwrap();
        if *exec {
            writeln!(event, "type=EXECVE msg={stamp} argc=2 a0=\"tool\" a1=\"--all\"").unwrap();
        }
        writeln!(event, "type=CWD msg={stamp} cwd=\"/root\"").unwrap();
        for (item, (name, kind)) in paths.iter().enumerate() {
            writeln!(
                event,
                "type=PATH msg={stamp} item={item} name=\"{name}\" inode={} dev=08:01 mode=0100644 ouid=0 ogid=0 \
                 rdev=00:00 nametype={kind} cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
                random.below(800_000),
            )
            .unwrap();
        }
        writeln!(event, "type=PROCTITLE msg={stamp} proctitle=746F6F6C002D2D616C6C").unwrap();
    }
}

/// Numbers that are the same in every run (xorshift64).
struct Random(u64);

impl Random {
    /// Returns a number below another one.
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
