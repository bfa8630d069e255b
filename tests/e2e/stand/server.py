# SPDX-License-Identifier: Apache-2.0
"""What the media servers have in common."""

import pathlib
import subprocess
import time
import urllib.request

from .shell import StandError, spawn, stop


class Server:
    """A media server in a cgroup. `folder` takes its log."""

    CLIENT = ()  # the program that loads it, and its arguments for this server
    HEALTH = ""  # the URL of the server's own word of itself

    def __init__(self, folder, cgroup, command):
        self._name = pathlib.Path(command[0]).name
        self.log = folder / f"{self._name}.log"
        with self.log.open("w", encoding="utf-8") as log:
            self._process = spawn(command, cgroup=cgroup, stdout=log, stderr=subprocess.STDOUT)
        self._await_answer()

    def _await_answer(self):
        for _ in range(100):
            if self._process.poll() is not None:
                raise StandError(f"{self._name} ended at once: {self.log.read_text(encoding='utf-8')[-500:]}")
            if self.says_ok():
                return
            time.sleep(0.1)
        raise StandError(f"{self._name} did not answer within 10 s")

    def says_ok(self):
        """The node's self-report: does it answer as a healthy server does?"""
        try:
            with urllib.request.urlopen(self.HEALTH, timeout=1) as answer:
                return answer.status == 200 and self.is_well(answer.read())
        except OSError:
            return False

    def is_well(self, _answer):
        """Whether the body of the self-report is that of a healthy server."""
        return True

    def threads(self):
        """Thread id to name, as the kernel names them."""
        tasks = pathlib.Path(f"/proc/{self._process.pid}/task")
        return {int(task.name): (task / "comm").read_text(encoding="utf-8").strip()
                for task in tasks.iterdir()}

    def close(self):
        stop(self._process)
