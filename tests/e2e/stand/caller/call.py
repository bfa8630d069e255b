# SPDX-License-Identifier: Apache-2.0
"""One call of two legs through a media proxy, and what its phones heard of it."""

import asyncio
import contextlib
import enum
import secrets
import time

from .leg import Leg


class Manner(enum.Enum):
    """How the two send media. None of these is a failure (RFC 3264)."""

    BOTH = "both"
    ONE_WAY = "one_way"  # the callee only listens
    HOLD = "hold"  # the callee falls silent after a second, for the rest of the call


class Call:
    """Rings, then sends media, from `port` and the next three. `report` takes each event of each leg; a leg's key
    is the node's port."""

    def __init__(self, number, ng, address, port, manner, secure, report):
        self._ng = ng
        self._names = {"call-id": f"{number}-{secrets.token_hex(6)}", "from-tag": f"from-{number}"}
        self._to = {"to-tag": f"to-{number}"}
        self._manner = manner
        self._report = report
        self._legs = [Leg(address, port, secure), Leg(address, port + 2, secure)]
        self._facts = [{"id": f"{number}{side}", "manner": manner.value, "good": True} for side in "ab"]

    async def run(self, ring, timeout, hold):
        """Never raises: whatever goes wrong is in the last event of each leg, as the reason."""
        reason = "hung_up"
        for side in (0, 1):
            self._tell(side, "begin")
        try:
            await asyncio.gather(*(leg.open() for leg in self._legs))
            await self._invite()
            await asyncio.sleep(ring)
            await self._speak(timeout, hold)
        except asyncio.TimeoutError:
            reason = "gave_up"
        except Exception as error:  # pylint: disable=broad-except
            reason = f"{type(error).__name__}: {error}"
        for leg in self._legs:
            leg.close()
        with contextlib.suppress(Exception):
            await self._ng.ask("delete", **self._names)
        for side in (0, 1):
            self._tell(side, "end", reason=reason)

    async def _invite(self):
        """The proxy stands between the two; it changes addresses and keys in the SDP of either."""
        caller, callee = self._legs
        listens = self._manner is Manner.ONE_WAY
        policy = {"ICE": "remove", "replace": ["origin"]}
        offer = await self._ng.ask("offer", sdp=caller.sdp(), **self._names, **policy)
        callee.learn(offer["sdp"])
        callee.talks = not listens
        answer = await self._ng.ask("answer", sdp=callee.sdp("recvonly" if listens else "sendrecv"),
                                    **self._names, **self._to, **policy)
        caller.learn(answer["sdp"])

    async def _speak(self, timeout, hold):
        talking = [asyncio.ensure_future(leg.talk()) for leg in self._legs]
        started = time.monotonic()
        for side, leg in enumerate(self._legs):
            self._facts[side] |= {"key": str(leg.node[1])}
            self._tell(side, "offer")
        try:
            await asyncio.gather(*(self._hear(side, started, timeout) for side in (0, 1)))
            if self._manner is Manner.HOLD:
                await asyncio.sleep(1)
                self._legs[1].talks = False
            await asyncio.sleep(hold)
        finally:
            for task in talking:
                task.cancel()

    async def _hear(self, side, started, timeout):
        """A leg whose peer is silent receives reports at least."""
        leg, other = self._legs[side], self._legs[1 - side]
        await asyncio.wait_for((leg.sounds if other.talks else leg.reports).wait(), timeout)
        self._tell(side, "active", setup_ms=round((time.monotonic() - started) * 1000, 1))

    def _tell(self, side, event, **more):
        self._report({"e": event, "t": round(time.time(), 4)} | self._facts[side] | more)
