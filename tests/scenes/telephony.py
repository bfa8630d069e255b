# SPDX-License-Identifier: Apache-2.0
"""Scenes of SIP media: plain RTP without ICE, a port of the node for each call (RFC 3264), and protocols that look like it."""
import struct

from scenes.scene import Scenes
from scenes.session import NODE, Session, client_address

scenes = Scenes()


def call(capture, random, number, **more):
    return Session(capture, random, number, port=20000 + 2 * number, **{"peer_port": 40000 + 2 * number, **more})


def talk(s, begin, end, direction, ssrc=None):
    s.media(begin, end, direction, step=0.1, ssrc=ssrc, payload_type=0)


def holds(shape, at_once=1):
    """After 8 s of talk one side, both or none fall silent for 18 s; one call after another, or some at once."""
    def build(capture, random):
        for n in range(40):
            at = n // at_once * 30.0
            s = call(capture, random, n, address=client_address(n % 8))
            talk(s, at, at + 8, "in")
            talk(s, at + 0.05, at + 8, "out")
            if shape in ("the node is silent", "and comes back"):
                talk(s, at + 8, at + 26, "in")
            if shape == "and comes back":
                talk(s, at + 18, at + 26, "out")
            if shape == "the caller is silent":
                talk(s, at + 8, at + 26, "out")
    return build


for shape in ("the node is silent", "and comes back", "the caller is silent", "both are silent"):
    scenes.add(f"calls on hold: {shape}", holds(shape), attempts=40, active=40, calm=True)


def held_in_batches(capture, random):
    """Three times thirty calls come at once, and after some 8 s each their callers hold them."""
    for n in range(90):
        at = n // 30 * 200 + n % 30 * 0.3
        s, hold = call(capture, random, n, address=client_address(n % 11)), at + random.between(8, 11)
        talk(s, at, hold + 60, "in")
        talk(s, at + 0.05, at + 8, "out")
        talk(s, hold + 60, hold + 70, "out")


scenes.add("calls on hold: thirty come at once", held_in_batches, attempts=90, active=90, calm=True)


def music_on_hold(capture, random):
    """From 120 s on the peers' music comes from a server of theirs, to the port of the call."""
    for n in range(80):
        at, s = n * 4.0, call(capture, random, n)
        talk(s, at, at + 8, "in")
        talk(s, at, at + 8, "out")
        if at > 120:
            music = call(capture, random, n, address="203.0.113.7", peer_port=20000 + n)
            talk(music, at + 8.2, at + 40, "in", ssrc=7000 + n)


scenes.add("calls on hold: the peer's music comes from elsewhere", music_on_hold, stalled=0, healthy=True)


def answered_elsewhere(capture, random):
    """From 200 s on every second peer sends from another port than it receives at."""
    for n in range(100):
        at, s = n * 4.0, call(capture, random, n)
        sender = call(capture, random, n, peer_port=5000 + n) if at > 200 and n % 2 else s
        talk(s, at, at + 20, "out")
        talk(sender, at, at + 20, "in")


scenes.add("peers that send from another port", answered_elsewhere, stalled=0, calm=True)


def voicemail(every):
    def build(capture, random):
        for n in range(40):
            at = n * every + random.between(0, 5)
            s = call(capture, random, n)
            talk(s, at, at + 6, "out")
            talk(s, at + 0.05, at + 31, "in")
    return build


for every in (60, 8):
    scenes.add(f"voicemail, a call every {every} s", voicemail(every), attempts=40, active=40, calm=True)


def speaks_in_turn(capture, random):
    """Voice activity detection without comfort noise: one side speaks, then the other, none sends in between."""
    for n in range(30):
        at = end = n * 12.0
        s = call(capture, random, n)
        for turn in range(6):
            begin, end = end, end + random.between(3, 20)
            talk(s, begin, end, "in" if turn % 2 else "out")


scenes.add("both sides speak in turn", speaks_in_turn, attempts=30, active=30, calm=True)


def fax(capture, random):
    """UDPTL after a re-INVITE on the ports of the call (ITU-T T.38): no RTP any more, mostly one way."""
    for n in range(12):
        at, s = n * 30.0, call(capture, random, n)
        talk(s, at, at + 5, "in")
        talk(s, at, at + 5, "out")
        for k in range(1000):
            s.to_node(at + 6 + k * 0.03, struct.pack("!H", k) + b"\x2d\xc0\x01\x80\x00" + random.bytes(30))
            if k % 100 == 0:
                s.from_node(at + 6 + k * 0.03, struct.pack("!H", k // 100) + b"\x01\x0a\x00\x00")


scenes.add("calls become faxes", fax, attempts=12, active=12, calm=True)


def served_until(since, every=4.0):
    """Calls of 15 s; from `since` on the node sends nothing, to running calls and new ones alike."""
    def build(capture, random):
        for n in range(int(since / every) + 40):
            at, s = n * every, call(capture, random, n)
            talk(s, at, at + 15, "in")
            if at < since:
                talk(s, at + 0.1, min(at + 15, since), "out")
    return build


def served_in_part(every, share):
    """Calls of 15 s, some longer; from 200 s on one in `share` gets nothing, those that run go on."""
    def build(capture, random):
        for n in range(int(420 / every)):
            at, s = n * every, call(capture, random, n)
            end = at + (15 if n % 5 else 150)
            talk(s, at, end, "in")
            if at < 200 or n % share:
                talk(s, at + 0.1, end, "out")
    return build


scenes.add("new calls get nothing, old ones go on", served_in_part(4.0, 1), harmed_by=260, harmed_after=200)
scenes.add("every second new call gets nothing", served_in_part(2.0, 2), harmed_by=260, harmed_after=200)
scenes.add("every fourth new call gets nothing", served_in_part(1.0, 4), harmed_by=260, harmed_after=200)
scenes.add("the node falls mute to all calls", served_until(200), harmed_by=245, harmed_after=200)
scenes.add("the node falls mute to all calls, one a second", served_until(60, 1.0), harmed_by=75, harmed_after=60)


def recorder(networks):
    def build(capture, random):
        for n in range(30):
            s = call(capture, random, n, address=client_address(n % networks))
            talk(s, n * 5.0, n * 5.0 + 25, "in")
    return build


scenes.add("a recorder, one source", recorder(1), stalled=0, calm=True)
scenes.add("a recorder, thirty sources", recorder(30), stalled=0, calm=True)


def early_media(first, low, high):
    def build(capture, random):
        other = "in" if first == "out" else "out"
        for n in range(60):
            at, answered = n * 2.0, random.between(low, high)
            s = call(capture, random, n)
            talk(s, at, at + answered + 15, first)
            talk(s, at + answered, at + answered + 15, other)
    return build


scenes.add("rings for 2 to 6 s", early_media("out", 2, 6), attempts=60, active=60, healthy=True)
scenes.add("rings for 12 to 25 s", early_media("out", 12, 25), attempts=60, active=60, healthy=True)
scenes.add("early media from the caller for 5 to 18 s", early_media("in", 5, 18), attempts=60, active=60, calm=True)


def rings_then(dead):
    """From 300 s on the node is dead, or sends early media and sends nothing once the call is answered."""
    def build(capture, random):
        for n in range(150):
            at, ring = n * 4 + random.between(0, 1), random.between(12, 25)
            s = call(capture, random, n)
            if at < 300:
                talk(s, at, min(at + ring + 20, 300) if dead else at + ring + 20, "out")
            elif not dead:
                talk(s, at, at + ring, "out")
            talk(s, at + ring, at + ring + 20, "in")
    return build


scenes.add("rings long, then the node is dead", rings_then(True), harmed_by=345, harmed_after=300, last="FAILING")


def channels(dead, share=1):
    """A gateway's fixed ports are called again 7 s after each call. A dead node serves none, or one in `share`."""
    def build(capture, random):
        for channel in range(20):
            at, n = channel * 1.0, 0
            while at < 400:
                s = call(capture, random, channel, address=f"{30 + channel % 10}.50.3.4")
                talk(s, at, at + 20, "in", 9000 + channel * 100 + n)
                if not dead or at < 200 or (channel + n) % share:
                    talk(s, at + 0.1, at + 20, "out", 7000 + channel * 100 + n)
                at, n = at + 27, n + 1
    return build


CALLS = sum(1 for channel in range(20) for n in range(20) if channel + 27 * n < 400)
scenes.add("a gateway calls from the same ports again", channels(False), attempts=CALLS, active=CALLS, healthy=True)
scenes.add("the same, and the node is dead from 200 s", channels(True), attempts=CALLS, harmed_by=260,
           harmed_after=200, failing_by=260, last="FAILING")
scenes.add("the same, and every second call gets nothing", channels(True, 2), attempts=CALLS, harmed_by=300,
           harmed_after=200)


def one_recorder(capture, random):
    """Among calls from many networks a recorder starts at the node."""
    for n in range(100):
        s = call(capture, random, n)
        talk(s, n * 4.0, n * 4.0 + 20, "in")
        talk(s, n * 4.0 + 0.1, n * 4.0 + 20, "out")
    for n in range(40):
        s = call(capture, random, 500 + n, address="203.0.113.9")
        talk(s, 200 + n * 5.0, 225 + n * 5.0, "in")


scenes.add("recordings from one address begin among calls", one_recorder, healthy=True)


def dead_from_the_start(capture, random):
    for n in range(60):
        s = call(capture, random, n)
        talk(s, n * 4.0, n * 4.0 + 15, "in")


scenes.add("nobody was ever served", dead_from_the_start)


def noise(capture, random):
    """Other protocols whose datagrams begin as RTP does (128 to 191)."""
    def both(at, number, port, there, back):
        peer = client_address(number)
        capture.add(at, peer, port, NODE, port, there)
        capture.add(at + 0.02, NODE, port, peer, port, back)

    for k in range(60):
        count = struct.pack("<I", k)[:3]
        both(k * 0.05, 1, 19132, b"\x84" + count + b"\x60" + random.bytes(40), b"\x84" + count + random.bytes(60))
        bacnet = b"\x81\x0a\x00" + bytes([20 + k % 3]) + b"\x01\x04\x00\x05" + bytes([k])
        both(k * 0.4, 2, 47808, bacnet + random.bytes(11), bacnet + random.bytes(12))
        little = struct.pack("<H", k)
        both(k * 0.03, 3, 27015, b"\x80" + little + random.bytes(30), b"\xa0" + little + random.bytes(30))
        both(k * 0.1, 4, 51820, b"\x90" + random.bytes(60), b"\x90" + random.bytes(60))
    for k in range(40):
        name = struct.pack("!HHHHHH", 0x8000 | random.below(0x3FFF), 0x8400, 0, 1, 0, 0) + random.bytes(30)
        both(k * 0.3, 5, 5355, name, name[:2] + random.bytes(40))


scenes.add("other protocols that begin as RTP does", noise, attempts=0)
