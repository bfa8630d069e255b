# SPDX-License-Identifier: Apache-2.0
"""The catalogue: a row for each cause, server and kind of clients, with what is true of it."""

import dataclasses
from typing import Any, Callable

from stand.network import PEERS, PEERS_6

from . import client_faults as strangers
from . import path_faults as path
from . import process_faults as process

FAILING, DEGRADED, UNKNOWN = "FAILING", "DEGRADED", "UNKNOWN"
SHOWN, NOT_SHOWN = 5.0, 15.0  # seconds: where packets on the node show it, and where they do not
CERTAIN = (FAILING,)
SUSPECTED = (FAILING, DEGRADED)
AT_LEAST_NOT_HEALTHY = (FAILING, DEGRADED, UNKNOWN)  # UNKNOWN by attempts_ceased, where nothing on the node tells more
# What a candord without a baseline learns first, in seconds: how attempts come; how many sessions go with an attempt.
LEARNS_ARRIVALS, LEARNS_SESSIONS = 70.0, 330.0
FROZEN = {"frozen", "not_reading"}
NOT_SENT = {"send_queue_full", "not_reading", "one_socket"}


@dataclasses.dataclass(frozen=True, eq=False)
class Row:
    cause: str
    fault: Callable
    server: str
    clients: str
    nodes_fault: bool
    within: float = SHOWN
    states: tuple = CERTAIN  # that are right
    codes: frozenset = frozenset()  # that are right
    load: Any = dataclasses.field(default_factory=dict)
    second: Any = None  # a further load while the fault lasts
    two: bool = False  # two servers; `server` is the sick one
    short: bool = False  # in the short run
    alone: bool = False  # it needs the machine for itself
    warm_up: float = 0  # seconds of clients before the fault, at least; see row.run()

    @property
    def name(self):
        return f"{self.cause}, {'two servers, sick: ' if self.two else ''}{self.server}, {self.clients}"


def _node(cause, fault, codes, *where, **more):
    """Rows of a cause of the node's: `where` are (server, clients, ...)."""
    for server, *kinds in where:
        for clients in kinds:
            states = more.get("states", CERTAIN)
            if clients == "one":  # a single client network proves nothing of the node
                states = tuple(dict.fromkeys((*states, DEGRADED)))
            yield Row(cause, fault, server, clients, True, codes=frozenset(codes),
                      **{key: value for key, value in more.items() if key != "states"}, states=states)


def _client(cause, fault, *where, **more):
    for server, *kinds in where:
        for clients in kinds:
            yield Row(cause, fault, server, clients, False, **{"states": ("HEALTHY", UNKNOWN)} | more)


def _packets_dropped():
    """What the node's own kernel drops, and says so."""
    yield from _node("firewall drops what comes in", path.firewall_drops_in, {"dropped_netfilter_in"},
                     ("janus", "many", "trusted", "one"), ("pion", "many"), ("rtpengine", "many"), ("coturn", "many"))
    yield from _node("firewall drops what goes out", path.firewall_drops_out, {"dropped_netfilter_out"},
                     ("janus", "many"), ("pion", "many"), short=True)
    yield from _node("firewall drops what goes out", path.firewall_drops_out, {"dropped_netfilter_out"},
                     ("janus", "one"), ("rtpengine", "trusted"), ("coturn", "many"))
    yield from _node("firewall drops DTLS that comes in", path.firewall_drops_dtls_in, {"dropped_netfilter_in"},
                     ("pion", "many"))
    yield from _node("firewall drops DTLS that goes out", path.firewall_drops_dtls_out, {"dropped_netfilter_out"},
                     ("janus", "many"))
    yield from _node("firewall drops IPv6 that comes in", path.firewall_drops_ipv6_in,
                     {"dropped_netfilter_in", "one_family"}, ("pion", "trusted"), states=SUSPECTED, within=NOT_SHOWN,
                     load={"addresses": (PEERS, PEERS_6)})
    yield from _node("reverse-path filter", path.reverse_path_filter, {"dropped_source"},
                     ("janus", "many"), ("pion", "trusted"), ("rtpengine", "many"))
    yield from _node("stale DNAT to a dead port", path.stale_dnat, {"dropped_no_socket"},
                     ("pion", "many"), ("rtpengine", "many"))  # Janus checks clients itself: its packets open the way
    yield from _node("wrong checksums", path.wrong_checksums, {"dropped_checksum"}, ("janus", "many"), ("pion", "many"))
    yield from _node("send queue full", path.full_send_queue, {"dropped_qdisc"}, ("janus", "many"), ("pion", "many"))
    yield from _node("no route to the clients", path.no_route, {"no_route", "dropped_route"}, ("janus", "many"), ("pion", "many"))
    yield from _node("next hop dead", path.dead_neighbour, {"dropped_neighbour"}, ("janus", "many"), ("pion", "many"))
    yield from _node("cgroup program drops what goes out", path.cgroup_program_drops_out, {"dropped_cgroup"},
                     ("janus", "many"))
    yield from _node("tc program drops what goes out", path.tc_program_drops_out, {"dropped_tc"}, ("pion", "many"))
    yield from _node("XDP program drops what comes in", path.xdp_program_drops_in, {"dropped_device", "dropped_policy", "dropped_xdp"},
                     ("pion", "many"))
    yield from _node("conntrack table full", path.conntrack_full, {"conntrack_full", "dropped_netfilter_in"},
                     ("janus", "many"), alone=True)


def _sockets_gone():
    yield from _node("media socket closed", process.pion("socket-gone"), {"socket_gone", "dropped_no_socket"},
                     ("pion", "many", "trusted"))
    yield from _node("media socket bound elsewhere", process.pion("elsewhere"), {"socket_gone", "dropped_no_socket"},
                     ("pion", "many"))
    yield from _node("another process shares the media port", process.media_port_shared,
                     {"one_socket", "dropped_no_socket", "not_reading"}, ("pion", "many"), states=SUSPECTED, within=NOT_SHOWN)
    yield from _node("server killed every 3 s", process.killed_every_3_s, {"restart_loop"},
                     ("janus", "many"), ("pion", "many"), states=SUSPECTED, within=NOT_SHOWN)
    yield from _node("server killed for good", process.killed_for_good, {"process_gone", "socket_gone"},
                     ("janus", "many"), states=AT_LEAST_NOT_HEALTHY, within=NOT_SHOWN, warm_up=LEARNS_ARRIVALS)
    yield from _node("out of memory, killed again and again", process.out_of_memory, {"out_of_memory"},
                     ("janus", "many"), states=AT_LEAST_NOT_HEALTHY, within=NOT_SHOWN, warm_up=LEARNS_ARRIVALS)


def _nothing_arrives():
    """No packet on the node tells of these."""
    unseen = {"states": AT_LEAST_NOT_HEALTHY, "within": NOT_SHOWN, "warm_up": LEARNS_ARRIVALS}
    no_address = {"no_arrivals_unknown", "address_changed"}
    # Not Janus: it checks the clients itself, and they learn the right address from that.
    yield from _node("wrong address advertised", process.pion_advertises_elsewhere, no_address, ("pion", "many"), **unseen)
    yield from _node("wrong address advertised", process.rtpengine_advertises_elsewhere, no_address,
                     ("rtpengine", "many"), **unseen)
    yield from _node("security group beyond the node", path.security_group, {"no_arrivals_unknown"},
                     ("janus", "many"), ("pion", "many"), ("rtpengine", "many"), ("coturn", "many"), **unseen)
    yield from _node("security group beyond the node", path.security_group, {"no_arrivals_unknown"},
                     ("pion", "trusted"), **unseen | {"states": SUSPECTED, "warm_up": LEARNS_SESSIONS})
    yield from _node("port range used up", process.ports_used_up, {"ports_exhausted"},
                     ("janus-200", "many"), ("rtpengine-200", "many"), **unseen)
    yield from _node("no descriptors left", process.no_descriptors_left, {"descriptors_exhausted"},
                     ("rtpengine", "many"), ("coturn", "many"), **unseen)  # Janus ends itself


def _process():
    """The process has the packets and does nothing with them."""
    yield from _node("event loops frozen", process.event_loops_frozen, FROZEN, ("janus", "many", "trusted", "one"), short=True)
    yield from _node("pollers frozen", process.pollers_frozen, FROZEN, ("rtpengine", "trusted"), load={"ring": 4})
    yield from _node("one of two event loops frozen", process.one_event_loop_frozen, FROZEN | {"one_socket"},
                     ("janus", "many", "trusted"), states=SUSPECTED, within=NOT_SHOWN)
    # The whole server stands still, its signalling too: no client gets as far as to send media.
    still = {"states": AT_LEAST_NOT_HEALTHY, "within": NOT_SHOWN, "warm_up": LEARNS_ARRIVALS}
    yield from _node("cgroup frozen", process.frozen_cgroup, FROZEN, ("janus", "many"), ("coturn", "many"), **still)
    yield from _node("process stopped (SIGSTOP)", process.stopped_process, FROZEN, ("pion", "many"), ("rtpengine", "many"),
                     **still)
    yield from _node("CPU throttled", process.cpu_throttled, {"throttled"}, ("janus", "many"), ("pion", "many"),
                     alone=True)
    yield from _node("CPU starved", process.cpu_starved, {"starved_cpu"}, ("janus", "many"), states=SUSPECTED, within=NOT_SHOWN,
                     alone=True)
    yield from _node("writes to the socket wait", process.socket_writes_blocked, NOT_SENT, ("pion", "many"))
    yield from _node("new clients are not answered", process.pion("strangers"), NOT_SENT, ("pion", "many"))
    yield from _node("reader too slow, receive buffer full", process.pion("slow-reader"), {"receive_buffer", "not_reading"},
                     ("pion", "many"), states=SUSPECTED, within=NOT_SHOWN)
    yield from _node("one of two readers stuck, half are deaf", process.pion("one-reader-stuck"),
                     {"one_socket", "not_reading", "receive_buffer"}, ("pion-2", "many"), states=SUSPECTED, within=NOT_SHOWN)
    yield from _node("DTLS is not answered", process.pion("dtls"), {"dtls_not_answered"}, ("pion", "many"))
    yield from _node("certificate of another node", process.pion("wrong-fingerprint"), {"certificate_refused"},
                     ("pion", "many"))
    yield from _node("answers name a wrong ufrag", process.pion("wrong-ufrag"), {"not_reading"}, ("pion", "many"),
                     states=SUSPECTED, within=NOT_SHOWN)
    yield from _node("nothing is sent back to the clients", process.pion("mute"), {"media_not_sent"}, ("pion", "many"),
                     states=SUSPECTED, within=NOT_SHOWN)


def _path():
    """Beyond the node; the node's link, or its doing."""
    yield from _node("DTLS lost beyond the node", path.dtls_lost_beyond, {"dtls_not_answered", "mtu", "path_loss"},
                     ("janus", "many"), states=SUSPECTED, within=NOT_SHOWN)
    yield from _node("MTU black hole", path.mtu_black_hole, {"mtu"}, ("janus", "many"), ("pion", "many"),
                     states=SUSPECTED, within=NOT_SHOWN)
    yield from _node("30 % loss on the node's link", path.loss_of_30_percent, {"path_loss"}, ("janus", "many"),
                     states=SUSPECTED, within=NOT_SHOWN)


def _turn():
    yield from _node("TURN refuses every password", process.coturn(password="other"), {"turn_unauthorized"},
                     ("coturn", "many", "trusted"), states=SUSPECTED)
    yield from _node("TURN quota used up", process.coturn(more=["--user-quota=1"]), {"turn_capacity"},
                     ("coturn", "many"), states=SUSPECTED)
    yield from _node("TURN ports used up", process.coturn(more=["--min-port=50000", "--max-port=50001"]),
                     {"turn_capacity", "ports_exhausted"}, ("coturn", "many"), states=SUSPECTED)


def _two_servers():
    yield from _node("event loops frozen", process.event_loops_frozen, FROZEN, ("janus", "many", "trusted"), two=True)
    yield from _node("pollers frozen", process.pollers_frozen, FROZEN, ("rtpengine", "trusted"), two=True, load={"ring": 4})
    yield from _node("cgroup frozen", process.frozen_cgroup, FROZEN, ("janus", "many"), two=True, warm_up=LEARNS_ARRIVALS,
                     states=AT_LEAST_NOT_HEALTHY, within=NOT_SHOWN)


def _clients():
    beside = {"rate": 1}
    one_of_six = {"addresses": ("192.0.2.7",)}
    yield from _client("UDP blocked by one client network", path.one_network_blocks_udp, ("janus", "many"))
    yield from _client("outage of one client network", path.one_network_out, ("janus", "many"), ("pion", "many"))
    yield from _client("clients never send", process.nothing, ("janus", "many"), second=beside | {"manners": "never_sends"})
    yield from _client("clients leave before they connect", process.nothing, ("janus", "many", "one"), ("pion", "many"),
                       second=beside | {"manners": "leaves_after_ice"})
    yield from _client("one client refuses the certificate", process.nothing, ("janus", "many"),
                       second=beside | one_of_six | {"manners": "refuses_certificate"})
    yield from _client("clients silent in DTLS", process.nothing, ("janus", "many"), ("pion", "many"),
                       second=beside | one_of_six | {"manners": "never_starts_dtls"})
    yield from _client("one broken client retries all the time", process.nothing, ("pion", "many"),
                       second={"rate": 3, "addresses": ("192.0.2.7",), "manners": "leaves_after_ice"})
    yield from _client("scanner", process.nothing, ("janus", "many"), second=beside | {"scan": 1500, "seconds": 30})
    yield from _client("forged checks from one source", strangers.forged_checks(20000, sources=1), ("pion", "many"))
    yield from _client("forged checks from 1,000 sources", strangers.forged_checks(20000, sources=1000),
                       ("pion", "many"), short=True)
    yield from _client("forged checks from 1,000 sources to closed ports", strangers.forged_checks(20500, 20502, sources=1000),
                       ("pion", "many"))
    yield from _client("clients mute", process.nothing, ("janus", "many"), ("pion", "many"), second=beside | {"manners": "mutes"})
    yield from _client("callers hold, or only listen", process.nothing, ("rtpengine", "many"),
                       second={"rate": 0.5, "manners": "hold,one_way", "hold": 6})
    yield from _client("clients go home", strangers.clients_go_home, ("janus", "many"), warm_up=LEARNS_ARRIVALS,
                       codes=frozenset({"no_arrivals_unknown"}))
    yield from _client("server restarted once", process.restarted_once, ("janus", "many"), ("pion", "many"),
                       states=("HEALTHY", UNKNOWN, DEGRADED))


ROWS = tuple(row for part in (_packets_dropped, _sockets_gone, _nothing_arrives, _process, _path, _turn, _two_servers,
                              _clients) for row in part())


def named(name):
    return next(row for row in ROWS if row.name == name)
