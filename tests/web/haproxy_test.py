# SPDX-License-Identifier: Apache-2.0
"""HAProxy takes a node out and back, by its agent-check and by its HTTP check, under traffic."""

import contextlib
import pathlib
import tempfile
import time
import unittest

from balancer import BY_AGENT, BY_HTTP, Balancer, Traffic
from scripted_node import ScriptedNode, wait_for


class HAProxy(unittest.TestCase):
    def bring_up(self, check):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.node = self.enterContext(ScriptedNode())
        self.node.tell("state HEALTHY ok")
        context = self.enterContext(contextlib.ExitStack())
        self.haproxy = Balancer(context, folder, {"media": check}, agent=self.node.port("agent"),
                                http=self.node.port("http"))
        self.failing = self.haproxy.failing["media"]
        self.await_status("UP", "no check")
        self.traffic = Traffic(self.haproxy.front["media"])
        self.addCleanup(self.traffic.close)
        self.assertGreater(self.traffic.failing_share(1), 0.4)

    def status(self):
        return self.haproxy.stat("media", "status")

    def await_status(self, *wanted):
        self.assertTrue(wait_for(lambda: self.status() in wanted, 5), (wanted, self.status()))

    def assert_taken_out_and_back(self, out="DOWN"):
        since = time.time()
        self.node.tell("state FAILING waiting_on_node 12 15 0.9")
        self.await_status(out, "DOWN (agent)")
        time.sleep(1)
        print(f"    FAILING published to the last request at that node: {self.failing.last - since:+.3f} s")
        self.assertLess(self.failing.last - since, 1.0)
        self.assertEqual(self.traffic.failing_share(1), 0)
        self.node.tell("state HEALTHY ok")
        self.await_status("UP", "no check")
        self.assertGreater(self.traffic.failing_share(1), 0.4)
        self.assertEqual(self.traffic.errors, [], "no request failed")

    def test_takes_a_node_out_and_back_by_its_agent_and_logs_why(self):
        self.bring_up(BY_AGENT)
        self.assert_taken_out_and_back()
        self.node.tell("state FAILING waiting_on_node 12 15 0.9")
        self.await_status("DOWN (agent)")
        self.assertIn("waiting_on_node 12/15", self.haproxy.log.read_text(encoding="utf-8"))

    def test_takes_a_node_out_and_back_by_its_http_check(self):
        self.bring_up(BY_HTTP)
        self.assert_taken_out_and_back()

    def test_gives_a_degraded_node_its_share_and_a_drained_one_none_until_it_is_ready_again(self):
        self.bring_up(BY_AGENT)
        self.node.tell("state DEGRADED slow_setup 5 10 0.5")
        share = wait_for(lambda: 0.25 < (s := self.traffic.failing_share(1)) < 0.42 and s)
        self.assertTrue(share, "half the weight of the other one is a third of the requests")
        self.node.tell("state PROBATION let_back_in")
        self.assertTrue(wait_for(lambda: self.traffic.failing_share(1) < 0.12), "5 % is one in 21")
        self.node.tell("state DRAINING drained")
        self.await_status("DRAIN", "DRAIN (agent)")
        self.assertEqual(self.traffic.failing_share(1), 0)
        self.node.tell("state HEALTHY ok")
        self.assertTrue(wait_for(lambda: self.traffic.failing_share(1) > 0.4), "up alone would not end a drain")
        self.assertEqual(self.traffic.errors, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
