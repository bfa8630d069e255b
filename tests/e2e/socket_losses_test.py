# SPDX-License-Identifier: Apache-2.0
"""Sockets of the node's own that lose datagrams: DEGRADED with its reason, and never FAILING, while clients
get through all the time; what candord reports of it in each interface, and the kernel's drop reason."""

import contextlib
import json
import sys
import time
import unittest

from stand.case import Case
from stand.network import NODE, PEERS
from stand.shell import run, spawn, stop
from stand.stage import Stage

SEEN_WITHIN = 15.0  # seconds; four or five bad ones, which are read once a second
CLEARED_WITHIN = 60.0
PORT = 19999  # followed, but none of Janus': what it carries is no media, so no attempts

# A process of the node that binds a socket with a small receive buffer and never reads it.
DEAF = f"""
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.bind(("{NODE}", {PORT}))
print("bound", flush=True)
time.sleep(1000)
"""

# Sends 500 datagrams a second from that port, whatever comes of it.
SENDER = f"""
import contextlib, socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", {PORT}))
while True:
    for _ in range(25):
        with contextlib.suppress(OSError):
            s.sendto(b"x" * 500, (sys.argv[1], int(sys.argv[2])))
    time.sleep(0.05)
"""


@contextlib.contextmanager
def receive_buffer_overflowing(stage):
    deaf = spawn([sys.executable, "-c", DEAF], cgroup=stage.cgroup)
    sender = spawn([sys.executable, "-c", SENDER, NODE, str(PORT)], namespace=stage.network.peers.path)
    try:
        yield time.time()
    finally:
        stop(sender)
        stop(deaf)


@contextlib.contextmanager
def sends_refused(stage):
    """The node's firewall refuses what one of its processes sends; media it lets through."""
    run("nft", "-f", "-", stdin=f"""
        table ip losses {{
          chain output {{ type filter hook output priority 0; ip daddr {PEERS} udp dport {PORT} counter drop; }}
        }}""")
    sender = spawn([sys.executable, "-c", SENDER, PEERS, str(PORT)], cgroup=stage.cgroup)
    try:
        yield time.time()
    finally:
        stop(sender)
        run("nft", "delete", "table", "ip", "losses")


class SocketLosses(Case):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(ports=f"{PORT}-30000"))
        cls.states = cls.stage.ctl_watch()
        cls.load = cls.stage.load(seconds=150)
        cls.load.await_count("active", 40)

    def assert_reason_is_told(self, verdict, loss, name, direction):
        self.assertEqual(loss.cause, name)
        self.assertIn("The kernel's reason for most of them: ", verdict.detail)
        reason = next(r for r in self.stage.candor.info().sockets.drops.reasons
                    if (r.name, r.direction) == (name, direction))
        self.assertGreater(reason.datagrams, 500)
        self.assertLess(time.time() - reason.last.ToNanoseconds() / 1e9, 5)
        why = self.stage.candor.ask("why")
        self.assertIn(f"\n    {name}, {direction}: ", why)
        self.assertIn(f"\n  Remediation for {name}, {direction}: ", why)

    def assert_loss_is_seen(self, fault, reason, name, direction):
        self.assertEqual(self.stage.candor.state(), "HEALTHY")
        with fault(self.stage):
            verdict, seconds = self.await_verdict(self.stage, lambda v: v.reason == reason, SEEN_WITHIN)
            self.say(f"{reason} after {seconds:.1f} s: {verdict.detail}")
            self.assertEqual(self.stage.candor.state(), "DEGRADED")
            self.assertEqual(verdict.detector, reason)
            self.assertTrue(verdict.serving)
            loss = next(s for s in verdict.sockets if s.name == reason)
            self.assertGreater(loss.lost, 500)
            self.assert_reason_is_told(verdict, loss, name, direction)
            self.assertIn("\nSockets\n", self.stage.candor.ask("why"))
            self.assertIn(f"\n  {reason}: ", self.stage.candor.ask("why"))
            time.sleep(3)
            self.assertEqual(self.stage.candor.verdict().reason, reason)
        _, seconds = self.await_verdict(self.stage, lambda v: v.reason == "ok", CLEARED_WITHIN)
        self.say(f"cleared {seconds:.1f} s after its end")

    def test_1_a_healthy_node_loses_nothing_and_says_so(self):
        sockets = self.stage.candor.info().sockets
        self.assertEqual(sockets.unavailable, "")
        self.assertEqual(sockets.namespaces, 1)
        self.assertGreater(sockets.received, 100)
        self.assertGreater(sockets.sent, 100)
        self.assertEqual(sockets.unsent_refused, 0)
        findings = [json.loads(line) for line in self.stage.candor.ask("doctor", "-o", "json").splitlines()]
        found = next(f for f in findings if f["check"] == "sockets")
        self.assertEqual(found["grade"], "OK")
        self.say(found["text"])
        self.assertEqual(sockets.drops.unavailable, "")
        found = next(f for f in findings if f["check"] == "drop_reasons")
        self.assertEqual(found["grade"], "OK")
        self.say(found["text"])

    def test_2_a_receive_buffer_that_overflows_degrades(self):
        self.assert_loss_is_seen(receive_buffer_overflowing, "receive_drops", "receive_buffer", "in")
        self.assertGreater(self.stage.candor.info().sockets.dropped_full, 500)

    def test_3_sends_that_are_refused_degrade(self):
        self.assert_loss_is_seen(sends_refused, "failed_sends", "netfilter", "out")
        self.assertGreater(self.stage.candor.info().sockets.unsent_refused, 500)

    def test_4_clients_got_through_all_the_time(self):
        seen = {verdict["state"] for _, verdict in self.states.all()}
        self.assertLessEqual(seen, {"UNKNOWN", "HEALTHY", "DEGRADED"})
        self.assertEqual(self.load.sorrows(), [])
        self.say(f"clients: {self.load.summary()}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
