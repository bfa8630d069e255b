# SPDX-License-Identifier: Apache-2.0
"""rtpengine as the media server: it forwards in user space and gets calls by the ng protocol."""

from .network import NODE
from .server import Server


class Rtpengine(Server):
    """One rtpengine in a cgroup, on the node's address. `folder` takes its log."""

    CLIENT = ("stand.caller", "--api", f"{NODE}:2223")
    HEALTH = "http://127.0.0.1:2225/ping"

    def __init__(self, folder, cgroup, ports=(20000, 30000)):
        super().__init__(folder, cgroup, [
            "rtpengine", "--foreground", "--log-stderr", "--log-level=4", "--config-file=none", "--table=-1",
            f"--interface={NODE}", f"--port-min={ports[0]}", f"--port-max={ports[1]}", f"--listen-ng={NODE}:2223",
            "--listen-http=127.0.0.1:2225"])
