# SPDX-License-Identifier: Apache-2.0
"""A proxy whose RTP goes out and arrives nowhere: only the phones' RTCP says so."""

import time
import unittest

from stand.case import PUBLIC_ADDRESSES, Case
from stand.faults import rtp_lost_beyond_the_node
from stand.rtpengine import Rtpengine
from stand.stage import Stage

CALLS = 12  # of two legs each
LEARNED = 140.0  # seconds of reports until it is known how many are usually unheard
SEEN_WITHIN = 30.0  # seconds from the fault: two reports, ten seconds of sending, and a look-up
CLEAR_WITHIN = 90.0


class ANodeWhoseRtpDoesNotArrive(Case):
    def test_is_not_healthy_although_every_call_runs(self):
        with Stage(PUBLIC_ADDRESSES, server=Rtpengine) as stage:
            load = stage.load(rate=1, seconds=CALLS, hold=400)
            load.await_count("active", 2 * CALLS, timeout=40)
            time.sleep(LEARNED)
            self.assertNotIn(stage.candor.state(), ("DEGRADED", "FAILING"))
            with rtp_lost_beyond_the_node(stage) as began:
                self.assert_seen(stage, began)
                self.assertTrue(stage.server.says_ok(), "the fault must not show in the self-report")
            verdict, seconds = self.await_verdict(stage, lambda v: v.reason != "media_not_received", CLEAR_WITHIN)
            self.say(f"{verdict.reason} {seconds:.1f} s after the healing")

    def assert_seen(self, stage, began):
        verdict, _ = self.await_verdict(stage, lambda v: v.reason == "media_not_received", SEEN_WITHIN)
        self.say(f"{stage.candor.state()} {time.time() - began:.1f} s after the fault: {verdict.detail}")
        self.assertIn(stage.candor.state(), ("DEGRADED", "FAILING"))
        self.assertIn("whose RTCP tells", verdict.detail)
        self.assertNotIn("no flows", stage.candor.ask("flows", "--one-way"))
        self.assertEqual(verdict.cause.code, "lost_beyond_node")


if __name__ == "__main__":
    unittest.main(verbosity=2)
