#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends packets at a node as fast as it can and prints how many: flood.py KIND NODE PORT SECONDS [SOURCES]

  flows    plain RTP, each packet from another source port: a new flow each
  checks   ICE checks with a forged integrity, each from another source, repeated as clients do
  replies  answers to checks that nobody sent
"""
import json
import os
import socket
import struct
import sys
import time

COOKIE = 0x2112A442


def check(ufrag, kind=0x0001):
    """A binding request, or with kind 0x0101 a success, with an integrity that no password made."""
    name = f"{ufrag}:them".encode()
    padded = name + bytes(-len(name) % 4)
    body = struct.pack("!HH", 0x0006, len(name)) + padded if kind == 0x0001 else b""
    body += struct.pack("!HH", 0x0008, 20) + os.urandom(20)
    return struct.pack("!HHI", kind, len(body), COOKIE) + os.urandom(12) + body


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def raw(source, source_port, node, port, payload):
    """A whole IPv4 packet; a UDP checksum of zero means that there is none (RFC 768)."""
    udp = struct.pack("!HHHH", source_port, port, 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, socket.inet_aton(source),
                       socket.inet_aton(node))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + udp


def packets(kind, node, port, sources):
    """(packet) for ever."""
    rtp = struct.pack("!BBHII", 0x80, 96, 1, 1, 7) + bytes(20)
    number = 0
    while True:
        number += 1
        many = number % sources
        address = f"198.{18 + many // 65536 % 2}.{many // 256 % 256}.{many % 256}"
        if kind == "flows":
            yield raw(address, 1024 + number // sources % 60000, node, port, rtp)
        elif kind == "checks":
            yield raw(address, 5000, node, port, check(f"none{many}"))
        else:
            yield raw(address, 5000, node, port, check("", 0x0101))


def main():
    kind, node, port, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    sources = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    began, sent, refused = time.monotonic(), 0, 0
    for packet in packets(kind, node, port, sources):
        try:
            sender.sendto(packet, (node, 0))
            sent += 1
        except OSError:
            refused += 1  # the queue is full
        if sent % 64 == 0 and time.monotonic() - began > seconds:
            break
    print(json.dumps({"sent": sent, "refused": refused, "seconds": time.monotonic() - began}), flush=True)


if __name__ == "__main__":
    main()
