#!/usr/bin/env python3
"""Writes commands.jsonl.gz and files.jsonl.gz from the full recordings.

    filter.py DIRECTORY     with cases-public.jsonl.gz and files-public.jsonl.gz

README.md lists what is left out, and why.
"""
import gzip
import json
import os
import re
import sys

from records import has_upstream_fault, load

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = {"cases-public.jsonl.gz": "commands.jsonl.gz", "files-public.jsonl.gz": "files.jsonl.gz"}
# Its comments are those of a file of Debian's auditd package.
NOT_OURS = {"own-realistic-base"}
USAGE = re.compile(r"^usage: auditctl \[options\]\n(?:    .*\n)+", re.M)
PLACEHOLDER = "usage: (left out)\n"


def main(directory):
    for source, target in FILES.items():
        kept = []
        for versions in load([os.path.join(directory, source)]).values():
            record = versions.get("4.2.2")
            if record is None or "source" in record or record["id"] in NOT_OURS:
                continue
            kept.append(record)
            if has_upstream_fault(record):
                kept.append(versions["3.0.9"])
        write(os.path.join(HERE, target), map(without_usage, kept))
        print("%s: %d records" % (target, len(kept)))


def without_usage(record):
    if "usage:" not in record.get("stdout", ""):
        return record
    return {**record, "stdout": USAGE.sub(PLACEHOLDER, record["stdout"])}


def write(path, records):
    text = "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records)
    # Neither a name nor a time, so that the same records give the same bytes.
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as file:
        file.write(text.encode())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
