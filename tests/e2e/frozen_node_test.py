# SPDX-License-Identifier: Apache-2.0
import unittest

from stand.case import PUBLIC_ADDRESSES, Case
from stand.faults import event_loops_frozen


class AFrozenNode(Case):
    def test_is_taken_out_while_it_calls_itself_well_and_let_back_in(self):
        self.assert_fault_is_seen(event_loops_frozen)

    def test_is_taken_out_when_six_untrusted_networks_suffer(self):
        self.assert_fault_is_seen(event_loops_frozen, PUBLIC_ADDRESSES, and_its_end=False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
