# SPDX-License-Identifier: Apache-2.0
"""Scenes of a TURN server (RFC 8656): the node answers on port 3478 and relays on ports of its own."""
import struct

from scenes import packets as p
from scenes.losses import Copying
from scenes.scene import Scenes
from scenes.session import NODE, Session

ALLOCATE, REFRESH, PERMIT, BIND = 3, 4, 8, 9
FAILING_FROM = 40  # s
UDP = p.attribute(0x19, b"\x11\0\0\0")

scenes = Scenes()


def lifetime(seconds):
    return p.attribute(0x0D, struct.pack("!I", seconds))


def xor_address(kind, address, port):
    cookie = struct.pack("!I", p.COOKIE)
    hidden = bytes(a ^ b for a, b in zip(bytes(map(int, address.split("."))), cookie))
    return p.attribute(kind, b"\0\1" + struct.pack("!H", port ^ (p.COOKIE >> 16)) + hidden)


class Client:
    """One client with its allocation, and one peer that it talks to."""

    def __init__(self, capture, random, number, address=None):
        self.session = Session(capture, random, number, port=3478, address=address)
        self.capture, self.random = capture, random
        self.relay = 50000 + number % 9000
        self.peer = (f"198.51.{100 + number % 20}.{number % 250}", 20000 + number)

    def request(self, at, method, more=(), credentials=True, code=0, granted=()):
        """Answered with `code`, or with success where it is 0, or not at all where it is None."""
        transaction = self.random.bytes(12)
        who = [p.attribute(kind, value) for kind, value in
               ((0x06, b"user"), (0x14, b"realm"), (0x15, b"nonce"), (0x08, bytes(20)))]
        self.session.to_node(at, p.stun(method, transaction, *more, *(who if credentials else ())))
        if code:
            number = p.attribute(0x09, bytes([0, 0, code // 100, code % 100]))
            self.session.from_node(at + 0.001, p.stun(method | 0x110, transaction, number, *who[1:3]))
        elif code == 0:
            self.session.from_node(at + 0.001, p.stun(method | 0x100, transaction, *granted, who[3]))

    def allocate(self, at, code=0):
        self.request(at, ALLOCATE, (UDP,), credentials=False, code=401)
        self.request(at + 0.05, ALLOCATE, (UDP,), code=code, granted=(
            xor_address(0x16, NODE, self.relay), xor_address(0x20, self.session.address, self.session.peer_port),
            lifetime(600)))

    def open_channel(self, at):
        peer = xor_address(0x12, *self.peer)
        self.request(at, PERMIT, (peer,))
        self.request(at + 0.1, BIND, (p.attribute(0x0C, b"\x40\1\0\0"), peer))

    def relayed(self, at, packet, there):
        """A packet of the client's to its peer; `there`: the node sends it on."""
        self.session.to_node(at, self._enveloped(packet))
        if there:
            self.capture.add(at + 0.0005, NODE, self.relay, *self.peer, packet)

    def relayed_back(self, at, packet, here):
        self.capture.add(at, *self.peer, NODE, self.relay, packet)
        if here:
            self.session.from_node(at + 0.0005, self._enveloped(packet))

    @staticmethod
    def _enveloped(packet):
        return struct.pack("!HH", 0x4001, len(packet)) + packet + bytes(-len(packet) % 4)

    def talk(self, begin, end, there=True, here=True):
        for n in range(int((end - begin) / 0.2)):
            at = begin + n * 0.2
            self.relayed(at, p.rtp(n, n * 960, 77, self.random.bytes(50)), there)
            self.relayed_back(at + 0.05, p.rtp(n, n * 960, 78, self.random.bytes(50)), here)

    def checks(self, at):
        for n in range(3):
            transaction = self.random.bytes(12)
            self.relayed(at + n * 0.1, p.check(transaction, "peer", "client"), True)
            self.relayed_back(at + n * 0.1 + 0.03, p.success(transaction), True)

    def call(self, at, **directions):
        self.allocate(at)
        self.open_channel(at + 0.2)
        self.checks(at + 0.4)
        self.talk(at + 1, at + 20, **directions)
        self.request(at + 10, REFRESH, (lifetime(600),))
        self.request(at + 20.5, REFRESH, (lifetime(0),))


def served(count, copies=0.0):
    def build(capture, random):
        for n in range(count):
            Client(Copying(capture, random, copies), random, n).call(n)
    return build


scenes.add("TURN", served(70), attempts=70, active=70, healthy=True)
scenes.add("TURN, copies of 20 %", served(70, 0.2), attempts=70, active=70, healthy=True)


def refused(code):
    def build(capture, random):
        served(FAILING_FROM)(capture, random)
        for n in range(FAILING_FROM, 90):
            client = Client(capture, random, n)
            client.allocate(n, code)
            for again in range(4):
                client.request(n + 0.1 + again * 0.05, ALLOCATE, (UDP,), code=code)
    return build


for code in (401, 403, 486, 508):
    scenes.add(f"TURN, every allocation refused by {code}", refused(code), harmed_by=75, harmed_after=FAILING_FROM)


def not_relayed(**directions):
    def build(capture, random):
        served(FAILING_FROM)(capture, random)
        for n in range(FAILING_FROM, 90):
            Client(capture, random, n).call(n, **directions)
    return build


scenes.add("TURN, nothing goes to the peers any more", not_relayed(there=False), harmed_by=75,
           harmed_after=FAILING_FROM)
scenes.add("TURN, nothing comes back any more", not_relayed(here=False), harmed_by=75, harmed_after=FAILING_FROM)


def with_strangers(addresses):
    def build(capture, random):
        served(90)(capture, random)
        for n in range(800):
            k = n % addresses
            stranger = Client(capture, random, 10000 + n, f"{20 + k % 150}.{k * 7 % 250}.{k * 13 % 250}.9")
            stranger.session.peer_port = 10000 + n
            stranger.request(20 + n * 0.08, ALLOCATE, credentials=False, code=401)
            for again in range(2 * (n % 2)):
                stranger.request(20.05 + n * 0.08 + again * 0.05, ALLOCATE, code=401)
    return build


for addresses in (1, 1000):
    scenes.add(f"TURN, wrong credentials from {addresses} addresses beside clients", with_strangers(addresses),
               active=90, calm=True)
