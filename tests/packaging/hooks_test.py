# SPDX-License-Identifier: Apache-2.0
"""The hooks of scripts/packaging, against a node on a string."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
from scripted_node import PACKAGING, ScriptedNode, run, spawn  # noqa: E402

DISPATCHER = PACKAGING / "kamailio/candor-dispatcher"
DRAIN = PACKAGING / "livekit/candor-livekit-drain"


class Shell(unittest.TestCase):
    def test_finds_nothing_to_criticise(self):
        run("shellcheck", DISPATCHER, DRAIN)

    def test_gets_help_from_hooks_called_wrongly(self):
        for hook in (DISPATCHER, DRAIN):
            done = subprocess.run([hook], capture_output=True, text=True, timeout=10, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{hook.name} http://", done.stderr)
            self.assertNotIn("set -eu", done.stderr)


class Kamailio(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        kamcmd = self.folder / "kamcmd"
        kamcmd.write_text('#!/bin/sh\necho "$@"\n', encoding="ascii")
        kamcmd.chmod(0o755)

    def follow(self, address):
        environment = os.environ | {"PATH": f"{self.folder}:{os.environ['PATH']}"}
        return subprocess.run([DISPATCHER, f"http://{address}", "1", "sip:10.0.0.5:5060"], env=environment,
                              capture_output=True, text=True, timeout=10, check=False)

    def test_leaves_a_failing_node_and_comes_back(self):
        with ScriptedNode() as node:
            node.tell("state FAILING waiting_on_node 12 15 0.9")
            self.assertEqual(self.follow(node.http).stdout, "dispatcher.set_state dx 1 sip:10.0.0.5:5060\n")
            node.tell("state PROBATION let_back_in")
            self.assertEqual(self.follow(node.http).stdout, "dispatcher.set_state ap 1 sip:10.0.0.5:5060\n")

    def test_does_nothing_without_an_answer_of_candor(self):
        with ScriptedNode() as node:
            gone = node.http
        done = self.follow(gone)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("stays as it is", done.stderr)


class LiveKit(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.node = self.enterContext(ScriptedNode())
        self.media = spawn(["sleep", "60"])
        self.addCleanup(self.media.wait)
        self.addCleanup(self.media.kill)
        (self.folder / "pid").write_text(str(self.media.pid), encoding="ascii")

    def drain(self, *more):
        child = spawn([DRAIN, f"http://{self.node.http}", self.folder / "pid", "2", *more],
                      stdout=subprocess.PIPE, text=True)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def test_drains_after_a_time_of_failing(self):
        self.node.tell("state FAILING waiting_on_node 12 15 0.9")
        drain = self.drain("--really")
        self.assertEqual(drain.wait(15), 0)
        self.assertEqual(self.media.wait(5), -15)

    def test_only_prints_what_it_would_do_without_really(self):
        self.node.tell("state FAILING waiting_on_node 12 15 0.9")
        drain = self.drain()
        self.assertEqual(drain.wait(15), 0)
        self.assertIn("would drain", drain.stdout.read())
        self.assertIsNone(self.media.poll())

    def test_does_not_drain_a_node_for_its_self_report(self):
        self.node.tell("state HEALTHY ok")
        self.node.tell("self down")
        drain = self.drain("--really")
        time.sleep(4)
        self.assertIsNone(drain.poll())
        self.assertIsNone(self.media.poll())


if __name__ == "__main__":
    unittest.main(verbosity=2)
