# SPDX-License-Identifier: Apache-2.0
"""The scoring itself: what counts as flagged, in time, exonerated, named rightly or wrongly."""

import dataclasses
import unittest

from truth import catalogue, grade, table


def _row(**more):
    row = catalogue.Row("a cause", None, "janus", "many", True, within=5.0, states=("FAILING",),
                        codes=frozenset({"dropped_netfilter_in"}))
    return dataclasses.replace(row, **more)


def _seen(t, state, reason="none_active", code="", words=""):
    return {"t": t, "state": state, "reason": reason, "code": code, "words": words}


class ACauseOfTheNodes(unittest.TestCase):
    def test_that_is_failing_in_time_is_right(self):
        history = [_seen(100, "HEALTHY", "ok"), _seen(103, "DEGRADED"), _seen(104, "FAILING")]
        self.assertEqual(grade.detection(_row(), history, 100), "right")
        self.assertEqual(grade.flagged_after(history, ("FAILING",), 100), 3)

    def test_that_is_flagged_after_the_bound_is_late(self):
        self.assertEqual(grade.detection(_row(), [_seen(100, "HEALTHY", "ok"), _seen(106, "FAILING")], 100), "late")

    def test_that_is_never_failing_is_weak(self):
        self.assertEqual(grade.detection(_row(), [_seen(102, "DEGRADED")], 100), "weak")

    def test_that_stays_healthy_is_missed(self):
        self.assertEqual(grade.detection(_row(), [_seen(100, "HEALTHY", "ok")], 100), "missed")

    def test_is_flagged_by_unknown_only_where_that_is_expected_and_for_its_reason(self):
        ceased, stale = [_seen(103, "UNKNOWN", "attempts_ceased")], [_seen(103, "UNKNOWN", "too_few")]
        self.assertEqual(grade.detection(_row(), ceased, 100), "missed")
        silent = _row(states=("FAILING", "UNKNOWN"))
        self.assertEqual(grade.detection(silent, ceased, 100), "right")
        self.assertEqual(grade.detection(silent, stale, 100), "missed")


class ACauseOfTheClients(unittest.TestCase):
    def test_is_exonerated_while_nothing_else_is_said(self):
        row = _row(nodes_fault=False, states=("HEALTHY", "UNKNOWN"))
        self.assertEqual(grade.detection(row, [_seen(1, "HEALTHY"), _seen(9, "UNKNOWN")], 1), "exonerated")

    def test_is_blamed_by_one_moment_of_degraded(self):
        row = _row(nodes_fault=False, states=("HEALTHY", "UNKNOWN"))
        self.assertEqual(grade.detection(row, [_seen(1, "DEGRADED"), _seen(9, "HEALTHY")], 1), "blamed")


class AName(unittest.TestCase):
    def test_is_right_when_the_last_code_is_an_expected_one(self):
        history = [_seen(1, "FAILING", code="frozen"), _seen(2, "FAILING", code="dropped_netfilter_in")]
        self.assertEqual(grade.naming(_row(), history), "right")

    def test_is_wrong_when_it_is_another(self):
        self.assertEqual(grade.naming(_row(), [_seen(1, "FAILING", code="frozen")]), "wrong")

    def test_is_none_without_a_code(self):
        self.assertEqual(grade.naming(_row(), [_seen(1, "FAILING", words="No answer.")]), "none")

    def test_is_wrong_when_words_call_the_node_s_fault_forged(self):
        history = [_seen(1, "FAILING", code="dropped_netfilter_in", words="They are most likely forged.")]
        self.assertEqual(grade.naming(_row(), history), "wrong")

    def test_is_wrong_when_words_speak_of_a_stuck_process_and_it_is_not(self):
        history = [_seen(1, "FAILING", words="Save a stack trace before you restart it.")]
        self.assertEqual(grade.naming(_row(), history), "wrong")
        self.assertEqual(grade.naming(_row(codes=frozenset({"frozen"})), history), "none")


class TheSummary(unittest.TestCase):
    def test_counts_a_cause_as_right_only_where_all_of_its_rows_are(self):
        good = {"detection": "right", "naming": "right", "measured": True}
        late = {"detection": "late", "naming": "wrong", "measured": False}
        results = [(_row(), good), (_row(server="pion"), late), (_row(cause="another"), good)]
        self.assertIn("2 causes of the node's: 1 flagged in time, 1 named rightly; 1 causes named wrongly: a cause.",
                      table.summary(results))


class TheCatalogue(unittest.TestCase):
    def test_has_each_name_once(self):
        names = [row.name for row in catalogue.ROWS]
        self.assertEqual(len(names), len(set(names)))

    def test_has_thirty_causes_of_the_nodes_and_all_kinds_of_clients(self):
        self.assertGreaterEqual(len({row.cause for row in catalogue.ROWS if row.nodes_fault}), 30)
        self.assertEqual({row.clients for row in catalogue.ROWS}, {"one", "many", "trusted"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
