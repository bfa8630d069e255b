# SPDX-License-Identifier: Apache-2.0
"""What watches the packets: nothing, the floor, Candor, and what one would take instead.

Each variant has network namespaces and a cgroup of its own, so that all stand ready at the same time and none
sees the packets of another: rounds can go from one to the next without starting anything.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time

from e2e.stand.shell import spawn, stop

from . import processes
from .daemon import Daemon
from .wire import DEVICE, Commanded, Group, Wire, bench_binary

PORTS = "40000-60000"


class Variant(contextlib.ExitStack):
    """Nothing at all: the load alone. Others add what they are."""

    name = "nothing"
    state = "-"

    def __init__(self, folder, remotes, sockets):
        super().__init__()
        self.folder = folder
        try:
            self.wire = self.keep(Wire())
            self.group = self.keep(Group(re.sub(r"\W+", "-", self.name)))
            self.start()
            self.node = self.keep(Commanded(
                [bench_binary("udp_node"), self.wire.peers.path, DEVICE, self.wire.mac, str(remotes), str(sockets)],
                namespace=self.wire.node.path, cgroup=self.group))
            os.sched_setaffinity(self.node.child.pid, {processes.load_cpu()})
        except BaseException:
            self.close()
            raise

    def keep(self, part):
        self.callback(part.close)
        return part

    def start(self):
        """Starts what watches."""

    def tools(self):
        """Process ids whose CPU time counts."""
        return []

    def holder(self):
        """The process that holds BPF programs on the packets' way; None: there are none."""
        return None

    def memory_mib(self):
        """Of the tool, with what it holds in the kernel where that is known; None: nothing worth naming."""
        return sum(processes.memory_mib(pid) for pid in self.tools()) if self.tools() else None

    def missed(self, _packets):
        """The share of the packets that it did not see; None: it does not say."""
        return None


class Floor(Variant):
    name = "floor program"

    def start(self):
        self._hold = self.keep(Commanded([bench_binary("floor_hold"), str(self.group.path)]))

    def holder(self):
        return self._hold.child.pid


class FloorAgain(Floor):
    """The same once more: how far it is from the first shows how far two figures of this run may be apart."""

    name = "floor program again (A/A)"


class Candor(Variant):
    name = "Candor"
    state = "yes"
    namespace = None

    def settings(self):
        return {"source": "bpf", "cgroup": str(self.group.path), "ports": PORTS}

    def start(self):
        name = type(self).__name__.lower()
        self.daemon = self.keep(Daemon(self.folder, name, self.settings(), self.namespace))

    def tools(self):
        return [self.daemon.pid]

    def holder(self):
        return self.daemon.pid

    def memory_mib(self):
        maps = sum(size for _, _, size in processes.map_bytes(self.daemon.pid).values())
        return processes.memory_mib(self.daemon.pid) + maps / 2**20

    def missed(self, packets):
        return max(0.0, 1 - self.daemon.counters().get("packets", 0) / packets)


class CandorPcap(Candor):
    name = "Candor by libpcap"

    def start(self):
        self.namespace = self.wire.node.path
        super().start()

    def settings(self):
        return {"source": f"pcap:{DEVICE}", "ports": PORTS}

    def holder(self):
        return None

    def memory_mib(self):
        return processes.memory_mib(self.daemon.pid)


class Tool(Variant):
    """A program in the node's namespace that captures."""

    command = ()

    def start(self):
        self.child = spawn([part.format(folder=self.folder, device=DEVICE) for part in self.command],
                           namespace=self.wire.node.path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.callback(self._end)
        time.sleep(0.5)

    def _end(self):
        stop(self.child)
        self.child.stderr.close()

    def tools(self):
        return [self.child.pid]


class Tcpdump(Tool):
    name = "tcpdump -w /dev/null"
    state = "no"
    command = ("tcpdump", "-i", "{device}", "-w", "/dev/null", "udp")

    def missed(self, packets):
        self.child.send_signal(signal.SIGINT)
        output = self.child.communicate(timeout=10)[1]
        dropped = re.search(r"(\d+) packets dropped by kernel", output)
        return int(dropped.group(1)) / packets if dropped else None


class Softflowd(Tool):
    name = "softflowd"
    state = "yes"
    command = ("softflowd", "-i", "{device}", "-n", "127.0.0.1:9995", "-m", "200000", "-d",
               "-p", "{folder}/softflowd.pid", "-c", "{folder}/softflowd.ctl")

    def missed(self, packets):
        output = subprocess.run(["softflowctl", "-c", f"{self.folder}/softflowd.ctl", "statistics"], timeout=10,
                              capture_output=True, text=True, check=False).stdout
        seen = re.search(r"Packets processed: (\d+)", output)
        return max(0.0, 1 - int(seen.group(1)) / packets) if seen else None


class Conntrack(Variant):
    name = "conntrack accounting (nft ct)"
    state = "yes"

    def start(self):
        self.wire.node.run("nft", "-f", "-", stdin="""
            table ip count {
              chain input { type filter hook input priority 0; ct state new counter; }
              chain output { type filter hook output priority 0; ct state new counter; }
            }""")
        self.wire.node.run("sysctl", "-qw", "net.netfilter.nf_conntrack_acct=1")

    def memory_mib(self):
        entries = int(self.wire.node.run("sysctl", "-n", "net.netfilter.nf_conntrack_count"))
        return entries * 384 / 2**20  # struct nf_conn and its accounting extension


def available():
    """The variants that this machine can run, and why the others cannot: ([class], {name: reason})."""
    chosen, missing = [Variant, Floor, Candor, FloorAgain, CandorPcap, Conntrack], {}
    for tool, program in ((Tcpdump, "tcpdump"), (Softflowd, "softflowd")):
        if shutil.which(program):
            chosen.append(tool)
        else:
            missing[tool.name] = f"{program} is not installed"
    return chosen, missing
