# SPDX-License-Identifier: Apache-2.0
"""Pion as the media server: the echo server of tests/e2e/pion, ICE-lite, one socket for all calls; on Debian's Pion v3, or
on Pion v4."""

import os
import pathlib
import shutil
import subprocess
import urllib.request

from .build import BUILD, ROOT
from .network import NODE, NODE_6
from .server import Server
from .shell import StandError

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "pion"
V4 = ROOT / ".build/pion4"  # by scripts/setup e2e
DEBIANS_GO_SOURCES = "/usr/share/gocode"


def _built():
    """The program, built in the build tree where it is older than its source; the first time takes 20 s."""
    program = BUILD / "tests/e2e/pion-echo"
    if program.exists() and program.stat().st_mtime >= max(f.stat().st_mtime for f in SOURCE.glob("*.go")):
        return program
    if shutil.which("go") is None:
        raise StandError("Go is not installed; scripts/setup e2e installs it")
    where = {"GO111MODULE": "off", "GOPATH": DEBIANS_GO_SOURCES, "GOCACHE": str(BUILD.resolve() / "go-cache")}
    made = program.resolve().with_name(f"pion-echo-{os.getpid()}")  # other tests may build it at the same time
    command = ["go", "build", "-o", str(made), "."]
    done = subprocess.run(command, cwd=SOURCE, env=os.environ | where, capture_output=True, text=True,
                          timeout=300, check=False)
    if done.returncode != 0:
        raise StandError(f"go build: {done.stderr.strip()}")
    made.replace(program)
    return program


class Pion(Server):
    """One Pion in a cgroup, on all of the node's addresses. `folder` takes its log."""

    CLIENT = ("stand.client", "--signalling", "whip", "--api", f"http://{NODE}:8090/call")
    HEALTH = "http://127.0.0.1:8090/health"

    def __init__(self, folder, cgroup, workers=1):
        super().__init__(folder, cgroup, [str(self._program()), "-media", "[::]:20000", "-addresses",
                                          f"{NODE},{NODE_6}", "-http", ":8090", "-workers", str(workers)])

    @staticmethod
    def _program():
        return _built()

    def writes(self, how):
        """`block`: from now on writes to the media socket wait; `free`: no longer."""
        self._order(f"writes/{how}")

    def fault(self, name, how):
        """A fault of pion/socket.go: `on` or `off`."""
        self._order(f"fault/{name}/{how}")

    @staticmethod
    def _order(what):
        urllib.request.urlopen(f"http://127.0.0.1:8090/{what}", data=b"", timeout=2).close()


class Pion4(Pion):
    """The same server on Pion v4."""

    @staticmethod
    def _program():
        program = V4 / "pion-echo"
        if not program.exists():
            why = V4 / "why"
            reason = f": {why.read_text(encoding='utf-8').strip()}" if why.exists() else ""
            raise StandError(f"{program} is not built; scripts/setup e2e builds it{reason}")
        return program
