# SPDX-License-Identifier: Apache-2.0
"""Scenes of plain calls whose peers report by RTCP (RFC 3550 section 6.4) what they receive of the node's media: captures at the node,
in which its packets go out. Whether they arrive only the reports say."""
from scenes import packets as p
from scenes.scene import Scenes
from scenes.session import NODE, Session, client_address

scenes = Scenes()
CALLS, LOST, END = 30, 200, 320
REASON = ("media_not_received",)


class Phone(Session):
    """Sends and is sent voice; reports every few seconds on the next port, or on that of the voice."""

    def __init__(self, capture, random, number, mux=False, sealed=False, **more):
        super().__init__(capture, random, number, port=20000 + 2 * number, peer_port=40000 + 2 * number, **more)
        self.rtcp = 0 if mux else 1
        self.sealed = sealed

    def speak(self, begin, end, direction):
        self.media(begin, end, direction, step=0.2, payload_type=0)

    def tell(self, begin, end, every, heard):
        """`heard(at)`: whether the node's voice arrived then."""
        at, highest = begin + every * self.random.between(0.2, 1), None
        while at < end:
            arrived = heard(at - every / 2)
            highest = self.random.below(1000) + round(at * 5) * 1000 if arrived else highest
            packet = p.report(5000 + self.number, 90000 + self.number, highest)
            self.capture.add(at, self.address, self.peer_port + self.rtcp, NODE, self.port + self.rtcp,
                             packet + self.random.bytes(14) if self.sealed else packet)
            at += every * self.random.between(0.5, 1.5)  # RFC 3550 section 6.2


def begin_of(random, n):
    return random.between(2.5, 8) if n else 0.0


def calls(lost, every=5, end=END, networks=0, listens=False, **kind):
    """Thirty calls; from 200 s on nothing reaches those of which `lost` is true."""
    def build(capture, random):
        for n in range(CALLS):
            more = {"address": client_address(n % networks)} if networks else {}
            phone, begin = Phone(capture, random, n, **kind, **more), begin_of(random, n)
            if not listens:
                phone.speak(begin, end, "in")
            phone.speak(begin + 0.05, end, "out")
            phone.tell(begin, end, every, lambda at, n=n: at < LOST or not lost(n))
    return build


def nobody(_):
    return False


def everybody(_):
    return True


scenes.add("calls whose peers report what they receive", calls(nobody), calm=True)
scenes.add("nobody receives what the node sends", calls(everybody), harmed_by=228, harmed_after=LOST + 8, failing_by=235,
           reasons=REASON)
scenes.add("nobody receives what the node sends, RTP and RTCP on one port", calls(everybody, mux=True), harmed_by=228,
           harmed_after=LOST + 8, failing_by=235, reasons=REASON)
scenes.add("nobody receives what the node sends, and only listens", calls(everybody, listens=True), harmed_by=228,
           harmed_after=LOST + 8, failing_by=235, reasons=REASON)
scenes.add("nobody receives what the node sends, and reports are 25 s apart", calls(everybody, every=25), harmed_by=290,
           harmed_after=LOST + 8, reasons=REASON)
scenes.add("nobody receives what the node sends, and reports are encrypted", calls(everybody, sealed=True), calm=True)
scenes.add("two thirds receive nothing", calls(lambda n: n % 3), harmed_by=235, harmed_after=LOST + 8, reasons=REASON,
           last="DEGRADED")
scenes.add("one client network of six receives nothing", calls(lambda n: n % 6 == 0, networks=6), calm=True)
scenes.add("the only client network receives nothing", calls(everybody, networks=1), harmed_by=235, harmed_after=LOST + 8,
           reasons=REASON, last="DEGRADED")


def music_on_hold(capture, random):
    """Each phone holds for half a minute every two minutes: the node plays music, and the phone receives nothing of it."""
    for n in range(CALLS):
        phone, begin, holds = Phone(capture, random, n), begin_of(random, n), random.between(20, 120)
        phone.speak(begin, END, "in")
        phone.speak(begin + 0.05, END, "out")
        phone.tell(begin, END, 5, lambda at, holds=holds: (at - holds) % 120 > 30 or at < holds)


scenes.add("phones on hold receive no music", music_on_hold, calm=True)


def waiting_listeners(capture, random):
    """A lecture that pauses: the node sends nothing, and its listeners report that nothing came."""
    for n in range(CALLS):
        phone, begin = Phone(capture, random, n), begin_of(random, n)
        for at in range(0, END, 80):
            phone.speak(max(begin, at), at + 40, "out")
        phone.speak(begin, begin + 2, "in")
        phone.tell(begin, END, 5, lambda at: at % 80 < 40)


scenes.add("listeners wait, and report that nothing came", waiting_listeners, calm=True)


def never_report_anything(capture, random):
    """From 150 s on the calls of another kind of phone come, whose reports never have a block."""
    for n in range(CALLS):
        phone, at = Phone(capture, random, n), begin_of(random, n)
        at += 150 if n >= 15 else 0
        phone.speak(at, END, "in")
        phone.speak(at + 0.05, END, "out")
        phone.tell(at, END, 5, nobody if n >= 15 else everybody)


scenes.add("phones whose reports never have a block", never_report_anything, calm=True)
