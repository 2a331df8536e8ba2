//! Programs that run what others want, or that change whom the machine trusts: a rule about them silences too much.

/// Why no rule may silence a program.
type Why = &'static str;

const SHELL: Why = "a shell runs any command";
const INTERPRETER: Why = "an interpreter runs anything";
const LAUNCHER: Why = "it runs other programs for its callers";
const TRUST: Why = "it changes accounts, modules of the kernel, mounts or auditing";
const LOADER: Why = "the loader runs any program";

/// The names of such programs, without their versions.
#[rustfmt::skip]
const KNOWN: &[(Why, &[&str])] = &[
    (SHELL, &[
        "ash", "bash", "busybox", "csh", "dash", "elvish", "fish", "ksh", "mksh", "nu", "pwsh", "rbash", "sh", "tcsh",
        "toybox", "xonsh", "yash", "zsh",
    ]),
    (INTERPRETER, &[
        "R", "Rscript", "awk", "bpftrace", "bun", "dc", "deno", "ed", "elixir", "emacs", "erl", "expect", "gawk", "gdb",
        "ghci", "groovy", "guile", "irb", "java", "jjs", "jruby", "jshell", "julia", "lua", "luajit", "m4", "mawk",
        "mono", "mysql", "nawk", "nodejs", "node", "nvim", "ocaml", "octave", "original-awk", "perl", "php", "php-cgi", "php-fpm",
        "platform-python", "psql", "pypy", "python", "raku", "rlwrap", "ruby", "rvim", "scala", "sed", "sqlite",
        "swipl", "tclsh", "uwsgi", "vi", "view", "vim", "vim.basic", "vim.tiny", "wish",
    ]),
    (LAUNCHER, &[
        "ansible", "apt", "apt-get", "at", "atd", "batch", "bwrap", "capsh", "cargo", "chroot", "chrt", "cpulimit",
        "cron", "crond", "crontab", "daemonize", "dnf", "doas", "docker", "dpkg", "entr", "env", "fakeroot", "find",
        "firejail", "flatpak", "flock", "git", "go", "ionice", "kubectl", "less", "login", "logrotate", "ltrace",
        "lxc", "make", "man", "more", "nc", "nc.openbsd", "nc.traditional", "ncat", "netcat", "newgrp", "nice",
        "nohup", "npm", "nsenter", "parallel", "perf", "pip", "pkexec", "podman", "proot", "rpm", "run-parts",
        "runcon", "runuser", "rsync", "scp", "screen", "script", "setarch", "setpriv", "setsid", "sg", "snap",
        "socat", "ssh", "sshd", "sshd-session", "start-stop-daemon", "stdbuf", "strace", "su", "sudo", "systemctl",
        "systemd", "systemd-run", "tar", "taskset", "time", "timeout", "tmux", "unbuffer", "unshare", "watch",
        "xargs", "xterm", "yum", "zip",
    ]),
    (TRUST, &[
        "auditctl", "auditd", "augenrules", "bpftool", "chage", "chfn", "chpasswd", "chsh", "depmod", "gpasswd",
        "groupadd", "groupdel", "groupmod", "insmod", "kmod", "modprobe", "mount", "passwd", "rauditctl", "rmmod",
        "semanage", "semodule", "setenforce", "setsebool", "umount", "useradd", "userdel", "usermod", "vigr", "vipw",
        "visudo",
    ]),
];

/// Returns why no rule may silence a program, by the name of its file.
pub(super) fn why_not(path: &[u8]) -> Option<Why> {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    let name = String::from_utf8_lossy(name);
    if name.starts_with("ld-") || name.starts_with("ld.") || name.starts_with("qemu-") {
        return Some(LOADER);
    }
    let is_version = |end: char| end.is_ascii_digit() || end == '.' || end == '-';
    let plain = name.trim_end_matches(is_version);
    // `ruby2.7-static`, `python3.11-dbg`: what follows the version does not matter.
    let first = name.split(|part: char| part.is_ascii_digit()).next().unwrap_or_default();
    let first = first.trim_end_matches(is_version);
    let is_name = |known: &&str| [&*name, plain, first].contains(known);
    KNOWN.iter().find(|(_, names)| names.iter().any(is_name)).map(|(why, _)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_make_no_difference() {
        for (path, expected) in [
            ("/usr/bin/python3.11", Some(INTERPRETER)),
            ("/usr/libexec/platform-python3.6", Some(INTERPRETER)),
            ("/usr/bin/python3.11-dbg", Some(INTERPRETER)),
            ("/usr/bin/perl5.36-x86_64-linux-gnu", Some(INTERPRETER)),
            ("/usr/bin/bash", Some(SHELL)),
            ("/usr/bin/zsh-5.9", Some(SHELL)),
            ("/usr/bin/sudo", Some(LAUNCHER)),
            ("/usr/lib64/ld-linux-x86-64.so.2", Some(LOADER)),
            ("/usr/bin/nc.openbsd", Some(LAUNCHER)),
            ("/usr/sbin/auditctl", Some(TRUST)),
            ("/usr/bin/runc", None),
            ("/usr/bin/containerd-shim-runc-v2", None),
            ("/opt/shell/bin/collector", None),
            ("/usr/bin/sha256sum", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(why_not(path.as_bytes()), expected, "{path}");
        }
    }
}
