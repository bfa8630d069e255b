# SPDX-License-Identifier: Apache-2.0
"""One class per way to ask. Each has `calls()`, [(Unix time, "failing" or "healthy")], and `errors()`, both until now."""

import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

from stand import stubs
from stand.build import BUILD
from stand.json_lines import JsonLines
from stand.server import HOME
from stand.shell import StandError, spawn

PACE_MS = 20  # between two calls of one chooser
MODULES = BUILD.parent / "npm/node_modules"  # where scripts/setup e2e installs them


class Program:
    """A program that prints a line of JSON for each call; see grpc_python.py."""

    def __init__(self, failing, healthy, command, **environment):
        self._failing = failing
        more = {name: str(value) for name, value in environment.items()}
        self._lines = JsonLines(spawn([*command, str(PACE_MS), failing, healthy], stdout=subprocess.PIPE, text=True,
                                      env=os.environ | more))
        self.close = self._lines.close

    def calls(self):
        return [(e["t"], "failing" if e["who"] == self._failing else "healthy")
                for _, e in self._lines.all() if "who" in e]

    def errors(self):
        return [e["error"] for _, e in self._lines.all() if "error" in e]


def grpc_python(failing, healthy):
    return Program(failing, healthy, [sys.executable, "-m", "consumers.grpc_python"], PYTHONPATH=HOME)


def grpc_cxx(failing, healthy):
    return Program(failing, healthy, [str(BUILD / "tests/e2e/consumers/grpc_cxx")])


def grpc_js(failing, healthy):
    if not (MODULES / "grpc-health-check").is_dir():
        raise StandError(f"{MODULES} lacks grpc-health-check: run scripts/setup e2e where npm reaches a registry")
    client = HOME / "consumers/node/client.js"
    return Program(failing, healthy, ["node", str(client), str(stubs.PROTO)], NODE_PATH=MODULES)


class Curl:
    """A load balancer that looks at grpc-status alone: curl asks NodeHealth.Probe over HTTP/2."""

    def __init__(self, failing, _healthy):
        self._folder = tempfile.TemporaryDirectory(prefix="candor-curl-")
        empty = pathlib.Path(self._folder.name) / "empty"
        empty.write_bytes(b"\0\0\0\0\0")  # an empty message in gRPC's frame
        self._command = ["curl", "-sS", "--max-time", "2", "--http2-prior-knowledge", "-D", "-", "-o", "/dev/null",
                         "-H", "content-type: application/grpc", "-H", "te: trailers",
                         "--data-binary", f"@{empty}", f"http://{failing}/candor.v1.NodeHealth/Probe"]
        self._calls, self._errors = [], []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self):
        while not self._stop.wait(PACE_MS / 1000):
            began = time.time()
            done = subprocess.run(self._command, capture_output=True, text=True, check=False)
            answer = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
            status = answer.get("grpc-status")
            if status in ("0", "14"):  # OK, UNAVAILABLE
                self._calls.append((began, "failing" if status == "0" else "healthy"))
            else:
                self._errors.append(f"{status}: {done.stdout}{done.stderr}")

    def calls(self):
        return list(self._calls)

    def errors(self):
        return list(self._errors)

    def close(self):
        self._stop.set()
        self._thread.join(5)
        self._folder.cleanup()


class BehindHAProxy:
    """Requests to a pair of backends of a Balancer (tests/web)."""

    def __init__(self, balancer, name, traffic):
        self._traffic = traffic(balancer.front[name])
        self.close = self._traffic.close

    def calls(self):
        return list(self._traffic.answers)

    def errors(self):
        return list(self._traffic.errors)
