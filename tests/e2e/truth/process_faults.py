# SPDX-License-Identifier: Apache-2.0
"""Faults of the media server's process and of what the system gives it: each a block that heals at its end.

A fault that has to act again and again yields a function that the run calls ten times a second.
"""

import contextlib
import os
import pathlib
import signal
import sys
import time

from stand import cgroups, faults
from stand.network import NODE
from stand.shell import StandError, run, spawn, stop

ELSEWHERE = "10.99.0.77"  # an address that nobody has
V1 = pathlib.Path("/sys/fs/cgroup")
# Seconds for which a server lives that dies soon after each start, and until its supervisor starts it again.
LIVES, RESTARTS_AFTER = 1.0, 2.0
BURN = "while True: pass"

# A process of the node that takes every port of the media range as it gets free.
TAKES_PORTS = """
import contextlib, socket, sys, time
first, last = int(sys.argv[1]), int(sys.argv[2])
held = {}
while True:
    for port in range(first, last + 1):
        if port not in held:
            taker = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            with contextlib.suppress(OSError):
                taker.bind(("::", port))
                held[port] = taker
    time.sleep(0.02)
"""

# Another process that shares the media port and gets half of what comes to it.
SHARES_PORT = """
import socket, time
thief = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
thief.bind(("::", 20000))
while True:
    thief.recv(2000)
"""


@contextlib.contextmanager
def killed_every_3_s(stage):
    next_step = [0.0]

    def again():
        if time.time() < next_step[0]:
            return
        if stage.server.is_running():
            stage.server.kill()
        else:
            stage.server.start()
        next_step[0] = time.time() + (LIVES if stage.server.is_running() else RESTARTS_AFTER)
    again()
    yield again


@contextlib.contextmanager
def killed_for_good(stage):
    stage.server.kill()
    yield


@contextlib.contextmanager
def restarted_once(stage):
    stage.server.restart()
    yield


def _with(command, old, new):
    return [part.replace(old, new) for part in command]


@contextlib.contextmanager
def pion_advertises_elsewhere(stage):
    stage.server.command = _with(stage.server.command, f"{NODE},", f"{ELSEWHERE},")
    stage.server.restart()
    yield


@contextlib.contextmanager
def rtpengine_advertises_elsewhere(stage):
    stage.server.command = _with(stage.server.command, f"--interface={NODE}", f"--interface={NODE}!{ELSEWHERE}")
    stage.server.restart()
    yield


@contextlib.contextmanager
def livekit_advertises_elsewhere(stage):
    stage.server.advertise(ELSEWHERE)
    yield


@contextlib.contextmanager
def media_socket_destroyed(_stage):
    """An administrator's tool aborts the media socket: its reader gets an error, and ends."""
    run("ss", "--kill", "--udp", "--all", "--no-header", f"src {NODE}:20000")
    yield


@contextlib.contextmanager
def half_of_the_threads_frozen(stage):
    """Every other thread of the server."""
    threads = sorted(stage.server.threads())
    with cgroups.frozen(stage.cgroup, threads[::2], at_work=True):
        yield


@contextlib.contextmanager
def ports_used_up(stage):
    first, last = stage.media_ports.split("-")
    taker = spawn([sys.executable, "-c", TAKES_PORTS, first, last])
    try:
        yield
    finally:
        stop(taker)


@contextlib.contextmanager
def media_port_shared(_stage):
    thief = spawn([sys.executable, "-c", SHARES_PORT])
    try:
        yield
    finally:
        stop(thief)


@contextlib.contextmanager
def no_descriptors_left(stage):
    pid = (stage.turn or stage.server).pid
    used = len(os.listdir(f"/proc/{pid}/fd"))
    run("prlimit", f"--pid={pid}", f"--nofile={used}:{used}")
    yield


@contextlib.contextmanager
def frozen_cgroup(stage):
    freeze = stage.cgroup.path / "cgroup.freeze"
    freeze.write_text("1", encoding="ascii")
    try:
        yield
    finally:
        freeze.write_text("0", encoding="ascii")


@contextlib.contextmanager
def stopped_process(stage):
    os.kill(stage.server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(stage.server.pid, signal.SIGCONT)


@contextlib.contextmanager
def one_event_loop_frozen(stage):
    loops = [thread for thread, name in stage.server.threads().items() if name.startswith("hloop")]
    if len(loops) < 2:
        raise StandError(f"expected two event loops among {sorted(stage.server.threads().values())}")
    with cgroups.frozen(stage.cgroup, loops[:1]):
        yield


event_loops_frozen = faults.event_loops_frozen
pollers_frozen = faults.pollers_frozen
socket_writes_blocked = faults.socket_writes_blocked


@contextlib.contextmanager
def _controlled(controller, settings):
    """A cgroup of that controller, which is v1's on machines of the hybrid layout; yields it."""
    if controller in (cgroups.root() / "cgroup.controllers").read_text(encoding="ascii").split():
        raise StandError(f"the controller {controller} is v2's here, which this fault does not use yet")
    path = V1 / controller / f"{cgroups.PREFIX}{os.getpid()}"
    path.mkdir()
    try:
        for name, value in settings.items():
            (path / name).write_text(value, encoding="ascii")
        yield path
    finally:
        for _ in range(300):
            for process in (path / "cgroup.procs").read_text(encoding="ascii").split():
                with contextlib.suppress(OSError):
                    (path.parent / "cgroup.procs").write_text(process, encoding="ascii")
            with contextlib.suppress(OSError):
                path.rmdir()
                break
            time.sleep(0.01)


@contextlib.contextmanager
def cpu_throttled(stage):
    """One hundredth of a core."""
    with _controlled("cpu", {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "1000"}) as group:
        (group / "cgroup.procs").write_text(str(stage.server.pid), encoding="ascii")
        yield


@contextlib.contextmanager
def cpu_starved(stage):
    """Busy neighbours in the server's cgroup, while it runs only when nothing else does."""
    run("chrt", "--all-tasks", "--idle", "--pid", "0", str(stage.server.pid))
    burners = [spawn([sys.executable, "-c", BURN], cgroup=stage.cgroup) for _ in range(4 * os.cpu_count())]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
        run("chrt", "--all-tasks", "--other", "--pid", "0", str(stage.server.pid))


@contextlib.contextmanager
def out_of_memory(stage):
    """A limit that does not suffice: the kernel kills the server whenever its supervisor has started it again."""
    with _controlled("memory", {"memory.limit_in_bytes": "3M"}) as group:
        ended = [time.time()]

        def again():
            if stage.server.is_running():
                ended[0] = time.time()
            elif time.time() - ended[0] > RESTARTS_AFTER:
                stage.server.start()
                with contextlib.suppress(OSError):
                    (group / "cgroup.procs").write_text(str(stage.server.pid), encoding="ascii")
        stage.server.kill()
        yield again


def pion(name):
    """A fault of the Pion server's own (pion/socket.go)."""
    @contextlib.contextmanager
    def fault(stage):
        stage.server.fault(name, "on")
        try:
            yield
        finally:
            stage.server.fault(name, "off")
    return fault


def coturn(**how):
    """coturn is restarted with another configuration."""
    @contextlib.contextmanager
    def fault(stage):
        stage.turn.restart(**how)
        yield
    return fault


@contextlib.contextmanager
def coturn_frozen(stage):
    with frozen_cgroup(stage):
        yield


@contextlib.contextmanager
def nothing(_stage):
    """The fault, if there is one, is what the second load's clients do."""
    yield
