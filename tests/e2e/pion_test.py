# SPDX-License-Identifier: Apache-2.0
import time
import unittest

from stand.case import Case
from stand.faults import socket_writes_blocked
from stand.network import PEERS, PEERS_6
from stand.pion import Pion, Pion4
from stand.stage import Stage


class APionNode:
    """ICE-lite, and one dual-stack socket for all calls."""

    server = None

    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(server=cls.server))

    def test_has_every_attempt_seen_over_ipv4_and_ipv6(self):
        load = self.stage.load(rate=4, seconds=10, addresses=(PEERS, PEERS_6))
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.stage.candor, load, 40)
        peers = [attempt.peer for attempt in self.stage.candor.attempts(since=load.began)]
        self.assertEqual(sum(peer.startswith("[fd99:1::1]:") for peer in peers), 20, peers)

    def test_is_taken_out_when_its_socket_takes_no_more_writes_and_let_back_in(self):
        self.assert_fault_is_seen_on(self.stage, socket_writes_blocked, addresses=(PEERS, PEERS_6))


class APion3Node(APionNode, Case):
    server = Pion


class APion4Node(APionNode, Case):
    server = Pion4


if __name__ == "__main__":
    unittest.main(verbosity=2)
