# SPDX-License-Identifier: Apache-2.0
"""A LiveKit cluster: nodes with a network namespace, a cgroup and a candord each; Redis and a balancer beside them.

    10.99.0.1 (the test's own) ---- router ---- 10.99.11.1, 10.99.12.1, 10.99.13.1   a LiveKit and a candord each
    Redis, HAProxy, Prometheus        '-------- peers: the participants, each from an address of its own
"""

import contextlib
import pathlib
import subprocess
import tempfile
import threading
import time
import urllib.request

from . import bpf_fs, stubs
from .case import PUBLIC_ADDRESSES
from .cgroups import Cgroup
from .livekit import PORT, LiveKit, start_participants
from .load import Load
from .network import NODE, Network
from .redis import Redis
from .shell import StandError, run, spawn, stop

NODE_PROTO = pathlib.Path(__file__).resolve().parent / "proto/livekit_node.proto"
CANDOR_HTTP = 7461
FRESH = 5  # seconds for which LiveKit believes a row
# The balancer's ports: behind the first it checks LiveKit's own page, behind the second Candor's.
BY_LIVEKIT, BY_CANDOR = 7890, 7891
BALANCER = """
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    timeout tunnel 1h
"""
CHOICE = """
listen by_{page}
    bind {own}:{front}
    balance roundrobin
    option httpchk
    http-check send meth GET uri {uri}
    http-check expect status 200
    default-server check port {port} inter 1s fall 1 rise 1
"""


class Node:
    """One node of the cluster. `folder` takes its files."""

    def __init__(self, name, network, folder, redis):
        self.name, self.folder = name, folder / name
        self.folder.mkdir()
        self.namespace, self.address = network.add_node()
        self.cgroup = Cgroup(beside=name)
        self.candor = None
        try:
            self.server = LiveKit(self.folder, self.cgroup, more={"redis": {"address": redis}}, address=self.address,
                                  namespace=self.namespace.path)
        except BaseException:
            self.cgroup.close()
            raise

    def start_candor(self, settings):
        """With what a user sets: where LiveKit is, its own page, and what is in `settings`."""
        from .candor import Candor  # gRPC makes threads; the network must be there before any
        self.candor = Candor(self.folder, {
            "source": "bpf", "cgroup": str(self.cgroup.path), "ports": "20000", "trusted_sources": [],
            "self_report": {"http": self.server.HEALTH},
            "listen": {"http": [f"{self.address}:{CANDOR_HTTP}"]}} | settings,
            host=self.address, namespace=self.namespace.path)

    def close(self):
        try:
            if self.candor:
                self.candor.close()
        finally:
            self.server.close()
            self.cgroup.close()


class Placements:
    """Notes each room and its node as Redis has them, until closed. `redis` is a client of this object's own."""

    def __init__(self, redis):
        self._redis, self._seen, self._lock = redis, {}, threading.Lock()
        self._stopped, self._error = threading.Event(), None
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self):
        try:
            while not self._stopped.wait(0.05):
                now = time.time()
                rooms = self._redis.hash("room_node_map")
                with self._lock:
                    for room, node in rooms.items():
                        self._seen.setdefault(room, (now, node.decode()))
        except Exception as error:  # all() raises it
            with self._lock:
                self._error = error

    def all(self):
        """{room: (Unix time at which it was first seen, id of its node)}. Raises what ended the looking, if not close()."""
        with self._lock:
            if self._error is not None:
                raise StandError(f"the rooms are no longer seen: {self._error!r}") from self._error
            return dict(self._seen)

    def close(self):
        self._stopped.set()
        self._thread.join(5)
        self._redis.close()


class Cluster(contextlib.ExitStack):
    """`with Cluster() as cluster:` sets everything up but the candords; leaving the block clears everything.

    The participants come from 64 client networks; each of their connections has an address of its own."""

    def __init__(self, nodes=("a", "b", "c"), addresses=PUBLIC_ADDRESSES):
        super().__init__()
        self._names, self._addresses = nodes, addresses

    def __enter__(self):
        super().__enter__()
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise
        return self

    def _set_up(self):
        self.folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory(prefix="candor-e2e-")))
        bpf_fs.mount()
        self.network = self._keep(Network(self._addresses))
        self.network.scatter_clients()
        self.redis = self._keep(Redis(self.folder))
        self.nodes = [self._keep(Node(name, self.network, self.folder, self.redis.address)) for name in self._names]
        self.placements = self._keep(Placements(self.redis.client()))
        self._start_balancer()

    def _start_balancer(self):
        config = BALANCER
        for page, front, uri, port in (("livekit", BY_LIVEKIT, "/", PORT), ("candor", BY_CANDOR, "/readyz", CANDOR_HTTP)):
            config += CHOICE.format(page=page, own=NODE, front=front, uri=uri, port=port)
            config += "".join(f"    server {node.name} {node.address}:{PORT}\n" for node in self.nodes)
        path, log = self.folder / "haproxy.cfg", self.folder / "haproxy.log"
        path.write_text(config, encoding="ascii")
        run("haproxy", "-c", "-f", str(path))
        with log.open("w", encoding="utf-8") as out:
            balancer = spawn(["haproxy", "-db", "-f", str(path)], stdout=out, stderr=subprocess.STDOUT)
        self.callback(stop, balancer)

    def await_front(self, front, timeout):
        """Whether the balancer has a node for this port within so many seconds."""
        end = time.time() + timeout
        while time.time() < end:
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"http://{NODE}:{front}/", timeout=1):
                    return True
            time.sleep(0.1)
        return False

    def start_candors(self, min_serving_share):
        """One for each node, which keep new rooms away from a node that fails."""
        steer = {"livekit": {"redis": [self.redis.address], "min_serving_share": min_serving_share}}
        for node in self.nodes:
            node.start_candor({"steer": steer})

    def load(self, front, **options):
        """Participants who come through one of the balancer's ports, each into a room of its own."""
        return self._keep(Load(self.network, _Front(front), addresses=self._addresses,
                               **{"manners": "alone", "random": 1} | options))

    def rows(self):
        """{node's name: its row in Redis as LiveKit reads it}: SERVING, SHUTTING_DOWN, or STALE."""
        kind = stubs.load(NODE_PROTO)[0].LiveKitNode
        rows = [kind.FromString(row) for row in self.redis.hash("nodes").values()]
        words = {}
        for node in self.nodes:
            mine = [row for row in rows if row.ip == node.address]
            fresh = [row for row in mine if time.time() - row.stats.updated_at < FRESH]
            words[node.name] = kind.State.Name(fresh[0].state) if fresh else "STALE"
        return words

    def rooms(self):
        """{room: (Unix time, name of its node)} of every room that there was."""
        kind = stubs.load(NODE_PROTO)[0].LiveKitNode
        rows = map(kind.FromString, self.redis.hash("nodes").values())
        names = {row.id: node.name for row in rows for node in self.nodes if row.ip == node.address}
        return {room: (t, names.get(node, "")) for room, (t, node) in self.placements.all().items()}

    def alerting(self, pace):
        """Prometheus over all candords, with the packaged rules, and Alertmanager; see tests/web/alerting.py."""
        from alerting import Alerting
        return Alerting(self, self.folder, *(f"{node.address}:{CANDOR_HTTP}" for node in self.nodes), pace=pace)

    def _keep(self, part):
        self.callback(part.close)
        return part


class _Front:
    """The balancer as what participants load."""

    def __init__(self, port):
        self._port = port

    def start_clients(self, network, addresses, options):
        return start_participants(network, f"ws://{NODE}:{self._port}", addresses, options)
