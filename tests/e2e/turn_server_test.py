# SPDX-License-Identifier: Apache-2.0
import time
import unittest

from stand.case import Case
from stand.pion import Pion
from stand.stage import Stage

PORTS = "3478-59999"  # of coturn, its relayed addresses, and Pion


class ATurnServer(Case):
    def assert_all_are_seen(self, known_by, watched):
        with Stage(server=Pion, watched=watched, ports=PORTS) as stage:
            relay = stage.relay(on_the_node=True)
            watch = stage.watch()
            load = stage.load(rate=4, seconds=5, relay=relay.uri)
            load.await_end()
            time.sleep(1)
            self.assert_every_attempt_was_seen_active(stage.candor, load, 20, known_by, ignored="REPLACED")
            self.assertEqual(stage.candor.verdict().funnel.active, 20)
            self.assert_served_throughout(watch)

    def test_has_every_allocation_seen(self):
        """The media server that it relays to is none of Candor's business."""
        self.assert_all_are_seen("relayed", watched=False)

    def test_beside_its_media_server_has_every_attempt_counted_once(self):
        """Of the allocation and the media connection in it, only the latter counts."""
        self.assert_all_are_seen("key", watched=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
