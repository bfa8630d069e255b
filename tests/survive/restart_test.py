# SPDX-License-Identifier: Apache-2.0
"""A candord that is killed, replaced or taken over loses nothing: real Janus, real clients."""

import signal
import time
import unittest

from guard import GuardedCandor
from stand.bpf_fs import MODE
from stand.case import Case
from stand.faults import event_loops_frozen
from stand.stage import Stage
from table import until
from observers import Caller


class ARestart(Case):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(with_candor=False))
        cls.candor = cls.stage.start_candor("bpf", kind=GuardedCandor, more=cls.as_user())

    @classmethod
    def as_user(cls):
        """Where only root may pass the BPF file system, by a candord that is root no more when it pins."""
        if MODE != "0700":
            return {}
        cls.stage.folder.chmod(0o755)
        state = cls.stage.folder / "of-nobody"
        state.mkdir()
        state.chmod(0o777)
        return {"user": "nobody", "pin": "/sys/fs/bpf/candor-nobody", "state_file": str(state / "state")}

    def notes(self):
        return " | ".join(self.candor.notes())

    def await_restart(self, starts):
        began = time.time()
        back = self.candor.await_sight(starts)
        self.assertIsNotNone(back, "candord does not see again")
        self.say(f"seeing again after {back - began:.2f} s; {self.notes()}")

    def test_1_by_kill_9_loses_no_attempt(self):
        load = self.stage.load(seconds=8)
        load.await_count("active", 8)
        self.candor.guard.restart_after = 1.0  # attempts begin and end their setup while no candord runs
        self.restart_with()
        self.assertIn("took over the probes", self.notes())
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.candor, load, 24)

    def restart_with(self, **changes):
        """Killed, and started with other settings. Other ports make other programs."""
        starts = self.candor.guard.starts
        self.candor.change(**changes)
        self.candor.kill()
        self.await_restart(starts + 1)

    def test_2_with_other_programs_over_the_same_maps_loses_no_attempt(self):
        load = self.stage.load(seconds=6)
        load.await_count("active", 6)
        self.candor.guard.restart_after = 1.0
        self.restart_with(ports="20000-30001")
        self.assertIn("replaced the programs and kept the flows of the previous candord", self.notes())
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.candor, load, 18)

    def test_3_with_another_layout_says_what_it_could_not_take(self):
        self.restart_with(max_flows=32768)
        self.assertIn("replaced the probes of 1 other version", self.notes())
        load = self.stage.load(seconds=3)
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(self.candor, load, 9)

    def hand_over(self, expected, **changes):
        """To a candord with these changes; the new one, whose log has `expected`."""
        caller, ended = Caller(self.candor.target, retry=True), len(self.candor.guard.exits)
        self.candor.guard.restart_after = 3600
        config = self.candor.configured()
        new = self.stage.start_candor("bpf", kind=GuardedCandor, flags=["--take-over"], more=config | changes)
        self.assertIsNotNone(until(lambda: new.guard.ready_at, 20))
        self.assertIn(expected, new.log.read_text(encoding="utf-8"))
        self.candor.signal(signal.SIGTERM)
        self.assertIsNotNone(until(lambda: len(self.candor.guard.exits) > ended))
        self.assertEqual(self.candor.guard.exits[-1], 0)
        self.assertIsNotNone(new.await_sight())
        time.sleep(3)  # the caller's connection may have been the old one's
        answers = caller.answers()
        caller.close()
        bad = [(t, a) for t, a in answers if a != "SERVING"]
        self.say(f"{len(answers)} calls over the handover, {len(bad)} failed; {' | '.join(new.notes())}")
        self.assertEqual(bad, [])
        self.candor.guard.terminate()
        type(self).candor = new

    def test_4_handed_over_fails_no_call_and_loses_no_attempt(self):
        load = self.stage.load(seconds=22)
        load.await_count("active", 5)
        self.hand_over("follows the flows of the candord that is about to end")
        load.await_end()
        self.assertIn("reads the event ring now", self.notes())
        self.assert_every_attempt_was_seen_active(self.candor, load, 66)

    def test_5_handed_over_to_another_build_neither(self):
        load = self.stage.load(seconds=22)
        load.await_count("active", 5)
        self.hand_over("replaced the programs of the candord that is about to end", ports="20000-30002")
        load.await_end()
        self.assertIn("reads the event ring now", self.notes())
        self.assert_every_attempt_was_seen_active(self.candor, load, 66)
        self.restart_with()
        self.assertIn("took over the probes", self.notes(), "the pins are those of the build that runs now")

    def test_6_handed_over_with_another_layout_says_what_it_could_not_take(self):
        load = self.stage.load(seconds=60)
        load.await_count("active", 15)
        self.hand_over("has maps of another layout: flows that were open at the start are",
                       max_flows=16384)
        began = time.time()
        time.sleep(4)
        made = {e["key"] for e in load.events("offer") if began <= e["t"] < time.time() - 2}
        load.close()
        self.assertGreater(len(made), 4)
        self.assertEqual(made - {a.key for a in self.candor.attempts() if a.HasField("active")}, set())

    def test_7_while_the_node_is_sick_never_calls_it_well(self):
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
            self.say(f"kill -9 of a candord with FAILING: NOT_SERVING again after {again - killed:.2f} s")
            self.assertLess(again - killed, 1.5)
            self.assertNotIn("SERVING", {a for _, a in caller.answers(killed)}, "a restart lets no failing node back in")
        load.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
