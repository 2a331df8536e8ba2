//! Rules files that benchmarks generate, and the allocator that they share with the program.

use std::fmt::Write as _;

/// The allocator of the program.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Returns a typical rules file with this number of rules: syscalls by user, files, programs, and watches.
pub(crate) fn rules_file(rules: usize) -> String {
    let mut text = String::from("-D\n-b 8192\n");
    for n in 0..rules {
        let bits = if n % 2 == 0 { "b64" } else { "b32" };
        let written = match n % 5 {
            0 => writeln!(
                text,
                "-a always,exit -F arch={bits} -S open,openat,creat,truncate -F exit=-EACCES \
                 -F auid>={} -F auid!=unset -F key=access-{n}",
                1000 + n
            ),
            1 => writeln!(
                text,
                "-a always,exit -F arch={bits} -S unlink,unlinkat,rename,renameat -F uid={n} -k delete"
            ),
            2 => writeln!(
                text,
                "-a always,exit -F arch={bits} -F path=/srv/data/{n}/config -F perm=wa -F key=config"
            ),
            3 => writeln!(
                text,
                "-a always,exit -F arch={bits} -S execve -F exe=/usr/bin/tool-{n} -C uid!=euid -k exec"
            ),
            _ => writeln!(text, "-w /srv/watched/{n} -p wa -k watch-{n}"),
        };
        written.expect("writing to a string does not fail");
    }
    text
}
