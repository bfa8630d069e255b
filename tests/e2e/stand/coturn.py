# SPDX-License-Identifier: Apache-2.0
"""coturn as a relay between the clients and a media server."""

import subprocess
import time

from .network import NODE, ROUTER, ROUTER_TO_PEERS
from .shell import StandError, run, spawn, stop

USER = "candor:candor"  # name and password


class Coturn:
    """One TURN server; clients ask it at `uri`. `folder` takes its log.

    In a cgroup it runs on the node. Without one it runs on the router, and the node sees it as SEEN_AS.
    """

    SEEN_AS = ROUTER

    def __init__(self, folder, network, cgroup=None):
        listening, relaying = (NODE, NODE) if cgroup else (ROUTER_TO_PEERS, self.SEEN_AS)
        self.uri = f"turn:{listening}:3478"
        self.log = folder / "turnserver.log"
        with self.log.open("w", encoding="utf-8") as log:
            self._process = spawn(
                ["turnserver", "-n", "--log-file=stdout", f"--pidfile={folder}/turnserver.pid",
                 f"--userdb={folder}/turndb", "--no-cli", "--no-tls", "--no-dtls", "--no-tcp",
                 f"--listening-ip={listening}", f"--relay-ip={relaying}", "--min-port=50000",
                 "--max-port=59999", "--lt-cred-mech", f"--user={USER}", "--realm=test"],
                namespace=None if cgroup else network.router.path, cgroup=cgroup, stdout=log,
                stderr=subprocess.STDOUT)
        self._await_port(run if cgroup else network.router.run)

    def _await_port(self, execute):
        for _ in range(100):
            if self._process.poll() is not None:
                raise StandError(f"coturn ended at once: {self.log.read_text(encoding='utf-8')[-500:]}")
            if ":3478" in execute("ss", "-Hlun", "sport = :3478"):
                return
            time.sleep(0.1)
        raise StandError("coturn did not listen within 10 s")

    def close(self):
        stop(self._process)
