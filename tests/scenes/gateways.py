# SPDX-License-Identifier: Apache-2.0
"""Scenes of calls through a gateway between two parties: each call has two legs at the node, and what comes in on one must go out
on the other. A proxy (rtpengine) forwards RTP with its SSRC, a B2BUA (Asterisk) sends with one of its own."""
from scenes.scene import Scenes
from scenes.session import Session, client_address

scenes = Scenes()


class Bridged:
    """One call: leg A's party calls leg B's. Times are seconds."""

    def __init__(self, capture, random, number, *, networks=60, keeps_ssrc=True):
        self.number, self.keeps_ssrc = number, keeps_ssrc
        self.a, self.b = (Session(capture, random, 2 * number + k, port=20000 + 4 * (2 * number + k) % 40000,
                                  peer_port=40000 + (2 * number + k) % 20000,
                                  address=client_address((2 * number + k) % networks)) for k in (0, 1))

    def ssrc(self, leg, direction):
        comes_from = leg if direction == "in" else 1 - leg
        own = 0 if direction == "in" or self.keeps_ssrc else 1
        return 100000 + 8 * self.number + 2 * comes_from + own

    def talk(self, leg, direction, begin, end):
        (self.a, self.b)[leg].media(begin, end, direction, step=0.1, ssrc=self.ssrc(leg, direction), payload_type=0)

    def reports(self, leg, begin, end):
        for direction in ("in", "out"):
            (self.a, self.b)[leg].reports(begin, end, direction)

    def both(self, begin, end, without=()):
        """All four streams but `without`: (leg, direction) pairs."""
        for leg in (0, 1):
            for direction in ("in", "out"):
                if (leg, direction) not in without:
                    self.talk(leg, direction, begin + (0.02 if direction == "out" else 0), end)


def one_way(every, share, since=120, until=200, reports=False, **kind):
    """Calls of 20 s; from `since` on the callers of one call in `share` hear nothing. `share` 0: none."""
    def build(capture, random):
        for n in range(int(until / every)):
            at, call = n * every + random.between(0, every / 2), Bridged(capture, random, n, **kind)
            mute = share and at >= since and n % share == 0
            call.both(at, at + 20, [(0, "out")] if mute else ())
            if reports:
                call.reports(0, at + 1, at + 20)
                call.reports(1, at + 1, at + 20)
    return build


for kept in (True, False):
    what = "through a proxy" if kept else "through a B2BUA"
    scenes.add(f"bridged calls {what}", one_way(0.7, 0, keeps_ssrc=kept), calm=True)
    scenes.add(f"every caller hears nothing, {what}", one_way(0.35, 1, keeps_ssrc=kept), harmed_by=132, harmed_after=120,
               failing_by=130 if kept else None)
    scenes.add(f"every third caller hears nothing, {what}", one_way(0.35, 3, keeps_ssrc=kept), harmed_by=145, harmed_after=120,
               failing_by=135 if kept else None)
scenes.add("every third caller hears nothing, with RTCP", one_way(0.35, 3, reports=True), harmed_by=150, harmed_after=120, failing_by=135)


def permitted(shape):
    """Through a proxy, all calls differ from 60 s on: each is permitted silence of one party or both."""
    def build(capture, random):
        for n in range(170):
            at, call = n * 0.7 + random.between(0, 0.3), Bridged(capture, random, n)
            if at < 60:
                call.both(at, at + 20)
            elif shape == "the called party only listens":
                call.both(at, at + 20, [(1, "in"), (0, "out")])
            elif shape == "the called party answers late":
                call.talk(0, "in", at, at + 25)
                call.talk(1, "out", at, at + 25)
                call.talk(1, "in", at + 8, at + 25)
                call.talk(0, "out", at + 8.02, at + 25)
            elif shape == "the called party holds":
                call.both(at, at + 6)
                call.talk(0, "in", at + 6, at + 25)
                call.talk(1, "out", at + 6, at + 25)
            elif shape == "a recorder listens":
                call.both(at, at + 20)
                copy = Session(capture, random, n, port=9000 + 2 * n, peer_port=9000, address="203.0.113.9")
                copy.media(at + 0.5, at + 20, "out", step=0.1, ssrc=call.ssrc(0, "in"), payload_type=0)
    return build


for shape in ("the called party only listens", "the called party answers late", "the called party holds", "a recorder listens"):
    scenes.add(f"bridged calls, {shape}", permitted(shape), calm=True)


def music_to_all(capture, random):
    """Thirty calls of one enterprise are held at once: after a pause music comes with another SSRC, and nothing goes out."""
    for n in range(80):
        at, s = n * 1.0, Session(capture, random, n, port=20000 + 2 * n, peer_port=40000 + 2 * n)
        held = 120 + random.between(0, 1) if n >= 50 else at + 15
        for direction in ("in", "out"):
            s.media(at, held, direction, step=0.1, payload_type=0)
        if n >= 50:
            s.media(held + random.between(2.2, 4), held + 40, "in", step=0.1, ssrc=70000 + n, payload_type=0)


scenes.add("music on hold for thirty calls at once, with another SSRC", music_to_all, calm=True)
scenes.add("every third caller hears nothing, through a B2BUA of trusted trunks", one_way(0.35, 3, keeps_ssrc=False),
           arguments=("--trusted", "100.64.0.0/10"), harmed_by=145, harmed_after=120, failing_by=150)
scenes.add("a recorder by its role forwards one side only", one_way(0.35, 1), arguments=("--role", "recorder"), calm=True)
