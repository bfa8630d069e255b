# SPDX-License-Identifier: Apache-2.0
"""The stages of the catalogue: one media server, or two, with candord as users run it, and clients of a kind."""

import contextlib
import functools
import secrets
import shutil
import time

from stand import bpf_fs
from stand import network as net
from stand.case import PUBLIC_ADDRESSES
from stand.cgroups import Cgroup
from stand.janus import Janus
from stand.livekit import LiveKit
from stand.network import Network
from stand.pion import Pion
from stand.rtpengine import Rtpengine
from stand.stage import Stage

SIGNALLING = "10.99.1.2"  # the clients' signalling comes from here, as through a proxy before the node's API
RATE = 3  # joins a second, at random (Poisson); of rtpengine legs, of which a call has two

# name: (server, UDP ports as candord is told, the same as nftables spells them)
SERVERS = {
    "janus": (Janus, "20000-30000", "20000-30000"),
    "janus-200": (functools.partial(Janus, ports="20000-20199"), "20000-20199", "20000-20199"),
    "pion": (Pion, "20000-30000", "20000-30000"),
    "pion-2": (functools.partial(Pion, workers=2), "20000-30000", "20000-30000"),
    "livekit": (LiveKit, "20000-30000", "20000-30000"),
    "livekit-200": (functools.partial(LiveKit, ports={"port_range_start": 20000, "port_range_end": 20199}), "20000-20199",
                    "20000-20199"),
    "rtpengine": (Rtpengine, "20000-30000", "20000-30000"),
    "rtpengine-200": (functools.partial(Rtpengine, ports=(20000, 20199)), "20000-20199", "20000-20199"),
    "coturn": (Pion, "3478-59999", "{3478, 50000-59999}"),
}
# A client rarely comes back within a minute: four addresses in each network, one after the other.
MANY = tuple(f"{network.rpartition('.')[0]}.{host}" for host in (7, 8, 9, 10) for network in PUBLIC_ADDRESSES)
# Clients' addresses, in client networks (/16), and whether candord is told to trust them.
CLIENTS = {"one": ((net.PEERS,), False), "many": (MANY, False), "trusted": ((net.PEERS,), True)}


class TruthStage(Stage):
    """`addresses` are the clients'; `media_ports` as nftables spells them; `turn` is coturn where that is the node.

    `state` is a file that an earlier candord of this server left, or None: its copy is what this one begins with.
    """

    def __init__(self, server, clients, state=None):
        super().__init__()
        self._kind = server
        self.addresses, self._trusted = CLIENTS[clients]
        if server.startswith("livekit") and clients == "many":
            self.addresses = PUBLIC_ADDRESSES  # each is the home of one program, whose connections are spread over its network
        self._server, self._ports, self.media_ports = SERVERS[server]
        self._state = state
        self.turn = None

    def _set_up_network(self):
        bpf_fs.mount()
        self.network = self._keep(Network(self.addresses))
        self.network.peers.run("ip", "address", "add", f"{SIGNALLING}/24", "dev", "media0")

    def _set_up(self):
        self.folder = self._own_folder()
        self._set_up_network()
        # As under systemd; what is learned of a server goes by its name.
        self.watched = self._keep(Cgroup())
        self.cgroup = self._keep(Cgroup(within=self.watched, name=self._name_of_server()))
        on_the_node = self._kind != "coturn"
        self.server = self._keep(self._server(self.folder, self.cgroup if on_the_node else None))
        if not on_the_node:
            self.turn = self.relay(on_the_node=True)
        self._start_candor()

    def _name_of_server(self):
        return f"{self._kind.partition('-')[0]}.service"

    def _start_candor(self):
        """With every setting at its default, but for where the server is and whom it serves."""
        state = self.folder / "state"
        if self._state is not None:
            shutil.copyfile(self._state, state)
        self.state_file = state
        settings = {"source": "auto", "cgroup": str(self.watched.path), "ports": self._ports,
                    "trusted_sources": net.PEER_NETWORKS if self._trusted else [],
                    "self_report": {"http": self.server.HEALTH}, "state_file": str(state), "pin": "auto",
                    "admin": {"socket": str(self.folder / "admin.sock")},
                    "listen": {"http": ["127.0.0.1:7461"], "haproxy_agent": ["127.0.0.1:7462"]}}
        from stand.candor import Candor  # gRPC makes threads; the network must be there before any
        self.candor = self._keep(Candor(self.folder, settings))

    def clients(self, seconds=240, server=None, **more):
        """The usual load; `more` changes it."""
        server = server or self.server
        options = {"rate": RATE / 2 if isinstance(server, Rtpengine) else RATE, "seconds": seconds,
                   "signal-from": SIGNALLING, "random": 1, "addresses": self.addresses}
        if self.turn is not None:
            options["relay"] = self.turn.uri
        return self._load(server, options | more)

    def start_clients(self, **more):
        """The load of the server in question, which is `usual_load` from then on."""
        self.usual_load = self.clients(**more)

    def await_healthy(self, joins, seconds):
        """Whether it is HEALTHY and so many joins came up, within the time."""
        until = time.time() + seconds
        while time.time() < until:
            with contextlib.suppress(self.candor.NO_ANSWER):  # on a busy machine an answer can take too long
                if len(self.usual_load.events("active")) >= joins and self.candor.state() == "HEALTHY":
                    return True
            time.sleep(0.2)
        return False


class InAContainer(TruthStage):
    """The server's cgroup is named as Docker names it."""

    def _name_of_server(self):
        return f"docker-{secrets.token_hex(32)}.scope"

    def deploy_again(self):
        """The container is removed and another one made, with another identity."""
        self.server.kill()
        self.cgroup.make_anew(self._name_of_server())
        self.server.restart()


class TwoServers(TruthStage):
    """Janus and rtpengine under one watched cgroup, in a cgroup each; `server` and `cgroup` are those of `sick`."""

    def __init__(self, sick, clients, state=None):
        super().__init__("janus", clients, state)
        self._sick = sick

    def _set_up(self):
        self.folder = self._own_folder()
        self._set_up_network()
        self.watched = self._keep(Cgroup())
        self.servers, groups = {}, {}
        for name in ("janus", "rtpengine"):
            groups[name] = self._keep(Cgroup(within=self.watched, name=f"{name}.service"))
            self.servers[name] = self._keep(SERVERS[name][0](self.folder, groups[name], **PARTS[name]))
        self.server, self.cgroup = self.servers[self._sick], groups[self._sick]
        self.media_ports = PARTS_PORTS[self._sick]
        self._start_candor()

    def start_clients(self, **more):
        super().start_clients(**more)
        for name, server in self.servers.items():
            if name != self._sick:
                self.clients(server=server)


def stage_of(row, state=None):
    """The stage of a row of the catalogue."""
    return (TwoServers if row.two else TruthStage)(row.server, row.clients, state)


# Two servers of a node divide the ports.
PARTS = {"janus": {"ports": "20000-24999"}, "rtpengine": {"ports": (25000, 30000)}}
PARTS_PORTS = {"janus": "20000-24999", "rtpengine": "25000-30000"}
