# SPDX-License-Identifier: Apache-2.0
"""Replays every scene through candorctl and compares the result with the expected one.

  scenes_test.py [NAME-PART...]     only the scenes whose names contain a part; prints each wrong result
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from scenes import gateways, losses, muted, recorded, reports, rooms, telephony, turn, webrtc
from scenes.packets import EPOCH
from scenes.scene import HARMED
from scenes.session import NODE

CANDORCTL = os.environ.get("CANDOR_CTL") or os.environ["CANDOR_BINARY_DIR"] + "/sidecar/cli/candorctl"
ALL = sum((m.scenes for m in (recorded, webrtc, losses, rooms, turn, telephony, gateways, muted, reports)), [])


@dataclass
class Answer:
    exit_code: int
    error: str
    changes: list   # of state: (seconds, state, reason)
    attempts: list
    summary: dict


def answer(scene, folder):
    done = subprocess.run([CANDORCTL, "replay", str(scene.file(folder)), "--node", NODE, "-o", "json", "--attempts",
                           *scene.arguments], capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    of = {kind: [line for line in lines if line["type"] == kind] for kind in ("verdict", "attempt", "summary")}
    changes = [(round(line["t"] - EPOCH, 2), line["state"], line["reason"]) for line in of["verdict"]]
    return Answer(done.returncode, done.stderr, changes, of["attempt"], of["summary"][-1] if of["summary"] else {})


def wrong(scene, result):
    """What is wrong with an answer, in words."""
    if scene.refused_with:
        if not result.exit_code or scene.refused_with not in result.error:
            yield f"exit code {result.exit_code}, no '{scene.refused_with}' in the error"
        return
    if result.exit_code or not result.summary:
        yield f"exit code {result.exit_code}"
        return
    yield from wrong_counts(scene, result)
    yield from wrong_states(scene, result.changes, result.summary["final_state"])


def wrong_counts(scene, result):
    counts = dict(result.summary, stalled=sum(result.summary["stalled"].values()))
    for name, right in scene.counts.items():
        if counts[name] != right:
            yield f"{name} {counts[name]}, right is {right}"
    for field, right in (("phase", scene.phase), ("waiting_on", scene.waiting_on)):
        if right and [attempt[field] for attempt in result.attempts] != [right]:
            yield f"{field} {[attempt[field] for attempt in result.attempts]}, right is {right}"


def wrong_states(scene, changes, last):
    harmed = [change for change in changes if change[1] in HARMED]
    failing = [change for change in changes if change[1] == "FAILING"]
    if (scene.healthy or scene.calm) and harmed:
        yield f"harmed: {harmed[0]}"
    if last != (scene.last or ("HEALTHY" if scene.healthy else last)):
        yield f"at the end {last}"
    if harmed and harmed[0][0] < scene.harmed_after:
        yield f"harmed before {scene.harmed_after}: {harmed[0]}"
    if scene.failing_by and not (failing and failing[0][0] <= scene.failing_by):
        yield f"not FAILING by {scene.failing_by}: {failing[:1]}"
    if scene.harmed_by and not (harmed and harmed[0][0] <= scene.harmed_by):
        yield f"not harmed by {scene.harmed_by}: {harmed[:1]}"
    if scene.reasons and not any(change[2] in scene.reasons for change in harmed):
        yield f"none of the reasons {scene.reasons}"
    if any("flood" in change[2] for change in changes):
        yield "calls real clients a flood"


class Scenes(unittest.TestCase):
    chosen = ALL

    def test_each_scene_gets_the_right_answer(self):
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
            for scene, result in zip(self.chosen, pool.map(lambda s: answer(s, folder), self.chosen)):
                with self.subTest(scene.name):
                    faults = "; ".join(wrong(scene, result))
                    self.assertEqual(faults, "", f"replay gave {result.changes} {result.error}")

    def test_there_are_scenes(self):
        self.assertGreater(len(self.chosen), 0)


if __name__ == "__main__":
    parts = sys.argv[1:]
    Scenes.chosen = [s for s in ALL if not parts or any(part in s.name for part in parts)]
    unittest.main(argv=sys.argv[:1])
