# SPDX-License-Identifier: Apache-2.0
"""One row of the catalogue, in a process of its own because it takes a network namespace: `truth.row NAME [STATE]`
prints a line of JSON."""

import contextlib
import json
import os
import resource
import sys
import time

from stand.shell import StandError

from . import catalogue, grade
from .stages import stage_of

WARM_UP = 30  # joins that came up before the fault
HEALTHY_WITHIN = 90.0
HARMED_AFTER = 2.0  # a join takes 40 ms; one that takes so many seconds met the fault
POLL = 0.1
AFTER_THE_BOUND = 7.0  # seconds for which it is watched on
SETTLED = 4.0  # seconds after an expected flag in which the cause may still be found
OF_CLIENTS = 20.0  # seconds for which a cause of the clients' is watched; an attempt's deadline is 10 s


class History:
    """The verdicts since the fault, changes only."""

    def __init__(self, candor):
        self._candor = candor
        self.seen = []

    def look(self):
        try:
            v = self._candor.verdict()
        except self._candor.NO_ANSWER:
            return  # on a starved machine it can take too long
        now = {"state": self._candor.name_of(v.state), "reason": v.reason, "code": v.cause.code,
               "measured": v.cause.measured,
               "words": " ".join(filter(None, (v.detail, v.remediation, v.cause.text, v.cause.remediation)))}
        last = self.seen[-1] if self.seen else {}
        if any(now[key] != last.get(key) for key in ("state", "reason", "code")):
            self.seen.append({"t": time.time()} | now)
        else:
            last["words"] = now["words"]


def _harmed(load, since):
    """The first join begun since then that did not come up soon; None: there is none yet."""
    up = {e["id"]: e["t"] for e in load.events("active")}
    for e in load.events("begin", good_only=True):
        if e["t"] >= since and up.get(e["id"], time.time()) - e["t"] > HARMED_AFTER:
            return e["t"]
    return None


def _watch(row, stage, load, began, again):
    """Until enough was seen; the history and when the first join was harmed."""
    history, harmed = History(stage.candor), None
    while True:
        history.look()
        if again is not None:
            again()
        now = time.time()
        if row.nodes_fault:
            harmed = harmed or _harmed(load, began)
            right = next((s["t"] for s in history.seen if s["state"] in row.states and grade.is_flag(s, row.states)), None)
            if right is not None and now - right > SETTLED and harmed:
                break
            if now - (harmed or began + 3) > row.within + AFTER_THE_BOUND:
                break
        elif now - began > OF_CLIENTS:
            break
        time.sleep(POLL)
    return history.seen, harmed


def _joins(load, since, until):
    begun = {e["id"] for e in load.events("begin", good_only=True) if since <= e["t"] < until}
    up = {e["id"] for e in load.events("active")}
    return len(begun), len(begun - up)


def _result(row, stage, load, history, harmed, began):
    end = time.time()
    since = harmed or began
    joins, failed = _joins(load, since, end - HARMED_AFTER)
    named = [seen for seen in history if seen["code"]]
    flags = [seen for seen in history if grade.is_flag(seen, row.states)]
    shown = (flags or history)[-1]
    after = grade.flagged_after(history, row.states, since)
    failing = next((seen["t"] - since for seen in history if seen["state"] == "FAILING"), None)
    found = {"flagged_s": after, "failing_s": failing, "state": shown["state"], "reason": shown["reason"],
             "code": named[-1]["code"] if named else "", "measured": bool(named and named[-1]["measured"]),
             "words": shown["words"], "joins": joins, "failed": failed, "harmed": harmed is not None,
             "detection": grade.detection(row, history, since), "naming": grade.naming(row, history),
             "history": [seen | {"t": round(seen["t"] - since, 2)} for seen in history],
             "servers": _servers(stage), "why": stage.candor.ask("why"), "load": os.getloadavg()[0]}
    if row.two and any(not s["name"].startswith(row.server) and s["state"] in grade.BLAMES for s in found["servers"]):
        found["detection"] = "other blamed"
    if row.nodes_fault and harmed is None:
        found |= {"detection": "not made", "naming": "none"}
    return found


def _servers(stage):
    """The verdict of each server, where there are several."""
    return [{"name": s.name, "state": stage.candor.name_of(s.state), "reason": s.reason}
            for s in stage.candor.verdict().servers]


def _warm_up(seconds, stage):
    end = time.time() + seconds
    healthy = stage.await_healthy(WARM_UP, HEALTHY_WITHIN)
    time.sleep(max(0.0, end - time.time()) if healthy else 0)
    if not (healthy and stage.await_healthy(WARM_UP, HEALTHY_WITHIN)):
        v, load = stage.candor.verdict(), stage.usual_load
        raise StandError(f"not HEALTHY before the fault: {v.reason}: {v.detail}; {load.summary()}, {load.sorrows()[:3]}")


def run(row, state):
    # A baseline has how sessions go with attempts, but after a quarter of an hour not how attempts come.
    warm_up = row.warm_up if state is None else min(row.warm_up, catalogue.LEARNS_ARRIVALS)
    with stage_of(row, state) as stage:
        stage.start_clients(seconds=warm_up + 200, **row.load)
        load = stage.usual_load
        _warm_up(warm_up, stage)
        began = time.time()
        with contextlib.ExitStack() as fault:
            again = fault.enter_context(row.fault(stage))
            if row.second:
                stage.clients(**row.second)
            history, harmed = _watch(row, stage, load, began, again if callable(again) else None)
            return _result(row, stage, load, history, harmed, began)


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # some servers end so when they run out of something
    row = catalogue.named(sys.argv[1])
    state = sys.argv[2] if len(sys.argv) > 2 else None
    try:
        found = run(row, state)
    except (StandError, OSError, AssertionError) as error:
        found = {"detection": "not made", "naming": "none", "error": f"{type(error).__name__}: {error}"[:2000]}
    print(json.dumps({"name": row.name} | found), flush=True)


if __name__ == "__main__":
    main()
