# SPDX-License-Identifier: Apache-2.0
"""LiveKit's own counters: no media of the clients arrives any more, as behind a security group, and signalling goes on."""

import functools
import time
import unittest

from stand.case import PROBATION_WITHIN, Case
from stand.faults import media_lost_before_the_node
from stand.livekit import PORT, LiveKit
from stand.stage import Stage

METRICS = PORT + 9
LEARNED = 200  # joins, at three a second, until it is known what is usual
DEGRADED_WITHIN, FAILING_WITHIN = 30.0, 40.0  # seconds from the fault


class ALiveKitNodeWhoseClientsMediaStaysAway(Case):
    def test_is_failing_by_its_own_counters_and_its_sockets(self):
        server = functools.partial(LiveKit, more={"prometheus": {"port": METRICS}})
        with Stage(server=server, with_candor=False) as stage:
            stage.candor = stage.start_candor("bpf", more={"self_report": {
                "http": stage.server.HEALTH, "prometheus": f"http://127.0.0.1:{METRICS}/metrics"}})
            load = stage.load(seconds=220)
            load.await_count("active", LEARNED, timeout=100)
            self.assert_counters_agree(stage, load)
            with media_lost_before_the_node(stage) as began:
                self.assert_seen(stage, began)
                self.assertTrue(stage.server.says_ok(), "the fault must not show in the self-report")
            _, seconds = self.await_verdict(stage, lambda v: v.reason == "ok", PROBATION_WITHIN)
            self.say(f"clear {seconds:.1f} s after the healing")
            load.close()

    def assert_counters_agree(self, stage, load):
        verdict = stage.candor.verdict()
        joins, active = verdict.reported_joins, len(load.events("active"))
        self.say(f"LiveKit: {joins.begun} begun, {joins.up} up; the clients: {active} active; usually "
                 f"{joins.usual_share:.2f} up, {joins.usual_attempts:.2f} attempts each")
        self.assertEqual(stage.candor.state(), "HEALTHY", verdict.detail)
        self.assertEqual(joins.unavailable, "")
        self.assertLess(abs(joins.up - active), 10)
        self.assertGreater(joins.usual_share, 0.8)
        self.assertAlmostEqual(joins.usual_attempts, 2, delta=0.3)

    def assert_seen(self, stage, began):
        def by_counters(verdict):
            return verdict.reason == "joins_without_media" and "itself counts" in verdict.detail

        verdict, _ = self.await_verdict(stage, by_counters, DEGRADED_WITHIN)
        self.say(f"{stage.candor.name_of(verdict.state)} {time.time() - began:.1f} s after the fault: {verdict.detail}")
        verdict, _ = self.await_verdict(stage, lambda v: stage.candor.name_of(v.state) == "FAILING", FAILING_WITHIN)
        self.say(f"FAILING {time.time() - began:.1f} s after the fault: {verdict.detail}")
        self.assertIn("the media of 0", verdict.detail)
        why = stage.candor.ask("why")
        part = why.partition("The media server's own counters\n")[2].partition("\n\n")[0]
        self.say(part)
        self.assertIn("0 came up", part)
        self.assertIn("at the sockets", part)


if __name__ == "__main__":
    unittest.main(verbosity=2)
