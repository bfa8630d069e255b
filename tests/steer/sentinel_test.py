#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Redis behind Sentinel fails over while a node is steered. Prints the seconds."""

import time
import unittest

from stand import Candor, Nodes, Redis, SHUTTING_DOWN, state_of


class Failover(unittest.TestCase):
    @staticmethod
    def is_master(redis):
        client = redis.client()
        role = client("ROLE")[0]
        client.close()
        return role == b"master"

    def await_replica(self, sentinel):
        client = sentinel.client()
        self.addCleanup(client.close)
        for _ in range(300):  # it asks the master every 10 s
            if client("SENTINEL", "REPLICAS", "lk"):
                return
            time.sleep(0.05)
        self.fail("the Sentinel knows no replica")

    def test_steers_on_the_new_master(self):
        first = Redis()
        second = Redis("--replicaof", f"127.0.0.1 {first.port}")
        sentinel = Redis(program="redis-sentinel", config=(
            f"sentinel monitor lk 127.0.0.1 {first.port} 1\nsentinel down-after-milliseconds lk 1000\n"
            "sentinel failover-timeout lk 3000\n"))
        for each in (first, second, sentinel):
            self.addCleanup(each.remove)
        nodes = Nodes(first.client(), 4)
        candor = Candor(f"'127.0.0.1:1', '127.0.0.1:{sentinel.port}'", 0, "sentinel: lk")
        self.addCleanup(candor.stop)
        candor.await_state("ready")
        candor.fail()
        candor.await_state("steering")
        self.await_replica(sentinel)
        nodes.stop()
        first.stop()
        candor.await_state("unavailable", seconds=5)
        start = time.monotonic()
        while not self.is_master(second):
            self.assertLess(time.monotonic() - start, 20, "the Sentinel has promoted nobody")
            time.sleep(0.05)
        promoted = time.monotonic()
        time.sleep(0.3)  # the Sentinel closes all connections of a server that it has promoted
        client = second.client()
        nodes = Nodes(second.client(), 4)
        self.addCleanup(nodes.stop)
        while state_of(client("HGET", "nodes", "ND_0")) != SHUTTING_DOWN:
            self.assertLess(time.monotonic() - promoted, 5)
            time.sleep(0.01)
        print(f"promoted after {promoted - start:.1f} s; steers there {time.monotonic() - promoted:.2f} s later")
        candor.await_state("steering")


if __name__ == "__main__":
    unittest.main(verbosity=2)
