# SPDX-License-Identifier: Apache-2.0
"""Consumers by third parties leave the node whose media is frozen, all of them in one run."""

import contextlib
import pathlib
import sys
import time
import unittest

from stand.case import PROBATION_WITHIN, WARM_UP, Case
from stand.faults import event_loops_frozen
from stand.stage import Stage

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))

HTTP, AGENT = 7461, 7462
HEALTHY_PORT = 7470
LEAVES_WITHIN = 1.0  # seconds from the verdict to the last request that reached the failing node
PAGES_WITHIN = 5.0  # seconds from the verdict to the webhook


class Consumers(Case):
    def test_leave_a_frozen_node_and_come_back_after_the_thaw(self):
        with Stage(with_candor=False) as stage:
            self.start_candors(stage)
            load = stage.load(seconds=120)
            with contextlib.ExitStack() as context:
                self.start_consumers(stage, context)
                load.await_count("active", WARM_UP)
                self.await_all("reach both nodes", lambda calls: {who for _, who in calls} == {"failing", "healthy"})
                with event_loops_frozen(stage) as began:
                    decided = self.await_verdict(stage, began)
                    page = self.await_page(decided)
                    time.sleep(max(0, decided + 3 - time.time()))
                    self.assertTrue(stage.server.says_ok(), "the fault must not show in the self-report")
                    self.assert_all_left(decided, page)
                back = stage.watch("media").await_status("SERVING", PROBATION_WITHIN)
                self.assertIsNotNone(back, "still out after the thaw")
                self.await_all("come back", lambda calls: any(t > back and who == "failing" for t, who in calls))
                self.assert_no_call_was_refused()
            load.close()

    def start_candors(self, stage):
        """The failing node's, and one that follows no port: it has no evidence and follows the self-report."""
        listen = {"http": [f"127.0.0.1:{HTTP}"], "haproxy_agent": [f"127.0.0.1:{AGENT}"]}
        stage.candor = stage.start_candor("bpf", more={"listen": listen})
        self.healthy = stage.start_candor("bpf", more={"ports": "1-2"}, port=HEALTHY_PORT)
        self.serving = stage.watch("media")
        self.assertIsNotNone(self.serving.await_status("SERVING", 10), stage.candor.verdict().detail)

    def start_consumers(self, stage, context):
        from alerting import Alerting  # they start threads: the network must be there before any
        from balancer import BY_AGENT, BY_HTTP, Balancer, Traffic
        from consumers import choosers
        self.alerting = Alerting(context, stage.folder, f"127.0.0.1:{HTTP}")
        balancer = Balancer(context, stage.folder, {"agent": BY_AGENT, "httpchk": BY_HTTP}, agent=AGENT, http=HTTP)
        nodes = stage.candor.target, self.healthy.target
        self.choosers = {
            "HAProxy agent-check": choosers.BehindHAProxy(balancer, "agent", Traffic),
            "HAProxy httpchk": choosers.BehindHAProxy(balancer, "httpchk", Traffic),
            "gRPC C++ health checking": choosers.grpc_cxx(*nodes),
            "gRPC Python health checking": choosers.grpc_python(*nodes),
            "grpc-js with grpc-health-check": choosers.grpc_js(*nodes),
            "curl, Probe over HTTP/2": choosers.Curl(*nodes)}
        for chooser in self.choosers.values():
            context.callback(chooser.close)

    def await_all(self, what, so, timeout=20):
        """Until `so` holds for the calls of each; curl has no healthy node to go to while the failing one serves."""
        waiting = dict(self.choosers)
        end = time.time() + timeout
        while waiting and time.time() < end:
            time.sleep(0.1)
            waiting = {name: chooser for name, chooser in waiting.items()
                       if not so(chooser.calls() + ([(0, "healthy")] if name.startswith("curl") else []))}
        self.assertEqual({name: c.calls()[-3:] + c.errors()[-3:] for name, c in waiting.items()}, {}, what)

    def await_verdict(self, stage, began):
        alarm = self.serving.await_status("NOT_SERVING", 10, since=began)
        verdict = stage.candor.verdict()
        self.assertIsNotNone(alarm, f"no alarm: {verdict.reason}: {verdict.detail}")
        decided = verdict.since.ToNanoseconds() / 1e9
        self.say(f"fault to verdict: {decided - began:.2f} s ({verdict.reason}: {verdict.detail})")
        self.assertEqual(stage.candor.state(), "FAILING")
        return decided

    def await_page(self, decided):
        end = decided + PAGES_WITHIN
        while (page := self.alerting.hook.first("CandorGrayFailure", "firing")) is None and time.time() < end:
            time.sleep(0.05)
        return page

    def assert_all_left(self, decided, page):
        until = time.time()
        late = {}
        for name, chooser in self.choosers.items():
            calls = [(t, who) for t, who in chooser.calls() if t < until]
            last = max((t for t, who in calls if who == "failing"), default=0.0)
            after = sum(t > decided + LEAVES_WITHIN for t, _ in calls)
            self.say(f"{name}, verdict to the last request at the failing node: {last - decided:+.3f} s, "
                     f"{after} elsewhere since")
            if last > decided + LEAVES_WITHIN or after < 10:
                late[name] = calls[-5:]
        self.assertEqual(late, {}, "these still went to the failing node, or nowhere")
        self.assertIsNotNone(page, "no one was paged")
        self.say(f"Prometheus and Alertmanager, verdict to the page at the webhook: {page[0] - decided:.2f} s")
        self.assertLess(page[0] - decided, PAGES_WITHIN)

    def assert_no_call_was_refused(self):
        self.assertEqual({name: c.errors()[:3] for name, c in self.choosers.items() if c.errors()}, {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
