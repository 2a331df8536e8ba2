"""Runs a program as `auditctl` under fake_kernel.c, and collects what it does."""
import ctypes
import errno
import hashlib
import os
import re
import resource
import signal
import stat
import struct
import subprocess
import sys
import tempfile

from records import data

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "fake_kernel.c")
OUTPUT_MAX = 4 << 20  # bytes that one run may write to a file
READ_MAX = 2 << 20  # bytes of these that are compared


# ---- safety

CAP_AUDIT_WRITE, CAP_AUDIT_CONTROL, CAP_AUDIT_READ = 29, 30, 37
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER = 24, 38, 47, 3


def give_up_capabilities():
    """Drops CAP_AUDIT_* for this process and its children, or exits."""
    libc = ctypes.CDLL(None, use_errno=True)
    capabilities = (CAP_AUDIT_WRITE, CAP_AUDIT_CONTROL, CAP_AUDIT_READ)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets) == 0:
        for capability in capabilities:
            for kind in range(3):  # effective, permitted, inheritable
                sets[3 * (capability // 32) + kind] &= ~(1 << capability % 32) & 0xFFFFFFFF
        libc.capset(header, sets)
    for capability in capabilities:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, capability, 0, 0)
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if still_has(sum(1 << capability for capability in capabilities)):
        sys.exit("check.py: cannot give up CAP_AUDIT_*, so nothing is run")


def still_has(mask):
    status = {}
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith(("Cap", "NoNewPrivs")):
                name, value = line.split()
                status[name[:-1]] = int(value, 16)
    if (status.get("CapPrm", 0) | status.get("CapInh", 0) | status.get("CapAmb", 0)) & mask:
        return True
    may_gain = os.getuid() == 0 or os.geteuid() == 0 or not status.get("NoNewPrivs")
    return bool(status.get("CapBnd", 0) & mask) and may_gain


def require_dynamic(path):
    """Exits unless LD_PRELOAD works on the program: without it, it would reach the real kernel."""
    with open(path, "rb") as file:
        header = file.read(64)
        if header[:4] != b"\x7fELF":
            sys.exit("check.py: %s is not an ELF program" % path)
        if header[4] == 2:
            offset, (size, count) = struct.unpack_from("<Q", header, 32)[0], struct.unpack_from("<HH", header, 54)
        else:
            offset, (size, count) = struct.unpack_from("<I", header, 28)[0], struct.unpack_from("<HH", header, 42)
        file.seek(offset)
        segments = file.read(size * count)
    PT_INTERP = 3
    if not any(struct.unpack_from("<I", segments, i * size)[0] == PT_INTERP for i in range(count)):
        sys.exit("check.py: %s is a static program: the fake kernel cannot be preloaded into it" % path)
    if os.stat(path).st_mode & (stat.S_ISUID | stat.S_ISGID):
        sys.exit("check.py: %s is setuid or setgid: the fake kernel cannot be preloaded into it" % path)


def build():
    """Compiles the fake kernel unless this has been done before; returns the path of the library."""
    compiler = os.environ.get("CC", "cc")
    with open(SOURCE, "rb") as file:
        tag = hashlib.sha256(file.read() + compiler.encode()).hexdigest()[:20]
    folder = os.path.join(tempfile.gettempdir(), "fake-kernel-%d" % os.getuid())
    os.makedirs(folder, 0o700, exist_ok=True)
    if os.stat(folder).st_uid != os.getuid():
        sys.exit("check.py: %s belongs to another user" % folder)
    library = os.path.join(folder, tag + ".so")
    if os.path.exists(library):
        return library
    partial = library + ".%d" % os.getpid()
    command = [compiler, "-O2", "-U_FORTIFY_SOURCE", "-shared", "-fPIC", "-o", partial, SOURCE, "-ldl", "-lpthread"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        sys.exit("check.py: cannot run %s: %s" % (compiler, error.strerror))
    if done.returncode:
        sys.exit("check.py: cannot compile the fake kernel\n" + done.stdout.decode(errors="replace"))
    os.rename(partial, library)
    return library


# ---- running

class Run:
    """One run: requests, syslog, rest (bytes that are not netlink messages), stdout, stderr, code."""


class Runner:
    def __init__(self, program, library, timeout):
        self.program, self.library, self.timeout, self.timeouts = program, library, timeout, 0

    def run(self, argv, work, case, log, fail=True):
        """Runs the program in WORK/cwd, under the conditions of a case; `fail` applies its refusals."""
        environment = self.environment(work, case, log, fail)
        run = Run()
        with tempfile.TemporaryFile(dir=work) as out, tempfile.TemporaryFile(dir=work) as err:
            try:
                child = subprocess.Popen(
                    [b"auditctl"] + argv, executable=self.program, env=environment, cwd=os.path.join(work, "cwd"),
                    stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True,
                )
            except (OSError, ValueError) as error:
                sys.exit("check.py: cannot run %s: %s" % (self.program, error))
            try:
                resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (OUTPUT_MAX, OUTPUT_MAX))
            except OSError:  # it has already ended
                pass
            run.timed_out = False
            try:
                child.wait(self.timeout)
            except subprocess.TimeoutExpired:
                run.timed_out = True
                self.timeouts += 1
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            out.seek(0), err.seek(0)
            run.stdout, run.stderr, run.code = out.read(READ_MAX), err.read(READ_MAX), child.returncode
        read_log(run, os.path.join(work, log))
        return run

    def environment(self, work, case, log, fail):
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C",
            "LD_PRELOAD": self.library,
            "FAKE_KERNEL_LOG": os.path.join(work, log),
            "FAKE_KERNEL_STATE": os.path.join(work, "state"),
            "FAKE_KERNEL_MACHINE": case.get("machine", "x86_64"),
        }
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        if case.get("kernel"):
            environment["FAKE_KERNEL_INIT"] = ",".join("%s=%d" % item for item in case["kernel"].items())
        if case.get("fail") and fail:
            environment["FAKE_KERNEL_FAIL"] = ",".join("%s:%d" % item for item in case["fail"].items())
        if case.get("nocap"):
            environment["FAKE_KERNEL_NOCAP"] = "1"
        if case.get("stat"):
            environment["FAKE_KERNEL_STAT"] = write_stat(os.path.join(work, "stat"), case["stat"])
        return environment


def write_stat(table, entries):
    if not os.path.exists(table):
        with open(table, "w") as file:
            for entry in entries:
                kind = entry["is"]
                kind = kind if kind in ("dir", "file", "other") else getattr(errno, kind, kind)
                file.write("%s %s\n" % (data(entry, "path").hex(), kind))
    return table


def read_log(run, path):
    run.requests, run.syslog, run.rest, run.started, run.overruns = [], [], [], False, 0
    if not os.path.exists(path):
        return
    with open(path, encoding="ascii", errors="replace") as file:
        for line in file:
            event = line.rstrip("\n").split("\t")
            if event[0] == "START":
                run.started = True
            elif event[0] == "REQ":
                kind, flags, payload, answer = event[1:]
                run.requests.append(
                    {"type": int(kind), "flags": int(flags), "payload": bytes.fromhex(payload), "answer": int(answer)}
                )
            elif event[0] == "SYSLOG":
                run.syslog.append(bytes.fromhex(event[2]))
            elif event[0] == "DEVLOG":
                run.syslog.append(log_text(bytes.fromhex(event[1])))
            elif event[0] == "JUNK":
                run.rest.append(bytes.fromhex(event[1]))
            elif event[0] == "OVERRUN":
                run.overruns += 1


def log_text(datagram):
    """Returns the text of a datagram to /dev/log (RFC 3164 or 5424) or to journald."""
    found = re.search(rb"(?:^|\n)MESSAGE=([^\n]*)", datagram)
    if found and not datagram.startswith(b"<"):
        return found.group(1)
    datagram = datagram.rstrip(b"\n\0")
    found = re.match(rb"<\d+>1 \S+ \S+ \S+ \S+ \S+ (?:-|\[.*?\]) ?(.*)", datagram, re.S)
    if found:
        return found.group(1)
    head = rb"<\d+>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?(?:(?:\S+ )?r?auditctl(?:\[\d+\])?: )?(.*)"
    found = re.match(head, datagram, re.S)
    return found.group(1) if found else datagram
