# SPDX-License-Identifier: Apache-2.0
"""A stranger who knocks at the node's media ports: five kinds of packets that mean nothing."""

import asyncio
import os
import random
import socket
import struct

STUN_COOKIE = 0x2112A442


def _forged_check(ufrag):
    """A binding request (RFC 8489) for this ufrag with an integrity that no password made."""
    username = f"{ufrag}:scan".encode()
    padded = username + bytes(-len(username) % 4)
    attributes = struct.pack("!HH", 0x0006, len(username)) + padded
    attributes += struct.pack("!HH", 0x0008, 20) + os.urandom(20)
    return struct.pack("!HHI", 0x0001, len(attributes), STUN_COOKIE) + os.urandom(12) + attributes


def _packet(kind, ufrag):
    if kind == 0:
        return os.urandom(random.randint(1, 1200))
    if kind == 1:
        return _forged_check(os.urandom(3).hex())
    if kind == 2:
        return _forged_check(ufrag)
    if kind == 3:
        return _forged_check(ufrag)[:random.randint(1, 27)]
    return b"\x16\xfe\xff" + os.urandom(random.randint(0, 40))  # a DTLS record that ends too early


async def scan(node, lately, address, packets, per_second):
    """Sends so many packets at such a pace. `lately` yields (port, ufrag) of calls made lately."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((address, 0))
        for count in range(packets):
            port, ufrag = random.choice(lately) if lately else (random.randint(20000, 30000), "none")
            try:
                stranger.sendto(_packet(count % 5, ufrag), (node, port))
            except ConnectionRefusedError:
                pass  # the call at that port is over
            await asyncio.sleep(1 / per_second)
