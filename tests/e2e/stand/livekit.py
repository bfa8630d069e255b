# SPDX-License-Identifier: Apache-2.0
"""LiveKit as the media server: ICE-lite, one UDP port for all participants or a range; its clients are LiveKit's own."""

import json

from .build import ROOT
from .network import NODE, PEERS
from .server import Server, flags
from .shell import StandError

BUILT = ROOT / ".build/livekit"  # by scripts/setup e2e
KEY, SECRET = "candor", "candor-candor-candor-candor-candor"  # as livekit/client has them
RATE = 3.0  # joins a second, unless another is asked for
PORT, TCP_PORT = 7880, 7881
ONE_PORT, RANGE = {"udp_port": 20000}, {"port_range_start": 20000, "port_range_end": 30000}
# The clients look for their own reflexive addresses nowhere: a server of these does not answer, and that at once.
NOBODY = "127.0.0.1:3478"
# Its own TURN server, whose allocations may reach the node's own media port. Without it no client is offered one.
TURN = {"turn": {"enabled": True, "udp_port": 3478, "relay_range_start": 40000, "relay_range_end": 50000,
                 "allow_restricted_peer_cidrs": [f"{NODE}/32"]}}
TURN_PORTS = "3478-50000"  # of TURN, of all connections, and of the allocations


def program(name):
    """`server` or `client`."""
    built = BUILT / f"livekit-{name}"
    if not built.exists():
        why = BUILT / "why"
        reason = f": {why.read_text(encoding='utf-8').strip()}" if why.exists() else ""
        raise StandError(f"{built} is not built; scripts/setup e2e builds it{reason}")
    return str(built)


def start_participants(network, api, addresses, options):
    """One program for each address, in a namespace of its own: LiveKit's library uses every address that it finds."""
    each = options | {"api": api, "step": len(addresses)}
    each["rate"] = float(options.get("rate", RATE)) / len(addresses)
    return [network.spawn_peer([program("client"), *flags(each | {"from": address, "first": number})],
                               home=network.home_of(address))
            for number, address in enumerate(addresses)]


class LiveKit(Server):
    """One LiveKit in a cgroup, on the node's address or that of another `namespace`. `folder` takes its configuration
    and its log; `ports` are the settings of its UDP ports, `more` further settings (of the whole configuration)."""

    def __init__(self, folder, cgroup, ports=None, more=None, address=NODE, namespace=None):
        self.HEALTH = f"http://{address}:{PORT}/"
        self._api = f"ws://{address}:{PORT}"
        rtc = {"node_ip": address, "use_external_ip": False, "use_ice_lite": True, "tcp_port": TCP_PORT,
               "stun_servers": [NOBODY], "ips": {"includes": [f"{address}/32"]}}
        settings = {"port": PORT, "rtc": rtc | (ports or ONE_PORT), "keys": {KEY: SECRET},
                    "logging": {"level": "info", "json": True}} | (more or {})
        self.config = folder / "livekit.yaml"
        self.config.write_text(json.dumps(settings, indent=2), encoding="ascii")  # JSON is YAML
        super().__init__(folder, cgroup, [program("server"), "--config", str(self.config)], namespace)

    def start_clients(self, network, addresses, options):
        """Those of the network's addresses that are client networks stand for many clients, each of its own address."""
        options = dict(options)
        signalling = options.pop("signal-from", None)
        if signalling:
            network.signal_from(signalling, PORT)
        for address in addresses:
            if address in network.peer_addresses and address != PEERS:
                network.home_of(address)
                network.spread(address)
        return start_participants(network, self._api, addresses, options)

    def advertise(self, address):
        """Restarts it as a node that tells clients this address."""
        settings = json.loads(self.config.read_text(encoding="ascii"))
        settings["rtc"]["node_ip"] = address
        self.config.write_text(json.dumps(settings, indent=2), encoding="ascii")
        self.restart()

    def is_well(self, answer):
        return answer == b"OK"
