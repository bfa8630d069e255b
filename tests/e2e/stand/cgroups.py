# SPDX-License-Identifier: Apache-2.0
"""Cgroups (v2, pure or beside v1) that hold the media server, and freeze threads of it."""

import contextlib
import os
import pathlib
import platform
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
    """The media server's own cgroup, named after this process; or another one beside it, or `name` within one."""

    def __init__(self, beside="", within=None, name=""):
        _sweep()
        self.path = within.path / name if within else root() / f"{PREFIX}{os.getpid()}{beside and '-'}{beside}"
        self.path.mkdir()

    def make_anew(self, name):
        """Removes it, and makes one of this name in its place."""
        self.close()
        self.path = self.path.with_name(name)
        self.path.mkdir()

    def close(self):
        for _ in range(300):  # a cgroup stays busy until its last process was reaped
            try:
                self.path.rmdir()
                return
            except OSError:
                time.sleep(0.01)
        raise StandError(f"{self.path} is still busy")


# The system calls in which an event loop or a timer waits, by number: (ppoll, epoll_pwait, nanosleep,
# clock_nanosleep, restart_syscall), and on x86-64 also poll and epoll_wait.
WAITING = frozenset({271, 281, 35, 230, 219, 7, 232} if platform.machine() == "x86_64"
                    else {73, 22, 101, 115, 128})


@contextlib.contextmanager
def frozen(cgroup, threads, at_work=False):
    """Freezes these threads of a process in `cgroup`, and nothing else of it, until the block ends.

    Each is frozen while it waits for events: in the midst of its work it could hold a lock, and then
    threads that are to go on would stand still too. `at_work`: whatever they do.
    """
    freezer = cgroup.path / "frozen"
    freezer.mkdir()
    try:
        (freezer / "cgroup.type").write_text("threaded", encoding="ascii")
        for thread in threads:
            (freezer / "cgroup.threads").write_text(str(thread), encoding="ascii")
        if at_work:
            (freezer / "cgroup.freeze").write_text("1", encoding="ascii")
            _await_frozen(freezer)
        else:
            _freeze_while_waiting(freezer)
        yield
    finally:
        (freezer / "cgroup.freeze").write_text("0", encoding="ascii")
        _empty(freezer, cgroup.path)
        freezer.rmdir()


def _freeze_while_waiting(freezer):
    for _ in range(100):
        (freezer / "cgroup.freeze").write_text("1", encoding="ascii")
        _await_frozen(freezer)
        if all(_waits(thread) for thread in _threads_of(freezer)):
            return
        (freezer / "cgroup.freeze").write_text("0", encoding="ascii")
        time.sleep(0.005)
    raise StandError("100 times at least one thread was at work when it was to be frozen")


def _waits(thread):
    """Whether a frozen thread is in a call that waits; /proc/TID/syscall begins with the call's number."""
    call = pathlib.Path("/proc", thread, "syscall").read_text(encoding="ascii").split()[0]
    return call.isdecimal() and int(call) in WAITING


def _threads_of(path):
    return (path / "cgroup.threads").read_text(encoding="ascii").split()


def _empty(freezer, home):
    """Moves every thread back: those that were moved in, and those that these have begun meanwhile."""
    for _ in range(100):
        threads = _threads_of(freezer)
        if not threads:
            return
        for thread in threads:
            with contextlib.suppress(ProcessLookupError):
                (home / "cgroup.threads").write_text(thread, encoding="ascii")
    raise StandError(f"{freezer} does not get empty")


def _await_frozen(freezer):
    for _ in range(200):
        if "frozen 1" in (freezer / "cgroup.events").read_text(encoding="ascii"):
            return
        time.sleep(0.01)
    raise StandError("the threads did not freeze within 2 s")
