# SPDX-License-Identifier: Apache-2.0
"""curl and promtool read every page."""

import json
import pathlib
import tempfile
import unittest

from scripted_node import ScriptedNode, run

STATES = ("UNKNOWN", "HEALTHY", "DEGRADED", "FAILING", "PROBATION", "DRAINING")
PAGES = {"/": 200, "/livez": 200, "/readyz": 200, "/healthz": 200, "/metrics": 200, "/verdict": 200,
         "/nothing": 404}


def curl(*arguments):
    return run("curl", "-sS", "--max-time", "10", *arguments)


def status(*arguments):
    return int(curl("-o", "/dev/null", "-w", "%{http_code}", *arguments))


class Curl(unittest.TestCase):
    def setUp(self):
        self.node = self.enterContext(ScriptedNode())
        self.url = f"http://{self.node.http}"
        self.node.tell("state HEALTHY ok")

    def test_reads_every_page(self):
        for page, expected in PAGES.items():
            self.assertEqual(status(self.url + page), expected, page)
            self.assertEqual(status("--head", self.url + page), expected, page)
            self.assertEqual(status("--http1.0", self.url + page), expected, page)

    def test_is_refused_other_methods_than_get_and_head(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            self.assertEqual(status("-X", method, self.url + "/readyz"), 405, method)
        self.assertEqual(status("-d", "x" * 100000, self.url + "/readyz"), 405)

    def test_that_asks_for_http2_is_answered_in_http1(self):
        self.assertEqual(status("--http2", self.url + "/readyz"), 200)

    def test_takes_several_pages_over_one_connection(self):
        log = curl("-v", "--stderr", "-", self.url + "/livez", self.url + "/verdict", self.url + "/readyz")
        self.assertEqual(log.count("Re-using existing connection"), 2, log)

    def test_gets_the_reason_of_not_ready_as_json(self):
        self.node.tell("state FAILING waiting_on_node 12 15 0.9")
        self.assertEqual(status("--fail", self.url + "/livez"), 200)
        answer = curl(self.url + "/readyz")
        self.assertEqual(json.loads(answer)["reason"], "waiting_on_node")
        verdict = json.loads(curl(self.url + "/verdict"))
        self.assertEqual((verdict["state"], verdict["failed"], verdict["serving"]), ("FAILING", "12", False))

    def test_sees_a_stalled_pipeline_and_its_recovery(self):
        self.node.tell("stall")
        self.assertEqual(status(self.url + "/livez"), 503)
        self.node.tell("tick")
        self.assertEqual(status(self.url + "/livez"), 200)

    def test_asks_over_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "http.sock"
            with ScriptedNode(http=f"unix:{path}") as node:
                node.tell("state HEALTHY ok")
                self.assertEqual(status("--unix-socket", path, "http://candor/readyz"), 200)


class Promtool(unittest.TestCase):
    def test_accepts_the_metrics_of_every_state(self):
        with ScriptedNode() as node:
            node.tell("traffic 3")
            for state in STATES:
                node.tell("state", state, "scripted", 1, 2, 0.5)
                remarks = run("promtool", "check", "metrics", stdin=curl(f"http://{node.http}/metrics"))
                self.assertEqual(remarks, "", state)
            node.tell("blind load_timeout")
            self.assertEqual(run("promtool", "check", "metrics", stdin=curl(f"http://{node.http}/metrics")), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
