# SPDX-License-Identifier: Apache-2.0
"""rtpengine's ng protocol: a cookie and a bencoded dictionary in one datagram, either way."""

import asyncio
import secrets


class Refused(Exception):
    """rtpengine answered with an error."""


def encode(value):
    """Bencode: dictionaries, lists, strings and numbers become bytes."""
    if isinstance(value, dict):
        return b"d" + b"".join(encode(k) + encode(v) for k, v in sorted(value.items())) + b"e"
    if isinstance(value, list):
        return b"l" + b"".join(map(encode, value)) + b"e"
    if isinstance(value, int):
        return b"i%de" % value
    text = value.encode()
    return b"%d:%s" % (len(text), text)


def _decode(data, at):
    """The value that begins at `at`, and where the next one begins."""
    kind = data[at:at + 1]
    if kind == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1:end]), end + 1
    if kind in (b"l", b"d"):
        items, at = [], at + 1
        while data[at:at + 1] != b"e":
            item, at = _decode(data, at)
            items.append(item)
        return (items if kind == b"l" else dict(zip(items[::2], items[1::2]))), at + 1
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    return data[colon + 1:end].decode(), end


def decode(data):
    """What encode() made."""
    return _decode(data, 0)[0]


class Ng(asyncio.DatagramProtocol):
    """A client of one rtpengine."""

    def __init__(self):
        self._transport = None
        self._waiting = {}

    @classmethod
    async def connect(cls, host, port, own=None):
        loop = asyncio.get_running_loop()
        local = (own, 0) if own else None
        return (await loop.create_datagram_endpoint(cls, local_addr=local, remote_addr=(host, port)))[1]

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, addr):
        cookie, _, answer = data.partition(b" ")
        if not (future := self._waiting.pop(cookie, asyncio.Future())).done():
            future.set_result(decode(answer))

    async def ask(self, command, timeout=3.0, **fields):
        """The answer; Refused when it is an error, TimeoutError when there is none."""
        cookie = secrets.token_hex(6).encode()
        self._waiting[cookie] = asyncio.get_running_loop().create_future()
        self._transport.sendto(cookie + b" " + encode({"command": command} | fields))
        try:
            answer = await asyncio.wait_for(self._waiting[cookie], timeout)
        finally:
            self._waiting.pop(cookie, None)
        if answer["result"] != "ok":
            raise Refused(answer.get("error-reason", answer["result"]))
        return answer
