# SPDX-License-Identifier: Apache-2.0
import signal
import unittest

from stand.case import Case
from stand.stage import Stage


class WhateverHappensToCandor(Case):
    def test_media_goes_on(self):
        """First candord hangs, then it is killed, while callers come and calls are held."""
        with Stage() as stage:
            load = stage.load(seconds=12)
            load.await_count("active", 10)
            stage.candor.signal(signal.SIGSTOP)
            load.await_count("active", 20)
            stage.candor.signal(signal.SIGKILL)
            load.await_end()
            self.say(f"clients: {load.summary()}")
            self.assertEqual(len(load.events("active")), 36)
            self.assertEqual({e["reason"] for e in load.events("end")}, {"hung_up"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
