# SPDX-License-Identifier: Apache-2.0
"""Prometheus scrapes, finds the gray failure by the rules that are shipped, and Alertmanager tells a webhook."""

import http.server
import json
import pathlib
import tempfile
import threading
import time
import unittest
import urllib.parse
import urllib.request

from node_stand import PACKAGING, NodeStand, free_port, running, wait_for

PROMETHEUS = """
global: {{scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms}}
rule_files: ["{rules}"]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{manager}"]}}]
scrape_configs:
  - job_name: candor
    static_configs: [{{targets: ["{node}"]}}]
"""
ALERTMANAGER = """
route: {{receiver: hook, group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: hook
    webhook_configs: [{{url: "http://127.0.0.1:{hook}/", send_resolved: true}}]
"""


class Hook:
    """A webhook that keeps what it is told."""

    def __init__(self):
        hook = self
        self.told = []  # (monotonic time, alert name, status)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                now = time.monotonic()
                hook.told += [(now, a["labels"]["alertname"], a["status"], a) for a in body["alerts"]]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def first(self, name, status):
        return next((t for t in self.told if t[1:3] == (name, status)), None)

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Prometheus(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.node = self.enterContext(NodeStand())
        self.node.tell("state HEALTHY ok")
        self.hook = Hook()
        self.addCleanup(self.hook.close)
        self.start_alertmanager(folder)
        self.start_prometheus(folder)

    def start_alertmanager(self, folder):
        self.manager = free_port()
        config = folder / "alertmanager.yaml"
        config.write_text(ALERTMANAGER.format(hook=self.hook.port), encoding="ascii")
        argv = ["prometheus-alertmanager", f"--config.file={config}", f"--storage.path={folder}/am",
                f"--web.listen-address=127.0.0.1:{self.manager}", "--cluster.listen-address="]
        self.enterContext(running(argv, folder / "alertmanager.log"))

    def start_prometheus(self, folder):
        self.port = free_port()
        config = folder / "prometheus.yaml"
        config.write_text(PROMETHEUS.format(rules=PACKAGING / "prometheus/candor.rules.yaml",
                                            manager=self.manager, node=self.node.http), encoding="ascii")
        argv = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/tsdb",
                f"--web.listen-address=127.0.0.1:{self.port}"]
        self.enterContext(running(argv, folder / "prometheus.log"))
        self.assertTrue(wait_for(lambda: self.query('candor_verdict{state="HEALTHY"}') == 1, 30),
                        (folder / "prometheus.log").read_text(encoding="utf-8")[-2000:])

    def query(self, expression):
        url = f"http://127.0.0.1:{self.port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                result = json.load(answer)["data"]["result"]
            return float(result[0]["value"][1]) if result else None
        except OSError:
            return None  # not up yet

    def test_pages_somebody_about_a_gray_failure_and_calls_it_off(self):
        self.assertEqual(self.query('up{job="candor"}'), 1)
        began = time.monotonic()
        self.node.tell("state FAILING node_owed 12 15 0.9")
        told = wait_for(lambda: self.hook.first("CandorGrayFailure", "firing"), 30)
        self.assertTrue(told, "no page")
        print(f"    told FAILING to the page at the webhook: {told[0] - began:.2f} s")
        self.assertEqual(told[3]["labels"]["severity"], "page")
        self.assertIn("says it is well and brings up no media", told[3]["annotations"]["summary"])
        self.node.tell("state HEALTHY ok")
        self.assertTrue(wait_for(lambda: self.hook.first("CandorGrayFailure", "resolved"), 60), "never called off")
        self.assertIsNone(self.hook.first("CandorNodeFailing", "firing"), "the node never admitted it")

    def test_can_compute_what_the_dashboard_asks(self):
        for _ in range(5):
            self.node.tell("traffic 10")
            time.sleep(0.3)
        quantile = "histogram_quantile(0.5, sum by (le) (rate(candor_attempt_setup_seconds_bucket[10s])))"
        self.assertTrue(wait_for(lambda: 0.2 < (self.query(quantile) or 0) < 0.35), self.query(quantile))
        owed = 'sum(candor_attempts_total{outcome="stalled",owed="node"})'
        self.assertEqual(wait_for(lambda: self.query(owed) == 50 and 50), 50)


if __name__ == "__main__":
    unittest.main(verbosity=2)
