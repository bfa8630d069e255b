#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""candord keeps new rooms away from its LiveKit node while it is FAILING, and never beyond the share of nodes that
must serve. Prints what it measures."""

import random
import signal
import threading
import time
import unittest

from stand import Candor, Nodes, Redis, SERVING, SHUTTING_DOWN, is_chosen, state_of


class Cluster(unittest.TestCase):
    redis_options = ()

    def start(self, count, candors, settings=""):
        self.redis = Redis(*self.redis_options)
        self.addCleanup(self.redis.remove)
        self.client = self.redis.client()
        self.addCleanup(self.client.close)
        writer = self.redis.client()
        self.nodes = Nodes(writer, count)
        self.addCleanup(writer.close)
        self.addCleanup(self.nodes.stop)
        self.candors = [Candor(f"'unix:{self.redis.socket}'", i, settings) for i in range(candors)]
        for candor in self.candors:
            self.addCleanup(lambda c=candor: c.process.poll() is None and c.stop())
        for candor in self.candors:
            candor.await_state("ready")

    def state(self, i=0):
        return state_of(self.client("HGET", "nodes", f"ND_{i}"))

    def await_row(self, wanted, i=0, seconds=5):
        start = time.monotonic()
        while self.state(i) != wanted:
            self.assertLess(time.monotonic() - start, seconds, f"row of ND_{i}: {self.state(i)}, not {wanted}")
            time.sleep(0.002)
        return time.monotonic() - start

    def serving_share(self, seconds):
        """The share of looks at which the row says SERVING."""
        looks = serving = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            looks += 1
            serving += self.state() == SERVING
            time.sleep(0.0005)
        return serving / looks


class Steering(Cluster):
    def test_new_rooms_go_elsewhere_while_failing_and_come_back(self):
        self.start(4, 1)
        self.candors[0].fail()
        print(f"row changed {self.await_row(SHUTTING_DOWN):.3f} s after the override was answered")
        time.sleep(1)
        share = self.serving_share(20)
        status = self.candors[0].status()
        print(f"looking: row says SERVING in {share:.2%} of the time; {status}")
        self.assertLess(share, 0.02)
        self.assertEqual(status["state"], "steering")
        # Rooms are placed as LiveKit does: at random among the nodes that are chosen.
        placed = 0
        for _ in range(200):
            rows = self.client("HGETALL", "nodes")
            chosen = [node for node, row in zip(rows[::2], rows[1::2], strict=True) if is_chosen(row)]
            placed += random.choice(chosen) == b"ND_0"
            time.sleep(0.025)
        print(f"{placed} of 200 new rooms were placed on it")
        self.assertLessEqual(placed, 1)
        text = self.candors[0].ctl("why").stdout
        self.assertIn("Steering of the LiveKit cluster", text)
        self.assertIn("steering: node ND_0 gets no new rooms: 3 of 4 nodes are left, 3 must be", " ".join(text.split()))
        self.candors[0].recover()
        print(f"LiveKit's own word stands again after {self.await_row(SERVING, seconds=3):.2f} s")
        self.candors[0].await_state("ready")
        self.assertEqual(self.client("HGETALL", "candor:steered"), [])

    def test_a_candord_that_is_killed_leaves_livekits_word(self):
        self.start(4, 1)
        self.candors[0].fail()
        self.await_row(SHUTTING_DOWN)
        self.candors[0].process.send_signal(signal.SIGKILL)
        self.candors[0].process.wait()
        time.sleep(0.01)
        took = self.await_row(SERVING, seconds=2.5)
        print(f"killed: LiveKit's own word stands after {took:.2f} s")

    def test_an_end_gives_the_claim_back(self):
        self.start(4, 1)
        self.candors[0].fail()
        self.await_row(SHUTTING_DOWN)
        self.assertEqual(self.candors[0].stop(), 0)
        self.assertEqual(self.client("HGETALL", "candor:steered"), [])

    def test_a_livekit_that_restarts_is_found_under_its_new_id(self):
        self.start(4, 1)
        self.candors[0].fail()
        self.await_row(SHUTTING_DOWN)
        self.nodes.silent.add(0)
        self.client("HDEL", "nodes", "ND_0")
        self.candors[0].await_state("no_node")
        self.assertNotIn(b"ND_0", self.client("HKEYS", "nodes"), "a node that has ended is not brought back")
        self.nodes.silent.clear()
        self.candors[0].await_state("steering", seconds=5)

    def test_ten_that_sicken_at_once_leave_seven(self):
        self.start(10, 10)
        least, stop = [10], threading.Event()
        watcher = self.redis.client()

        def watch():
            while not stop.is_set():
                rows = watcher("HVALS", "nodes")
                least[0] = min(least[0], sum(is_chosen(row) for row in rows))
                time.sleep(0.002)

        watching = threading.Thread(target=watch)
        watching.start()
        sickening = [threading.Thread(target=c.fail) for c in self.candors]
        for thread in sickening:
            thread.start()
        for thread in sickening:
            thread.join()
        time.sleep(8)
        states = [c.status()["state"] for c in self.candors]
        stop.set()
        watching.join()
        watcher.close()
        print(f"ten FAILING at once: {states.count('steering')} steered, {states.count('held_back')} held back, "
              f"never fewer than {least[0]} chosen")
        self.assertEqual(sorted(states), ["held_back"] * 7 + ["steering"] * 3)
        self.assertGreaterEqual(least[0], 7)
        held = next(c for c, s in zip(self.candors, states, strict=True) if s == "held_back")
        self.assertIn("goes on serving", held.ctl("status").stdout)
        # One recovers: another one takes its place.
        self.candors[states.index("steering")].recover()
        time.sleep(4)
        self.assertEqual([c.status()["state"] for c in self.candors].count("steering"), 3)

    def test_rooms_all_makes_the_row_look_stale(self):
        self.start(4, 1, "rooms: all")
        self.candors[0].fail()
        self.await_row(SHUTTING_DOWN)
        time.sleep(7)
        self.assertFalse(is_chosen(self.client("HGET", "nodes", "ND_0")))
        self.assertEqual(self.candors[0].status()["state"], "steering")


class Notified(Cluster):
    redis_options = ("--notify-keyspace-events", "Kh")

    def test_notifications_are_faster_than_looking(self):
        self.start(4, 1)
        self.candors[0].fail()
        self.await_row(SHUTTING_DOWN)
        time.sleep(3)
        share = self.serving_share(20)
        status = self.candors[0].status()
        print(f"notified: row says SERVING in {share:.2%} of the time; {status}")
        self.assertLess(share, 0.02)
        self.assertTrue(status["notified"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
