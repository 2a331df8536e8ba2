"""Compares a run with a record: requests, exit status, standard output, messages, listings."""
import collections
import re
import signal

import show
from records import ADD, DEL, COMPARED, SET, SET_FEATURE, USER, arguments, data, messages, requests

ASPECTS = ["requests", "exit", "stdout", "messages", "listing"]
REQUEST_AND_ACK = 5

USAGE = re.compile(rb"^usage:.*\n(?:[ \t].*\n)*", re.M)
VERSION = re.compile(rb"^auditctl version .*$", re.M)


def compare(record, run, listings, own_usage, optional=()):
    """Returns {aspect: None if it agrees, else lines that explain the difference}.

    `optional` are messages that may be there though they are not recorded.
    """
    result = {
        "requests": compare_requests(requests(record), run),
        "exit": compare_exit(record["exit"], run),
        "stdout": compare_stdout(record, run, own_usage),
        "messages": compare_messages(messages(record), run, optional),
    }
    if listings is not None:
        result["listing"] = compare_listings(record, listings)
    return result


def canonical(request):
    """Returns what is compared of a request: padding does not count."""
    payload = request["payload"]
    if request["type"] == SET:
        payload = payload.ljust(44, b"\0")
    elif request["type"] == SET_FEATURE:
        payload = payload.ljust(16, b"\0")
    elif request["type"] == USER:  # the kernel overwrites the last byte, so it must be a NUL
        payload = (payload.rstrip(b"\0"), payload.endswith(b"\0"))
    else:
        payload = payload + b"\0" * (-len(payload) % 4)
    return request["type"], payload


def compare_requests(expected, run):
    sent = [request for request in run.requests if request["type"] in COMPARED]
    why = []
    if [canonical(request) for request in expected] != [canonical(request) for request in sent]:
        why += show.requests_diff(expected, sent, canonical)
    for request in run.requests:
        if request["flags"] & REQUEST_AND_ACK != REQUEST_AND_ACK:
            why.append("%s lacks NLM_F_REQUEST or NLM_F_ACK: flags 0x%x" % (show.name(request), request["flags"]))
    for rest in run.rest:
        why.append("a datagram ends in %d bytes that are not a netlink message" % len(rest))
    if why and run.overruns:
        why.append("note: %d answers were dropped because the receive buffer was full" % run.overruns)
    return why or None


def compare_exit(expected, run):
    if run.timed_out:
        return ["expected %d, but it was still running at the time limit" % expected]
    if run.code == expected:
        return None
    got = run.code if run.code >= 0 else "signal %d (%s)" % (-run.code, signal.Signals(-run.code).name)
    return ["expected %d, got %s" % (expected, got)]


def compare_stdout(record, run, own_usage):
    expected = data(record, "stdout")
    if arguments(record) in ([], [b"-h"], [b"--help"]) and expected.startswith(b"usage:"):
        got = repr(show.text(run.stdout[:200]))
        return None if run.stdout.startswith(b"usage:") else ["expected a usage text", "got " + got]
    expected, got = neutral(expected, b""), neutral(run.stdout, own_usage)
    return None if expected == got else show.text_diff(expected, got)


def neutral(output, own_usage):
    """Returns the output with any usage text, and any version, replaced."""
    if len(own_usage) > 20:
        output = output.replace(own_usage, b"<usage>\n")
    return VERSION.sub(b"<version>", USAGE.sub(b"<usage>\n", output))


def compare_messages(expected, run, optional):
    """Compares the lines of stderr and syslog; a line that goes to both may count once or twice."""
    stderr = collections.Counter(line for line in run.stderr.split(b"\n") if line)
    syslog = collections.Counter(line for text in run.syslog for line in text.split(b"\n") if line)
    missing, extra = [], []
    for line in dict.fromkeys([*expected, *stderr, *syslog]):
        least, most = max(stderr[line], syslog[line]), stderr[line] + syslog[line]
        if line not in expected and (line[:1].isspace() or line in optional):
            continue
        if most < expected[line]:
            missing += [line] * (expected[line] - most)
        elif least > expected[line]:
            extra += [line] * (least - expected[line])
    return (["missing: " + show.text(l) for l in missing] + ["extra:   " + show.text(l) for l in extra]) or None


def compare_listings(record, listings):
    why = []
    for name, run in listings.items():
        expected = data(record, name)
        if run.stdout != expected or run.code:
            command = "-l" if name == "listing" else "-l -i"
            why.append(command + (" (exit %d)" % run.code if run.code else ""))
            why += show.text_diff(expected, run.stdout) if run.stdout != expected else []
    return why or None
