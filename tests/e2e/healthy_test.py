# SPDX-License-Identifier: Apache-2.0
import time
import unittest

from stand.case import Case
from stand.stage import Stage


class AHealthyNode(Case):
    def test_has_every_attempt_seen_and_keeps_serving(self):
        with Stage() as stage:
            watch = stage.watch()
            load = stage.load(seconds=20)
            load.await_count("active", 40)
            self.assertEqual(stage.candor.state(), "HEALTHY")
            load.await_end()
            time.sleep(1)
            self.assert_every_attempt_was_seen_active(stage.candor, load, 60)
            self.assert_served_throughout(watch)
            self.assertEqual(stage.candor.state(), "HEALTHY")


if __name__ == "__main__":
    unittest.main(verbosity=2)
