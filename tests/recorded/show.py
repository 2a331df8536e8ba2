"""Shows records, requests and differences as text."""
import difflib
import errno
import json
import re
import struct

from records import ADD, DEL, EQUIV, GET, GET_FEATURE, LIST, SET, SET_FEATURE, TRIM, USER
from records import arguments, data, has, messages, requests

NAMES = {
    GET: "GET", SET: "SET", USER: "USER", ADD: "ADD_RULE", DEL: "DEL_RULE", LIST: "LIST_RULES", TRIM: "TRIM",
    EQUIV: "MAKE_EQUIV", SET_FEATURE: "SET_FEATURE", GET_FEATURE: "GET_FEATURE",
}
LISTS = {0: "user", 1: "task", 2: "entry", 4: "exit", 5: "exclude", 6: "filesystem", 7: "io_uring"}
PREPEND = 0x10
ACTIONS = {0: "never", 1: "possible", 2: "always"}
FIELDS = {
    0: "pid", 1: "uid", 2: "euid", 3: "suid", 4: "fsuid", 5: "gid", 6: "egid", 7: "sgid", 8: "fsgid", 9: "auid",
    10: "pers", 11: "arch", 12: "msgtype", 13: "subj_user", 14: "subj_role", 15: "subj_type", 16: "subj_sen",
    17: "subj_clr", 18: "ppid", 19: "obj_user", 20: "obj_role", 21: "obj_type", 22: "obj_lev_low",
    23: "obj_lev_high", 24: "loginuid_set", 25: "sessionid", 26: "fstype", 100: "devmajor", 101: "devminor",
    102: "inode", 103: "exit", 104: "success", 105: "path", 106: "perm", 107: "dir", 108: "filetype",
    109: "obj_uid", 110: "obj_gid", 111: "field_compare", 112: "exe", 113: "saddr_fam", 200: "a0", 201: "a1",
    202: "a2", 203: "a3", 210: "key",
}
TEXTS = {13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 105, 107, 112, 210}
ARCH, PERM = 11, 106
OPERATORS = {
    0x40000000: "=", 0x30000000: "!=", 0x10000000: "<", 0x20000000: ">", 0x50000000: "<=", 0x60000000: ">=",
    0x08000000: "&", 0x48000000: "&=",
}
STATUS = [
    "mask", "enabled", "failure", "pid", "rate_limit", "backlog_limit", "lost", "backlog", "feature_bitmap",
    "backlog_wait_time", "backlog_wait_time_actual",
]
SETTABLE = [
    "enabled", "failure", "pid", "rate_limit", "backlog_limit", "backlog_wait_time", "lost",
    "backlog_wait_time_actual",
]
RULE_LEN = 1040  # without its texts


def text(some_bytes):
    return some_bytes.decode("utf-8", "backslashreplace")


def clip(some_bytes, most=60):
    shown = repr(text(some_bytes))[1:-1]
    return shown if len(shown) <= most else "%s... (%d bytes)" % (shown[:most], len(some_bytes))


def name(request):
    return NAMES.get(request["type"], "type %d" % request["type"])


# ---- requests

def decode(request):
    """Returns the lines that show a request."""
    payload, head = request["payload"], name(request) + answer(request["answer"])
    if request["type"] in (ADD, DEL):
        return [head] + rule(payload)
    if request["type"] == SET:
        return [head] + status(payload)
    if request["type"] == SET_FEATURE:
        return [head, "  vers %d mask %d features %d lock %d" % struct.unpack_from("<4I", payload.ljust(16, b"\0"))]
    if request["type"] == EQUIV and len(payload) >= 8:
        first, second = struct.unpack_from("<2I", payload)
        texts = payload[8:8 + first], payload[8 + first:8 + first + second]
        return [head] + ["  %d %s" % (length, clip(part)) for length, part in zip((first, second), texts)]
    if request["type"] == USER:
        nul = [] if payload.endswith(b"\0") else ["  no NUL at the end"]
        return [head, "  " + clip(payload.rstrip(b"\0"), 200)] + nul
    return [head] + (["  %d bytes" % len(payload)] if payload else [])


def answer(number):
    if number >= 0:
        return ""
    return "  -> " + errno.errorcode.get(-number, str(number))


def rule(payload):
    if len(payload) < RULE_LEN:
        return ["  only %d bytes: too short for a rule" % len(payload)]
    flags, action, count = struct.unpack_from("<3I", payload, 0)
    mask, fields, values, operators = (struct.unpack_from("<64I", payload, at) for at in (12, 268, 524, 780))
    (length,) = struct.unpack_from("<I", payload, 1036)
    texts = payload[RULE_LEN:RULE_LEN + length]
    lines = [
        "  list " + list_name(flags),
        "  action %s" % ACTIONS.get(action, action),
        "  syscalls " + bits(mask),
    ]
    at = 0
    for field, value, operator in list(zip(fields, values, operators))[:count]:
        start = "  %s%s" % (FIELDS.get(field, "field%d" % field), OPERATORS.get(operator, " op 0x%x " % operator))
        if field in TEXTS:
            lines.append(start + clip(texts[at:at + value]))
            at += value
        else:
            lines.append(start + number(field, value))
    if count > 64:
        lines.append("  field_count %d" % count)
    if at != length or len(texts) < length:
        lines.append("  buflen %d, texts take %d, %d are there" % (length, at, len(texts)))
    if any(fields[count:] + values[count:] + operators[count:]):
        lines.append("  not zero after the last field")
    if payload[RULE_LEN + length:].strip(b"\0"):
        lines.append("  padding is not zero")
    return lines


def list_name(flags):
    known = LISTS.get(flags & ~PREPEND)
    if known is None:
        return "0x%x (no such list)" % flags
    return known + (", prepended" if flags & PREPEND else "")


def number(field, value):
    if field == ARCH:
        return "0x%x" % value
    if field == PERM:
        return "".join(letter for letter, bit in zip("rwxa", (4, 2, 1, 8)) if value & bit) or str(value)
    return str(value) if value < 1 << 31 else "%d (%d)" % (value, value - (1 << 32))


def bits(mask):
    """Returns the numbers of a mask as ranges."""
    numbers = [word * 32 + bit for word in range(64) for bit in range(32) if mask[word] >> bit & 1]
    if len(numbers) == 2048:
        return "all"
    ranges = []
    for one in numbers:
        if ranges and ranges[-1][1] == one - 1:
            ranges[-1][1] = one
        else:
            ranges.append([one, one])
    return ",".join(str(a) if a == b else "%d-%d" % (a, b) for a, b in ranges) or "none"


def status(payload):
    words = dict(zip(STATUS, struct.unpack_from("<11I", payload.ljust(44, b"\0"))))
    mask = words.pop("mask")
    is_set = [name for bit, name in enumerate(SETTABLE) if mask >> bit & 1]
    lines = ["  %s = %d" % (name, words[name]) for name in is_set]
    lines += ["  (not in the mask) %s = %d" % item for item in words.items() if item[1] and item[0] not in is_set]
    return lines + (["  mask 0x%x" % mask] if mask >> len(SETTABLE) else [])


# ---- differences

def requests_diff(expected, sent, canonical, most=3):
    keys = {}
    a, b = ([keys.setdefault(repr(canonical(one)), len(keys)) for one in side] for side in (expected, sent))
    lines = ["%d requests expected, %d sent" % (len(expected), len(sent))]
    shown = 0
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for step in range(max(a2 - a1, b2 - b1)):
            if shown == most:
                return lines + ["... and more"]
            shown += 1
            left = expected[a1 + step] if a1 + step < a2 else None
            right = sent[b1 + step] if b1 + step < b2 else None
            lines.append("request %d:" % ((a1 if left else b1) + step + 1))
            lines += request_columns(left, right)
    return lines


def request_columns(left, right):
    a, b = (decode(one) if one else ["(none)"] for one in (left, right))
    if a == b:
        a, b = (lines + ["  %d bytes of payload" % len(one["payload"])] for lines, one in ((a, left), (b, right)))
    return columns(a, b)


def columns(a, b, left="expected", right="got", most=76):
    width = min(max([len(line) for line in a] + [len(left), 20]), most)
    lines = ["  %-*s | %s" % (width, left, right)]
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        for step in range(max(a2 - a1, b2 - b1)):
            x = a[a1 + step] if a1 + step < a2 else ""
            y = b[b1 + step] if b1 + step < b2 else ""
            while True:
                mark = " " if tag == "equal" else "*"
                lines.append(("%s %-*s | %s" % (mark, width, x[:width], y[:most])).rstrip())
                x, y = x[width:], y[most:]
                if not x and not y:
                    break
    return lines


def text_diff(expected, got, most=24):
    sides = (text(side[:100000]).split("\n")[:1000] for side in (expected, got))
    lines = list(difflib.unified_diff(*sides, "expected", "got", lineterm="", n=1))
    return lines[:most] + (["..."] if len(lines) > most else [])


# ---- records

CONDITIONS = ("kernel", "fail", "machine", "nocap", "mode", "setup")


def heading(record):
    words = [clip(word) if word and not re.search(rb"[\s'\"]", word) else "'%s'" % clip(word) for word in arguments(record)]
    lines = ["%s  (%s)  auditctl %s" % (record["id"], record["cat"], " ".join(words))]
    conditions = {name: record[name] for name in CONDITIONS if name in record}
    if conditions:
        lines.append("  with " + json.dumps(conditions)[:300])
    if has(record, "rules_text"):
        rules = text(data(record, "rules_text")).split("\n")
        lines += ["  %4d  %s" % (number, line[:110]) for number, line in enumerate(rules[:12], 1)]
        lines += ["        ... %d lines" % len(rules)] if len(rules) > 12 else []
    return lines


def expected(record):
    """Returns the lines that show what a record expects."""
    lines = heading(record) + ["  exit %d" % record["exit"]]
    lines += ["  " + line for request in requests(record) for line in decode(request)]
    for title, field in (("stdout", "stdout"), ("-l", "listing"), ("-l -i", "listing_i")):
        if data(record, field):
            shown = text(data(record, field)).rstrip("\n").split("\n")[:40]
            lines += ["  %s:" % title] + ["    " + line for line in shown]
    said = messages(record)
    if said:
        lines.append("  messages:")
        lines += ["    " + text(line) + (" (%d times)" % n if n > 1 else "") for line, n in said.items()]
    lines += ["  stat %s: %s" % (text(data(one, "path")), one["is"]) for one in record.get("stat", [])[:20]]
    return lines
