# SPDX-License-Identifier: Apache-2.0
"""candord as a service of a real systemd, by the unit that is packaged: what restarts, upgrades and stops
leave behind."""

import pathlib
import signal
import time
import unittest

from service_manager import ManagedCandor, ServiceManager
from stand.case import Case
from stand.kernel import candors
from stand.stage import Stage
from table import until

UNIT = "candord.service"


class AService(Case):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(with_candor=False))
        cls.manager = ServiceManager(cls.stage.folder)
        cls.stage.callback(cls.manager.close)
        # The slash at the end is how some write it.
        cls.candor = cls.stage.start_candor("bpf", kind=ManagedCandor, manager=cls.manager,
                                            more={"pin": "/sys/fs/bpf/candor-service/"})

    def notes(self):
        return " | ".join(self.candor.notes())

    def pins(self):
        own = pathlib.Path(self.candor.settings["cgroup"]).name + "-*"
        return list(pathlib.Path(self.candor.settings["pin"]).glob(own))

    def await_sight(self, began):
        back = self.candor.await_sight()
        self.assertIsNotNone(back, "candord does not see again")
        self.say(f"seeing again after {back - began:.2f} s; {self.notes()}")

    def restart(self):
        began = time.time()
        self.manager.systemctl("restart", UNIT)
        self.await_sight(began)

    def assert_a_restart_loses_nothing(self, expected):
        load = self.stage.load(seconds=6)
        load.await_count("active", 6)
        self.restart()
        self.assertIn(expected, self.notes())
        self.assertEqual(self.manager.property("NFileDescriptorStore"), "0", "what is pinned again is let go of")
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.candor, load, 18)

    def test_1_restarted_loses_no_attempt(self):
        self.assert_a_restart_loses_nothing("took over the probes and the flows of the previous candord")

    def test_2_restarted_as_another_build_loses_no_attempt(self):
        self.candor.change(ports="20000-30001")  # which makes other programs
        self.assert_a_restart_loses_nothing("replaced the programs and kept the flows of the previous candord")

    def test_3_that_stands_still_is_ended_by_systemd_and_forgets_nothing(self):
        load = self.stage.load(seconds=8)
        load.await_count("active", 6)
        before, stopped = self.candor.guard.starts, time.time()
        self.candor.signal(signal.SIGSTOP)
        self.assertIsNotNone(until(lambda: self.candor.guard.starts > before, 10))
        self.await_sight(stopped)
        self.assertIn("took over the probes", self.notes())
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.candor, load, 24)

    def test_4_stopped_leaves_nothing_in_the_kernel(self):
        self.assertGreaterEqual(candors()["links"], 2)
        self.assertNotEqual(self.pins(), [])
        self.manager.systemctl("stop", UNIT)
        self.assertIsNotNone(until(lambda: candors() == {"programs": 0, "links": 0}, 5), "systemd lets go of the probes")
        self.assertEqual(self.pins(), [])
        self.assertEqual(self.manager.property("NFileDescriptorStore"), "0")
        self.manager.systemctl("start", UNIT)
        self.await_sight(time.time())
        self.assertNotIn("took over", self.notes())
        load = self.stage.load(seconds=3)
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.candor, load, 9)


if __name__ == "__main__":
    unittest.main(verbosity=2)
