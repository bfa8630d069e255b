# SPDX-License-Identifier: Apache-2.0
"""RTCP is not media: connections that come up and carry no RTP from the node."""

import time
import unittest

from stand.case import PROBATION_WITHIN, Case
from stand.faults import rtp_lost_on_its_way_out
from stand.stage import Stage

LEARNED = 130  # attempts at three a second until the baseline is learned
SEEN_WITHIN = 10.0  # seconds from the first harmed attempt


class ANodeWhoseRtpIsLost(Case):
    def test_is_not_healthy_although_every_connection_comes_up(self):
        with Stage() as stage:
            load = stage.load(seconds=150)
            load.await_count("active", LEARNED, timeout=70)
            self.assertEqual(stage.candor.state(), "HEALTHY")
            with rtp_lost_on_its_way_out(stage) as began:
                self.assert_seen(stage, load, began)
                self.assertTrue(stage.server.says_ok(), "the fault must not show in the self-report")
            self.assert_cleared(stage)
            self.say(f"clients: {load.summary()}")

    def assert_seen(self, stage, load, began):
        verdict, _ = self.await_verdict(stage, lambda v: v.reason == "media_missing", SEEN_WITHIN + 5)
        seen = time.time()
        harmed = load.first_harmed(began)
        self.assertIsNotNone(harmed, "the fault must harm clients")
        state = stage.candor.state()
        self.say(f"first harmed attempt to {state}: {seen - harmed['t']:.2f} s")
        self.say(f"{verdict.detector}: {verdict.detail}")
        self.assertLessEqual(seen - harmed["t"], SEEN_WITHIN)
        self.assertIn(state, ("DEGRADED", "FAILING"))
        self.assertIn("no RTP", verdict.detail)
        self.assertIn(f"\n  {verdict.detector} ", stage.candor.ask("why"))

    def assert_cleared(self, stage):
        verdict, seconds = self.await_verdict(stage, lambda v: v.reason == "ok", PROBATION_WITHIN)
        self.assertEqual(stage.candor.state(), "HEALTHY", verdict.detail)
        self.say(f"clear {seconds:.1f} s after the healing")


if __name__ == "__main__":
    unittest.main(verbosity=2)
