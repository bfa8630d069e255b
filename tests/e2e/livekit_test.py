# SPDX-License-Identifier: Apache-2.0
"""A real LiveKit, whose clients are LiveKit's own: with one UDP port for all, and with a range of ports."""

import collections
import functools
import time
import unittest

from stand.case import Case
from stand.livekit import RANGE, LiveKit
from stand.stage import Stage

SECONDS = 100  # of joins, three a second; the history that Candor is asked for ends at 1000 attempts
MISSING = 0.03  # of the clients' connections, at most
# Of ten joins.
MANNERS = "good,subscribes,good,data,resumes,good,simulcast,publishes,reconnects,single"


class ALiveKitNode(Case):
    def test_has_every_connection_seen_and_keeps_serving_on_one_port(self):
        self.assert_seen_and_served(LiveKit, SECONDS)

    def test_has_every_connection_seen_and_keeps_serving_on_a_range_of_ports(self):
        self.assert_seen_and_served(functools.partial(LiveKit, ports=RANGE), 30)

    def assert_seen_and_served(self, server, seconds):
        with Stage(server=server) as stage:
            watch = stage.watch()
            load = stage.load(seconds=seconds, manners=MANNERS)
            load.await_count("active", 40)
            self.assertEqual(stage.candor.state(), "HEALTHY")
            load.await_end(seconds + 60)
            time.sleep(1)
            self.assert_keys_agree(stage.candor, load)
            self.assert_served_throughout(watch)

    def assert_keys_agree(self, candor, load):
        """Candor's attempts are the clients' connections, by the node's ufrag."""
        seen = {attempt.key: attempt for attempt in candor.attempts(since=load.began)}
        made = {e["key"]: e for e in load.events("offer")}
        up = {e["key"] for e in load.events("connected")}
        outcomes = collections.Counter(candor.outcome(attempt) for attempt in seen.values())
        self.say(f"{len(load.events('active'))} joins, {len(made)} connections, {len(up)} up; Candor: {len(seen)} attempts, "
                 f"{dict(outcomes)}")
        self.assertEqual(load.sorrows(), [])
        missing = [made[key] for key in up if key not in seen]
        self.assertLessEqual(len(missing), MISSING * len(up), missing)
        self.assertEqual([f"{a.key} {a.local} {a.peer}" for a in seen.values() if a.key not in made], [])
        self.assertEqual(set(outcomes), {"BECAME_ACTIVE"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
