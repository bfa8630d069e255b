# SPDX-License-Identifier: Apache-2.0
import io
import json
import pathlib
import tempfile
import unittest

from demo.__main__ import INCIDENT_RECORDING, RECORDING, play_live, play_recorded
from demo.incident_screen import IncidentScreen
from demo.screen import Screen


class TheRecordedDemo(unittest.TestCase):
    def setUp(self):
        out = io.StringIO()
        play_recorded(Screen(out), "it needs root", at_once=True)
        self.text = out.getvalue()
        self.scenes = [json.loads(line) for line in RECORDING.read_text(encoding="utf-8").splitlines()]

    def test_states_at_both_ends_that_it_is_recorded_and_why(self):
        lines = self.text.splitlines()
        self.assertIn("RECORDED", lines[0])
        self.assertIn("it needs root", lines[0])
        self.assertIn("recorded run", lines[-1])
        self.assertNotIn("LIVE", self.text)

    def test_has_a_row_for_every_second_and_ends_beside_the_incident(self):
        seconds = [round(scene["t"]) for scene in self.scenes if "node" in scene]
        self.assertEqual(seconds, list(range(1, len(seconds) + 1)))
        self.assertIn(f"{self.scenes[-1]['seconds']:.1f} seconds", self.text)
        self.assertIn("152 minutes", self.text)

    def test_shows_a_self_report_of_ok_while_candor_reports_not_serving(self):
        self.assertTrue(any(s.get("node") == "OK" and s["candor"] == "NOT_SERVING" for s in self.scenes))
        self.assertLess(self.scenes[-1]["t"], 60)


class TheRecordedIncident(unittest.TestCase):
    def setUp(self):
        out = io.StringIO()
        play_recorded(IncidentScreen(out), "LiveKit is not built", True, INCIDENT_RECORDING)
        self.text = out.getvalue()
        self.scenes = [json.loads(line) for line in INCIDENT_RECORDING.read_text(encoding="utf-8").splitlines()]

    def test_states_at_both_ends_that_it_is_recorded_and_why(self):
        lines = self.text.splitlines()
        self.assertIn("RECORDED", lines[0])
        self.assertIn("LiveKit is not built", lines[0])
        self.assertIn("recorded run", lines[-1])
        self.assertNotIn("LIVE:", self.text)

    def test_shows_a_node_that_livekit_calls_available_and_candor_failing(self):
        gray = [scene["nodes"]["b"] for scene in self.scenes if "nodes" in scene]
        self.assertEqual({node["health"] for node in gray}, {"OK"})
        self.assertIn("FAILING", {node["candor"] for node in gray})

    def test_ends_with_both_acts_beside_the_incident(self):
        acts = self.scenes[-1]["acts"]
        self.assertEqual(list(acts), ["without Candor", "with Candor"])
        for act in acts.values():
            self.assertIn(f"{act['failed']}", self.text)
        for what in ("verdict", "room", "page"):
            self.assertIn(f"{acts['with Candor'][what]:.1f}", self.text)
        self.assertIn("it goes on", self.text)
        self.assertIn("after 152 minutes", self.text)

    def test_does_not_go_on_for_one_room_that_a_heartbeat_let_through(self):
        guarded = self.scenes[-1]["acts"]["with Candor"]
        for rooms, goes_on in ((1, False), (2, True)):
            out = io.StringIO()
            IncidentScreen(out).show({"acts": {"with Candor": guarded | {"rooms_at_the_end": rooms, "late_failed": 1}}})
            self.assertEqual("it goes on" in out.getvalue(), goes_on, rooms)


class TheLiveDemo(unittest.TestCase):
    def test_shows_every_scene_and_records_it(self):
        scenes = [json.loads(line) for line in RECORDING.read_text(encoding="utf-8").splitlines()]
        out = io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            record = pathlib.Path(folder) / "run.jsonl"
            play_live(Screen(out), iter(scenes), record)
            self.assertEqual(record.read_text(encoding="utf-8"), RECORDING.read_text(encoding="utf-8"))
        self.assertIn("LIVE", out.getvalue())
        self.assertIn("is let back in", out.getvalue())
        self.assertIn("152 minutes", out.getvalue())


if __name__ == "__main__":
    unittest.main(verbosity=2)
