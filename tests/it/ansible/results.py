"""Prints the result of each host as a line of JSON."""

import json

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: results
type: stdout
short_description: One line of JSON for each result
description: One line of JSON for each result.
"""


class CallbackModule(CallbackBase):
    """Prints results."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "results"

    def _print(self, result, end):
        line = {"host": result._host.get_name(), "end": end, "task": result._task.get_name()}
        line["result"] = result._result
        self._display.display(json.dumps(line, default=str))

    def v2_runner_on_ok(self, result):
        self._print(result, "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._print(result, "failed")

    def v2_runner_on_skipped(self, result):
        self._print(result, "skipped")

    def v2_runner_on_unreachable(self, result):
        self._print(result, "unreachable")
