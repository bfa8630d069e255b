# SPDX-License-Identifier: Apache-2.0
import unittest

from stand.case import Case
from stand.faults import dtls_lost_beyond_the_node, dtls_refused_by_the_nodes_firewall


class ANodeWhoseDtlsIsLost(Case):
    def test_is_taken_out_while_it_calls_itself_well_and_let_back_in(self):
        """The node begins the handshake, and at its sockets a lost flight looks like a silent client."""
        self.assert_fault_is_seen(dtls_lost_beyond_the_node)

    def test_is_taken_out_when_the_clients_begin_the_handshake(self):
        """A client that asks again after the node's flight betrays the path."""
        self.assert_fault_is_seen(dtls_lost_beyond_the_node, manners="begins_dtls", and_its_end=False)

    def test_is_taken_out_when_its_own_firewall_is_why(self):
        self.assert_fault_is_seen(dtls_refused_by_the_nodes_firewall, and_its_end=False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
