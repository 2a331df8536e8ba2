//! What is in the guest: a shell, Debian's auditctl with its libraries, ours, and the accounts and
//! directories that audit rules like to name.

use std::fs;
use std::io;
use std::path::Path;

use xtask::guest::Programs;

use crate::cpio::Writer;

/// Process 1: sets up, runs the job, hands its results back and powers off.
const INIT: &str = include_str!("init.sh");

/// Libraries of Debian's auditctl, by the names it looks for.
const LIBRARIES: [&str; 4] = ["libc.so.6", "libaudit.so.1", "libauparse.so.0", "libcap-ng.so.0"];

/// The dynamic loader, where every x86_64 program expects it.
const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";

/// Accounts, each with a group of the same name and number.
const ACCOUNTS: [(&str, u32); 10] = [
    ("root", 0),
    ("daemon", 1),
    ("bin", 2),
    ("sys", 3),
    ("mail", 8),
    ("www-data", 33),
    ("sshd", 102),
    ("chrony", 103),
    ("alice", 1000),
    ("nobody", 65534),
];

/// Directories beside those that hold a file.
const DIRECTORIES: [&str; 12] = [
    "/dev",
    "/home",
    "/out",
    "/proc",
    "/root",
    "/run",
    "/sys",
    "/tmp",
    "/usr/bin",
    "/usr/sbin",
    "/var/log",
    "/var/run",
];

/// The base archive, uncompressed: the guest is slower at unpacking than at reading.
pub(crate) fn base(packages: &Path, ours: &Programs) -> io::Result<Vec<u8>> {
    let mut archive = Writer::default();
    for directory in DIRECTORIES {
        archive.directory(directory, 0o755);
    }
    archive.file("/init", 0o755, INIT.as_bytes());
    accounts(&mut archive);

    archive.file("/bin/busybox", 0o755, &first(packages, &["bin", "usr/bin"], "busybox")?);
    archive.link("/bin/sh", "busybox");
    archive.file("/sbin/auditctl", 0o755, &first(packages, &["sbin", "usr/sbin"], "auditctl")?);
    archive.file("/sbin/rauditctl", 0o755, &fs::read(&ours.rauditctl)?);
    archive.link("/sbin/ours/auditctl", "../rauditctl");
    archive.file("/sbin/in_guest", 0o755, &fs::read(&ours.in_guest)?);

    let places = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"];
    for library in LIBRARIES {
        archive.file(&format!("/lib/{library}"), 0o755, &first(packages, &places, library)?);
    }
    archive.file(LOADER, 0o755, &first(packages, &places, "ld-linux-x86-64.so.2")?);
    Ok(archive.finish())
}

/// The first of several places of a file; Debian moves its files below `/usr`.
fn first(packages: &Path, places: &[&str], name: &str) -> io::Result<Vec<u8>> {
    places
        .iter()
        .find_map(|place| fs::read(packages.join(place).join(name)).ok())
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("no {name} in {places:?}")))
}

fn accounts(archive: &mut Writer) {
    let mut passwd = String::new();
    let mut group = String::new();
    for (name, id) in ACCOUNTS {
        passwd += &format!("{name}:x:{id}:{id}:{name}:/home:/bin/sh\n");
        group += &format!("{name}:x:{id}:\n");
    }
    archive.file("/etc/passwd", 0o644, passwd.as_bytes());
    archive.file("/etc/group", 0o644, group.as_bytes());
    archive.file("/etc/nsswitch.conf", 0o644, b"passwd: files\ngroup: files\n");
}
