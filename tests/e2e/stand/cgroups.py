# SPDX-License-Identifier: Apache-2.0
"""Cgroups (v2, pure or beside v1) that hold the media server, and freeze threads of it."""

import contextlib
import os
import pathlib
import time

from .shell import StandError

PREFIX = "candor-e2e-"


def root():
    """Where the v2 tree is mounted; in the hybrid layout that is not /sys/fs/cgroup itself."""
    for line in pathlib.Path("/proc/mounts").read_text(encoding="ascii").splitlines():
        _, where, kind, *_ = line.split()
        if kind == "cgroup2":
            return pathlib.Path(where)
    raise StandError("no cgroup v2 is mounted here")


def _sweep():
    """Removes what a killed run left behind."""
    for path in root().glob(PREFIX + "*"):
        if not pathlib.Path("/proc", path.name.removeprefix(PREFIX).partition("-")[0]).exists():
            with contextlib.suppress(OSError):
                for child in path.glob("*/"):
                    child.rmdir()
                path.rmdir()


class Cgroup:
    """The media server's own cgroup, named after this process; or another one beside it."""

    def __init__(self, beside=""):
        _sweep()
        self.path = root() / f"{PREFIX}{os.getpid()}{beside and '-'}{beside}"
        self.path.mkdir()

    def close(self):
        for _ in range(300):  # a cgroup stays busy until its last process was reaped
            try:
                self.path.rmdir()
                return
            except OSError:
                time.sleep(0.01)
        raise StandError(f"{self.path} is still busy")


@contextlib.contextmanager
def frozen(cgroup, threads):
    """Freezes these threads of a process in `cgroup`, and nothing else of it, until the block ends."""
    freezer = cgroup.path / "frozen"
    freezer.mkdir()
    try:
        (freezer / "cgroup.type").write_text("threaded", encoding="ascii")
        for thread in threads:
            (freezer / "cgroup.threads").write_text(str(thread), encoding="ascii")
        (freezer / "cgroup.freeze").write_text("1", encoding="ascii")
        _await_frozen(freezer)
        yield
    finally:
        (freezer / "cgroup.freeze").write_text("0", encoding="ascii")
        for thread in threads:
            with contextlib.suppress(ProcessLookupError):
                (cgroup.path / "cgroup.threads").write_text(str(thread), encoding="ascii")
        freezer.rmdir()


def _await_frozen(freezer):
    for _ in range(200):
        if "frozen 1" in (freezer / "cgroup.events").read_text(encoding="ascii"):
            return
        time.sleep(0.01)
    raise StandError("the threads did not freeze within 2 s")
