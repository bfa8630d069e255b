# SPDX-License-Identifier: Apache-2.0
"""The load as the test sees it: client processes among the peers, and the ground truth that they print."""

import signal
import statistics
import time

from .json_lines import JsonLines
from .shell import StandError


class Load:
    """Clients that make `rate` attempts a second for `seconds`, from `addresses` in turn."""

    def __init__(self, network, server, *, addresses=(), **options):
        self.began = time.time()
        self._lines = JsonLines(*server.start_clients(network, addresses or network.peer_addresses, options))
        self.await_end = self._lines.await_end
        self.close = self._lines.close

    def events(self, kind, good_only=False):
        """What was printed so far of one kind: offer, active, end, farewell_failed."""
        return [e for _, e in self._lines.all() if e["e"] == kind and (e["good"] or not good_only)]

    def await_count(self, kind, count, timeout=30.0):
        """Waits until so many events of a kind were printed."""
        if not self._lines.wait_for(lambda events: sum(e["e"] == kind for e in events) >= count, timeout):
            raise StandError(f"only {len(self.events(kind))} of {count} '{kind}' within {timeout:g} s")

    def send_home(self):
        """No further attempt is begun; those that run come to their end."""
        for child in self._lines.children:
            child.send_signal(signal.SIGUSR1)

    def keys(self, name="key"):
        """The node's ufrag of every attempt, or its port where there is no ICE: Candor has the same key.

        `relayed`: the relayed ports instead, by which it follows a TURN server's allocations.
        """
        return {e[name] for e in self.events("offer")}

    def first_harmed(self, since):
        """The first offer at or after `since` that was not active a second later; None if there is none.

        A healthy setup takes 40 ms here, so one that takes longer than a second met the fault.
        """
        soon = {e["id"] for e in self.events("active") if e["setup_ms"] < 1000}
        offers = self.events("offer", good_only=True)
        return next((e for e in offers if e["t"] >= since and e["id"] not in soon), None)

    def sorrows(self):
        """How the calls ended that did not end well."""
        return [e for e in self.events("end") if e["reason"] != "hung_up"]

    def summary(self):
        """ "57 of 60 active, setup p50 36.1 ms" """
        offers, active = {e["id"] for e in self.events("offer", good_only=True)}, self.events("active")
        text = f"{len(active)} of {len(offers)} active"
        if active:
            text += f", setup p50 {statistics.median(e['setup_ms'] for e in active):.1f} ms"
        return text
