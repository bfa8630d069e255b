# SPDX-License-Identifier: Apache-2.0
"""One attempt to bring one audio connection up, and what its client saw of it."""

import asyncio
import contextvars
import enum
import re
import time

import aioice.ice
from OpenSSL import SSL
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack
from aiortc.rtcdtlstransport import certificate_digest

RELAY_USER = {"username": "candor", "credential": "candor"}

_addresses = contextvars.ContextVar("the addresses from which this attempt is made; none: by the relay only")
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: _addresses.get()
_asks_relay_from = contextvars.ContextVar("the address from which this attempt asks a TURN server", default=None)


async def _endpoint(loop, factory, local_addr=None, remote_addr=None, **options):
    """aioice lets the kernel choose the address from which it asks a TURN server."""
    if local_addr is None and _asks_relay_from.get():
        local_addr = (_asks_relay_from.get(), 0)
    return await _any_endpoint(loop, factory, local_addr, remote_addr, **options)


def _refuse_as_browsers_do(transport):
    """A certificate that the signalling did not name ends the handshake with an alert; aiortc says nothing."""
    start = transport.start

    async def checked(parameters):
        named = {one.value.lower() for one in parameters.fingerprints}
        transport.ssl.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT,
                                 lambda _ssl, it, *_rest: certificate_digest(it).lower() in named)
        await start(parameters)
        if transport.state == "failed":
            await transport._write_ssl()  # pylint: disable=protected-access
    transport.start = checked


_any_endpoint = asyncio.BaseEventLoop.create_datagram_endpoint
asyncio.BaseEventLoop.create_datagram_endpoint = _endpoint


class Manner(enum.Enum):
    """How a client behaves. Only the first two are to become active; the others fail by their own doing."""

    GOOD = "good"  # lets the node begin the DTLS handshake, as browsers do
    BEGINS_DTLS = "begins_dtls"  # good too, and begins the handshake itself
    LEAVES_AFTER_ICE = "leaves_after_ice"
    NEVER_STARTS_DTLS = "never_starts_dtls"
    REFUSES_CERTIFICATE = "refuses_certificate"
    NEVER_SENDS = "never_sends"
    MUTES = "mutes"  # good; a second after the call is active it sends no sound any more

    @property
    def is_good(self):
        return self in (Manner.GOOD, Manner.BEGINS_DTLS, Manner.MUTES)


class Attempt:
    """Offers audio, waits for the first echo, holds the call, hangs up. `report` takes each event."""

    def __init__(self, number, address, manner, report, relay=None):
        self._facts = {"id": number, "address": address, "manner": manner.value, "good": manner.is_good}
        self._address = address
        self._relays = [] if relay is None else [RTCIceServer(urls=relay, **RELAY_USER)]
        self._manner = manner
        self._report = report
        self._left = asyncio.Event()
        self._echo = asyncio.Event()

    async def run(self, session, timeout, hold):
        """Never raises: whatever goes wrong is in the last event, as the reason."""
        _addresses.set([] if self._relays else [self._address])
        _asks_relay_from.set(self._address if self._relays else None)
        self._tell("begin")
        peer = RTCPeerConnection(RTCConfiguration(iceServers=self._relays))
        reason = "hung_up"
        try:
            await self._offer(session, peer)
            await self._follow(peer, timeout, hold)
        except asyncio.TimeoutError:
            reason = f"gave_up_at_{peer.iceConnectionState}_{peer.connectionState}"
        except Exception as error:  # pylint: disable=broad-except
            reason = f"{type(error).__name__}: {error}"
        await self._hang_up(session, peer)
        self._tell("end", reason=reason)

    async def _offer(self, session, peer):
        await session.open()
        peer.addTrack(AudioStreamTrack())
        await peer.setLocalDescription(await peer.createOffer())
        self._behave(peer)
        started = time.monotonic()
        offer = self._sdp(peer)
        if self._relays:
            self._facts |= {"relayed": re.search(r"a=candidate:.* (\d+) typ relay", offer)[1]}
        sdp = await session.answer_to(offer)
        self._facts |= {"key": re.search(r"a=ice-ufrag:(\S+)", sdp)[1]}
        self._tell("offer", port=int(re.search(r"a=candidate:.* (\d+) typ host", sdp)[1]))
        if self._manner is Manner.NEVER_SENDS:
            return
        if self._manner is Manner.REFUSES_CERTIFICATE:
            sdp = re.sub(r"(a=fingerprint:\S+) \S\S", r"\1 00", sdp)
        self._started = started
        await peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))

    def _sdp(self, peer):
        """The offer; a=setup decides who begins the handshake (RFC 8842 section 5.2)."""
        role = "active" if self._manner is Manner.BEGINS_DTLS else "actpass"
        return peer.localDescription.sdp.replace("a=setup:actpass", f"a=setup:{role}")

    async def _follow(self, peer, timeout, hold):
        if self._manner.is_good:
            await asyncio.wait_for(self._echo.wait(), timeout)
            self._tell("active", setup_ms=round((time.monotonic() - self._started) * 1000, 1))
            if self._manner is Manner.MUTES:
                await asyncio.sleep(1)
                peer.getSenders()[0].replaceTrack(None)
            await asyncio.sleep(hold)
        elif self._manner is Manner.LEAVES_AFTER_ICE:
            await asyncio.wait_for(self._left.wait(), timeout)
        else:
            await asyncio.sleep(timeout)

    def _behave(self, peer):
        """Takes the place of the methods of this connection where the manner or the measurement asks."""
        transport = peer.getSenders()[0].transport

        async def never_start(_parameters):
            self._left.set()

        async def note_echo(_packet, arrival_time_ms):  # instead of decoding it
            self._echo.set()

        _refuse_as_browsers_do(transport)
        if self._manner in (Manner.LEAVES_AFTER_ICE, Manner.NEVER_STARTS_DTLS):
            transport.start = never_start
        peer.getReceivers()[0]._handle_rtp_packet = note_echo  # pylint: disable=protected-access

    async def _hang_up(self, session, peer):
        for farewell in (peer.close(), session.close()):
            try:
                await asyncio.wait_for(farewell, 5)
            except Exception as error:  # pylint: disable=broad-except
                self._tell("farewell_failed", reason=f"{type(error).__name__}: {error}")

    def _tell(self, event, **more):
        self._report({"e": event, "t": round(time.time(), 4)} | self._facts | more)
