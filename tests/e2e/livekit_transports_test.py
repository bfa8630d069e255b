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

    def test_has_every_connection_through_its_turn_server_counted_once(self):
        with Stage(server=functools.partial(LiveKit, more=TURN), ports=TURN_PORTS) as stage:
            watch = stage.watch()
            load, attempts = self.run_clients(stage, "relay")
            seen = [a for a in attempts if stage.candor.outcome(a) != "REPLACED"]
            outcomes = collections.Counter(map(stage.candor.outcome, seen))
            up = {e["key"] for e in load.events("connected")}
            self.say(f"{len(load.events('active'))} joins, {len(up)} connections up; Candor: {len(attempts)} attempts, of "
                     f"which {len(seen)} are connections, {dict(outcomes)}")
            keys = collections.Counter(a.key for a in seen)
            self.assertEqual([key for key, times in keys.items() if times > 1], [])
            unknown = [f"{a.key} {a.local} {a.peer} after {a.first.ToNanoseconds() / 1e9 - load.began:.3f} s, {a.flows} flows, "
                       f"{stage.candor.phase(a)}, {stage.candor.outcome(a)}" for a in seen if a.key not in load.keys()]
            self.assertEqual(unknown, [])
            self.assertLessEqual(len(up - set(keys)), MISSING * len(up), up - set(keys))
            self.assertEqual(set(outcomes), {"BECAME_ACTIVE"})
            self.assertEqual(stage.candor.state(), "HEALTHY")
            self.assert_served_throughout(watch)

    def test_whose_clients_have_ice_over_tcp_alone_is_not_called_healthy_and_keeps_serving(self):
        """Only the host of the room has UDP."""
        with Stage(server=LiveKit) as stage:
            watch = stage.watch()
            load, attempts = self.run_clients(stage, "tcp")
            hosts = {e["key"] for e in load.events("offer") if e["manner"] == "host"}
            up = {e["key"] for e in load.events("connected")} - hosts
            verdict = stage.candor.verdict()
            self.say(f"{len(load.events('active'))} joins, {len(up)} connections over TCP up; Candor: {len(attempts)} attempts; "
                     f"{stage.candor.state()}, {verdict.reason}: {verdict.detail}")
            self.assertGreater(len(up), 30)
            self.assertEqual({a.key for a in attempts}, hosts)
            self.assertEqual(stage.candor.state(), "UNKNOWN")
            self.assert_served_throughout(watch)


if __name__ == "__main__":
    unittest.main(verbosity=2)
