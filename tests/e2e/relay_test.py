# SPDX-License-Identifier: Apache-2.0
import time
import unittest

from stand.case import Case
from stand.stage import Stage


class ANodeBehindARelay(Case):
    def test_has_every_attempt_counted_once(self):
        """Clients come through coturn only; Janus checks their candidates as they check its."""
        with Stage() as stage:
            relay = stage.relay()
            watch = stage.watch()
            load = stage.load(seconds=10, relay=relay.uri)
            load.await_end()
            time.sleep(1)
            self.assert_every_attempt_was_seen_active(stage.candor, load, 30)
            peers = {attempt.peer.rpartition(":")[0] for attempt in stage.candor.attempts()}
            self.assertEqual(peers, {relay.SEEN_AS})
            self.assert_served_throughout(watch)


if __name__ == "__main__":
    unittest.main(verbosity=2)
