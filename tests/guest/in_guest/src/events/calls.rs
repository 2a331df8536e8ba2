//! The calls. Each is a single one, so that its process has one event beside its end.

use std::ffi::CStr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::OnceLock;

use nix::fcntl::{
    AT_FDCWD, AtFlags, OFlag, OpenHow, RenameFlags, open, openat, openat2, readlink, renameat,
    renameat2,
};
use nix::libc;
use nix::mount::{MsFlags, mount, umount};
use nix::sys::personality::{self, Persona};
use nix::sys::signal::kill;
use nix::sys::socket::{
    AddressFamily, SockFlag, SockType, SockaddrIn, UnixAddr, bind, connect, socket,
};
use nix::sys::stat::{FchmodatFlags, Mode, SFlag, fchmod, fchmodat, lstat, mkdirat, mknod, stat};
use nix::unistd::{
    AccessFlags, Gid, LinkatFlags, Uid, UnlinkatFlags, access, chdir, chown, execve, fchownat,
    linkat, mkdir, setgid, sethostname, setresuid, setuid, symlinkat, truncate, unlink, unlinkat,
};

use super::memory::{call_b32, call_b64};
use super::tasks::{exit, own_number};
use super::tree::second_name;

pub(super) const B64: &str = "c000003e";
pub(super) const B32: &str = "40000003";

/// A call.
pub(super) struct Call {
    pub(super) name: &'static str,
    /// The arch in the record.
    pub(super) arch: &'static str,
    /// The number of the syscall.
    pub(super) number: i64,
    /// The files that the call makes, moves or removes. They are absent between two calls.
    pub(super) changes: &'static [&'static str],
    /// Makes what the call needs.
    pub(super) prepare: fn(),
    pub(super) make: fn(),
}

const fn call(name: &'static str, number: i64, make: fn()) -> Call {
    Call { name, arch: B64, number, changes: &[], prepare: || {}, make }
}

impl Call {
    /// A call of the 32-bit side.
    const fn b32(self) -> Self {
        Call { arch: B32, ..self }
    }

    const fn changing(self, changes: &'static [&'static str], prepare: fn()) -> Self {
        Call { changes, prepare, ..self }
    }
}

const NEW: &[&str] = &["/tmp/t/new"];
const GONE: &[&str] = &["/tmp/t/gone"];
const MOVED: &[&str] = &["/tmp/t/gone", "/tmp/t/e/moved"];

pub(super) fn gone() {
    second_name("/tmp/t/gone");
}

fn gone_and_moved() {
    gone();
    std::fs::write("/tmp/t/e/moved", "").expect("a file");
}

fn gone_directory() {
    std::fs::create_dir("/tmp/t/gone").expect("a directory");
}

fn opens(path: &str, flags: OFlag) {
    // The file stays open: closing it is another call.
    std::mem::forget(open(path, flags, Mode::from_bits_truncate(0o640)));
}

fn opens_at(path: &str, flags: OFlag) {
    std::mem::forget(openat(AT_FDCWD, path, flags, Mode::from_bits_truncate(0o640)));
}

fn opens_at2(path: &str, flags: OFlag) {
    std::mem::forget(openat2(AT_FDCWD, path, OpenHow::new().flags(flags)));
}

fn executes(path: &CStr) {
    let _ = execve(path, &[path], &[c"A=b"]);
}

/// Returns a socket that the tasks inherit. The first use opens it.
pub(super) fn unix_socket() -> &'static OwnedFd {
    static SOCKET: OnceLock<OwnedFd> = OnceLock::new();
    SOCKET.get_or_init(|| {
        let new = socket(AddressFamily::Unix, SockType::Stream, SockFlag::empty(), None);
        new.expect("a socket")
    })
}

/// Prepares what the calls use.
pub(super) fn prepare() {
    unix_socket();
    // A refused link is recorded without any rule.
    std::fs::write("/proc/sys/fs/protected_hardlinks", "0").expect("a setting");
}

/// A call with a path and two numbers, by its number: the library uses a newer one.
fn by_number(number: i64, path: &CStr, second: u32, third: u32) {
    call_b64(number, [path.as_ptr() as u64, second.into(), third.into(), 0, 0, 0]);
}

/// A call by its number on the 32-bit side.
fn int80(number: i64, first: u32, second: u32) {
    call_b32(number, [first.into(), second.into(), 0, 0]);
}

pub(super) const CALLS: &[Call] = &[
    call("getpid", libc::SYS_getpid, || {
        own_number();
    }),
    call("exit_group", libc::SYS_exit_group, || exit()),
    call("open-read", libc::SYS_openat, || opens("/tmp/t/file", OFlag::O_RDONLY)),
    call("open-write", libc::SYS_openat, || opens("/tmp/t/file", OFlag::O_WRONLY)),
    call("open-trunc", libc::SYS_openat, || {
        opens("/tmp/t/d/alice", OFlag::O_RDONLY | OFlag::O_TRUNC)
    }),
    call("open-secret", libc::SYS_openat, || opens("/tmp/t/secret", OFlag::O_RDWR)),
    call("open-missing", libc::SYS_openat, || opens("/tmp/t/d/none", OFlag::O_RDONLY)),
    call("open-beyond", libc::SYS_openat, || opens("/tmp/t/file/none", OFlag::O_RDONLY)),
    call("open-link", libc::SYS_openat, || opens("/tmp/t/link", OFlag::O_RDONLY)),
    call("open-nofollow", libc::SYS_openat, || opens("/tmp/t/link", OFlag::O_NOFOLLOW)),
    call("open-path", libc::SYS_openat, || opens("d/x", OFlag::O_PATH)),
    call("open-device", libc::SYS_openat, || opens("/dev/null", OFlag::O_RDWR)),
    call("open-create-existing", libc::SYS_openat, || {
        opens("/tmp/t/file", OFlag::O_RDONLY | OFlag::O_CREAT);
    }),
    call("open-create", libc::SYS_openat, || opens("/tmp/t/new", OFlag::O_RDWR | OFlag::O_CREAT))
        .changing(NEW, || {}),
    call("openat-relative", libc::SYS_openat, || opens_at("d/x", OFlag::O_RDONLY)),
    call("openat-directory", libc::SYS_openat, || opens_at("/tmp/t/d", OFlag::O_DIRECTORY)),
    call("openat-dots", libc::SYS_openat, || opens_at("d/../e/./../file", OFlag::O_APPEND)),
    call("openat-exclusive", libc::SYS_openat, || {
        opens_at("/tmp/t/new", OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL);
    })
    .changing(NEW, || {}),
    call("openat2-write", libc::SYS_openat2, || opens_at2("/tmp/t/d/alice", OFlag::O_RDWR)),
    call("openat2-read", libc::SYS_openat2, || opens_at2("/tmp/t/link", OFlag::O_RDONLY)),
    call("old-open", libc::SYS_open, || by_number(libc::SYS_open, c"/tmp/t/d/alice", 2, 0)),
    call("old-open-create", libc::SYS_open, || by_number(libc::SYS_open, c"new", 0o102, 0o600))
        .changing(NEW, || {}),
    call("creat", libc::SYS_creat, || by_number(libc::SYS_creat, c"/tmp/t/new", 0o600, 0))
        .changing(NEW, || {}),
    call("old-chmod", libc::SYS_chmod, || by_number(libc::SYS_chmod, c"/tmp/t/link", 0o755, 0)),
    call("lchown", libc::SYS_lchown, || by_number(libc::SYS_lchown, c"/tmp/t/link", 0, 0)),
    call("rmdir", libc::SYS_rmdir, || by_number(libc::SYS_rmdir, c"/tmp/t/gone", 0, 0))
        .changing(GONE, gone_directory),
    call("old-stat", libc::SYS_stat, || by_number(libc::SYS_stat, c"/tmp/t/link", 0, 0)),
    call("stat", libc::SYS_newfstatat, || {
        let _ = stat("/tmp/t/link");
    }),
    call("lstat", libc::SYS_newfstatat, || {
        let _ = lstat("/tmp/t/link");
    }),
    call("access", libc::SYS_access, || {
        let _ = access("/tmp/t/secret", AccessFlags::R_OK);
    }),
    call("readlink", libc::SYS_readlink, || {
        let _ = readlink("/tmp/t/link");
    }),
    call("chdir", libc::SYS_chdir, || {
        let _ = chdir("/tmp/t/d");
    }),
    call("truncate", libc::SYS_truncate, || {
        let _ = truncate("/tmp/t/d/alice", 0);
    }),
    call("chmod", libc::SYS_fchmodat, || {
        let mode = Mode::from_bits_truncate(0o644);
        let _ = fchmodat(AT_FDCWD, "/tmp/t/file", mode, FchmodatFlags::FollowSymlink);
    }),
    call("chown", libc::SYS_chown, || {
        let _ = chown("/tmp/t/d/alice", Some(Uid::from_raw(1000)), Some(Gid::from_raw(1000)));
    }),
    call("fchownat", libc::SYS_fchownat, || {
        let flags = AtFlags::AT_SYMLINK_NOFOLLOW;
        let _ = fchownat(AT_FDCWD, "/tmp/t/link", Some(Uid::from_raw(0)), None, flags);
    }),
    call("unlink", libc::SYS_unlink, || {
        let _ = unlink("/tmp/t/gone");
    })
    .changing(GONE, gone),
    call("unlinkat", libc::SYS_unlinkat, || {
        let _ = unlinkat(AT_FDCWD, "gone", UnlinkatFlags::NoRemoveDir);
    })
    .changing(GONE, gone),
    call("unlink-missing", libc::SYS_unlink, || {
        let _ = unlink("/tmp/t/gone");
    }),
    call("unlinkat-directory", libc::SYS_unlinkat, || {
        let _ = unlinkat(AT_FDCWD, "/tmp/t/gone", UnlinkatFlags::RemoveDir);
    })
    .changing(GONE, gone_directory),
    call("mkdir", libc::SYS_mkdir, || {
        let _ = mkdir("/tmp/t/new", Mode::S_IRWXU);
    })
    .changing(NEW, || {}),
    call("mkdirat", libc::SYS_mkdirat, || {
        let _ = mkdirat(AT_FDCWD, "d", Mode::S_IRWXU);
    }),
    call("mknod", libc::SYS_mknodat, || {
        let _ = mknod("/tmp/t/new", SFlag::S_IFIFO, Mode::S_IRWXU, 0);
    })
    .changing(NEW, || {}),
    call("symlinkat", libc::SYS_symlinkat, || {
        let _ = symlinkat("file", AT_FDCWD, "/tmp/t/new");
    })
    .changing(NEW, || {}),
    call("linkat", libc::SYS_linkat, || {
        let _ = linkat(AT_FDCWD, "/tmp/t/file", AT_FDCWD, "/tmp/t/new", LinkatFlags::empty());
    })
    .changing(NEW, || {}),
    call("renameat", libc::SYS_renameat, || {
        let _ = renameat(AT_FDCWD, "/tmp/t/gone", AT_FDCWD, "/tmp/t/e/moved");
    })
    .changing(MOVED, gone),
    call("renameat-over", libc::SYS_renameat, || {
        let _ = renameat(AT_FDCWD, "/tmp/t/gone", AT_FDCWD, "/tmp/t/e/moved");
    })
    .changing(MOVED, gone_and_moved),
    call("renameat2-exchange", libc::SYS_renameat2, || {
        let flags = RenameFlags::RENAME_EXCHANGE;
        let _ = renameat2(AT_FDCWD, "/tmp/t/gone", AT_FDCWD, "/tmp/t/e/moved", flags);
    })
    .changing(MOVED, gone_and_moved),
    call("renameat2-noreplace", libc::SYS_renameat2, || {
        let flags = RenameFlags::RENAME_NOREPLACE;
        let _ = renameat2(AT_FDCWD, "/tmp/t/gone", AT_FDCWD, "/tmp/t/file", flags);
    })
    .changing(GONE, gone),
    call("execve", libc::SYS_execve, || executes(c"/bin/busybox")),
    call("execve-script", libc::SYS_execve, || executes(c"/tmp/t/d/x")),
    call("execve-missing", libc::SYS_execve, || executes(c"/tmp/t/none")),
    call("socket", libc::SYS_socket, || {
        std::mem::forget(socket(AddressFamily::Inet, SockType::Stream, SockFlag::empty(), None));
    }),
    call("bind", libc::SYS_bind, || {
        // The socket is of another family, so that each task gets the same answer.
        let _ = bind(unix_socket().as_raw_fd(), &SockaddrIn::new(127, 0, 0, 1, 80));
    }),
    call("connect", libc::SYS_connect, || {
        let address = UnixAddr::new("/tmp/t/none").expect("an address");
        let _ = connect(unix_socket().as_raw_fd(), &address);
    }),
    call("setuid", libc::SYS_setuid, || {
        let _ = setuid(Uid::from_raw(1000));
    }),
    call("setresuid", libc::SYS_setresuid, || {
        let [real, other] = [33, 1000].map(Uid::from_raw);
        let _ = setresuid(real, other, other);
    }),
    call("setgid", libc::SYS_setgid, || {
        let _ = setgid(Gid::from_raw(8));
    }),
    call("kill", libc::SYS_kill, || {
        let _ = kill(nix::unistd::Pid::from_raw(1), None);
    }),
    call("personality", libc::SYS_personality, || {
        let _ = personality::set(Persona::ADDR_NO_RANDOMIZE);
    }),
    call("sethostname", libc::SYS_sethostname, || {
        let _ = sethostname("guest");
    }),
    call("fchmod", libc::SYS_fchmod, || {
        let _ = fchmod(std::io::stdin(), Mode::from_bits_truncate(0o666));
    }),
    call("mount", libc::SYS_mount, || {
        let _ = mount(Some("tmp"), "/tmp/t/new", Some("tmpfs"), MsFlags::empty(), None::<&str>);
    })
    .changing(NEW, || std::fs::create_dir("/tmp/t/new").expect("a directory")),
    call("umount", libc::SYS_umount2, || {
        let _ = umount("/tmp/t/d");
    }),
    call("b32-getpid", 20, || int80(20, 0, 0)).b32(),
    call("b32-setuid", 213, || int80(213, 1000, 0)).b32(),
    call("b32-fchmod", 94, || int80(94, 0, 0o666)).b32(),
    call("b32-kill", 37, || int80(37, 1, 0)).b32(),
];
