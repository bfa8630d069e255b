# SPDX-License-Identifier: Apache-2.0
"""Signalling by one HTTP request, as in WHIP: the offer is posted, the answer comes back."""

import urllib.parse

from .refused import Refused


class WhipSession:
    """One call. Its Location is where it is hung up."""

    def __init__(self, http, api):
        self._http = http
        self._api = api
        self._call = None

    async def open(self):
        """Nothing comes before the offer."""

    async def answer_to(self, offer):
        """Sends the SDP of an offer and returns the SDP of the answer."""
        kind = {"Content-Type": "application/sdp"}
        async with self._http.post(self._api, data=offer, headers=kind) as reply:
            text = await reply.text()
            if reply.status != 201:
                raise Refused(f"HTTP {reply.status}: {text.strip()}")
            self._call = urllib.parse.urljoin(self._api, reply.headers["Location"])
            return text

    async def close(self):
        if self._call is not None:
            async with self._http.delete(self._call):
                pass
