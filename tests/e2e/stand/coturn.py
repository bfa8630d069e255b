# SPDX-License-Identifier: Apache-2.0
"""coturn as a relay between the clients and a media server."""

import subprocess
import time

from .network import NODE, ROUTER, ROUTER_TO_PEERS
from .shell import StandError, run, spawn, stop

NAME, PASSWORD = "candor", "candor"


class Coturn:
    """One TURN server; clients ask it at `uri`. `folder` takes its log.

    In a cgroup it runs on the node. Without one it runs on the router, and the node sees it as SEEN_AS.
    """

    SEEN_AS = ROUTER

    def __init__(self, folder, network, cgroup=None):
        self._folder, self._cgroup = folder, cgroup
        self._namespace = None if cgroup else network.router.path
        self._execute = run if cgroup else network.router.run
        self._addresses = (NODE, NODE) if cgroup else (ROUTER_TO_PEERS, self.SEEN_AS)
        self.uri = f"turn:{self._addresses[0]}:3478"
        self.log = folder / "turnserver.log"
        self._start(PASSWORD, ())

    def _start(self, password, more):
        listening, relaying = self._addresses
        with self.log.open("a", encoding="utf-8") as log:
            self._process = spawn(
                ["turnserver", "-n", "--log-file=stdout", f"--pidfile={self._folder}/turnserver.pid",
                 f"--userdb={self._folder}/turndb", "--no-cli", "--no-tls", "--no-dtls", "--no-tcp",
                 f"--listening-ip={listening}", f"--relay-ip={relaying}", "--min-port=50000",
                 "--max-port=59999", "--lt-cred-mech", f"--user={NAME}:{password}", "--realm=test", *more],
                namespace=self._namespace, cgroup=self._cgroup, stdout=log, stderr=subprocess.STDOUT)
        self._await_port()

    def _await_port(self):
        for _ in range(100):
            if self._process.poll() is not None:
                raise StandError(f"coturn ended at once: {self.log.read_text(encoding='utf-8')[-500:]}")
            if ":3478" in self._execute("ss", "-Hlun", "sport = :3478"):
                return
            time.sleep(0.1)
        raise StandError("coturn did not listen within 10 s")

    @property
    def pid(self):
        return self._process.pid

    def restart(self, password=PASSWORD, more=()):
        """Killed, and started with another password than its clients have, or with more or other arguments."""
        self._process.kill()
        self._process.wait()
        self._start(password, more)

    def close(self):
        stop(self._process)
