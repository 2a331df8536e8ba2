#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Brings the audit rules of a host to those of rules files, with rauditctl."""

from __future__ import annotations

DOCUMENTATION = r"""
module: audit_rules
short_description: Bring the kernel to exactly the wanted audit rules
version_added: "0.1.0"
description:
  - Runs C(rauditctl apply) on the host. The kernel gets all changes or none.
  - Rules that stay are not touched. A host that has the rules already gets no request, and the task reports no change.
  - The rules are lost at the next boot unless the host also loads them then, for example with C(rauditctl-load.service).
author:
  - the rauditctl maintainers (@rauditctl)
requirements:
  - rauditctl on the host, and root there
options:
  state:
    description:
      - V(applied) brings the kernel to the rules of O(src) or O(content).
      - V(kept) keeps a change that O(confirm) has made. If no change waits, the task fails, unless O(src) or O(content) is
        given and the kernel has these rules. If another program has changed the rules meanwhile, the task fails, and the rules
        before come back in time.
      - V(undone) goes back to the rules before the last change. Each run goes back one more change.
    type: str
    choices: [applied, kept, undone]
    default: applied
  src:
    description:
      - Rules files and directories on the host, in load order, with absolute paths.
    type: list
    elements: path
  content:
    description:
      - Rules as text, instead of O(src). Messages show the place of such a rule as C(<stdin>:LINE).
      - An empty text is an error. A text with only a comment deletes all rules.
    type: str
  own_keys:
    description:
      - Leaves all rules alone except those with such a key, such as V(site-*). Each wanted rule must have one.
      - Without this option, the rules of other programs are deleted.
    type: list
    elements: str
  skip_absent:
    description:
      - Leaves out the rules whose path or account the host lacks, and returns them as RV(left_out).
      - Without this option, such a rule is an error.
    type: bool
    default: false
  keep_going:
    description:
      - Leaves out the rules that the kernel refuses, with a warning.
      - Without this option, a refusal is an error, and the kernel has the rules before.
    type: bool
    default: false
  exact:
    description:
      - Treats rules that are written differently and mean the same as different.
    type: bool
    default: false
  exact_order:
    description:
      - Treats another order of rules as different even if it cannot matter.
    type: bool
    default: false
  allow_gap:
    description:
      - Sends fewer requests. The events of rules that move may be missed for a moment. RV(plan.gap) names these rules.
    type: bool
    default: false
  confirm:
    description:
      - Goes back to the rules before after this time, such as V(60s) or V(5m), unless a task with O(state=kept) comes first.
      - The host does that by itself, also if no connection to it can be made.
    type: str
  executable:
    description:
      - The program, as a name or an absolute path.
    type: str
    default: rauditctl
attributes:
  check_mode:
    description: Can run in check mode, and changes nothing.
    details:
      - With O(state=applied), the kernel is asked what would change. The other states are skipped.
      - The owners of rules files are not checked, and a rule that the kernel would refuse is not found.
    support: partial
  diff_mode:
    description: Shows the rules and settings that differ, with their places.
    support: full
  platform:
    description: The kernel must be Linux.
    support: full
    platforms: linux
notes:
  - The manual page rauditctl(8) describes C(plan) and C(apply).
"""

EXAMPLES = r"""
- name: Bring the kernel to the rules of the host
  rauditctl.audit.audit_rules:
    src: [/etc/audit/rules.d]
  become: true
  register: audit

- name: Name the hosts whose rules take effect at the next boot
  ansible.builtin.debug:
    msg: "{{ inventory_hostname }} must be restarted"
  when: rauditctl_reboot_required

- name: Load rules that other programs do not own
  rauditctl.audit.audit_rules:
    content: "{{ lookup('ansible.builtin.template', 'site.rules.j2') }}"
    own_keys: ["site-*"]
    skip_absent: true
  become: true

- name: Change the rules for one minute
  rauditctl.audit.audit_rules:
    src: [/etc/audit/rules.d]
    confirm: 60s
  become: true

- name: Prove that the host still answers
  ansible.builtin.meta: reset_connection

- name: Keep the rules
  rauditctl.audit.audit_rules:
    src: [/etc/audit/rules.d]
    state: kept
  become: true
"""

RETURN = r"""
plan:
  description: What differed, or differs in check mode, as C(rauditctl plan --format json) describes it.
  type: dict
  returned: if the kernel was compared
  contains:
    state:
      description: V(same), V(differs) or V(next-boot).
      type: str
      returned: always
    count:
      description: The numbers C(add), C(delete), C(move), C(stay), C(written_differently), C(in_another_order) and C(others).
      type: dict
      returned: always
    changes:
      description: The rules that differ.
      type: list
      elements: dict
      returned: always
    settings:
      description: The settings that differ.
      type: list
      elements: dict
      returned: always
    requests:
      description: The number of requests for rules.
      type: int
      returned: always
    gap:
      description: The places of the rules whose events may be missed for a moment.
      type: list
      elements: str
      returned: always
    cannot_undo:
      description: What cannot be undone before the next boot.
      type: list
      elements: str
      returned: always
reboot_required:
  description: Whether the kernel is locked and differs, so that the rules take effect at the next boot. Nothing was changed.
  type: bool
  returned: with O(state=applied)
immutable:
  description: Whether the rules of the kernel are locked until the next boot (C(-e 2)).
  type: bool
  returned: success
left_out:
  description: The places of the rules whose path or account the host lacks.
  type: list
  elements: str
  returned: with O(state=applied)
  sample: ["/etc/audit/rules.d/30-site.rules:4"]
messages:
  description: What the program reports, line by line.
  type: list
  elements: str
  returned: if the program was run
exit_status:
  description: The exit status of the program. Ansible treats another name, C(rc), as an error if it is not 0.
  type: int
  returned: if the program was run
ansible_facts:
  description: The same as facts.
  type: dict
  returned: success
  contains:
    rauditctl_reboot_required:
      description: As RV(reboot_required).
      type: bool
      returned: with O(state=applied)
    rauditctl_immutable:
      description: As RV(immutable).
      type: bool
      returned: success
"""

import json
import os
import re

from ansible.module_utils.basic import AnsibleModule

# The exit statuses.
DONE = 0
FINDINGS = 1
NEXT_BOOT = 4

RESULT = re.compile(r"(\d+) of (\d+) rules loaded.*?: (\d+) added, (\d+) deleted, (\d+) moved, \d+ kept")
NONE_WAITS = "no change waits to be kept"


class Rauditctl:
    """The program on the host."""

    def __init__(self, module):
        self.module = module
        self.path = module.get_bin_path(module.params["executable"], required=True)

    def run(self, arguments, text=None):
        """Returns the exit status, standard output, and the lines of standard error."""
        status, out, err = self.module.run_command(
            [self.path] + arguments, data=text, binary_data=True, environ_update={"LC_ALL": "C"}
        )
        return status, out, err.splitlines()

    def fail(self, what, status, lines, **more):
        """Ends the task. The message has the lines of the program, so that every callback shows them."""
        shown = "\n".join(lines) or "no message"
        self.module.fail_json(
            msg="%s (exit status %d):\n%s" % (what, status, shown), exit_status=status, messages=lines, **more
        )

    def is_immutable(self):
        """Returns whether the rules are locked."""
        status, out, lines = self.run(["-s", "--format", "json"])
        try:
            return json.loads(out)["enabled"] == 2
        except (ValueError, KeyError, TypeError):
            self.fail("rauditctl -s has no answer", status, lines)


def rules_of(params):
    """Returns the arguments that name the wanted rules, and the text for standard input."""
    arguments = ["--own-keys=" + keys for keys in params["own_keys"] or []]
    for name in ("skip_absent", "exact", "exact_order", "allow_gap"):
        if params[name]:
            arguments.append("--" + name.replace("_", "-"))
    if params["content"] is None:
        return arguments + ["--"] + params["src"], None
    text = params["content"]
    return arguments + ["-"], text if text.endswith("\n") else text + "\n"


def check_rules(module):
    """Refuses what would delete rules by accident."""
    src, content, own_keys = (module.params[name] for name in ("src", "content", "own_keys"))
    if src is None and content is None:
        return
    if content is not None and not content.strip():
        module.fail_json(msg="content is empty; a text with only a comment deletes all rules")
    if content is None and not src:
        module.fail_json(msg="src is empty; it must name rules files or directories")
    for path in src or []:
        if not os.path.isabs(path):
            module.fail_json(msg="src has `%s`, which is not an absolute path" % path)
    if own_keys is not None and not (own_keys and all(keys.strip() for keys in own_keys)):
        module.fail_json(msg="own_keys is empty; without it, the rules of other programs are deleted")


def read_report(program, what, status, out, lines):
    """Returns the report of `plan` or `apply`."""
    try:
        report = json.loads(out)
    except ValueError:
        program.fail("%s has no answer" % what, status, lines)
    if str(report.get("format_version", "")).split(".", maxsplit=1)[0] != "1":
        program.fail("%s has a report of a version that this module does not know" % what, status, lines)
    return report


def difference(report):
    """Returns the difference in Ansible's form. Each line has its place, so that a rule that moves is shown, too."""
    before, after = [], []
    for one in report["settings"]:
        before.append("%s %d" % (one["name"], one["from"]))
        after.append("%s %d" % (one["name"], one["to"]))
    for one in report["changes"]:
        if "loaded" in one:
            before.append("%s  # loaded rule %d" % (one["rule"], one["loaded"]))
        if one["change"] != "delete":
            after.append("%s  # %s" % (one["rule"], one.get("source", "moved")))
    texts = ["".join(line + "\n" for line in lines) for lines in (before, after)]
    return {
        "before": texts[0],
        "after": texts[1],
        "before_header": "rules and settings of the kernel",
        "after_header": "wanted rules and settings",
    }


def is_changed(report, status, keep_going, lines):
    """Returns whether the kernel was changed. With keep_going, all requests may have been refused."""
    if report["state"] != "differs":
        return False
    found = RESULT.search("\n".join(lines)) if keep_going and status == FINDINGS else None
    if found is None or report["settings"]:
        return True
    return any(int(number) for number in found.groups()[2:])


def applied(module, program):
    """Brings the kernel to the wanted rules."""
    arguments, text = rules_of(module.params)
    if module.check_mode:
        what, first = "rauditctl plan", ["plan", "--format=json"]
    else:
        what, first = "rauditctl apply", ["apply", "--format=json"]
        if module.params["confirm"] is not None:
            first.append("--confirm=" + module.params["confirm"])
        if module.params["keep_going"]:
            first.append("--keep-going")
    status, out, lines = program.run(first + arguments, text)
    if status not in (DONE, FINDINGS, NEXT_BOOT):
        program.fail("%s failed" % what, status, lines)
    report = read_report(program, what, status, out, lines)
    changed = is_changed(report, status, module.params["keep_going"], lines)
    if status == FINDINGS and not module.check_mode:
        if not module.params["keep_going"]:
            program.fail("%s did not finish" % what, status, lines, changed=changed)
        module.warn("the kernel refuses some rules:\n" + "\n".join(lines))
    reboot_required = report["state"] == "next-boot"
    immutable = program.is_immutable()
    kept = ("state", "count", "changes", "settings", "gap", "cannot_undo")
    plan = {name: report[name] for name in kept}
    plan["requests"] = len(report["requests"])
    result = {
        "changed": changed,
        "plan": plan,
        "reboot_required": reboot_required,
        "immutable": immutable,
        "left_out": [one["source"] for one in report.get("left_out", []) if one["why"] == "absent"],
        "messages": lines,
        "exit_status": status,
        "ansible_facts": {
            "rauditctl_reboot_required": reboot_required,
            "rauditctl_immutable": immutable,
        },
    }
    # pylint: disable=protected-access
    if module._diff:
        result["diff"] = difference(report)
    module.exit_json(**result)


def has_rules(module, program):
    """Returns whether rules are given and the kernel has them."""
    if module.params["src"] is None and module.params["content"] is None:
        return False
    arguments, text = rules_of(module.params)
    return program.run(["plan", "--format=json"] + arguments, text)[0] == DONE


def kept_or_undone(module, program):
    """Keeps the change that waits, or goes back."""
    if module.check_mode:
        module.exit_json(changed=False, skipped=True, msg="check mode does not keep or undo a change")
    is_kept = module.params["state"] == "kept"
    option = "--keep" if is_kept else "--undo"
    status, dummy, lines = program.run(["apply", option])
    changed = status == DONE
    if status != DONE:
        none_waits = any(NONE_WAITS in line for line in lines)
        if not (is_kept and none_waits and has_rules(module, program)):
            program.fail("rauditctl apply %s failed" % option, status, lines)
    immutable = program.is_immutable()
    module.exit_json(
        changed=changed,
        immutable=immutable,
        messages=lines,
        exit_status=status,
        ansible_facts={"rauditctl_immutable": immutable},
    )


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["applied", "kept", "undone"], "default": "applied"},
            "src": {"type": "list", "elements": "path"},
            "content": {"type": "str"},
            "own_keys": {"type": "list", "elements": "str", "no_log": False},
            "skip_absent": {"type": "bool", "default": False},
            "keep_going": {"type": "bool", "default": False},
            "exact": {"type": "bool", "default": False},
            "exact_order": {"type": "bool", "default": False},
            "allow_gap": {"type": "bool", "default": False},
            "confirm": {"type": "str"},
            "executable": {"type": "str", "default": "rauditctl"},
        },
        mutually_exclusive=[("src", "content")],
        required_if=[("state", "applied", ("src", "content"), True)],
        supports_check_mode=True,
    )
    check_rules(module)
    program = Rauditctl(module)
    if module.params["state"] == "applied":
        applied(module, program)
    kept_or_undone(module, program)


if __name__ == "__main__":
    main()
