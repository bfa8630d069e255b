# SPDX-License-Identifier: Apache-2.0
"""A node and its peers in two network namespaces of their own, and the processes between them."""

import json
import subprocess

from e2e.stand.build import BUILD
from e2e.stand.cgroups import root
from e2e.stand.network import Namespace
from e2e.stand.shell import StandError, spawn, stop

NODE = "10.98.0.1"
SINK_MAC = "02:00:00:00:00:99"  # where the node's answers go: they end at the peers' device, as for another host
DEVICE = "media0"


def bench_binary(name):
    found = next(BUILD.glob(f"tests/bench/*/{name}"), None)
    if found is None:
        raise StandError(f"{name} is not built in {BUILD}")
    return str(found.resolve())


class Wire:
    """A veth pair between two namespaces."""

    def __init__(self):
        self.node, self.peers = Namespace(), Namespace()
        self.node.run("ip", "link", "add", DEVICE, "type", "veth", "peer", "name", DEVICE, "netns", self.peers.pid)
        for space in (self.node, self.peers):
            space.run("sysctl", "-qw", f"net.ipv6.conf.{DEVICE}.disable_ipv6=1")
            space.run("ip", "link", "set", "lo", "up")
            space.run("ip", "link", "set", DEVICE, "up")
        self.node.run("ip", "address", "add", f"{NODE}/24", "dev", DEVICE)
        self.node.run("ip", "route", "add", "10.96.0.0/11", "via", "10.98.0.254")
        self.node.run("ip", "neigh", "add", "10.98.0.254", "lladdr", SINK_MAC, "dev", DEVICE, "nud", "permanent")
        link = json.loads(self.node.run("ip", "-j", "link", "show", DEVICE))
        self.mac = link[0]["address"]

    def close(self):
        self.node.close()
        self.peers.close()


class Group:
    """A cgroup of one variant."""

    def __init__(self, name):
        self.path = root() / f"candor-bench-{name}"
        self.path.mkdir(exist_ok=True)

    def close(self):
        self.path.rmdir()


class Commanded:
    """A child that answers each line with a line of JSON. It prints {} when it is ready."""

    def __init__(self, argv, **where):
        self.child = spawn(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **where)
        self._answer()

    def _answer(self):
        line = self.child.stdout.readline()
        if not line:
            raise StandError(f"{self.child.args[-1]} ended with status {self.child.wait(5)}")
        return json.loads(line)

    def ask(self, line):
        self.child.stdin.write(f"{line}\n")
        self.child.stdin.flush()
        return self._answer()

    def close(self):
        self.child.stdin.close()
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            stop(self.child)
        self.child.stdout.close()
