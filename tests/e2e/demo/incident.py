# SPDX-License-Identifier: Apache-2.0
"""The incident of 2 June 2026, played with three real LiveKit nodes: a generator of scenes, which are plain dicts.

    {"t": 9.1, "act": "with Candor"}
    {"t": 12.0, "nodes": {"a": {"health": "OK", "row": "SERVING", "candor": "HEALTHY", "rooms": 31}, ...},
     "joins": 80, "failed": 0}
    {"t": 12.3, "note": "..."}
    {"t": 95.1, "acts": {"without Candor": {...}, "with Candor": {...}}}

An act that begins, a second that passed (`rooms` since the fault began, else since the act began; `failed`: joins that
began 2 s ago or more and carry no media), something that happened, and the end: what `_Act.figures` returns of each act.
`t` is in seconds since the beginning.
"""

import contextlib
import time

from stand.case import since_first_served
from stand.cluster import BY_CANDOR, BY_LIVEKIT, Cluster
from stand.faults import dtls_refused_to_a_share
from stand.shell import StandError
from stand.watch import Watch

WITHOUT, WITH = "without Candor", "with Candor"
PER_CENT = 60  # of the client addresses that get no media from the node
RATE = 6.0  # joins a second, of the whole cluster
WARM_UP = 50  # joins that come up before the node turns gray
WINDOW = 30.0  # seconds from the fault in which the two acts are compared
SETTLED = 1.0  # seconds from the verdict, after which no further room is to be placed on the node
LAST = 10.0  # the end of the window, looked at for itself
GIVE_UP = 60.0  # seconds after which verdict and page no longer come
GRACE = 2.0  # seconds after which a join that is not active counts as failed; a healthy one takes 0.2
SHARE = 0.6  # of three nodes one may be steered
PACE = "5s"  # of Prometheus, as scripts/packaging/prometheus has it
GRAY = 1  # the node that turns gray, of a, b, c


class _Act:
    """One act: participants come, a node turns gray and heals, the participants leave."""

    def __init__(self, cluster, guarded, clock):
        self._cluster, self._guarded, self._clock = cluster, guarded, clock
        self.gray = cluster.nodes[GRAY]
        self._looks = []  # (Unix time, whether the gray node's own page said OK)
        self._since = time.time()  # rooms are counted from then on
        self._watches, self._alerting = {}, None

    def play(self):
        if self._guarded:
            yield self._note("a candord beside each node; the balancer and the pager ask candord")
            self._start_candor()
        front = BY_CANDOR if self._guarded else BY_LIVEKIT
        self._await_balancer(front)
        self._load = self._cluster.load(front, rate=RATE, seconds=600)
        yield from self._seconds_until(self._is_warm, 60)
        if not self._is_warm():
            raise StandError(f"the cluster did not get ready within 60 s: {self._second()}")
        with dtls_refused_to_a_share(self.gray, PER_CENT) as self._began:
            self._since = self._began
            yield self._note(f"node {self.gray.name} turns gray: it accepts joins and says that it is available, and of "
                             f"{PER_CENT} % of its clients the media never becomes active")
            yield from self._tell_until_told()
            self._load.send_home()
            # Until each of them has come in or given up: the healing would bring in those that wait.
            yield from self._seconds_until(lambda: not self._pending(), 15)
            self._healed = time.time()

    def _start_candor(self):
        self._cluster.start_candors(SHARE)
        self._watches = {node.name: Watch(node.candor.target) for node in self._cluster.nodes}
        for watch in self._watches.values():
            self._cluster.callback(watch.close)
        self._alerting = self._cluster.alerting(PACE)

    def _await_balancer(self, front):
        if not self._cluster.await_front(front, 20):
            raise StandError("the balancer has no node")

    def _is_warm(self):
        if len(self._load.events("active")) < WARM_UP:
            return False
        return all(node.candor.state() == "HEALTHY" for node in self._cluster.nodes if node.candor)

    def _tell_until_told(self):
        """The seconds of the window, and those until verdict and page have come; each as it comes."""
        told = set()
        while time.time() < self._began + WINDOW or (self._guarded and time.time() < self._began + GIVE_UP
                                                     and not (self._verdict() and self._page())):
            yield from self._seconds_until(lambda: self._news(told), 0.2)
            for what, text in self._news(told):
                told.add(what)
                yield self._note(text)

    def _news(self, told):
        words = {"verdict": (self._verdict(), f"Candor: {self.gray.name} is FAILING: {self._why()}"),
                 "page": (self._page(), "Alertmanager pages: CandorGrayFailure")}
        return [(what, text) for what, (t, text) in words.items() if t and what not in told]

    def _verdict(self):
        watch = self._watches.get(self.gray.name)
        return watch and next((t for t, s in watch.history() if s == "NOT_SERVING" and t >= self._began), None)

    def _page(self):
        alarm = self._alerting and self._alerting.hook.first("CandorGrayFailure", "firing")
        return alarm and alarm[0]

    def _alerts(self):
        """The names of all that fired."""
        return sorted({alert[1] for alert in self._alerting.hook.received}) if self._alerting else []

    def _why(self):
        return self.gray.candor.verdict().detail if self._verdict() else ""

    def statuses(self):
        """{node: every status that its candord told from its first SERVING on}"""
        return {name: {s for _, s in since_first_served(watch.history())} for name, watch in self._watches.items()}

    def figures(self):
        """Of an act that has ended. Times are seconds from the first harmed join, or None."""
        joins = self._joins()
        lost = [join for join in joins if join["lost"] and join["t"] >= self._began]
        first = min((join["t"] for join in lost), default=None)
        placed = [t for t, node in self._cluster.rooms().values() if node == self.gray.name and t < self._healed]
        within = [join for join in joins if self._began <= join["t"] < self._began + WINDOW]
        late = [join for join in within if join["t"] >= self._began + WINDOW - LAST]
        verdict = self._verdict()
        asked = [ok for t, ok in self._looks if self._began <= t < self._began + WINDOW]
        after = lambda t: None if not t or first is None else round(t - first, 2)  # noqa: E731
        return {"window": WINDOW, "joins": len(within), "failed": sum(j["lost"] for j in within),
                "late": LAST, "late_joins": len(late), "late_failed": sum(j["lost"] for j in late),
                "failed_elsewhere": sum(j["node"] != self.gray.name for j in lost),
                "verdict": after(verdict), "room": after(max(placed, default=None)),
                "rooms_after": sum(t > verdict + SETTLED for t in placed) if verdict else None,
                "rooms_at_the_end": sum(t >= self._began + WINDOW - LAST for t in placed),
                "page": after(self._page()), "alerts": self._alerts(), "asked": len(asked), "said_ok": sum(asked)}

    def _joins(self):
        """Every join: when it began, the node of its room, and whether its media never became active."""
        up = {e["id"] for e in self._load.events("active")}
        rooms = self._cluster.rooms()
        return [{"t": e["t"], "lost": e["id"] not in up, "node": rooms.get(e["room"], (0, ""))[1]}
                for e in self._load.events("begin")]

    def _pending(self):
        ended = {e["id"] for e in self._load.events("end")}
        return [e for e in self._load.events("begin") if e["id"] not in ended]

    def _note(self, text):
        return {"t": self._clock.now(), "note": text}

    def _seconds_until(self, happened, at_most):
        """A scene for every second, until it happened or the time is over."""
        end = time.time() + at_most
        while not happened() and time.time() < end:
            if self._clock.ticks():
                yield self._second()
            time.sleep(0.05)

    def _second(self):
        rows, rooms = self._cluster.rows(), self._cluster.rooms().values()
        nodes = {}
        for node in self._cluster.nodes:
            nodes[node.name] = {"health": "OK" if node.server.says_ok() else "DOWN", "row": rows[node.name],
                                "candor": node.candor.state() if node.candor else "",
                                "rooms": sum(t >= self._since and name == node.name for t, name in rooms)}
        self._looks.append((time.time(), nodes[self.gray.name]["health"] == "OK"))
        joins = [join for join in self._joins() if join["t"] < time.time() - GRACE]
        return {"t": self._clock.now(), "nodes": nodes, "joins": len(joins), "failed": sum(j["lost"] for j in joins)}

    def close(self):
        self._load.close()


class _Clock:
    """Seconds since the beginning."""

    def __init__(self):
        self._begun, self._next = time.time(), 1

    def now(self):
        return round(time.time() - self._begun, 1)

    def ticks(self):
        """Whether a further second has passed; seconds that nobody asked about are left out."""
        if self.now() < self._next:
            return False
        self._next = int(self.now()) + 1
        return True


class Incident:
    """The acts on one cluster, one after the other; `acts` keeps them by name."""

    def __init__(self, cluster, names=(WITHOUT, WITH)):
        self._cluster, self._names, self.acts = cluster, names, {}

    def play(self):
        clock, figures = _Clock(), {}
        for name in self._names:
            yield {"t": clock.now(), "act": name}
            act = self.acts[name] = _Act(self._cluster, name == WITH, clock)
            yield from act.play()
            figures[name] = act.figures()
            act.close()
        yield {"t": clock.now(), "acts": figures}


def live(names):
    """Sets up the cluster and plays these acts. Raises StandError where that is not possible."""
    with contextlib.ExitStack() as open_until_the_end:
        yield from Incident(open_until_the_end.enter_context(Cluster()), names).play()
