# SPDX-License-Identifier: Apache-2.0
"""Datagrams as media servers and their clients send them, and a capture file to hold them.

STUN (RFC 8489), DTLS 1.2 (RFC 6347) with connection ids (RFC 9146), DTLS 1.3 (RFC 9147), RTP and RTCP (RFC 3550).
Encrypted parts are random bytes of the right length: no test decrypts them.
"""
import random
import struct

EPOCH = 1_790_000_000  # the captures' first second
COOKIE = 0x2112A442
BINDING, SUCCESS, ERROR = 0x0001, 0x0101, 0x0111
CONTROLLED, CONTROLLING = 0x8029, 0x802A
CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA, WITH_CID = 20, 21, 22, 23, 25
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, KEY_EXCHANGE, HELLO_DONE, VERIFY, CLIENT_KEY = 1, 2, 11, 12, 14, 15, 16
TAG = 16  # bytes that AES-GCM adds to a record


class Random:
    """Bytes and numbers that a seed determines."""

    def __init__(self, seed):
        self.source = random.Random(seed)

    def bytes(self, count):
        return self.source.randbytes(count)

    def below(self, bound):
        return self.source.randrange(bound)

    def between(self, low, high):
        return self.source.uniform(low, high)


class Capture:
    """Datagrams with their times in seconds; written as pcap with raw IPv4 packets (link type 101)."""

    def __init__(self):
        self.packets = []

    def add(self, at, source, source_port, destination, destination_port, payload):
        udp = struct.pack("!HHHH", source_port, destination_port, 8 + len(payload), 0) + payload
        addresses = b"".join(bytes(map(int, a.split("."))) for a in (source, destination))
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + addresses
        self.packets.append((at, ip + udp))

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
            for at, packet in sorted(self.packets, key=lambda p: p[0]):
                micros = round((EPOCH + at) * 1e6)
                file.write(struct.pack("<IIII", micros // 10**6, micros % 10**6, len(packet), len(packet)) + packet)


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def stun(kind, transaction, *attributes):
    body = b"".join(attributes)
    return struct.pack("!HHI", kind, len(body), COOKIE) + transaction + body


def sealed(kind, transaction, *attributes):
    """With MESSAGE-INTEGRITY and FINGERPRINT, as ICE has it (RFC 8445 section 7.1)."""
    return stun(kind, transaction, *attributes, attribute(0x0008, bytes(20)), attribute(0x8028, bytes(4)))


def check(transaction, receiver, sender, role=CONTROLLING, nominate=True, more=()):
    extra = [attribute(0x0025, b"")] if nominate else []
    return sealed(BINDING, transaction, attribute(0x0006, f"{receiver}:{sender}".encode()),
                  attribute(0x0024, bytes(4)), attribute(role, bytes(8)), *extra, *more)


def success(transaction, more=()):
    return sealed(SUCCESS, transaction, attribute(0x0020, bytes(8)), *more)


def embedded(flight, acknowledged):
    """A DTLS flight inside a check or its answer (draft-hancke-webrtc-sped), and what has arrived before it."""
    return attribute(0xC070, flight), attribute(0xC071, acknowledged)


def error(transaction, code):
    return sealed(ERROR, transaction, attribute(0x0009, bytes([0, 0, code // 100, code % 100])))


def record(kind, epoch, sequence, body):
    return struct.pack("!BHHIHH", kind, 0xFEFD, epoch, 0, sequence, len(body)) + body


def handshake(kind, sequence, length, random_bytes, offset=0, total=None):
    def three(number):
        return struct.pack("!I", number)[1:]
    total = length if total is None else total
    return (bytes([kind]) + three(total) + struct.pack("!H", sequence) + three(offset) + three(length)
            + random_bytes(length))


def hidden(epoch, length, random_bytes, with_length=True, cid=b""):
    """A record of DTLS 1.3 behind its unified header (RFC 9147 section 4)."""
    first = 0x28 | (0x10 if cid else 0) | (0x04 if with_length else 0) | epoch
    size = struct.pack("!H", length) if with_length else b""
    return bytes([first]) + cid + random_bytes(2) + size + random_bytes(length)


def rtp(sequence, timestamp, ssrc, payload, payload_type=111, marker=0):
    second = (marker << 7) | payload_type
    return struct.pack("!BBHII", 0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + payload


def rtcp(ssrc, rest, packet_type=201):
    """SRTCP shows the first eight bytes; `rest` follows, a multiple of 4 bytes long, and 14 bytes of its own."""
    return struct.pack("!BBHI", 0x80, packet_type, 1 + len(rest) // 4, ssrc) + rest + bytes(14)


def report(ssrc, source, highest):
    """A receiver report in the clear (RFC 3550 section 6.4.2), with a description (6.5): `source` was received up to `highest`;
    None: nothing was."""
    block = b"" if highest is None else struct.pack("!IIIIII", source, 0, highest & 0xFFFFFFFF, 0, 0, 0)
    first = struct.pack("!BBHI", 0x80 | bool(block), 201, 1 + len(block) // 4, ssrc) + block
    return first + struct.pack("!BBHI", 0x81, 202, 2, ssrc) + b"\x01\x02a\x00"
