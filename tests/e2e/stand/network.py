# SPDX-License-Identifier: Apache-2.0
"""The network of the stand: node, router, peers.

    node 10.99.0.1 ---- 10.99.0.254 router 10.99.1.254 ---- 10.99.1.1 peers (and further addresses)
      fd99:0::1 ------- fd99:0::254        fd99:1::254 ---- fd99:1::1

The node's namespace is the test process's own, so that the media server, Candor and the gRPC clients of
the test meet on its loopback. Router and peers are namespaces that live as long as a child that sleeps.
"""

import ctypes
import os
import subprocess
import time

from .shell import StandError, run, spawn, stop

NODE = "10.99.0.1"
PEERS = "10.99.1.1"
ROUTER = "10.99.0.254"
ROUTER_TO_PEERS = "10.99.1.254"
NODE_6 = "fd99:0::1"
PEERS_6 = "fd99:1::1"
HOME_OF_PEERS = "10.99.1.8"  # instead of PEERS, which the peers' namespace keeps
PEER_NETWORKS = ["10.99.1.0/24", "fd99:1::/64"]
SPREAD = 200  # addresses of one client network
CLONE_NEWNET = 0x40000000


def _leave_for_a_new_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise StandError(f"network namespaces are not allowed here: {os.strerror(ctypes.get_errno())}")


class Namespace:
    """A network namespace that exists as long as its keeper sleeps."""

    def __init__(self):
        self._keeper = spawn(["unshare", "--net", "sleep", "infinity"])
        self.path = f"/proc/{self._keeper.pid}/ns/net"
        self.pid = str(self._keeper.pid)
        self._await_own_namespace()

    def _await_own_namespace(self):
        ours = os.readlink("/proc/self/ns/net")
        for _ in range(500):
            if self._keeper.poll() is not None:
                raise StandError("network namespaces are not allowed here")
            if os.readlink(self.path) != ours:
                return
            time.sleep(0.01)
        raise StandError("a network namespace was not made within 5 s")

    def run(self, *argv, stdin=None):
        return run("nsenter", f"--net={self.path}", *argv, stdin=stdin)

    def close(self):
        stop(self._keeper)


class Network:
    """Makes the namespaces and joins them. One per process at a time; must be made before any thread.

    `peer_addresses` are further addresses of the peers, each a client network of its own.
    """

    def __init__(self, peer_addresses=()):
        self.peer_addresses = list(peer_addresses) or [PEERS]
        _leave_for_a_new_namespace()
        run("ip", "link", "set", "lo", "up")
        self.router = Namespace()
        self.peers = Namespace()
        self._homes = {}
        self._nodes = []
        self._join()

    def _join(self):
        run("ip", "link", "add", "media0", "type", "veth", "peer", "name", "node", "netns", self.router.pid)
        self.router.run("ip", "link", "add", "peers", "type", "veth", "peer", "name", "media0", "netns",
                        self.peers.pid)
        for execute, device, address, address_6 in (
                (run, "media0", NODE, NODE_6), (self.router.run, "node", ROUTER, "fd99:0::254"),
                (self.router.run, "peers", ROUTER_TO_PEERS, "fd99:1::254"),
                (self.peers.run, "media0", PEERS, PEERS_6)):
            execute("ip", "address", "add", f"{address}/24", "dev", device)
            # Without nodad an IPv6 address is not usable for its first second or two.
            execute("ip", "address", "add", f"{address_6}/64", "dev", device, "nodad")
            execute("ip", "link", "set", device, "up")
        for execute, network in ((run, "0"), (self.peers.run, "1")):
            execute("ip", "route", "add", "default", "via", f"10.99.{network}.254")
            execute("ip", "route", "add", "default", "via", f"fd99:{network}::254")
        self.router.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        for address in self.peer_addresses:
            if address != PEERS:
                self.peers.run("ip", "address", "add", f"{address}/32", "dev", "media0")
                self.router.run("ip", "route", "add", f"{address}/32", "via", PEERS)

    def add_node(self):
        """A further node: a namespace of its own at the router, and its address there."""
        number = 11 + len(self._nodes)
        node, device, address = Namespace(), f"node{number}", f"10.99.{number}.1"
        self._nodes.append(node)
        self.router.run("ip", "link", "add", device, "type", "veth", "peer", "name", "media0", "netns", node.pid)
        self.router.run("ip", "address", "add", f"10.99.{number}.254/24", "dev", device)
        self.router.run("ip", "link", "set", device, "up")
        node.run("ip", "address", "add", f"{address}/24", "dev", "media0")
        for link in ("lo", "media0"):
            node.run("ip", "link", "set", link, "up")
        node.run("ip", "route", "add", "default", "via", f"10.99.{number}.254")
        return node, address

    def scatter_clients(self):
        """From now on each UDP flow of the further addresses comes from an address of its own, the next of 256 in the 64
        networks (/16) of 100.64.0.0/10: as from many clients, and not from a few who call again and again."""
        pool = ", ".join(f"{n} : 100.{64 + n % 64}.0.{1 + n // 64}" for n in range(256))
        clients = f"ip saddr {{ {', '.join(self.peer_addresses)} }} meta l4proto udp"
        lines = ["table ip scatter {", "chain postrouting {", "type nat hook postrouting priority srcnat;",
                 f"{clients} snat to numgen inc mod 256 map {{ {pool} }}", "}", "}"]
        self.peers.run("nft", "-f", "-", stdin="\n".join(lines) + "\n")
        self.router.run("ip", "route", "add", "100.64.0.0/10", "via", PEERS)

    def spawn_peer(self, argv, home=None, **popen):
        """Starts a client program among the peers, or in a `home`, its standard output a pipe of lines."""
        return spawn(argv, namespace=(home or self.peers).path, stdout=subprocess.PIPE, text=True, **popen)

    def home_of(self, address):
        """A namespace that has this address of the peers alone, for clients that use every address they find. From then
        on the peers' namespace, which joins it to the router, has the address no longer."""
        if address not in self._homes:
            self._homes[address] = self._join_home(address)
        return self._homes[address]

    def _join_home(self, address):
        home, device = Namespace(), f"home{len(self._homes)}"
        own = HOME_OF_PEERS if address == PEERS else address
        if own in self.peer_addresses:
            self.peers.run("ip", "address", "del", f"{address}/32", "dev", "media0")
        else:
            self.router.run("ip", "route", "add", f"{own}/32", "via", PEERS)
        self.peers.run("ip", "link", "add", device, "type", "veth", "peer", "name", "media0", "netns", home.pid)
        self.peers.run("ip", "link", "set", device, "up")
        home.run("ip", "address", "add", f"{own}/32", "dev", "media0")
        for link in ("lo", "media0"):
            home.run("ip", "link", "set", link, "up")
        self.peers.run("ip", "route", "add", f"{own}/32", "dev", device)
        home.run("ip", "route", "add", PEERS, "dev", "media0")
        home.run("ip", "route", "add", "default", "via", PEERS)
        self.peers.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        return home

    def spread(self, address):
        """What the home of this address sends to the node by UDP comes from SPREAD addresses of its /24, by the port: each
        connection has its own, as those of many clients have."""
        network = address.rpartition(".")[0]
        self.router.run("ip", "route", "replace", f"{network}.0/24", "via", PEERS)
        self.peers.run("ip", "route", "replace", "blackhole", f"{network}.0/24")  # what belongs to no connection
        table = "spread_" + address.replace(".", "_")
        pool = ", ".join(f"{number} : {network}.{number + 10}" for number in range(SPREAD))
        self.peers.run("nft", "-f", "-", stdin=f"""
            table ip {table}
            flush table ip {table}
            table ip {table} {{
              chain out {{
                type nat hook postrouting priority 100;
                ip saddr {address} ip daddr {NODE} snat to jhash udp sport mod {SPREAD} map {{ {pool} }};
              }}
            }}""")

    def signal_from(self, address, port):
        """What comes from the homes to this TCP port of the node has this address of the peers, as behind a proxy."""
        self.peers.run("nft", "-f", "-", stdin=f"""
            table ip signalling
            flush table ip signalling
            table ip signalling {{
              chain out {{
                type nat hook postrouting priority 100;
                ip daddr {NODE} tcp dport {port} snat to {address};
              }}
            }}""")

    def close(self):
        for namespace in [*self._homes.values(), *self._nodes]:
            namespace.close()
        self.peers.close()
        self.router.close()
