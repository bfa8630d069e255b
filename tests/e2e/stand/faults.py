# SPDX-License-Identifier: Apache-2.0
"""The faults, each a block that heals at its end."""

import contextlib
import time

from . import cgroups
from .network import NODE
from .shell import StandError

# RFC 7983: a first payload byte of 20 to 63 is DTLS. The payload begins 64 bits into the UDP header.
LOSE_DTLS = f"""
table ip fault {{
  chain forward {{
    type filter hook forward priority 0;
    ip saddr {NODE} meta l4proto udp @th,64,8 20-63 counter drop
  }}
}}
"""


@contextlib.contextmanager
def event_loops_frozen(stage):
    """The threads that carry media stop; the HTTP API goes on. Yields the Unix time of it."""
    loops = [thread for thread, name in stage.janus.threads().items() if name.startswith("hloop")]
    if len(loops) != 2:
        raise StandError(f"expected two event loops among {sorted(stage.janus.threads().values())}")
    with cgroups.frozen(stage.cgroup, loops):
        yield time.time()


@contextlib.contextmanager
def dtls_lost_beyond_the_node(stage):
    """The router drops the node's DTLS, so the node itself knows nothing of it. Yields the Unix time."""
    router = stage.network.router
    router.run("nft", "-f", "-", stdin=LOSE_DTLS)
    try:
        yield time.time()
    finally:
        router.run("nft", "delete", "table", "ip", "fault")
