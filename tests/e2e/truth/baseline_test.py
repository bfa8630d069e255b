# SPDX-License-Identifier: Apache-2.0
"""Baselines that cannot be made, and such that two runs make at the same time."""

import argparse
import contextlib
import io
import os
import pathlib
import subprocess
import tempfile
import unittest
from unittest import mock

from stand.shell import StandError
from truth import __main__ as truth
from truth import baseline, catalogue

ROWS = [next(row for row in catalogue.ROWS if row.server == server and not row.two) for server in ("livekit", "janus")]


class Baselines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.replace(baseline, "FOLDER", self.folder)
        self.said = io.StringIO()
        self.enterContext(contextlib.redirect_stderr(self.said))
        self.enterContext(contextlib.redirect_stdout(io.StringIO()))

    def replace(self, of, name, value):
        self.enterContext(mock.patch.object(of, name, value))

    def files(self):
        return {path.name: path.read_text(encoding="ascii") for path in self.folder.iterdir()}


class ABaselineThatCannotBeMade(Baselines):
    def fail_of_livekit(self, command, **_options):
        name, part = command[-2:]
        if "livekit" in name:
            return subprocess.CompletedProcess(command, 1, None, "a trace\nStandError: LiveKit is not built\n")
        pathlib.Path(part).write_text("learned", encoding="ascii")
        return subprocess.CompletedProcess(command, 0, None, "")

    def test_is_the_reason_why_its_rows_are_not_made_and_no_other_row_is_harmed(self):
        self.replace(baseline.subprocess, "run", self.fail_of_livekit)
        self.replace(truth, "_measured", lambda row, state: {"detection": "right", "naming": "right", "state": str(state)})
        self.replace(truth, "_tell", lambda row, found, arguments: None)
        results = truth._run(ROWS, argparse.Namespace(fresh=False, jobs=2, lock=None))
        self.assertEqual([row for row, _ in results], ROWS)
        (_, livekit), (_, janus) = results
        self.assertEqual(livekit["detection"], "not made")
        self.assertIn("LiveKit is not built", livekit["error"])
        self.assertEqual((janus["detection"], janus["state"]), ("right", str(self.folder / "janus.state")))
        self.assertIn("no baseline of livekit: StandError: LiveKit is not built", self.said.getvalue())
        self.assertEqual(self.files(), {"janus.state": "learned"})

    def test_because_it_took_too_long_says_so(self):
        def too_slow(command, timeout, **_options):
            raise subprocess.TimeoutExpired(command, timeout)

        self.replace(baseline.subprocess, "run", too_slow)
        with self.assertRaisesRegex(StandError, "more than 400 s"):
            baseline.learn(ROWS[0])
        self.assertEqual(self.files(), {})


class ABaselineThatTwoRunsMake(Baselines):
    def test_is_wholly_that_of_one(self):
        """The second run makes all of its own while the first one is in the middle of it."""
        mine, other = os.getpid(), os.getpid() + 1
        pieces = {mine: 0, other: 0}

        def piece(command, **_options):
            run, part = os.getpid(), pathlib.Path(command[-1])
            before = part.read_text(encoding="ascii") if part.exists() else ""
            self.assertEqual(before, f"{run} " * pieces[run], "a piece goes on from its own run's")
            part.write_text(before + f"{run} ", encoding="ascii")
            pieces[run] += 1
            if run == mine and pieces[mine] == 1:
                with mock.patch.object(os, "getpid", return_value=other):
                    baseline.learn(ROWS[0])
                self.assertEqual(self.files()["livekit.state"], f"{other} {other} ")
            return subprocess.CompletedProcess(command, 0, None, "")

        self.replace(baseline.subprocess, "run", piece)
        baseline.learn(ROWS[0])
        self.assertEqual(self.files(), {"livekit.state": f"{mine} {mine} "})


if __name__ == "__main__":
    unittest.main(verbosity=2)
