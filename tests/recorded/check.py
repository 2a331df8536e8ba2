#!/usr/bin/env python3
"""Compares a program with recorded runs of auditctl.

    check.py --bin PATH [options] FILE.jsonl.gz...     run and compare
    check.py --print [options] FILE.jsonl.gz...        only show what is expected

The program is run as `auditctl` under fake_kernel.c, once for each record and in the same conditions. Its
exit status, its requests to the kernel, its standard output, its messages, and then the output of `-l`
and `-l -i` must be as recorded. README.md describes the files and what counts as equal.

    --cat A,B     only these categories (globs)
    --id X,Y      only these cases (globs)
    --show N      show N differing cases (default 5)
    --json OUT    write the results to OUT
    -j N          run N programs at a time (default: number of processors)

Exit status: 0 all cases agree, 1 some differ, 2 nothing could be compared.

Neither root nor an audit system is needed. CAP_AUDIT_* are given up before the program runs, so that even a
program that escapes the fake kernel cannot change the rules of the machine. Of the environment, the
program gets LD_LIBRARY_PATH only.
"""
import argparse
import collections
import fnmatch
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import records
import runner
import show
from compare import ASPECTS, compare

VERSION, OLDER = "4.2.2", "3.0.9"
NEW_LAST_LINE = b"There was an error while processing parameters"  # 3.0.9 does not print it
TIMEOUT = 10  # seconds for one run
TIMEOUTS_MAX = 20  # after this number, the remaining cases are not run


def main():
    parser = argparse.ArgumentParser(usage="check.py --bin PATH [options] FILE.jsonl.gz...", epilog="See the top of check.py.")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--bin")
    parser.add_argument("--print", action="store_true", dest="show_only")
    parser.add_argument("--cat")
    parser.add_argument("--id")
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--json")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()

    by_id = records.load(options.files)
    cases = [
        versions[VERSION]
        for name, versions in by_id.items()
        if VERSION in versions
        and matches(options.id, name)
        and matches(options.cat, versions[VERSION]["cat"])
        and not records.needs_text(versions[VERSION])
    ]
    if options.show_only:
        for record in cases:
            print("\n".join(show.expected(record)) + "\n")
        return 0
    if not cases:
        print("check.py: no cases", file=sys.stderr)
        return 2
    if not options.bin:
        parser.error("--bin is needed")
    program = os.path.abspath(options.bin)
    if not os.access(program, os.X_OK) or os.path.isdir(program):
        print("check.py: cannot execute %s" % options.bin, file=sys.stderr)
        return 2
    runner.require_dynamic(program)
    run = runner.Runner(program, runner.build(), TIMEOUT)
    runner.give_up_capabilities()
    os.umask(0o022)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    own_usage = usage_of(run)
    if own_usage is None:
        print("check.py: the fake kernel does not get loaded into %s" % options.bin, file=sys.stderr)
        return 2
    start = time.time()
    with ThreadPoolExecutor(max(1, options.j)) as pool:
        older = [by_id[record["id"]].get(OLDER) for record in cases]
        results = list(pool.map(lambda case: check(run, *case, own_usage), zip(cases, older)))
    return report(options, cases, results, time.time() - start)


def matches(globs, name):
    return not globs or any(fnmatch.fnmatchcase(name, glob) for glob in globs.split(","))


def usage_of(run):
    """Returns the program's usage text; None if the fake kernel cannot be loaded into it."""
    work = tempfile.mkdtemp(prefix="check-")
    try:
        os.mkdir(os.path.join(work, "cwd"))
        first = run.run([b"-h"], work, {}, "log")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if not first.started:
        return None
    return first.stdout if first.stdout.startswith(b"usage:") else b""


def check(run, record, older, own_usage):
    """Runs one case and returns what differs, by aspect."""
    if run.timeouts >= TIMEOUTS_MAX:
        return {aspect: ["not run: too many runs hit the time limit"] for aspect in ASPECTS}
    work = tempfile.mkdtemp(prefix="check-")
    try:
        return check_in(work, run, record, older, own_usage)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def check_in(work, run, record, older, own_usage):
    os.mkdir(os.path.join(work, "cwd"))
    if records.has(record, "rules_text"):
        path = os.path.join(work, "cwd", records.RULES)
        with open(path, "wb") as file:
            file.write(records.data(record, "rules_text"))
        os.chmod(path, int(record.get("mode", "0640"), 8))
    failed_setup = set_up(work, run, record)
    done = run.run(records.arguments(record), work, record, "log")
    if not done.started:
        return {"requests": ["the fake kernel was not loaded into the program"]}
    if done.timed_out:
        return {aspect: ["it was still running at the time limit"] for aspect in ASPECTS}
    listings = list_rules(work, run, record) if records.has(record, "listing") else None
    result = compare(record, done, listings, own_usage)
    if any(result.values()) and older and records.has_upstream_fault(record):
        older_listings = listings if records.has(older, "listing") else None
        as_older = compare(older, done, older_listings, own_usage, (NEW_LAST_LINE,))
        if not any(as_older.values()):
            result = as_older
    if failed_setup:
        result["requests"] = failed_setup + (result["requests"] or [])
    return result


def set_up(work, run, record):
    """Runs the commands that come first; returns lines about the first failure."""
    failed = []
    for command in record.get("setup", []):
        words = [records.argument(word) for word in command]
        done = run.run(words, work, record, "log.setup", fail=False)
        if done.code and not failed:
            shown = " ".join(show.text(word) for word in words)
            failed = ["setup `auditctl %s` failed: exit %d, %s" % (shown, done.code, show.text(done.stderr[:200]).strip())]
    return failed


def list_rules(work, run, record):
    conditions = {name: value for name, value in record.items() if name != "nocap"}
    commands = (("listing", [b"-l"]), ("listing_i", [b"-l", b"-i"]))
    return {name: run.run(words, work, conditions, "log.list", fail=False) for name, words in commands}


def report(options, cases, results, seconds):
    """Prints a table, the first differences and a summary; returns the exit status."""
    print_table(cases, results)
    failures = [(record, result) for record, result in zip(cases, results) if any(result.values())]
    for record, result in failures[: max(0, options.show)]:
        print("\n== " + "\n".join(show.heading(record)))
        for aspect in ASPECTS:
            if result.get(aspect):
                print("-- " + aspect)
                print("\n".join("   " + line for line in result[aspect]))
    if len(failures) > options.show:
        print("\n%d differing cases are not shown (see --show, --id, --json)" % (len(failures) - max(0, options.show)))
    passed = len(cases) - len(failures)
    print("\n%d of %d cases agree with auditctl %s, %.1f s" % (passed, len(cases), VERSION, seconds))
    if options.json:
        differ = [
            {"id": record["id"], "cat": record["cat"], "why": {a: result[a] for a in ASPECTS if result.get(a)}}
            for record, result in failures
        ]
        with open(options.json, "w") as file:
            json.dump({"cases": len(cases), "passed": passed, "differ": differ}, file, indent=1)
            file.write("\n")
    return 1 if failures else 0


def print_table(cases, results):
    table = collections.OrderedDict()
    for record, result in zip(cases, results):
        for row in (record["cat"], "all"):
            counts = table.setdefault(row, collections.Counter())
            for aspect in ASPECTS:
                if aspect in result:
                    counts[aspect + " of"] += 1
                    counts[aspect] += result[aspect] is None
            counts["all of"] += 1
            counts["all"] += not any(result.values())
    table.move_to_end("all")
    columns = ASPECTS + ["all"]
    print("%-16s" % "category" + "".join("%13s" % column for column in columns))
    for row, counts in table.items():
        cells = ["%d/%d" % (counts[c], counts[c + " of"]) if counts[c + " of"] else "-" for c in columns]
        print("%-16s" % row + "".join("%13s" % cell for cell in cells))


if __name__ == "__main__":
    try:
        sys.stdout.reconfigure(errors="backslashreplace")
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(2)
    except BrokenPipeError:
        os._exit(1)
