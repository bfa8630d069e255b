# SPDX-License-Identifier: Apache-2.0
"""Three LiveKit servers and their Redis in one network namespace: each server has an address, ports and a cgroup of its
own, as on a node of its own."""

import base64
import hashlib
import hmac
import importlib.util
import json
import pathlib
import time
import urllib.request

from .cgroups import Cgroup
from .livekit import KEY, SECRET, LiveKit
from .shell import run

COUNT = 3
REGION = "chi"
UDP, TCP, HTTP = 20000, 7001, 7880  # of the first; each further one has the next, HTTP the next ten
ACL = pathlib.Path(__file__).resolve().parents[3] / "scripts/packaging/livekit/redis.acl"
PASSWORD = "secret"


def _tests_of_steering():
    """tests/steer/stand.py, which has Redis and LiveKit's rows; its name is that of this package."""
    path = pathlib.Path(__file__).resolve().parents[2] / "steer/stand.py"
    spec = importlib.util.spec_from_file_location("steer_stand", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


steer = _tests_of_steering()


def _token():
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    now = int(time.time())
    claims = {"iss": KEY, "nbf": now - 10, "exp": now + 600, "video": {"roomCreate": True, "roomList": True}}
    text = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    return (text + b"." + part(hmac.new(SECRET.encode(), text, hashlib.sha256).digest())).decode()


class Node(LiveKit):
    """Server number 0, 1 or 2 of the cluster."""

    def __init__(self, folder, cgroup, number, redis_port):
        self.number, self.ip = number, f"10.99.0.{number + 1}"
        self.udp, self.port = UDP + number, HTTP + 10 * number
        self.HEALTH = f"http://127.0.0.1:{self.port}/"
        folder.mkdir()
        super().__init__(folder, cgroup,
                         ports={"udp_port": self.udp, "tcp_port": TCP + number, "node_ip": self.ip,
                                "ips": {"includes": [f"{self.ip}/32"]}},
                         more={"port": self.port, "region": REGION, "redis": {"address": f"127.0.0.1:{redis_port}"},
                               "node_selector": {"kind": "any", "sort_by": "random"}})

    def create_room(self, name):
        """By LiveKit's API: the cluster places it at once."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/twirp/livekit.RoomService/CreateRoom", json.dumps({"name": name}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {_token()}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()


class Cluster:
    """In the place of a Stage's server; clients signal by the first node."""

    def __init__(self, folder, _cgroup):
        self._parts = []
        for number in range(1, COUNT):
            run("ip", "address", "add", f"10.99.0.{number + 1}/24", "dev", "media0")
        self.redis = steer.Redis("--appendonly", "yes")  # a restarted one knows where rooms are
        self._parts.append(self.redis.remove)
        self.client = self._keep(self.redis.client())
        self.give_rights()
        self.nodes, self.cgroups = [], []
        for number in range(COUNT):
            self.cgroups.append(self._keep(Cgroup(beside=f"node{number}")))
            self.nodes.append(self._keep(Node(folder / f"node{number}", self.cgroups[-1], number, self.redis.port)))
        self.start_clients = self.nodes[0].start_clients
        self.HEALTH = self.nodes[0].HEALTH
        self.password = folder / "password"
        self.password.write_text(PASSWORD, encoding="ascii")

    def _keep(self, part):
        self._parts.append(part.close)
        return part

    def give_rights(self):
        """To candord: those of redis.acl and no more."""
        rights = next(line for line in ACL.read_text(encoding="utf-8").splitlines() if line.startswith("user "))
        self.client("ACL", "SETUSER", *rights.replace(">PASSWORD", f">{PASSWORD}").split()[1:])

    def take_rights(self):
        """candord can no longer reach Redis; LiveKit can."""
        self.client("ACL", "SETUSER", "candor", "off")
        self.client("CLIENT", "KILL", "USER", "candor")

    def restart_redis(self):
        """With what it had."""
        self.client.close()
        self.redis.start()
        self.client = self._keep(self.redis.client())
        self.give_rights()

    def rows(self):
        """Node address to row, of those that are fresh."""
        rows = [dict(steer.fields(row)) for row in self.client("HVALS", "nodes")]
        return {row[2].decode(): row for row in rows}

    def states(self):
        return {ip: row.get(6, 0) for ip, row in self.rows().items()}

    def node_of(self, room):
        """The node that the cluster has placed it on; None: on none yet."""
        node_id = self.client("HGET", "room_node_map", room)
        found = [ip for ip, row in self.rows().items() if row[1] == node_id]
        return next((node for node in self.nodes if node.ip in found), None)

    def settings(self, node, share):
        """Of the candord beside this node."""
        return {"cgroup": str(self.cgroups[node.number].path), "ports": f"{node.udp}", "self_report": {"http": node.HEALTH},
                "listen": {"http": [f"127.0.0.1:{8300 + node.number}"]},
                "steer": {"livekit": {"redis": [f"127.0.0.1:{self.redis.port}"], "username": "candor",
                                      "password_file": str(self.password), "node_ip": node.ip,
                                      "min_serving_share": share}}}

    def close(self):
        for close in reversed(self._parts):
            close()
