# SPDX-License-Identifier: Apache-2.0
"""The faults, each a block that heals at its end and yields the Unix time at which it began."""

import contextlib
import time

from . import cgroups
from .network import NODE
from .shell import StandError, run

DTLS = "@th,64,8 20-63"  # RFC 7983: the first byte of the payload
RTP_ALONE = "@th,64,8 128-191 @th,72,8 != 192-223"  # RFC 5761 section 4: the second byte of RTCP


@contextlib.contextmanager
def _threads_frozen(stage, prefix):
    threads = stage.server.threads()
    loops = [thread for thread, name in threads.items() if name.startswith(prefix)]
    if not loops:
        raise StandError(f"expected threads named '{prefix}' among {sorted(threads.values())}")
    with cgroups.frozen(stage.cgroup, loops):
        yield time.time()


def event_loops_frozen(stage):
    """Janus's threads that carry media stop; the HTTP API goes on."""
    return _threads_frozen(stage, "hloop")


def pollers_frozen(stage):
    """rtpengine's threads that carry media and answer ng stop; its HTTP side goes on."""
    return _threads_frozen(stage, "poller")


@contextlib.contextmanager
def socket_writes_blocked(stage):
    """Pion's one media socket takes no more writes; it is read on, and the HTTP API goes on."""
    stage.server.writes("block")
    try:
        yield time.time()
    finally:
        stage.server.writes("free")


@contextlib.contextmanager
def _dropped(execute, hook, what, node=NODE):
    """Drops what the node sends and `what` matches. The payload begins 64 bits into the UDP header."""
    execute("nft", "-f", "-", stdin=f"""
        table ip fault {{
          chain {hook} {{
            type filter hook {hook} priority 0;
            ip saddr {node} meta l4proto udp {what} counter drop
          }}
        }}""")
    try:
        yield time.time()
    finally:
        execute("nft", "delete", "table", "ip", "fault")


@contextlib.contextmanager
def media_refused_on_its_way_in(_stage, port):
    """The node's firewall drops all media that clients send to this port; signalling passes."""
    run("nft", "-f", "-", stdin=f"""
        table ip fault {{
          chain input {{
            type filter hook input priority 0;
            udp dport {port} counter drop
          }}
        }}""")
    try:
        yield time.time()
    finally:
        run("nft", "delete", "table", "ip", "fault")


@contextlib.contextmanager
def media_lost_before_the_node(stage):
    """The router drops what clients send to the node but for the TCP of signalling, as a security group does."""
    router = stage.network.router
    router.run("nft", "-f", "-", stdin=f"""
        table ip fault {{
          chain forward {{
            type filter hook forward priority 0;
            ip daddr {NODE} meta l4proto udp counter drop
            ip daddr {NODE} tcp dport 7881 counter drop
          }}
        }}""")
    try:
        yield time.time()
    finally:
        router.run("nft", "delete", "table", "ip", "fault")


def dtls_lost_beyond_the_node(stage):
    """The router drops the node's DTLS: it leaves the node and arrives nowhere."""
    return _dropped(stage.network.router.run, "forward", DTLS)


def dtls_refused_by_the_nodes_firewall(_stage):
    """The node's firewall drops its own DTLS: sending it fails, and it never leaves."""
    return _dropped(run, "output", DTLS)


def dtls_refused_to_a_share(node, per_cent):
    """The firewall of a node of the cluster drops its DTLS to so many of a hundred client addresses, chosen by a hash: it
    answers them, and their media never becomes active."""
    return _dropped(node.namespace.run, "output", f"{DTLS} jhash ip daddr mod 100 < {per_cent}", node.address)


def rtp_lost_on_its_way_out(_stage):
    """The node's firewall drops its RTP and SRTP; RTCP, DTLS and STUN pass, so calls come up."""
    return _dropped(run, "output", RTP_ALONE)
