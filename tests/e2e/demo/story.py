# SPDX-License-Identifier: Apache-2.0
"""The demonstration, played with a real media server: a generator of scenes, which are plain dicts.

    {"t": 12.0, "node": "OK", "candor": "SERVING", "state": "HEALTHY", "reason": "ok", "detail": "..."}
    {"t": 12.3, "note": "..."}
    {"t": 49.9, "seconds": 3.4, "harmed": 11, "asked": 6, "said_ok": 6}

A second that passed, something that happened, and the end. `t` is in seconds since the beginning,
`seconds` from the first harmed attempt to NOT_SERVING; the node was `asked` so often while it was frozen.
"""

import contextlib
import time

from stand.faults import event_loops_frozen
from stand.shell import StandError
from stand.stage import Stage

WARM_UP = 20  # calls that come up before the node freezes
GIVE_UP = 15.0  # seconds that Candor gets to see the fault
LINGER = 3.0  # seconds that the node stays frozen after that
CURTAIN = 56.0  # the story ends here at the latest


class Story:
    """One performance on a stage that is set."""

    def __init__(self, stage):
        self._stage = stage
        self._watch = stage.watch()
        self._load = stage.load(seconds=CURTAIN)
        self._begun = time.time()
        self._next = 1
        self._asked = []  # (Unix time, whether the node said OK)

    def play(self):
        yield self._note("a Janus, and three callers a second; Candor watches its sockets from the kernel")
        yield from self._seconds_until(lambda: len(self._load.events("active")) >= WARM_UP, 20)
        with event_loops_frozen(self._stage) as frozen:
            yield self._note("the node's media threads freeze; its API and its signalling go on")
            yield from self._seconds_until(lambda: self._since("NOT_SERVING", frozen), GIVE_UP)
            alarm, harmed = self._since("NOT_SERVING", frozen), self._load.first_harmed(frozen)
            if not alarm or not harmed:
                raise StandError(f"no alarm within {GIVE_UP:g} s: {self._stage.candor.verdict().detail}")
            delay = alarm - harmed["t"]
            yield self._note(f"Candor takes the node out, {delay:.1f} s after the first caller was harmed")
            yield from self._seconds_until(lambda: time.time() - alarm > LINGER, LINGER + 1)
            lost, answers = self._harmed_since(frozen), [ok for t, ok in self._asked if t >= frozen]
        healed = time.time()
        yield self._note("the threads run again; Candor holds the node back until fresh calls come up")
        yield from self._seconds_until(lambda: self._since("SERVING", healed), CURTAIN - self._now())
        if self._since("SERVING", healed):
            yield self._note("the node is let back in")
        yield {"t": self._now(), "seconds": round(delay, 2), "harmed": lost, "asked": len(answers),
               "said_ok": sum(answers)}

    def _now(self):
        return round(time.time() - self._begun, 1)

    def _note(self, text):
        return {"t": self._now(), "note": text}

    def _since(self, status, moment):
        return next((t for t, s in self._watch.history() if s == status and t >= moment), None)

    def _harmed_since(self, moment):
        active = {e["id"] for e in self._load.events("active")}
        return sum(e["t"] >= moment and e["id"] not in active for e in self._load.events("offer"))

    def _seconds_until(self, happened, at_most):
        """A scene for every second, until it happened or the time is over."""
        end = time.time() + at_most
        while not happened() and time.time() < end:
            if self._now() >= self._next:
                self._next += 1
                yield self._second()
            time.sleep(0.02)

    def _second(self):
        verdict, well = self._stage.candor.verdict(), self._stage.server.says_ok()
        self._asked.append((time.time(), well))
        return {"t": self._now(), "node": "OK" if well else "DOWN", "candor": self._watch.history()[-1][1],
                "state": self._stage.candor.state(), "reason": verdict.reason, "detail": verdict.detail}


def live():
    """Sets the stage and plays. Raises StandError where that is not possible."""
    with contextlib.ExitStack() as open_until_the_end:
        yield from Story(open_until_the_end.enter_context(Stage())).play()
