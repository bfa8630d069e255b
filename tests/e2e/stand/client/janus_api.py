# SPDX-License-Identifier: Apache-2.0
"""The few calls of Janus's HTTP API that an echo test takes."""

import secrets

from .refused import Refused


class EchoSession:
    """A session with one handle of the echo test plugin."""

    def __init__(self, http, api):
        self._http = http
        self._api = api
        self._session = None
        self._handle = None

    async def open(self):
        created = await self._post(self._api, janus="create")
        self._session = f"{self._api}/{created['data']['id']}"
        attached = await self._post(self._session, janus="attach", plugin="janus.plugin.echotest")
        self._handle = f"{self._session}/{attached['data']['id']}"

    async def answer_to(self, offer):
        """Sends the SDP of an offer and returns the SDP of the answer."""
        await self._post(self._handle, janus="message", body={"audio": True},
                         jsep={"type": "offer", "sdp": offer})
        await self._post(self._handle, janus="trickle", candidate={"completed": True})
        while True:
            async with self._http.get(self._session, params={"maxev": 1}) as reply:
                event = await reply.json()
            if "jsep" in event:
                return event["jsep"]["sdp"]
            if "error" in event:
                raise Refused(event["error"].get("reason", "no reason given"))

    async def close(self):
        if self._session is not None:
            await self._post(self._session, janus="destroy")

    async def _post(self, url, **request):
        async with self._http.post(url, json=request | {"transaction": secrets.token_hex(6)}) as reply:
            answer = await reply.json()
        if answer["janus"] == "error":
            raise Refused(answer["error"]["reason"])
        return answer
