# SPDX-License-Identifier: Apache-2.0
"""What the media servers have in common."""

import pathlib
import subprocess
import sys
import time
import urllib.request

from .shell import StandError, spawn, stop

HOME = pathlib.Path(__file__).resolve().parent.parent  # the folder that holds the packages of clients


def flags(options):
    """{"rate": 3} as ["--rate", "3"]."""
    return [part for name, value in options.items() for part in (f"--{name}", str(value))]


class Server:
    """A media server in a cgroup, in the test's network namespace or another. `folder` takes its log."""

    CLIENT = ()  # the package that loads it, and its arguments for this server
    HEALTH = ""  # the URL of the server's own word of itself

    def __init__(self, folder, cgroup, command, namespace=None):
        self._name = pathlib.Path(command[0]).name
        self._cgroup, self.command, self._namespace = cgroup, command, namespace
        self.log = folder / f"{self._name}.log"
        self.start()
        self._await_answer()

    @property
    def pid(self):
        return self._process.pid

    def start(self):
        """Does not wait until it answers."""
        with self.log.open("a", encoding="utf-8") as log:
            self._process = spawn(self.command, self._namespace, self._cgroup, stdout=log, stderr=subprocess.STDOUT)

    def start_clients(self, network, addresses, options):
        """The programs that load it from these addresses, in turn; each prints a line of JSON per event."""
        command = [sys.executable, "-m", *self.CLIENT, *flags(options | {"from": ",".join(addresses)})]
        return [network.spawn_peer(command, cwd=HOME)]

    def is_running(self):
        return self._process.poll() is None

    def kill(self):
        self._process.kill()
        self._process.wait()

    def restart(self):
        """Killed, and started with `command` as it is now."""
        self.kill()
        self.start()
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
