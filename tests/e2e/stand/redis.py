# SPDX-License-Identifier: Apache-2.0
"""The Redis of a LiveKit cluster, and what LiveKit keeps in it: a row of each node, and the node of each room."""

import socket
import subprocess
import threading
import time

from .network import NODE
from .shell import StandError, spawn, stop

PORT = 6379


class _Connection:
    """A connection, and the few kinds of answers that are read of it (the protocol RESP 2)."""

    def __init__(self, address):
        with_timeout = socket.create_connection(address, timeout=2)
        self._socket, self._answers = with_timeout, with_timeout.makefile("rb")

    def ask(self, *words):
        parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
        self._socket.sendall(f"*{len(parts)}\r\n{''.join(parts)}".encode())
        return self._answer()

    def _answer(self):
        line = self._answers.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("Redis has closed the connection")
        kind, rest = line[:1], line[1:].strip()
        if kind == b"*":
            return [self._answer() for _ in range(int(rest))]
        if kind == b"$":
            return None if rest == b"-1" else self._content(int(rest))
        if kind == b"+":
            return rest
        raise StandError(f"Redis answers {line!r}")

    def _content(self, size):
        content = self._answers.read(size + 2)
        if len(content) < size + 2:
            raise ConnectionError("Redis has closed the connection")
        return content[:-2]

    def close(self):
        self._answers.close()
        self._socket.close()


class Client:
    """Asks the Redis at this (host, port) over a connection of its own, made when it is needed. Safe from any thread."""

    def __init__(self, address):
        self._address, self._connection, self._lock = address, None, threading.Lock()

    def hash(self, name):
        """A hash as a dict of text to bytes. A connection that broke or was too slow is replaced once; raises OSError
        where the next one does not answer either."""
        with self._lock:
            try:
                flat = self._ask("HGETALL", name)
            except OSError:
                flat = self._ask("HGETALL", name)
        return {key.decode(): value for key, value in zip(flat[::2], flat[1::2], strict=True)}

    def _ask(self, *words):
        try:
            if self._connection is None:
                self._connection = _Connection(self._address)
            return self._connection.ask(*words)
        except BaseException:
            self._drop()  # what it still answers would be taken for the next answer
            raise

    def _drop(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def close(self):
        with self._lock:
            self._drop()


class Redis(Client):
    """A redis-server on the stand's node, without a file, and a client of it. `folder` takes its log."""

    def __init__(self, folder):
        super().__init__((NODE, PORT))
        self.address = f"{NODE}:{PORT}"
        self._log = folder / "redis.log"
        with self._log.open("w", encoding="utf-8") as log:
            self._process = spawn(["redis-server", "--port", str(PORT), "--bind", NODE, "--protected-mode", "no",
                                   "--save", "", "--appendonly", "no", "--dir", str(folder)],
                                  stdout=log, stderr=subprocess.STDOUT)
        self._await_listening()

    def _await_listening(self):
        for _ in range(100):
            if self._process.poll() is not None:
                raise StandError(f"redis-server ended at once: {self._log.read_text(encoding='utf-8')[-500:]}")
            try:
                _Connection((NODE, PORT)).close()
                return
            except OSError:
                time.sleep(0.05)
        stop(self._process)
        raise StandError("redis-server did not listen within 5 s")

    def client(self):
        """One more, with a connection of its own."""
        return Client((NODE, PORT))

    def close(self):
        super().close()
        stop(self._process)
