"""Recorded runs of auditctl: reading the files, and what a record expects. README.md describes the format."""
import collections
import gzip
import json

RULES = "rules.conf"

GET, SET, USER, ADD, DEL, LIST = 1000, 1001, 1005, 1011, 1012, 1013
TRIM, EQUIV, SET_FEATURE, GET_FEATURE = 1014, 1015, 1018, 1019
# How often a program asks for the status, the features or the rules is its own business.
COMPARED = {ADD, DEL, SET, TRIM, EQUIV, USER, SET_FEATURE}


def load(files):
    """Returns {id: {version: record}}, in the order of the files."""
    records = collections.OrderedDict()
    for name in files:
        with (gzip.open if name.endswith(".gz") else open)(name, "rt", encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                records.setdefault(record["id"], {})[record["version"]] = record
    return records


def has(record, name):
    return name in record or name + "_hex" in record


def data(record, name):
    """Returns the bytes of a text field, which is NAME, or NAME_hex if it is not UTF-8."""
    if name + "_hex" in record:
        return bytes.fromhex(record[name + "_hex"])
    return record.get(name, "").encode()


def argument(word):
    return bytes.fromhex(word["hex"]) if isinstance(word, dict) else word.encode()


def arguments(record):
    if "argv_hex" in record:
        return [bytes.fromhex(word) for word in record["argv_hex"]]
    return [word.encode() for word in record["argv"]]


def needs_text(record):
    """Whether a record is a run of `-R rules.conf` whose file is not in the collection."""
    return record.get("argv") == ["-R", RULES] and not has(record, "rules_text") and "source" in record


def requests(record):
    """Returns the compared requests of a record, as the runner returns those of a run."""
    return [
        {
            "type": request["type"],
            "flags": request["flags"],
            "payload": bytes.fromhex(request["payload_hex"]),
            "answer": request.get("answer", 0),
        }
        for request in record["requests"]
        if request["type"] in COMPARED
    ]


def messages(record):
    """Returns how often each line is written to stderr or syslog."""
    stderr = "stderr_static" if has(record, "stderr_static") else "stderr"
    lines = collections.Counter(line for line in data(record, stderr).split(b"\n") if line)
    for entry in record.get("syslog_static", record["syslog"]):
        lines.update(line for line in data(entry, "msg").split(b"\n") if line)
    return lines


def has_upstream_fault(record):
    """Whether auditctl 4.2.2 sends a rule with the flags 0xffffffff."""
    return any(
        request["type"] in (ADD, DEL) and request["payload_hex"].startswith("ffffffff")
        for request in record["requests"]
    )
