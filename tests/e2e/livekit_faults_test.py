# SPDX-License-Identifier: Apache-2.0
"""A real LiveKit that fails, wholly or in part: FAILING in time while its clients' joins fail, and HEALTHY before and after."""

import time
import unittest

from stand.case import PROBATION_WITHIN, Case
from truth import path_faults, process_faults
from truth.row import first_harmed
from truth.stages import TruthStage

WARM_UP = 30  # joins that came up before the fault
HEALTHY_WITHIN = 60.0
SHOWN, NOT_SHOWN = 5.0, 15.0  # seconds, as in the catalogue of causes
NAMED_WITHIN = 5.0  # seconds from the alarm


class ALiveKitNode(Case):
    def assert_failing(self, fault, within, codes, is_named=True, and_its_end=False):
        with TruthStage("livekit", "trusted") as stage:
            stage.start_clients(seconds=150)
            self.assertTrue(stage.await_healthy(WARM_UP, HEALTHY_WITHIN), stage.candor.verdict().detail)
            began = time.time()
            with fault(stage):
                self.assert_alarm(stage, began, within)
                self.assert_named(stage, codes, is_named)
            if and_its_end:
                self.assert_recovery_of(stage, time.time())

    def assert_alarm(self, stage, began, within):
        load, alarm, harmed = stage.usual_load, None, None
        while time.time() < (harmed or began + 15) + within + 2 and not (alarm and harmed):
            harmed = harmed or first_harmed(load, began)
            if alarm is None and stage.candor.state() == "FAILING":
                alarm = time.time()
            time.sleep(0.1)
        verdict = stage.candor.verdict()
        told = f"{verdict.reason}: {verdict.detail}"
        self.assertIsNotNone(harmed, f"the fault must harm clients: {load.summary()}; {told}")
        self.assertIsNotNone(alarm, f"never FAILING: {told}; {load.summary()}")
        self.say(f"first harmed join to FAILING: {alarm - harmed:.1f} s: {told}")
        self.assertLessEqual(alarm - harmed, within)

    def assert_named(self, stage, codes, is_named):
        """None but these causes is named within the time, and one of them is where `is_named`."""
        end, named = time.time() + NAMED_WITHIN, set()
        while time.time() < end:
            named.add(stage.candor.verdict().cause.code)
            time.sleep(0.1)
        named.discard("")
        self.say(f"named: {sorted(named)}")
        self.assertLessEqual(named, codes, "a wrong cause")
        self.assertTrue(named or not is_named, "no cause was named")

    def assert_recovery_of(self, stage, healed):
        back, _ = self.await_verdict(stage, lambda v: stage.candor.name_of(v.state) == "HEALTHY", PROBATION_WITHIN)
        joins = [e for e in stage.usual_load.events("active") if e["t"] > healed]
        self.say(f"healing to HEALTHY: {time.time() - healed:.1f} s, {len(joins)} joins; {back.detail}")
        self.assertGreater(len(joins), 5)

    def test_whose_cgroup_is_frozen(self):
        self.assert_failing(process_faults.frozen_cgroup, SHOWN, {"frozen"})

    def test_whose_firewall_drops_what_comes_in(self):
        self.assert_failing(path_faults.firewall_drops_in, SHOWN, {"dropped_netfilter_in"}, and_its_end=True)

    def test_whose_dtls_is_lost_beyond_it(self):
        self.assert_failing(path_faults.dtls_lost_beyond, NOT_SHOWN, {"dtls_not_answered", "mtu", "path_loss"}, is_named=False)

    def test_of_which_six_in_ten_new_connections_lose_dtls_and_media(self):
        self.assert_failing(path_faults.media_of_most_dropped, NOT_SHOWN, {"dropped_netfilter_in"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
