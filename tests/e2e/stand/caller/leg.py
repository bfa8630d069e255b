# SPDX-License-Identifier: Apache-2.0
"""One leg of a call: a phone that sends RTP and RTCP, in the clear or by SDES (RFC 4568)."""

import asyncio
import base64
import os
import re
import socket
import struct

from pylibsrtp import Error, Policy, Session

SUITE = "AES_CM_128_HMAC_SHA1_80"
PTIME = 0.04  # seconds of sound in a packet
REPORT_EVERY = 1.0  # seconds between RTCP packets


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, heard):
        self.datagram_received = lambda data, addr: heard(data)


async def _open(address, port, heard):
    loop = asyncio.get_running_loop()
    return (await loop.create_datagram_endpoint(lambda: _Socket(heard), local_addr=(address, port)))[0]


class Leg:
    """A phone on `address`, RTP on the even `port`, RTCP on the next. Its node's side comes with hear()."""

    def __init__(self, address, port, secure):
        self._address, self._port = address, port
        self._key = os.urandom(30) if secure else None
        self._encrypt = self._decrypt = None
        self._ssrc = struct.unpack("!I", os.urandom(4))[0]
        self._sequence = 0
        self.sounds, self.reports = asyncio.Event(), asyncio.Event()  # a first RTP, a first RTCP was heard
        self.talks = True
        self.node = None  # (address, port) to which it sends

    async def open(self):
        self._rtp = await _open(self._address, self._port, self._hear_rtp)
        self._rtcp = await _open(self._address, self._port + 1, self._hear_rtcp)

    def close(self):
        self._rtp.close()
        self._rtcp.close()

    def sdp(self, direction="sendrecv"):
        lines = ["v=0", f"o=- 1 1 IN IP4 {self._address}", "s=-", f"c=IN IP4 {self._address}", "t=0 0",
                 f"m=audio {self._port} RTP/{'AVP' if self._key is None else 'SAVP'} 0", f"a={direction}"]
        if self._key is not None:
            lines.append(f"a=crypto:1 {SUITE} inline:{base64.b64encode(self._key).decode()}")
        return "\r\n".join(lines) + "\r\n"

    def learn(self, sdp):
        """Takes the node's side of this leg: where to send, and its key."""
        self.node = (re.search(r"c=IN IP4 (\S+)", sdp)[1], int(re.search(r"m=audio (\d+)", sdp)[1]))
        if self._key is None:
            return
        theirs = base64.b64decode(re.search(rf"a=crypto:\d+ {SUITE} inline:([^|\s]+)", sdp)[1])
        self._encrypt = Session(Policy(key=self._key, ssrc_type=Policy.SSRC_ANY_OUTBOUND))
        self._decrypt = Session(Policy(key=theirs, ssrc_type=Policy.SSRC_ANY_INBOUND))

    async def talk(self):
        """Sends until cancelled: sound while `talks`, reports always."""
        host, port = self.node
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for tick in range(10 ** 6):
            if self.talks:
                self._rtp.sendto(self._sound(), (host, port))
            if tick % round(REPORT_EVERY / PTIME) == 1:
                self._rtcp.sendto(self._report(), (host, port + 1))
            await asyncio.sleep(begun + (tick + 1) * PTIME - loop.time())

    def _sound(self):
        self._sequence += 1
        samples = round(8000 * PTIME)
        head = struct.pack("!BBHII", 0x80, 0, self._sequence, self._sequence * samples, self._ssrc)
        packet = head + bytes(samples)
        return packet if self._encrypt is None else self._encrypt.protect(packet)

    def _report(self):
        """A sender report without blocks, or a receiver report (RFC 3550 section 6.4)."""
        packet = struct.pack("!BBHI", 0x80, 201, 1, self._ssrc)
        if self.talks:
            packet = struct.pack("!BBHI", 0x80, 200, 6, self._ssrc) + bytes(20)
        return packet if self._encrypt is None else self._encrypt.protect_rtcp(packet)

    def _hear_rtp(self, packet):
        if self._opens(packet, "unprotect"):
            self.sounds.set()

    def _hear_rtcp(self, packet):
        if self._opens(packet, "unprotect_rtcp"):
            self.reports.set()

    def _opens(self, packet, how):
        """Whether this is media of the right key: what another key sealed is not heard."""
        if self._decrypt is None:
            return True
        try:
            getattr(self._decrypt, how)(packet)
        except Error:
            return False
        return True
