# SPDX-License-Identifier: Apache-2.0
import collections
import time
import unittest

from stand.case import WARM_UP, Case
from stand.stage import Stage

SETTLED = 5.0  # seconds by which a good client is active, on a busy machine as well
BAD_MANNERS = "leaves_after_ice,never_starts_dtls,refuses_certificate,never_sends"


class AHealthyNodeAmidNoise(Case):
    def test_keeps_serving(self):
        """Every third client misbehaves, in four manners, while a scanner sends 1,500 packets."""
        with Stage() as stage:
            watch = stage.watch()
            good = stage.load(rate=2, seconds=120)  # until the bad ones are done, however long they take
            good.await_count("active", WARM_UP - 5)
            bad = stage.load(rate=1, seconds=12, manners=BAD_MANNERS, timeout=6, scan=1500)
            bad.await_end()
            self.assert_served_throughout(watch)
            self.report(stage, good, bad)
            self.assert_the_good_ones_are_well(good)
            self.assertEqual(len(bad.events("offer")), 12)

    def assert_the_good_ones_are_well(self, good):
        active = {e["id"] for e in good.events("active")}
        begun = [e for e in good.events("offer") if e["t"] < time.time() - SETTLED]
        self.assertGreater(len(begun), 20)
        self.assertEqual([e for e in begun if e["id"] not in active], [])

    def report(self, stage, good, bad):
        outcomes = collections.Counter(
            stage.candor.outcome(a) for a in stage.candor.attempts() if a.key in bad.keys())
        self.say(f"good clients: {good.summary()}; Candor of the bad ones: {dict(outcomes)}")
        self.say(f"state {stage.candor.state()}: {stage.candor.verdict().detail}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
