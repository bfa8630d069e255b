# SPDX-License-Identifier: Apache-2.0
"""A candord that is killed, replaced or relieved forgets nothing: real Janus, real clients."""

import json
import signal
import time
import unittest

from guard import GuardedCandor
from stand.case import Case
from stand.faults import event_loops_frozen
from stand.stage import Stage
from witness import Caller


class ARestart(Case):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(with_candor=False))
        cls.candor = cls.stage.start_candor("bpf", kind=GuardedCandor)

    def notes(self):
        return " | ".join(self.candor.info().notes)

    def await_restart(self, starts):
        began = time.time()
        back = self.candor.await_sight(starts)
        self.assertIsNotNone(back, "candord does not see again")
        self.say(f"seeing again after {back - began:.2f} s; {self.notes()}")

    def test_1_by_kill_9_loses_no_attempt(self):
        load = self.stage.load(seconds=8)
        load.await_count("active", 8)
        self.candor.guard.restart_after = 1.0  # attempts begin and end their setup while nobody looks
        starts = self.candor.guard.starts
        self.candor.kill()
        self.await_restart(starts + 1)
        self.assertIn("took over the probes", self.notes())
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.candor, load, 24)

    def test_2_with_another_layout_says_what_it_could_not_take(self):
        starts = self.candor.guard.starts
        config = next(self.stage.folder.glob("candor-*.yaml"))
        config.write_text(config.read_text().replace('"source"', '"max_flows": 32768, "source"'))
        self.candor.kill()
        self.await_restart(starts + 1)
        self.assertIn("replaced the probes of 1 other version", self.notes())
        load = self.stage.load(seconds=3)
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.candor, load, 9)

    def test_3_handed_over_fails_no_call_and_loses_no_attempt(self):
        load = self.stage.load(seconds=22)
        load.await_count("active", 5)
        caller = Caller(self.candor.target, retry=True)
        self.candor.guard.restart_after = 3600
        config = json.loads(next(self.stage.folder.glob("candor-*.yaml")).read_text(encoding="ascii"))
        new = self.stage.start_candor("bpf", kind=GuardedCandor, flags=["--take-over"], more=config)
        while not new.guard.ready_at:
            time.sleep(0.05)
        self.assertIn("follows the flows of the candord that is about to end", new.log.read_text(encoding="utf-8"))
        self.candor.signal(signal.SIGTERM)
        load.await_end()
        self.assertIsNotNone(new.await_sight())
        answers = caller.answers()
        caller.close()
        bad = [(t, a) for t, a in answers if a != "SERVING"]
        self.say(f"{len(answers)} calls over the handover, {len(bad)} failed")
        self.assertEqual(bad, [])
        self.assertTrue(any("reads the ring itself" in note for note in new.info().notes), new.info().notes)
        self.assert_every_attempt_was_seen_active(new, load, 66)
        self.candor.guard.terminate()
        type(self).candor = new

    def test_4_while_the_node_is_sick_never_calls_it_well(self):
        load = self.stage.load(seconds=60)
        load.await_count("active", 15)
        watch = self.stage.watch()
        with event_loops_frozen(self.stage) as began:
            self.assertIsNotNone(watch.await_status("NOT_SERVING", 8, since=began))
            watch.close()
            starts, caller = self.candor.guard.starts, Caller(self.candor.target)
            time.sleep(1)  # the alarm is in the state file half a second after it was raised
            self.candor.kill()
            killed = time.time()
            self.await_restart(starts + 1)
            time.sleep(3)
            again = next((t for t, a in caller.answers(killed) if a == "NOT_SERVING"), None)
            caller.close()
            self.assertIsNotNone(again, self.candor.verdict().detail)
            self.say(f"kill -9 of a candord that says FAILING: NOT_SERVING again after {again - killed:.2f} s")
            self.assertLess(again - killed, 1.5)
            self.assertNotIn("SERVING", {a for _, a in caller.answers(killed)}, "a restart lets no sick node back in")
        load.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
