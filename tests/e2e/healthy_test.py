# SPDX-License-Identifier: Apache-2.0
import collections
import time
import unittest

from stand.case import Case
from stand.stage import Stage


class AHealthyNode(Case):
    def test_has_every_attempt_seen_and_keeps_serving(self):
        with Stage() as stage:
            watch = stage.watch()
            load = stage.load(seconds=20)
            load.await_count("active", 40)
            self.assertEqual(stage.candor.state(), "HEALTHY")
            load.await_end()
            time.sleep(1)
            self.assert_every_attempt_was_seen_active(stage, load)
            self.assert_served_throughout(watch)
            self.assertEqual(stage.candor.state(), "HEALTHY")

    def assert_every_attempt_was_seen_active(self, stage, load):
        attempts = stage.candor.attempts()
        phases = collections.Counter(stage.candor.phase(attempt) for attempt in attempts)
        self.say(f"clients: {load.summary()}; Candor: {len(attempts)} attempts, {dict(phases)}")
        self.assertEqual(len(load.events("active")), 60)
        self.assertEqual({attempt.key for attempt in attempts}, load.ufrags())
        self.assertEqual(len(attempts), 60, "one attempt per ufrag")
        self.assertEqual([a.key for a in attempts if not a.HasField("active")], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
