# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end cases have in common."""

import collections
import time
import unittest

from .stage import Stage

WARM_UP = 20  # attempts that became active before a fault begins
ALARM_WITHIN = 5.0  # seconds from the first harmed attempt, at three attempts a second
PROBATION_WITHIN = 75.0  # seconds from the healing: the hold of 30 s and fresh evidence

PUBLIC_ADDRESSES = ("192.0.2.7", "192.88.99.7", "198.18.0.7", "198.19.0.7", "198.51.100.7", "203.0.113.7")


def since_first_served(history, since=0.0):
    """Before candord has asked the node for its own word, it does not serve: that is no finding."""
    served = [t for t, status in history if status == "SERVING"]
    return [(t, status) for t, status in history if t >= max(since, min(served, default=0.0))]


class Case(unittest.TestCase):
    """A case prints what it measured: the figures are the finding, the assertions only its bounds."""

    def say(self, text):
        print(f"    {text}", flush=True)

    def assert_served_throughout(self, watch, since=0.0):
        statuses = [status for _, status in since_first_served(watch.history(), since)]
        self.assertEqual(set(statuses) - {"SERVING"}, set(), watch.history())

    def assert_every_attempt_was_seen_active(self, candor, load, count, known_by="key", ignored=""):
        """Of a load that has ended: what its clients made is what Candor saw, key by key, and no more."""
        seen = [a for a in candor.attempts(since=load.began) if candor.outcome(a) != ignored]
        phases = collections.Counter(candor.phase(attempt) for attempt in seen)
        source = candor.info().source
        self.say(f"clients: {load.summary()}; Candor ({source}): {len(seen)} attempts, {dict(phases)}")
        self.assertEqual(len(load.events("active")), count, f"the clients themselves: {load.sorrows()}")
        if {attempt.key for attempt in seen} != load.keys(known_by):
            self.fail(self.what_differs(candor, seen, load, known_by))
        self.assertEqual(len(seen), count, "one attempt per key")
        self.assertEqual([a.key for a in seen if not a.HasField("active")], [])
        self.assertEqual({candor.outcome(attempt) for attempt in seen}, {"BECAME_ACTIVE"})

    def what_differs(self, candor, seen, load, known_by):
        """Both sides of the difference, and the losses that Candor counted: a rare failure must be explained by its output."""
        known = {attempt.key for attempt in seen}
        lines = [f"made and not seen: {e}" for e in load.events("offer") if e[known_by] not in known]
        for a in seen:
            if a.key not in load.keys(known_by):
                at = a.first.ToNanoseconds() / 1e9
                lines.append(f"seen and not made: {a.key} at {at:.3f}, {a.local} {a.peer}, {a.flows} flows, "
                             f"{candor.phase(a)}, {candor.outcome(a)}")
        return "\n".join(lines + [f"{c.name} {c.value}" for c in candor.info().counters if c.value])

    def assert_fault_is_seen(self, fault, peer_addresses=(), **how):
        """On a stage of its own; see assert_fault_is_seen_on."""
        with Stage(peer_addresses) as stage:
            self.assert_fault_is_seen_on(stage, fault, **how)

    def assert_fault_is_seen_on(self, stage, fault, within=ALARM_WITHIN, and_its_end=True, **load):
        """Clients come all the time; the fault holds until Candor answers NOT_SERVING and 2 s longer."""
        media, node, ctl = stage.watch("media"), stage.watch("self"), stage.ctl_watch()
        load = stage.load(seconds=120, **load)
        load.await_count("active", WARM_UP)
        with fault(stage) as began:
            alarm = media.await_status("NOT_SERVING", within + 5, since=began)
            harmed = load.first_harmed(began)
            self.assert_served_until(began, media)
            self.assert_alarm_in_time(stage, alarm, harmed, within)
            self.assert_ctl_saw_it_too(ctl, alarm)
            time.sleep(2)
            self.assertTrue(stage.server.says_ok(), "the fault must not show in the self-report")
        if and_its_end:
            self.assert_recovery(stage, media, time.time())
        self.assert_served_throughout(node)  # the node reported SERVING all the time
        self.say(f"clients: {load.summary()}")
        load.close()

    def assert_served_until(self, began, media):
        before = [status for t, status in since_first_served(media.history()) if t < began]
        self.assertEqual(set(before), {"SERVING"}, media.history())

    def assert_alarm_in_time(self, stage, alarm, harmed, within):
        verdict = stage.candor.verdict()
        self.assertIsNotNone(harmed, f"the fault must harm clients; alarm {alarm}, {verdict.reason}")
        self.assertIsNotNone(alarm, f"no alarm: {verdict.reason}: {verdict.detail}")
        delay = alarm - harmed["t"]
        self.say(f"first harmed attempt to NOT_SERVING: {delay:.2f} s")
        self.say(f"{verdict.reason} on channel {verdict.detector}: {verdict.detail}")
        self.say(f"counted {verdict.counted}, failed {verdict.failed}, networks {verdict.networks}; waiting_on by "
                 f"node {verdict.waiting_on_node}, peer {verdict.waiting_on_peer}, path {verdict.waiting_on_path}")
        self.assertLessEqual(delay, within)
        self.assertEqual(stage.candor.state(), "FAILING")

    def await_verdict(self, stage, what, within):
        """The first verdict that is so, and after how many seconds."""
        began = time.time()
        while time.time() - began < within:
            verdict = stage.candor.verdict()
            if what(verdict):
                return verdict, time.time() - began
            time.sleep(0.1)
        self.fail(f"not within {within:g} s: {verdict.reason}: {verdict.detail} {verdict.sockets}")

    def assert_ctl_saw_it_too(self, ctl, alarm):
        ctl.wait_for(lambda verdicts: any(v["state"] == "FAILING" for v in verdicts), 2)
        seen = [t for t, verdict in ctl.all() if verdict["state"] == "FAILING"]
        self.assertTrue(seen, "candorctl watch never printed FAILING")
        self.say(f"candorctl watch: {seen[0] - alarm:+.2f} s beside gRPC's Watch")
        self.assertLess(abs(seen[0] - alarm), 1.0)

    def assert_recovery(self, stage, media, healed):
        back = media.await_status("SERVING", PROBATION_WITHIN, since=healed)
        verdict = stage.candor.verdict()
        self.assertIsNotNone(back, f"still out: {verdict.reason}: {verdict.detail}")
        self.say(f"healing to SERVING: {back - healed:.1f} s ({stage.candor.state()}, {verdict.reason})")
