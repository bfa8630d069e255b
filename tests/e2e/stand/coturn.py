# SPDX-License-Identifier: Apache-2.0
"""coturn as a relay between the clients and the node."""

import subprocess
import time

from .shell import StandError, spawn, stop

USER = "candor:candor"  # name and password


class Coturn:
    """A TURN server on the router, between both networks. `folder` takes its log."""

    URI = "turn:10.99.1.254:3478"
    SEEN_AS = "10.99.0.254"

    def __init__(self, folder, network):
        self.log = folder / "turnserver.log"
        with self.log.open("w", encoding="utf-8") as log:
            self._process = spawn(
                ["turnserver", "-n", "--log-file=stdout", f"--pidfile={folder}/turnserver.pid",
                 f"--userdb={folder}/turndb", "--no-cli", "--no-tls", "--no-dtls", "--no-tcp",
                 "--listening-ip=10.99.1.254", f"--relay-ip={self.SEEN_AS}", "--min-port=50000",
                 "--max-port=59999", "--lt-cred-mech", f"--user={USER}", "--realm=test"],
                namespace=network.router.path, stdout=log, stderr=subprocess.STDOUT)
        self._await_port(network)

    def _await_port(self, network):
        for _ in range(100):
            if self._process.poll() is not None:
                raise StandError(f"coturn ended at once: {self.log.read_text(encoding='utf-8')[-500:]}")
            if ":3478" in network.router.run("ss", "-Hlun", "sport = :3478"):
                return
            time.sleep(0.1)
        raise StandError("coturn did not listen within 10 s")

    def close(self):
        stop(self._process)
