# SPDX-License-Identifier: Apache-2.0
import time
import unittest

from stand.case import Case
from stand.faults import event_loops_frozen
from stand.stage import Stage


class ACandorThatMayOnlyCapture(Case):
    """`source: auto` without CAP_BPF, as in many containers."""

    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(source="auto", rights="+net_raw"))

    def test_says_so_wherever_it_is_asked(self):
        info = self.stage.candor.info()
        self.say(f"GetInfo: {info.source}:{info.source_target}; {'; '.join(info.warnings)}")
        self.assertEqual((info.source, info.source_target), ("pcap", "any"))
        warnings = " ".join(info.warnings)
        for part in ("CAP_BPF", "live capture instead of BPF", "no socket evidence"):
            self.assertIn(part, warnings)
        for command in ("status", "doctor"):
            output = self.stage.candor.ask(command)
            self.assertIn("pcap", output, command)
            self.assertIn("no socket evidence", output, command)
        self.assertIn("through pcap", self.stage.candor.log.read_text(encoding="utf-8"))

    def test_sees_on_the_wire_what_bpf_sees_at_the_sockets(self):
        sockets = self.stage.start_candor("bpf", port=7470)
        wire = self.stage.start_candor("pcap:media0", port=7471, rights="+net_raw")
        load = self.stage.load(seconds=10)
        load.await_end()
        time.sleep(1)
        for view in (wire, sockets, self.stage.candor):
            self.assert_every_attempt_was_seen_active(view, load, 30)

    def test_takes_a_frozen_node_out(self):
        self.assert_fault_is_seen_on(self.stage, event_loops_frozen, and_its_end=False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
