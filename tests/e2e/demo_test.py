# SPDX-License-Identifier: Apache-2.0
import io
import json
import pathlib
import tempfile
import unittest

from demo.__main__ import RECORDING, play_live, play_recorded
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
