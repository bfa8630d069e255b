# SPDX-License-Identifier: Apache-2.0
"""Scenes of WebRTC: a node on one UDP port, sixty client networks, one join a second unless said."""
from scenes import packets as p
from scenes.scene import Scenes
from scenes.session import TWINS, Session, Twin

JOINS = 70
FAILING_FROM = 30  # s
STAY = 20       # s that a client stays

scenes = Scenes()


def joined(capture, random, number, at, twin=Twin(), client="in", **more):
    """A session whose handshake is over, and when it was."""
    s = Session(capture, random, number, twin=twin, **more)
    s.checks(at)
    return s, s.handshake(at + 0.06, client)


def publisher(s, begin, end, mute):
    s.media(begin + 0.02, end, "in")
    if not mute:
        s.reports(begin + 0.3, end, "out")


def subscriber(s, begin, end, mute):
    s.reports(begin + 0.1, end, "in")
    if not mute:
        s.media(begin + 0.02, end, "out")


def data_only(s, begin, end, mute):
    s.data(begin + 0.02, "in", 53)
    if not mute:
        s.data(begin + 0.03, "out", 60)
        s.data(begin + 0.1, "in", 28)
    for at in (1, 3, 6) if mute else ():
        s.data(begin + at, "in", 53)


def of_a_kind(twin, part, mute, client="in"):
    def build(capture, random):
        for n in range(JOINS):
            failing = mute and n >= FAILING_FROM
            end = n + (8 if failing else STAY)
            s, done = joined(capture, random, n, float(n), twin, client)
            part(s, done, end, failing)
            s.consent(n + 2.5, end)
    return build


def quiet_every_sixth(twin, client):
    def build(capture, random):
        for n in range(60):
            s, done = joined(capture, random, n, float(n), twin, client)
            if n % 6:
                publisher(s, done, n + STAY, False)
            s.consent(n + 2.5, n + STAY)
    return build


def hellos_unanswered(twin):
    def build(capture, random):
        for n in range(JOINS):
            if n < FAILING_FROM:
                s, done = joined(capture, random, n, float(n), twin)
                publisher(s, done, n + STAY, False)
                s.consent(n + 2.5, n + STAY)
            else:
                s = Session(capture, random, n, twin=twin)
                s.checks(n)
                s.unanswered_hellos(n + 0.06)
                s.consent(n + 2.5, n + 8)
    return build


OUTSIDE_STUN = {name: twin for name, twin in TWINS.items() if not twin.in_stun}

for name, twin in TWINS.items():
    for part in (publisher, subscriber, data_only):
        what = f"{part.__name__}, DTLS {name}"
        scenes.add(f"healthy {what}", of_a_kind(twin, part, False), attempts=JOINS, active=JOINS, healthy=True)
        # Receiver reports ask for nothing: that listeners wait in vain shows by their number only.
        scenes.add(f"mute node, {what}", of_a_kind(twin, part, True), attempts=JOINS, active=FAILING_FROM,
                   failing_by=65 if part is subscriber else 42, harmed_after=FAILING_FROM)
    if twin.in_stun:
        continue
    scenes.add(f"mute node is the DTLS client, {name}", of_a_kind(twin, publisher, True, "out"), attempts=JOINS,
               active=FAILING_FROM, failing_by=42, harmed_after=FAILING_FROM)
    for client in ("in", "out"):
        scenes.add(f"every sixth is quiet, DTLS {name}, client {client}", quiet_every_sixth(twin, client), attempts=60,
                   healthy=True)
    scenes.add(f"hellos unanswered, DTLS {name}", hellos_unanswered(twin), attempts=JOINS, active=FAILING_FROM,
               failing_by=40, harmed_after=FAILING_FROM)


def refuses_all(code):
    def build(capture, random):
        for n in range(75):
            if n < FAILING_FROM:
                s, done = joined(capture, random, n, float(n))
                publisher(s, done, n + STAY, False)
                s.consent(n + 2.5, n + STAY)
            else:
                s = Session(capture, random, n)
                s.checks(n, 20, 0.5, lambda transaction: p.error(transaction, code))
    return build


for code in (400, 401, 403, 500):
    scenes.add(f"the node answers everybody {code}", refuses_all(code), harmed_by=60, harmed_after=FAILING_FROM)


def warned(direction, description, late):
    def build(capture, random):
        for n in range(30):
            s, done = joined(capture, random, n, float(n))
            s.warning(done + 0.01 if late else n + 0.09, direction, description)
            publisher(s, done, n + STAY, False)
            s.consent(n + 2.5, n + STAY)
    return build


for direction in ("in", "out"):
    for description in (90, 100, 112):  # user_canceled, no_renegotiation, unrecognized_name
        for late in (False, True):
            scenes.add(f"warning {description} {direction}, {'after' if late else 'in'} the handshake",
                       warned(direction, description, late), attempts=30, active=30, refused=0, healthy=True)


def peer_says_goodbye(twin):
    def build(capture, random):
        for n in range(20):
            s, done = joined(capture, random, n, float(n), twin)
            s.goodbye(done + 0.4, "in")
    return build


for name, twin in OUTSIDE_STUN.items():
    scenes.add(f"close_notify before any media, DTLS {name}", peer_says_goodbye(twin), attempts=20, left=20, refused=0,
               calm=True)


def begins_in_the_middle(pace):
    def build(capture, random):
        for n in range(42):
            s = Session(capture, random, n)
            if n < 30:
                s.media(n * 0.003, 60, "in")
                s.media(n * 0.003, 60, "out", 0.5)
                s.reports(n * 0.01, 60, "out")
            s.consent(n * 0.37 % pace, 60, pace)
    return build


for pace in (1.0, 2.5, 5.0, 6.0):
    scenes.add(f"begins in the middle, a check every {pace} s", begins_in_the_middle(pace), calm=True)


def fixed_ufrag(both_halves, failing):
    def build(capture, random):
        for n in range(60):
            names = {"node_ufrag": "EDGE", "peer_ufrag": "PEER" if both_halves else f"p{n:03}"}
            if failing and n >= FAILING_FROM:
                s = Session(capture, random, n, **names)
                s.checks(n)
                s.unanswered_hellos(n + 0.06)
                s.consent(n + 2.5, n + 9)
            else:
                s, done = joined(capture, random, n, float(n), **names)
                publisher(s, done, n + 12, False)
                s.consent(n + 2.5, n + 12)
    return build


for both in (False, True):
    halves = "both halves" if both else "the node's half"
    scenes.add(f"{halves} of the ufrag fixed", fixed_ufrag(both, False), attempts=60, active=60, healthy=True)
    scenes.add(f"{halves} of the ufrag fixed, then no handshake", fixed_ufrag(both, True), attempts=60, active=30,
               failing_by=40, harmed_after=FAILING_FROM)


def restarts(quiet, answered):
    def build(capture, random):
        for n in range(40):
            at, again = n * 0.5, 30 + n * 0.3
            s, done = joined(capture, random, n, at)
            s.data(done + 0.01, "in", 60)
            s.data(done + 0.02, "out", 60)
            if not quiet:
                publisher(s, done, 60, False)
            s.consent(at + 2.5, 29)
            s.node_ufrag, s.peer_ufrag = f"re{n:04}", f"rc{n:04}"
            if answered:
                s.checks(again, 2, 0.1)
                s.consent(again + 2.5, 60)
            else:
                s.checks(again, 20, 0.5, None)
    return build


scenes.add("ICE restarts of quiet participants", restarts(True, True), calm=True)
scenes.add("ICE restarts while media flows", restarts(False, True), calm=True)
scenes.add("ICE restarts that the node does not answer", restarts(True, False), harmed_by=60, harmed_after=30)


def joins(count, rate, each):
    def build(capture, random):
        for n in range(count):
            each(capture, random, n, n / rate)
    return build


def both_ways_until(sick_from):
    def each(capture, random, n, at):
        s, done = joined(capture, random, n, at)
        s.media(done + 0.02, at + 10, "in")
        s.reports(done + 0.4, at + 10, "out")
        s.reports(done + 0.5, at + 10, "in")
        if at < sick_from:
            s.media(done + 0.05, at + 10, "out")
        s.consent(at + 2.5, at + 10)
    return each


scenes.add("media both ways", joins(300, 3, both_ways_until(1e9)), attempts=300, active=300, healthy=True)
scenes.add("RTP from the node vanishes, RTCP goes on", joins(300, 3, both_ways_until(60)), harmed_by=70.5,
           harmed_after=60, reasons=("media_missing",))


def slower_from(since, rtt):
    def each(capture, random, n, at):
        s, done = joined(capture, random, n, at, rtt=0.02 if at < since else rtt)
        s.media(done + 0.02, at + 10, "in")
        s.media(done + 0.03, at + 10, "out")
        s.consent(at + 2.5, at + 10)
    return each


scenes.add("every set-up 40 times slower", joins(360, 3, slower_from(80, 0.75)), harmed_by=100, harmed_after=80,
           reasons=("slow_setup",))
scenes.add("every set-up twice as slow", joins(360, 3, slower_from(80, 0.04)), healthy=True)


def deaf_to_newcomers(share, rate, since=60, end=240):
    def build(capture, random):
        for n in range(20):
            s, done = joined(capture, random, 5000 + n, n * 0.1)
            publisher(s, done, end, False)
            s.consent(n * 0.1 + 2.5, end)
        for n in range(int((end - 10) * rate)):
            at = 5 + n / rate
            if at > since and random.between(0, 1) < share:
                Session(capture, random, n).checks(at, 20, 0.5, None)
            else:
                s, done = joined(capture, random, n, at)
                publisher(s, done, at + 4, False)
    return build


for rate in (1, 4, 10):
    scenes.add(f"no answer for newcomers, {rate}/s, old sessions live", deaf_to_newcomers(1.0, rate, end=160),
               failing_by=90, harmed_after=60)
scenes.add("no answer for half of the newcomers, 4/s", deaf_to_newcomers(0.5, 4), harmed_by=240, harmed_after=60)
