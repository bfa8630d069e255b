# SPDX-License-Identifier: Apache-2.0
import time
import unittest

from stand.case import Case
from stand.faults import pollers_frozen
from stand.rtpengine import Rtpengine
from stand.stage import Stage


class AnRtpengine(Case):
    """No ICE: each leg of a call is an attempt, known by the node's port."""

    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(server=Rtpengine))

    def assert_all_legs_are_well(self, **options):
        watch = self.stage.watch()
        load = self.stage.load(rate=2.5, seconds=6, **options)
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.stage.candor, load, 30)
        self.assert_served_throughout(watch, since=load.began)

    def test_1_has_every_leg_of_plain_rtp_seen(self):
        self.assert_all_legs_are_well()

    def test_2_has_every_leg_of_srtp_by_sdes_seen(self):
        self.assert_all_legs_are_well(secure=1)

    def test_3_is_not_blamed_for_hold_and_for_calls_of_one_way(self):
        self.assert_all_legs_are_well(manners="hold,one_way", hold=6)

    def test_4_is_taken_out_when_its_pollers_freeze(self):
        """Calls that already ring begin to send media; the proxy accepts no new ones, as it answers none."""
        self.assert_fault_is_seen_on(self.stage, pollers_frozen, rate=2, ring=4, and_its_end=False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
