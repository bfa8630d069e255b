# SPDX-License-Identifier: Apache-2.0
"""Unknown sources forge and flood: they must neither take a healthy node down nor keep a failing one up, and not
make Candor grow."""

import collections
import concurrent.futures
import contextlib
import http.client
import socket
import time
import unittest

from guard import GuardedCandor
from stand.case import Case
from stand.faults import event_loops_frozen
from stand.stage import Stage
from table import Flood
from observers import Caller

RSS_GROWTH_KB = 30_000
PAGES = ("/metrics", "/readyz")


def ask_until(end, host, port, page):
    """Counts of the answers' statuses, asked one after the other over one connection."""
    connection, statuses = http.client.HTTPConnection(host, int(port), timeout=5), collections.Counter()
    while time.time() < end:
        connection.request("GET", page)
        answer = connection.getresponse()
        answer.read()
        statuses[answer.status] += 1
    connection.close()
    return statuses


class Abuse(Case):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(with_candor=False))
        cls.candor = cls.stage.start_candor("bpf", kind=GuardedCandor, more={
            "max_flows": 4096, "listen": {"http": ["127.0.0.1:7461"]}})
        cls.load = cls.stage.load(rate=2, seconds=300)
        cls.load.await_count("active", 20)

    def flood(self, kind, seconds, sources=1):
        """Aimed at the port of a call that is open now."""
        port = self.load.events("offer")[-1]["port"]
        return Flood(self.stage, kind, port, seconds, sources)

    def assert_harmless(self, kind, sources):
        before, caller, began, looked_at = self.rss(), Caller(self.candor.target), time.time(), self.looked_at()
        flood = self.flood(kind, 3, sources)
        sent = flood.result()
        flood.close()
        time.sleep(1)
        statuses = {answer for _, answer in caller.answers()}
        caller.close()
        info = self.candor.info()
        self.say(f"{kind} from {sources}: {sent['sent'] / sent['seconds']:.0f} a second; answers {statuses}; memory "
                 f"{before} to {self.rss()} kB; flows {info.flows_open} of {info.flows_max}, evicted "
                 f"{info.flows_evicted}; {self.candor.state()}")
        self.assertEqual(statuses, {"SERVING"}, self.candor.verdict().detail)
        self.assertGreater(self.looked_at() - looked_at, sent["sent"] / 3, "the probes must have met them")
        self.assertLess(self.rss() - before, RSS_GROWTH_KB)
        self.assertLessEqual(info.flows_open, info.flows_max)
        self.assert_calls_are_seen(began)

    def assert_calls_are_seen(self, since):
        time.sleep(1.5)
        made = {e["key"] for e in self.load.events("active") if since < e["t"] < time.time() - 1}
        seen = {a.key for a in self.candor.attempts() if a.HasField("active")}
        self.assertEqual(made - seen, set())

    def looked_at(self):
        return next(c.value for c in self.candor.info().counters if c.name == "packets")

    def rss(self):
        return int(self.candor.status("VmRSS").split()[0])

    def test_1_forged_checks_from_one_source_do_not_take_the_node_down(self):
        self.assert_harmless("checks", 1)

    def test_2_nor_do_those_from_a_thousand(self):
        self.assert_harmless("checks", 1000)

    def test_3_nor_do_answers_to_what_nobody_asked(self):
        self.assert_harmless("replies", 1000)

    def test_4_new_flows_without_end_are_bounded(self):
        self.assert_harmless("flows", 60000)

    def test_5_many_callers_at_once_are_answered(self):
        end = time.time() + 3
        callers = [Caller(self.candor.target, every=0) for _ in range(16)]
        time.sleep(3)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(Caller.close, callers))
        answers = [a for c in callers for _, a in c.answers(until=end)]
        self.say(f"16 callers: {len(answers) / 3:.0f} calls a second, {set(answers)}")
        self.assertEqual(set(answers), {"SERVING"})

    def test_6_many_readers_of_pages_and_as_many_who_say_nothing_hold_up_nobody(self):
        host, port = self.candor.info().http_listening[0].rsplit(":", 1)
        before, caller = self.rss(), Caller(self.candor.target)
        with contextlib.ExitStack() as held:
            for _ in range(500):  # half a request, and no more of it
                slow = held.enter_context(socket.create_connection((host, int(port)), timeout=5))
                slow.sendall(b"GET /readyz HTTP/1.1\r\nHost: ")
            end = time.time() + 3
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                answers = collections.Counter()
                for counts in pool.map(lambda page: ask_until(end, host, port, page), PAGES * 4):
                    answers.update(counts)
        statuses = {answer for _, answer in caller.answers()}
        caller.close()
        self.say(f"8 readers, 500 silent ones: {answers.total() / 3:.0f} pages a second, {dict(answers)}; answers "
                 f"to Check {statuses}; memory {before} to {self.rss()} kB")
        self.assertEqual(set(answers), {200})
        self.assertEqual(statuses, {"SERVING"}, self.candor.verdict().detail)
        self.assertLess(self.rss() - before, RSS_GROWTH_KB)

    def test_7_forged_checks_do_not_hide_a_sick_node(self):
        watch = self.stage.watch()
        flood = self.flood("checks", 10, 1000)
        time.sleep(1)
        with event_loops_frozen(self.stage) as began:
            alarm = watch.await_status("NOT_SERVING", 9, since=began)
            harmed = self.load.first_harmed(began)
        flood.close()
        self.assertIsNotNone(alarm, self.candor.verdict().detail)
        self.say(f"first harmed attempt to NOT_SERVING: {alarm - harmed['t']:.2f} s amid the flood")
        self.assertLess(alarm - harmed["t"], 6)
        self.load.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
