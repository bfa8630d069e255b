# SPDX-License-Identifier: Apache-2.0
"""One client's session with the node: ICE, the handshake in each of its versions, media and data."""
from dataclasses import dataclass

from scenes import packets as p

NODE = "192.0.2.10"
SFU_PORT = 7882


def client_address(number):
    """Each of sixty client networks (/16) in turn."""
    return f"100.{64 + number % 60}.{number // 60 % 250}.{10 + number % 200}"


@dataclass(frozen=True)
class Twin:
    """How a session's DTLS looks on the wire; the result must not depend on it."""
    version: int = 12
    cid: bytes = b""
    tag: int = p.TAG
    with_length: bool = True
    large_hello: bool = False   # a post-quantum ClientHello, in two datagrams
    retry: bool = False         # HelloRetryRequest
    coalesced: bool = True      # ServerHello and what follows in one datagram
    in_stun: bool = False       # the handshake goes inside the checks (SPED)


TWINS = {
    "1.2": Twin(),
    "1.2 with a connection id": Twin(cid=b"\x11\x22"),
    "1.3": Twin(13),
    "1.3 with a connection id": Twin(13, cid=b"\x11\x22\x33\x44"),
    "1.3 without lengths": Twin(13, with_length=False),
    "1.3 with short tags": Twin(13, tag=8),
    "1.3 with a large hello": Twin(13, large_hello=True),
    "1.3 after a retry": Twin(13, retry=True),
    "1.3 in separate datagrams": Twin(13, coalesced=False),
    "1.3 inside STUN": Twin(13, in_stun=True),
}


class Session:
    """Times are seconds from the capture's begin."""

    def __init__(self, capture, random, number, *, port=SFU_PORT, rtt=0.04, node_ufrag=None, peer_ufrag=None,
                 address=None, peer_port=None, twin=Twin()):
        self.capture, self.random, self.number = capture, random, number
        self.port, self.rtt, self.twin = port, rtt, twin
        self.address = address or client_address(number)
        self.peer_port = peer_port or 40000 + number % 20000
        self.node_ufrag = node_ufrag or f"nd{number:04}"
        self.peer_ufrag = peer_ufrag or f"c{number:04}"
        self.sequence = 0

    def to_node(self, at, payload):
        self.capture.add(at, self.address, self.peer_port, NODE, self.port, payload)

    def from_node(self, at, payload):
        self.capture.add(at, NODE, self.port, self.address, self.peer_port, payload)

    def send(self, direction, at, payload):
        (self.to_node if direction == "in" else self.from_node)(at, payload)

    # ICE

    def check(self, at, answer=p.success):
        transaction = self.random.bytes(12)
        self.to_node(at, p.check(transaction, self.node_ufrag, self.peer_ufrag))
        if answer:
            self.from_node(at + 0.001, answer(transaction))

    def checks(self, at, count=2, gap=0.05, answer=p.success):
        for n in range(count):
            self.check(at + n * gap, answer)

    def check_back(self, at):
        transaction = self.random.bytes(12)
        self.from_node(at, p.check(transaction, self.peer_ufrag, self.node_ufrag, p.CONTROLLED, nominate=False))
        self.to_node(at + self.rtt, p.success(transaction))

    def consent(self, begin, end, step=2.5, answer=p.success):
        at = begin
        while at < end:
            self.check(at, answer)
            self.check_back(at + 0.5)
            at += step

    # DTLS

    def record(self, kind, epoch, body):
        self.sequence += 1
        return p.record(kind, epoch, self.sequence, body)

    def message(self, kind, sequence, length, **more):
        return self.record(p.HANDSHAKE, 0, p.handshake(kind, sequence, length, self.random.bytes, **more))

    def hidden(self, epoch, length, with_length=None):
        shown = self.twin.with_length if with_length is None else with_length
        return p.hidden(epoch, length, self.random.bytes, shown, self.twin.cid)

    def hello(self, at, client="in"):
        if self.twin.large_hello:
            self.send(client, at, self.message(p.CLIENT_HELLO, 0, 1150, total=1600))
            self.send(client, at + 0.0005, self.message(p.CLIENT_HELLO, 0, 450, offset=1150, total=1600))
        else:
            self.send(client, at, self.message(p.CLIENT_HELLO, 0, 250))

    def unanswered_hellos(self, at, count=6):
        for n in range(count):
            self.hello(at + 0.05 * (2**n - 1))

    def handshake(self, at, client="in"):
        """The whole handshake; returns when it is over."""
        if self.twin.in_stun:
            return self._inside_checks(at)
        server, half = ("out" if client == "in" else "in"), self.rtt / 2
        self.hello(at, client)
        if self.twin.retry:
            self.send(server, at + half, self.message(p.SERVER_HELLO, 0, 90))
            at += self.rtt
            self.send(client, at, self.message(p.CLIENT_HELLO, 1, 280))
        if self.twin.version == 12:
            self._flights_1_2(at, half, client, server)
        else:
            self._flights_1_3(at, half, client, server)
        return at + 3 * half

    def _finished(self):
        if not self.twin.cid:
            return self.record(p.HANDSHAKE, 1, self.random.bytes(48))
        head = b"\x19\xfe\xfd\x00\x01" + bytes(6) + self.twin.cid
        return head + (64).to_bytes(2, "big") + self.random.bytes(64)

    def _flights_1_2(self, at, half, client, server):
        change = self.record(p.CHANGE_CIPHER_SPEC, 0, b"\1")
        self.send(server, at + half, self.message(p.SERVER_HELLO, 0, 80) + self.message(p.CERTIFICATE, 1, 500)
                  + self.message(p.KEY_EXCHANGE, 2, 120) + self.message(p.HELLO_DONE, 3, 0))
        self.send(client, at + 2 * half, self.message(p.CERTIFICATE, 1, 500) + self.message(p.CLIENT_KEY, 2, 66)
                  + self.message(p.VERIFY, 3, 70) + change + self._finished())
        self.send(server, at + 3 * half, change + self._finished())

    def _flights_1_3(self, at, half, client, server):
        hello = self.message(p.SERVER_HELLO, 0, 90)
        first, certificate = self.hidden(2, 30, with_length=True), self.hidden(2, 700)
        flight = [hello + first, certificate] if self.twin.coalesced else [hello, first, certificate]
        for n, datagram in enumerate(flight):
            self.send(server, at + half + n * 0.0002, datagram)
        self.send(client, at + 2 * half, self.hidden(2, 700))
        self.acknowledge(at + 3 * half, server)

    def _inside_checks(self, at):
        """The peer is the DTLS client: two checks carry its flights, their answers the node's."""
        random, names = self.random.bytes, (self.node_ufrag, self.peer_ufrag)
        first, second = random(12), random(12)
        hello = self.message(p.CLIENT_HELLO, 0, 250)
        flight = self.message(p.SERVER_HELLO, 0, 90) + p.hidden(2, 600, random)
        self.to_node(at, p.check(first, *names, more=p.embedded(hello, b"")[:1]))
        self.from_node(at + 0.001, p.success(first, p.embedded(flight, random(4))))
        finished = p.hidden(2, 450, random)
        self.to_node(at + self.rtt, p.check(second, *names, more=p.embedded(finished, random(4))))
        self.from_node(at + self.rtt + 0.001, p.success(second, p.embedded(b"", random(4))))
        return at + self.rtt + 0.001

    def acknowledge(self, at, direction):
        """An ACK of one record (RFC 9147 section 7), in epoch 3."""
        self.send(direction, at, self.hidden(3, 2 + 16 + 1 + self.twin.tag))

    def goodbye(self, at, direction):
        """close_notify, encrypted."""
        if self.twin.version == 12:
            self.send(direction, at, self.record(p.ALERT, 1, self.random.bytes(10 + self.twin.tag)))
        else:
            # A record of DTLS 1.3 is padded to 16 bytes at least (RFC 9147 section 4.2.3).
            self.send(direction, at, self.hidden(3, max(16, 2 + 1 + self.twin.tag)))

    def warning(self, at, direction, description):
        self.send(direction, at, self.record(p.ALERT, 0, bytes([1, description])))

    def data(self, at, direction, length):
        if self.twin.version == 12:
            self.send(direction, at, self.record(p.DATA, 1, self.random.bytes(length + 8 + self.twin.tag)))
        else:
            self.send(direction, at, self.hidden(3, length + 1 + self.twin.tag))

    # Media

    def media(self, begin, end, direction, step=0.25, ssrc=None, payload_type=111):
        ssrc = ssrc or (1000 if direction == "in" else 90000) + self.number
        first, count, at = self.random.below(60000), 0, begin
        while at < end:
            payload = self.random.bytes(60)
            self.send(direction, at, p.rtp(first + count, count * 4800, ssrc, payload, payload_type))
            count, at = count + 1, at + step

    def reports(self, begin, end, direction, step=1.0):
        at = begin
        while at < end:
            self.send(direction, at, p.rtcp(5000 + self.number, self.random.bytes(24)))
            at += step
