# SPDX-License-Identifier: Apache-2.0
"""A node with scripted states (scripted_node.cc) and the programs that read it, for tests in Python."""

import contextlib
import os
import pathlib
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "scripts/packaging"
BUILD = pathlib.Path(os.environ.get("CANDOR_BINARY_DIR", ROOT / ".build/release"))


def spawn(argv, **popen):
    """Starts a child that dies with this process."""
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *map(str, argv)], **popen)


def run(*argv, stdin=None, ok=True):
    """Runs a command to its end; its standard output. `ok=None`: whatever its exit code."""
    done = subprocess.run(list(map(str, argv)), input=stdin, capture_output=True, text=True, timeout=60,
                          check=False)
    if ok is not None and (done.returncode == 0) != ok:
        raise AssertionError(f"{argv}: exit {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def running(argv, log):
    """Another project's daemon for as long as the block lasts."""
    with open(log, "w", encoding="utf-8") as out:
        child = spawn(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(condition, timeout=10.0, pace=0.02):
    """The first true value of `condition`, or its last one after `timeout` seconds."""
    end = time.monotonic() + timeout
    while not (answer := condition()) and time.monotonic() < end:
        time.sleep(pace)
    return answer


class ScriptedNode:
    """scripted_node on free ports; `http` and `agent` are HOST:PORT."""

    def __init__(self, http="127.0.0.1:0"):
        self._process = spawn([BUILD / "tests/web/scripted_node", http, "127.0.0.1:0"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
        _, self.http, self.agent = self._process.stdout.readline().split()

    def tell(self, *words):
        """Sends a line; returns when the state is published."""
        line = " ".join(map(str, words))
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if answer != "did " + line:
            raise AssertionError(f"scripted_node: {line}: {answer or 'it has ended'}")

    def port(self, which):
        return int(getattr(self, which).rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(5)
        self._process.stdout.close()
