# SPDX-License-Identifier: Apache-2.0
"""candord as systemd keeps it (scripts/packaging/systemd): started again whenever it ends, and killed when
it has not sent WATCHDOG=1 for two seconds."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

import grpc
from stand import stubs
from stand.build import library
from stand.candor import Candor
from stand.shell import spawn

WATCHDOG_SECONDS = 2.0
RESTART_SECONDS = 0.2


class Guard:
    """Looks like the child that it keeps alive. `restart_after` may be changed at any time."""

    def __init__(self, command, log, folder, environment):
        self.command, self._log, self._environment = command, log, environment
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._path = str(folder / f"notify-{id(self)}")
        self._socket.bind(self._path)
        os.chmod(self._path, 0o777)  # candord may have become another user
        self._socket.settimeout(0.05)
        self._stop = threading.Event()
        self._child = None
        self.starts = 0
        self.exits = []  # statuses of the children that ended
        self.ready_at = 0.0
        self.restart_after = RESTART_SECONDS
        self._watchdog = WATCHDOG_SECONDS
        started = threading.Event()
        # A child dies with the thread that made it: one thread makes them all.
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait(5)

    def _start(self):
        with open(self._log, "a", encoding="utf-8") as log:
            environment = os.environ | self._environment | {"NOTIFY_SOCKET": self._path}
            self._child = spawn(self.command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        self.starts += 1
        self._heard = None

    def _run(self, started):
        self._start()
        started.set()
        while not self._stop.is_set():
            self._listen()
            if self._child.poll() is not None:
                self.exits.append(self._child.returncode)
                if self._stop.wait(self.restart_after):
                    break
                self._start()
            elif self._heard is not None and time.time() - self._heard > self._watchdog:
                self._child.kill()
        self._end()

    def _listen(self):
        with contextlib.suppress(TimeoutError):
            word, descriptors, *_ = socket.recv_fds(self._socket, 256, 1)
            for descriptor in descriptors:  # a manager without a store
                os.close(descriptor)
            if word == b"READY=1":
                self.ready_at = time.time()
            self._heard = None if word == b"STOPPING=1" else time.time()

    def watch(self, seconds=WATCHDOG_SECONDS):
        """Kills the child from now on when it is silent for so long."""
        self._heard = time.time()
        self._watchdog = seconds

    def _end(self):
        if self._child.poll() is None:
            self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(4)
            self._child.kill()
        self._child.wait()

    @property
    def pid(self):
        return self._child.pid

    @property
    def returncode(self):
        return self._child.returncode

    def poll(self):
        return None  # it never ends for long

    def send_signal(self, number):
        self._child.send_signal(number)

    def terminate(self):
        self._stop.set()

    def kill(self):
        self._child.kill()

    def wait(self, timeout=10):
        self._stop.set()
        self._thread.join(timeout)
        self._socket.close()


class Mishaps:
    """What happens to the machine of a candord that was started with environment() (mishaps.c)."""

    def __init__(self, folder):
        folder.mkdir(exist_ok=True)
        self._slept, self._stopped, self._hung = (folder / name for name in ("slept", "stopped", "hung"))

    def environment(self):
        return {"LD_PRELOAD": library("mishaps"),
                "CANDOR_TEST_SLEPT": str(self._slept), "CANDOR_TEST_STOPPED": str(self._stopped),
                "CANDOR_TEST_HUNG": str(self._hung)}

    def sleep(self, seconds):
        """It has slept for as long."""
        self._slept.write_text(str(seconds), encoding="ascii")

    @contextlib.contextmanager
    def stopped_clock(self):
        self._stopped.write_text(str(int(time.monotonic())), encoding="ascii")
        try:
            yield
        finally:
            self._stopped.unlink()

    @contextlib.contextmanager
    def hung_loads(self):
        self._hung.touch()
        try:
            yield
        finally:
            self._hung.unlink()


class GuardedCandor(Candor):
    """A Candor that comes back, with its pins and its state."""

    def __init__(self, folder, settings, flags=(), environment=None, **options):
        self._flags, self._folder, self._environment = list(flags), folder, environment or {}
        self.settings = {"state_file": str(folder / "state"), "pin": "/sys/fs/bpf/candor-survive"} | settings
        super().__init__(folder, self.settings, **options)

    def _start(self, command):
        environment = self._environment | self.watched(self._environment.get("LD_PRELOAD", ""))
        self.guard = Guard([*command, *self._flags], self.log, self._folder, environment)
        return self.guard

    def stop(self):
        """Ends it, and leaves in the kernel what it leaves there."""
        super().close()

    def close(self):
        self.stop()
        # A stop that had to be cut short leaves its pins to the candord after it, and here none comes.
        own = pathlib.Path(self.settings["cgroup"]).name + "-*"
        for pins in pathlib.Path(self.settings["pin"]).glob(own):
            shutil.rmtree(pins, ignore_errors=True)

    @property
    def pid(self):
        return self.guard.pid

    def status(self, key, thread=None):
        """A line of /proc/PID/status, of one thread or the first."""
        path = pathlib.Path(f"/proc/{self.pid}/task/{thread or self.pid}/status")
        return next(line.split(":", 1)[1].strip() for line in path.read_text(encoding="ascii").splitlines()
                    if line.startswith(key + ":"))

    def threads(self):
        """Thread id to name."""
        tasks = pathlib.Path(f"/proc/{self.pid}/task").iterdir()
        return {int(task.name): (task / "comm").read_text(encoding="utf-8").strip() for task in tasks}

    def sees(self):
        """Asked over a connection of its own: an old one would wait before it tries again."""
        options = [("grpc.use_local_subchannel_pool", 1)]
        with grpc.insecure_channel(self.target, options=options) as channel:
            stub = stubs.load(stubs.NODE_HEALTH)[1].NodeHealthStub(channel)
            try:
                info = stub.GetInfo(self._messages.GetInfoRequest(), timeout=1)
                return not info.blindness_code
            except grpc.RpcError:
                return False

    def _renew(self):
        """What is asked next is asked of the process that answers now."""
        self._channel.close()
        self._channel = grpc.insecure_channel(self.target, options=[("grpc.use_local_subchannel_pool", 1)])
        self._stub = stubs.load(stubs.NODE_HEALTH)[1].NodeHealthStub(self._channel)

    def await_sight(self, starts=0, seconds=10.0):
        """When it sees, having been started that often; None when it does not within the time."""
        until = time.time() + seconds
        while time.time() < until:
            if self.guard.starts >= starts and self.sees():
                seen = time.time()
                self._renew()
                return seen
            time.sleep(0.02)
        return None

    def kill(self):
        self.signal(signal.SIGKILL)
