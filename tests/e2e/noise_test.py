# SPDX-License-Identifier: Apache-2.0
import collections
import unittest

from stand.case import WARM_UP, Case
from stand.stage import Stage

GOOD_ONES = 30
BAD_MANNERS = "leaves_after_ice,never_starts_dtls,refuses_certificate,never_sends"


class AHealthyNodeAmidNoise(Case):
    def test_keeps_serving(self):
        """Every third client misbehaves, in four manners, while a scanner sends 1,500 packets."""
        with Stage() as stage:
            watch = stage.watch()
            good = stage.load(rate=2, seconds=GOOD_ONES / 2)
            good.await_count("active", WARM_UP - 5)
            bad = stage.load(rate=1, seconds=12, manners=BAD_MANNERS, patience=6, scan=1500)
            good.await_end()
            bad.await_end()
            self.assert_served_throughout(watch)
            self.report(stage, good, bad)
            self.assertEqual(len(good.events("active")), GOOD_ONES)
            self.assertEqual(len(bad.events("offer")), 12)

    def report(self, stage, good, bad):
        outcomes = collections.Counter(
            stage.candor.outcome(a) for a in stage.candor.attempts() if a.key in bad.keys())
        self.say(f"good clients: {good.summary()}; Candor of the bad ones: {dict(outcomes)}")
        self.say(f"state {stage.candor.state()}: {stage.candor.verdict().detail}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
