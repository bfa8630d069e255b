# SPDX-License-Identifier: Apache-2.0
"""Who watches while something happens to candord: a caller of Check, and packets that are counted."""

import collections
import json
import subprocess
import sys
import threading
import time

import grpc
from stand import stubs
from stand.json_lines import JsonLines
from stand.network import NODE
from stand.shell import spawn, stop

SINK = 29998  # a port for floods: seen by the probes, read by no process

ECHO = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
s.bind(("%s", 29999))
sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sink.bind(("%s", %d))
print("{}", flush=True)
while True:
    data, peer = s.recvfrom(2048)
    s.sendto(data, peer)
""" % (NODE, NODE, SINK)

# Numbers them, so that each that is missing is known; ends when its standard input does.
SENDER = """
import json, select, socket, struct, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
s.connect(("%s", 29999))
sent, back, next_at, until = 0, 0, time.monotonic(), None
while until is None or (time.monotonic() < until and back < sent):
    now = time.monotonic()
    if until is None and now >= next_at:
        s.send(struct.pack("!BBHII", 0x80, 96, sent & 0xffff, sent * 40 & 0xffffffff, 7) + bytes(160))
        sent, next_at = sent + 1, next_at + 1 / 200
    wait = max(0, next_at - time.monotonic()) if until is None else 0.05
    readable = select.select([s] + ([sys.stdin] if until is None else []), [], [], wait)[0]
    if s in readable:
        back += len(s.recv(2048)) > 0
    if sys.stdin in readable:
        until = time.monotonic() + 3
print(json.dumps({"sent": sent, "back": back}), flush=True)
"""


class Metronome:
    """200 packets a second from the peers to an echo in the watched cgroup and back: RTP of one stream."""

    def __init__(self, stage):
        self._echo = spawn([sys.executable, "-c", ECHO], cgroup=stage.cgroup, stdout=subprocess.PIPE, text=True)
        self._echo.stdout.readline()
        # Not by spawn(): its standard input is how it is told to end.
        self._sender = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "nsenter", f"--net={stage.network.peers.path}", sys.executable,
             "-c", SENDER % NODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lines = JsonLines(self._sender)

    def result(self):
        """(sent, came back), after the last had three seconds to."""
        self._sender.stdin.close()
        self._lines.await_end(10)
        answer = self._lines.all()[-1][1]
        return answer["sent"], answer["back"]

    def close(self):
        self._sender.kill()
        self._sender.wait()
        stop(self._echo)
        self._echo.stdout.close()


# gRPC's own way (gRFC A6) to ask once more when the server goes away under a call.
RETRY = json.dumps({"methodConfig": [{"name": [{"service": "grpc.health.v1.Health"}], "retryPolicy": {
    "maxAttempts": 3, "initialBackoff": "0.01s", "maxBackoff": "0.1s", "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"]}}]})


class Caller:
    """Calls Check of "media" again and again, each answer with its Unix time. One connection, made again when
    it breaks; with `retry` by gRPC itself."""

    def __init__(self, target, every=0.02, retry=False):
        self._messages, self._health = stubs.load(stubs.HEALTH)
        self._name = self._messages.HealthCheckResponse.ServingStatus.Name
        self._target, self._every, self._channel = target, every, None
        self._options = [("grpc.use_local_subchannel_pool", 1)] + [("grpc.service_config", RETRY)] * retry
        self._connect()
        self._lock, self._answers, self._stop = threading.Lock(), [], threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _connect(self):
        if self._channel:
            self._channel.close()
        self._channel = grpc.insecure_channel(self._target, options=self._options)
        self._stub = self._health.HealthStub(self._channel)

    def _ask(self):
        try:
            request = self._messages.HealthCheckRequest(service="media")
            return self._name(self._stub.Check(request, timeout=0.5).status)
        except grpc.RpcError as error:
            self._connect()
            return error.code().name

    def _run(self):
        while not self._stop.wait(self._every):
            began, answer = time.time(), self._ask()
            with self._lock:
                self._answers.append((began, answer))

    def answers(self, since=0.0, until=float("inf")):
        with self._lock:
            return [(t, a) for t, a in self._answers if since <= t <= until]

    def first_answer(self):
        """When it was answered for the first time; infinity when it never was."""
        return min((t for t, a in self.answers() if a in ("SERVING", "NOT_SERVING")), default=float("inf"))

    def answers_between(self, since, until):
        """ "SERVING; 0.41 s UNAVAILABLE" """
        answers = self.answers(since, until)
        kinds = collections.Counter(a for _, a in answers)
        words = []
        for kind in sorted(kinds, key=kinds.get, reverse=True):
            if kind in ("SERVING", "NOT_SERVING"):
                words.append(kind)
                continue
            times = [t for t, a in answers if a == kind]
            words.append(f"{max(times) - min(times) + 0.02:.1f} s {kind}")
        return "; ".join(words) or "nothing asked"

    def close(self):
        self._stop.set()
        self._thread.join(5)
        self._channel.close()
