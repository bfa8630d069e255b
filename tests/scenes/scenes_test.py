# SPDX-License-Identifier: Apache-2.0
"""Replays every scene through candorctl and holds its answer against what is right.

  scenes_test.py [NAME-PART...]     only the scenes whose names contain a part; prints each answer that is wrong
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from scenes import losses, recorded, rooms, telephony, turn, webrtc
from scenes.packets import EPOCH
from scenes.scene import TROUBLE
from scenes.session import NODE

CANDORCTL = os.environ.get("CANDOR_CTL") or os.environ["CANDOR_BINARY_DIR"] + "/sidecar/cli/candorctl"
ALL = sum((m.scenes for m in (recorded, webrtc, losses, rooms, turn, telephony)), [])


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


def wrong(scene, said):
    """What is wrong with an answer, in words."""
    if scene.refused_with:
        if not said.exit_code or scene.refused_with not in said.error:
            yield f"exit code {said.exit_code}, no '{scene.refused_with}' in the error"
        return
    if said.exit_code or not said.summary:
        yield f"exit code {said.exit_code}"
        return
    yield from wrong_counts(scene, said)
    yield from wrong_states(scene, said.changes, said.summary["final_state"])


def wrong_counts(scene, said):
    counts = dict(said.summary, stalled=sum(said.summary["stalled"].values()))
    for name, right in scene.counts.items():
        if counts[name] != right:
            yield f"{name} {counts[name]}, right is {right}"
    for field, right in (("phase", scene.phase), ("waiting_on", scene.waiting_on)):
        if right and [attempt[field] for attempt in said.attempts] != [right]:
            yield f"{field} {[attempt[field] for attempt in said.attempts]}, right is {right}"


def wrong_states(scene, changes, last):
    trouble = [change for change in changes if change[1] in TROUBLE]
    failing = [change for change in changes if change[1] == "FAILING"]
    if (scene.healthy or scene.calm) and trouble:
        yield f"in trouble: {trouble[0]}"
    if last != (scene.last or ("HEALTHY" if scene.healthy else last)):
        yield f"at the end {last}"
    if trouble and trouble[0][0] < scene.trouble_after:
        yield f"in trouble before {scene.trouble_after}: {trouble[0]}"
    if scene.failing_by and not (failing and failing[0][0] <= scene.failing_by):
        yield f"not FAILING by {scene.failing_by}: {failing[:1]}"
    if scene.trouble_by and not (trouble and trouble[0][0] <= scene.trouble_by):
        yield f"not in trouble by {scene.trouble_by}: {trouble[:1]}"
    if scene.reasons and not any(change[2] in scene.reasons for change in trouble):
        yield f"none of the reasons {scene.reasons}"
    if any("flood" in change[2] for change in changes):
        yield "calls real clients a flood"


class Scenes(unittest.TestCase):
    chosen = ALL

    def test_each_scene_gets_the_right_answer(self):
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
            for scene, said in zip(self.chosen, pool.map(lambda s: answer(s, folder), self.chosen)):
                with self.subTest(scene.name):
                    faults = "; ".join(wrong(scene, said))
                    self.assertEqual(faults, "", f"said {said.changes} {said.error}")

    def test_there_are_scenes(self):
        self.assertGreater(len(self.chosen), 0)


if __name__ == "__main__":
    parts = sys.argv[1:]
    Scenes.chosen = [s for s in ALL if not parts or any(part in s.name for part in parts)]
    unittest.main(argv=sys.argv[:1])
