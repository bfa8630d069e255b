# SPDX-License-Identifier: Apache-2.0
import unittest

from stand.case import Case
from stand.faults import dtls_lost_beyond_the_node


class ANodeWhoseDtlsIsLost(Case):
    def test_is_taken_out_while_it_calls_itself_well_and_let_back_in(self):
        self.assert_fault_is_seen_and_its_end_too(dtls_lost_beyond_the_node)


if __name__ == "__main__":
    unittest.main(verbosity=2)
