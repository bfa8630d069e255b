# SPDX-License-Identifier: Apache-2.0
import time
import unittest

from stand import faults
from stand.case import Case
from truth.stages import InAContainer, TwoServers


class TwoServersOfANode(Case):
    """Janus and rtpengine, in a cgroup each."""

    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(TwoServers("janus", "many"))
        cls.stage.start_clients(seconds=150)

    def states(self):
        verdict = self.stage.candor.verdict()
        states = {server.name: self.stage.candor.name_of(server.state) for server in verdict.servers}
        return states | {"": self.stage.candor.name_of(verdict.state)}, verdict.reason

    def await_all_healthy(self):
        until = time.time() + 90
        while time.time() < until:
            states, _ = self.states()
            if len(states) == 3 and set(states.values()) == {"HEALTHY"}:
                return
            time.sleep(0.2)
        self.fail(f"not all HEALTHY within 90 s: {states}")

    def test_the_frozen_one_fails_in_its_own_time_and_the_other_stays_healthy(self):
        self.await_all_healthy()
        time.sleep(15)  # it knows the usual rates of a few seconds only, and other tests take the CPUs
        with faults.event_loops_frozen(self.stage) as began:
            found = None
            while time.time() < began + 15 and found is None:
                states, reason = self.states()
                self.assertEqual(states["rtpengine.service"], "HEALTHY", states)
                self.assertNotIn(reason, ("unacknowledged_flood", "unanswered_while_idle"))
                if states["janus.service"] == "FAILING":
                    found = time.time() - began
                time.sleep(0.1)
            self.assertIsNotNone(found, f"janus.service is not FAILING within 15 s: {states}")
            print(f"    janus.service FAILING {found:.1f} s after it froze; node {states['']}, {reason}", flush=True)
            self.assertEqual(states[""], "FAILING")
            self.assertEqual(self.stage.candor.ctl("probe", "--server", "janus.service").wait(10), 4)
            self.assertEqual(self.stage.candor.ctl("probe", "--server", "rtpengine.service").wait(10), 0)


class AServerInAContainer(Case):
    def test_is_the_same_server_after_it_was_deployed_again(self):
        with InAContainer("janus", "many") as stage:
            stage.start_clients(seconds=100)
            self.assertTrue(stage.await_healthy(40, 60), stage.candor.verdict().detail)
            first = self.name(stage)
            self.assertEqual(first[:19], f"docker-{stage.cgroup.path.name[7:19]}")
            stage.deploy_again()
            until, states = time.time() + 25, set()
            while time.time() < until:
                states.add(stage.candor.state())
                time.sleep(0.1)
            self.assertNotIn("FAILING", states)
            self.assertEqual(stage.candor.state(), "HEALTHY", stage.candor.verdict().detail)
            self.assertEqual(self.name(stage)[:19], f"docker-{stage.cgroup.path.name[7:19]}")
            self.assertNotEqual(self.name(stage), first)

    def name(self, stage):
        """Of the only server."""
        names = [server.name for server in stage.candor.verdict().servers]
        self.assertEqual(len(names), 1, names)
        return names[0]


if __name__ == "__main__":
    unittest.main(verbosity=2)
