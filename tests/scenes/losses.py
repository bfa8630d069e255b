# SPDX-License-Identifier: Apache-2.0
"""Scenes of packets that are lost, repeated and copied: by the network, or by what made the capture."""
from scenes import packets as p
from scenes.scene import Scenes
from scenes.session import Session, Twin
from scenes.webrtc import STAY, data_only, joined, publisher

scenes = Scenes()
VERSIONS = {"1.2": Twin(12), "1.3": Twin(13)}


class Copying:
    """A capture that holds a share of its packets twice, 0.7 ms apart."""

    def __init__(self, capture, random, share):
        self.capture, self.random, self.share = capture, random, share

    def add(self, at, *packet):
        self.capture.add(at, *packet)
        if self.random.between(0, 1) < self.share:
            self.capture.add(at + 0.0007, *packet)


def recorder(s, begin, end, _):
    s.media(begin + 0.02, end, "out")


def copies_in_the_middle(share, pace):
    def build(capture, random):
        for n in range(50):
            s = Session(Copying(capture, random, share), random, n)
            if n < 15:
                s.media(n * 0.003, 90, "in")
                s.media(n * 0.003, 90, "out", 0.5)
            s.consent(n * 0.37 % pace, 90, pace)
    return build


for share in (0.02, 0.2):
    for pace in (1.0, 2.5, 5.0):
        scenes.add(f"copies of {share:.0%}, begins in the middle, a check every {pace} s",
                   copies_in_the_middle(share, pace), calm=True)


def resent_in_the_middle(percent):
    """libnice repeats a check of consent whose answer is lost."""
    def build(capture, random):
        for n in range(60):
            s, at = Session(capture, random, n), n * 0.3 % 5
            if n < 20:
                s.media(n * 0.003, 90, "in")
                s.media(n * 0.003, 90, "out", 0.5)
            while at < 90:
                transaction = random.bytes(12)
                request = p.check(transaction, s.node_ufrag, s.peer_ufrag, nominate=False)
                s.to_node(at, request)
                if random.below(100) < percent:
                    at += 0.5
                    s.to_node(at, request)
                s.from_node(at + 0.001, p.success(transaction))
                at += 5
    return build


for percent in (3, 8):
    scenes.add(f"checks of consent repeated in {percent} %, begins in the middle", resent_in_the_middle(percent),
               calm=True)


def copied(twin, part):
    def build(capture, random):
        for n in range(70):
            s, done = joined(Copying(capture, random, 0.3), random, n, float(n), twin)
            part(s, done, n + STAY, False)
            s.consent(n + 2.5, n + STAY)
    return build


def lossy_handshake(s, at, loss):
    """Each side's packets reach the other with a loss; the client's timer begins at 50 ms and doubles. What the
    client sends in vain is lost before the node sees it. Returns when it is over."""
    lost = lambda: s.random.between(0, 1) < loss
    client_flights = (
        lambda t: s.hello(t),
        lambda t: s.to_node(t, second_flight(s)))
    node_flights = (lambda t: first_answer(s, t), lambda t: last_answer(s, t))
    for ask, answer in zip(client_flights, node_flights):
        timer = 0.05
        while True:
            arrived = not lost()
            if arrived:
                ask(at)
                answer(at + 0.003)
            if arrived and not lost():
                at += 0.003 + s.rtt
                break
            at, timer = at + timer, min(2 * timer, 1.0)
    return at


def second_flight(s):
    if s.twin.version == 13:
        return s.hidden(2, 700)
    return (s.message(p.CERTIFICATE, 1, 500) + s.message(p.CLIENT_KEY, 2, 66) + s.message(p.VERIFY, 3, 70)
            + s.record(p.CHANGE_CIPHER_SPEC, 0, b"\1") + s.record(p.HANDSHAKE, 1, s.random.bytes(48)))


def first_answer(s, at):
    if s.twin.version == 13:
        s.from_node(at, s.message(p.SERVER_HELLO, 0, 90) + s.hidden(2, 30, with_length=True))
        s.from_node(at + 0.0002, s.hidden(2, 700))
    else:
        s.from_node(at, s.message(p.SERVER_HELLO, 0, 80) + s.message(p.CERTIFICATE, 1, 500)
                    + s.message(p.KEY_EXCHANGE, 2, 120) + s.message(p.HELLO_DONE, 3, 0))


def last_answer(s, at):
    if s.twin.version == 13:
        s.acknowledge(at, "out")
    else:
        s.from_node(at, s.record(p.CHANGE_CIPHER_SPEC, 0, b"\1")
                    + s.record(p.HANDSHAKE, 1, s.random.bytes(48)))


def lossy(twin, loss, part, mute):
    def build(capture, random):
        for n in range(90):
            failing = mute and n >= 40
            s, end = Session(capture, random, n, twin=twin), n + (8 if failing else STAY)
            s.checks(n)
            part(s, lossy_handshake(s, n + 0.06, loss), end, failing)
            s.consent(n + 2.5, end)
    return build


for name, twin in VERSIONS.items():
    for part in (publisher, data_only, recorder):
        scenes.add(f"copies of 30 %, {part.__name__}, DTLS {name}", copied(twin, part), attempts=70, active=70,
                   healthy=True)
        for loss in (0.1, 0.3):
            what = f"{loss:.0%} lost in the handshake, {part.__name__}, DTLS {name}"
            scenes.add(what, lossy(twin, loss, part, False), attempts=90, active=90, healthy=True)
            if part is not recorder:
                scenes.add(f"mute node, {what}", lossy(twin, loss, part, True), attempts=90, active=40,
                           failing_by=55, harmed_after=40)
