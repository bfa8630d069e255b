# SPDX-License-Identifier: Apache-2.0
"""A Redis of the test's own, LiveKit nodes that write their rows into it as LiveKit 1.13 does, and candords beside
them. candord watches through a capture of an interface that does not exist, so that no kernel is touched; its
state is set by overrides. All other settings are the default ones, the filter of system calls among them."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

BUILD = pathlib.Path(os.environ["CANDOR_BINARY_DIR"])
CANDORD, CANDORCTL = BUILD / "sidecar/daemon/candord", BUILD / "sidecar/cli/candorctl"
TIED = ("setpriv", "--pdeathsig", "KILL")  # a test that is killed leaves no process
HEARTBEAT = 2.0  # s
FRESH = 5  # s
SERVING, SHUTTING_DOWN = 1, 2


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def data(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def row(node, ip, state=SERVING, region="chi"):
    stats = number(1, 1000) + number(2, int(time.time())) + number(4, 3)
    return (data(1, node.encode()) + data(2, ip.encode()) + number(3, 8) + data(4, stats) + number(6, state)
            + data(7, region.encode()) + data(500, b"unknown"))


def fields(message):
    at = 0

    def take():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        tag = take()
        if tag & 7 == 0:
            yield tag >> 3, take()
        else:
            size = take()
            yield tag >> 3, message[at:at + size]
            at += size


def state_of(message):
    return dict(fields(message)).get(6, 0)


def is_chosen(message):
    """By LiveKit's rule."""
    values = dict(fields(message))
    return values.get(6, 0) == SERVING and int(time.time()) - dict(fields(values[4]))[2] < FRESH


class Client:
    """A few commands of Redis."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(5)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.file = self.socket.makefile("rb")
        self.lock = threading.Lock()

    def close(self):
        self.file.close()
        self.socket.close()

    def __call__(self, *words):
        words = [w if isinstance(w, bytes) else str(w).encode() for w in words]
        with self.lock:
            self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words))
            return self.read()

    def read(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("Redis has closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.file.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.read() for _ in range(int(rest))]
        return rest.decode()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Redis:
    def __init__(self, *options, name="redis", program="redis-server", config=None):
        self.folder = tempfile.mkdtemp(prefix="candor-steer-")
        self.port = free_port()
        self.socket = f"{self.folder}/redis.sock"
        self.options, self.name, self.program, self.config = options, name, program, config
        self.process = None
        self.start()

    def start(self):
        words = [*TIED, self.program]
        if self.config:
            path = pathlib.Path(self.folder, "conf")
            path.write_text(self.config)
            words.append(path)
        words += ["--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", self.socket, "--dir", self.folder,
                  "--save", "", "--appendonly", "no", *self.options]
        with open(f"{self.folder}/log", "ab") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log)
        for _ in range(500):
            try:
                self.client().close()
                return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError(pathlib.Path(self.folder, "log").read_text())

    def client(self):
        return Client(self.socket)

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)


class Nodes:
    """Heartbeats of LiveKit nodes ND_0 .. at 10.9.0.0 .., each at its own moment of the two seconds."""

    def __init__(self, client, count, region="chi"):
        self.client, self.count, self.region = client, count, region
        self.silent = set()
        self.stopped = threading.Event()
        for i in range(count):
            self.beat(i)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def beat(self, i):
        try:
            self.client("HSET", "nodes", f"ND_{i}", row(f"ND_{i}", f"10.9.0.{i}", region=self.region))
        except (OSError, RuntimeError, ValueError):
            pass  # as LiveKit does: tried again at the next one

    def run(self):
        start = time.monotonic()
        due = [start + HEARTBEAT * (1 + i / self.count) for i in range(self.count)]
        while not self.stopped.is_set():
            i = min(range(self.count), key=due.__getitem__)
            if self.stopped.wait(max(0, due[i] - time.monotonic())):
                return
            if i not in self.silent:
                self.beat(i)
            due[i] = time.monotonic() + HEARTBEAT

    def stop(self):
        self.stopped.set()
        self.thread.join()


class Candor:
    def __init__(self, redis, i, settings="", node_ip=None):
        self.folder = tempfile.mkdtemp(prefix="candor-steer-")
        pathlib.Path(self.folder, "candor.yaml").write_text(
            f"listen: {{http: ['unix:{self.folder}/http'], haproxy_agent: []}}\n"
            f"steer: {{livekit: {{redis: [{redis}], node_ip: {node_ip or f'10.9.0.{i}'}{', ' if settings else ''}{settings}}}}}\n")
        self.grpc = f"unix:{self.folder}/grpc"
        with open(f"{self.folder}/log", "wb") as log:
            self.process = subprocess.Popen(
                [*TIED, CANDORD, "--source", "pcap:nosuchif0", "--config", f"{self.folder}/candor.yaml", "--listen",
                 self.grpc, "--admin-socket", f"{self.folder}/admin", "--state-file", f"{self.folder}/state"],
                stderr=log)

    def ctl(self, *words):
        return subprocess.run([CANDORCTL, "--address", self.grpc, *words], capture_output=True, text=True, timeout=20)

    def admin(self, *words):
        for _ in range(100):
            done = subprocess.run([CANDORCTL, "--admin", f"{self.folder}/admin", *words], capture_output=True,
                                  text=True, timeout=20)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(done.stderr + pathlib.Path(self.folder, "log").read_text())

    def fail(self):
        self.admin("override", "failing", "--for", "10m", "--reason", "test")

    def recover(self):
        self.admin("override", "--clear")

    def page(self, path):
        """The body of a page of candord; empty while it does not listen."""
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(5)
                s.connect(f"{self.folder}/http")
                s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                with s.makefile("rb") as answer:
                    return answer.read().partition(b"\r\n\r\n")[2].decode()
        except OSError:
            return ""

    def status(self):
        return json.loads(self.page("/verdict") or "{}").get("steering", {})

    def await_state(self, *wanted, seconds=10):
        """The seconds that it took."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            status = self.status()
            if status.get("state") in wanted:
                return time.monotonic() - start
            time.sleep(0.05)
        raise AssertionError(f"{status} instead of {wanted} after {seconds} s; {self.text()}")

    def text(self):
        return pathlib.Path(self.folder, "log").read_text(errors="replace")

    def stop(self):
        self.process.terminate()
        code = self.process.wait(timeout=10)
        shutil.rmtree(self.folder)
        return code
