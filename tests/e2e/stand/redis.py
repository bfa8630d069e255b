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
        kind, rest = line[:1], line[1:].strip()
        if kind == b"*":
            return [self._answer() for _ in range(int(rest))]
        if kind == b"$":
            return None if rest == b"-1" else self._answers.read(int(rest) + 2)[:-2]
        if kind == b"+":
            return rest
        raise StandError(f"Redis answers {line!r}")

    def close(self):
        self._answers.close()
        self._socket.close()


class Redis:
    """A redis-server on the stand's node, without a file. `folder` takes its log. Safe from any thread."""

    def __init__(self, folder):
        self.address = f"{NODE}:{PORT}"
        self._lock = threading.Lock()
        self._log = folder / "redis.log"
        with self._log.open("w", encoding="utf-8") as log:
            self._process = spawn(["redis-server", "--port", str(PORT), "--bind", NODE, "--protected-mode", "no",
                                   "--save", "", "--appendonly", "no", "--dir", str(folder)],
                                  stdout=log, stderr=subprocess.STDOUT)
        self._connection = self._connect()

    def _connect(self):
        for _ in range(100):
            if self._process.poll() is not None:
                raise StandError(f"redis-server ended at once: {self._log.read_text(encoding='utf-8')[-500:]}")
            try:
                return _Connection((NODE, PORT))
            except OSError:
                time.sleep(0.05)
        raise StandError("redis-server did not listen within 5 s")

    def hash(self, name):
        """A hash as a dict of text to bytes."""
        with self._lock:
            flat = self._connection.ask("HGETALL", name)
        return {key.decode(): value for key, value in zip(flat[::2], flat[1::2], strict=True)}

    def close(self):
        self._connection.close()
        stop(self._process)
