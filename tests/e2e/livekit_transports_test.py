# SPDX-License-Identifier: Apache-2.0
"""LiveKit whose clients do not reach its UDP port directly: through its own TURN server, or by ICE over TCP alone."""

import collections
import functools
import time
import unittest

from stand.case import Case
from stand.livekit import TURN, TURN_PORTS, LiveKit
from stand.stage import Stage

SECONDS = 15  # of joins, three a second
HOSTS = 2  # connections of the room's host, who has allocations in reserve
CONCLUDED = 12  # seconds after which no attempt is pending
MISSING = 0.05  # of the clients' connections, at most


class ALiveKitNode(Case):
    def run_clients(self, stage, manners):
        """The load, ended, and Candor's attempts by their key."""
        load = stage.load(seconds=SECONDS, manners=manners)
        load.await_end(SECONDS + 60)
        time.sleep(CONCLUDED)
        self.assertEqual(load.sorrows(), [])
        return load, stage.candor.attempts(since=load.began)

    def assert_counted_once(self, manners, idle):
        """`idle`: allocations in which nobody makes a connection, at most."""
        with Stage(server=functools.partial(LiveKit, more=TURN), ports=TURN_PORTS) as stage:
            watch = stage.watch()
            load, attempts = self.run_clients(stage, manners)
            attempts = [a for a in attempts if stage.candor.outcome(a) != "REPLACED"]
            seen = [a for a in attempts if a.key in load.keys()]
            outcomes = collections.Counter(map(stage.candor.outcome, seen))
            others = [f"{a.key} {a.local} {a.peer} {stage.candor.phase(a)} {stage.candor.outcome(a)}" for a in attempts
                      if a.key not in load.keys()]
            up = {e["key"] for e in load.events("connected")}
            keys = collections.Counter(a.key for a in seen)
            verdict = stage.candor.verdict()
            self.say(f"{len(load.events('active'))} joins, {len(up)} connections up; Candor: {len(seen)} connections, "
                     f"{dict(outcomes)}; {len(others)} allocations without any; {verdict.failed} counted as failed")
            self.assertEqual([key for key, times in keys.items() if times > 1], [])
            self.assertLessEqual(len(up - set(keys)), MISSING * len(up), up - set(keys))
            self.assertEqual(set(outcomes), {"BECAME_ACTIVE"})
            self.assertEqual([of for of in others if ":3478 " not in of], [])
            self.assertLessEqual(len(others), idle, others)
            self.assertEqual(stage.candor.state(), "HEALTHY", f"{verdict.reason}: {verdict.detail}")
            self.assert_served_throughout(watch)

    def test_has_every_connection_through_its_turn_server_counted_once(self):
        self.assert_counted_once("relay", idle=HOSTS)

    def test_does_not_count_what_its_turn_server_allocates_and_nobody_uses(self):
        """The clients have allocations in reserve, and reach its UDP port directly."""
        self.assert_counted_once("good", idle=2 * SECONDS * 3 + HOSTS)

    def test_whose_clients_have_ice_over_tcp_alone_is_not_called_healthy_and_keeps_serving(self):
        """Only the host of the room has UDP."""
        with Stage(server=LiveKit) as stage:
            watch = stage.watch()
            load, attempts = self.run_clients(stage, "tcp")
            hosts = {e["key"] for e in load.events("offer") if e["manner"] == "host"}
            up = {e["key"] for e in load.events("connected")} - hosts
            verdict = stage.candor.verdict()
            self.say(f"{len(load.events('active'))} joins, {len(up)} connections over TCP up; Candor: {len(attempts)} "
                     f"attempts; {stage.candor.state()}, {verdict.reason}: {verdict.detail}")
            self.assertGreater(len(up), 30)
            self.assertEqual({a.key for a in attempts}, hosts)
            self.assertEqual(stage.candor.state(), "UNKNOWN")
            self.assert_served_throughout(watch)


if __name__ == "__main__":
    unittest.main(verbosity=2)
