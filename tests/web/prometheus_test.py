# SPDX-License-Identifier: Apache-2.0
"""Prometheus finds the gray failure with the shipped rules, and Alertmanager notifies a webhook."""

import contextlib
import pathlib
import tempfile
import time
import unittest

from alerting import Alerting
from scripted_node import ScriptedNode, wait_for


class Prometheus(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.node = self.enterContext(ScriptedNode())
        self.node.tell("state HEALTHY ok")
        alerting = Alerting(self.enterContext(contextlib.ExitStack()), folder, self.node.http)
        self.hook, self.query = alerting.hook, alerting.query
        self.assertTrue(wait_for(lambda: self.query('candor_verdict{state="HEALTHY"}') == 1))

    def test_pages_about_a_gray_failure_and_resolves_the_alert(self):
        began = time.time()
        self.node.tell("state FAILING waiting_on_node 12 15 0.9")
        alert = wait_for(lambda: self.hook.first("CandorGrayFailure", "firing"), 30)
        self.assertTrue(alert, "no page")
        print(f"    FAILING published to the page at the webhook: {alert[0] - began:.2f} s")
        self.assertEqual(alert[3]["labels"]["severity"], "page")
        self.assertIn("reports OK, but its media connections fail", alert[3]["annotations"]["summary"])
        self.assertIn("Cause: frozen (measured).", alert[3]["annotations"]["description"])
        self.node.tell("state HEALTHY ok")
        self.assertTrue(wait_for(lambda: self.hook.first("CandorGrayFailure", "resolved"), 60), "never resolved")
        self.assertIsNone(self.hook.first("CandorNodeFailing", "firing"), "the self-report stayed OK")

    def test_can_compute_what_the_dashboard_asks(self):
        for _ in range(5):
            self.node.tell("traffic 10")
            time.sleep(0.3)
        quantile = "histogram_quantile(0.5, sum by (le) (rate(candor_attempt_setup_seconds_bucket[10s])))"
        self.assertTrue(wait_for(lambda: 0.2 < (self.query(quantile) or 0) < 0.35), self.query(quantile))
        waiting_on = 'sum(candor_attempts_total{outcome="stalled",waiting_on="node"})'
        self.assertEqual(wait_for(lambda: self.query(waiting_on) == 50 and 50), 50)


if __name__ == "__main__":
    unittest.main(verbosity=2)
