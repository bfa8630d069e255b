# SPDX-License-Identifier: Apache-2.0
"""A systemd of the test's own, which runs the unit of scripts/packaging/systemd."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import time

from guard import GuardedCandor
from stand.build import ROOT
from stand.cgroups import root
from stand.shell import StandError, spawn, stop

UNIT = ROOT / "scripts/packaging/systemd/candord.service"
# Of the unit, what the stand does in its own way: the command and its folders, and what is hidden from it, which
# only the machine's own systemd can do. All else is as users have it.
OWN_WAY = ("ExecStart", "User=", "Group=", "RuntimeDirectory", "StateDirectory", "ReadWritePaths", "Protect",
           "PrivateTmp")
CGROUP = "candor-test-manager-"


class ServiceManager:
    """`systemd --user` in cgroups and a mount namespace of its own."""

    def __init__(self, folder):
        self._folder = folder / "systemd"
        self._units = self._folder / "systemd" / "user"
        self._units.mkdir(parents=True)
        (self._folder / "run").mkdir(mode=0o700)
        self._environment = os.environ | {"XDG_RUNTIME_DIR": str(self._folder / "run"),
                                          "XDG_CONFIG_HOME": str(self._folder)}
        # A systemd that is not the first process begins only where it finds itself to be the machine's manager.
        script = ("mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && "
                  'for group in "$@"; do echo $$ > "$group/cgroup.procs" || exit 1; done && '
                  "exec /lib/systemd/systemd --user --log-target=console")
        self._cgroups = [tree / f"{CGROUP}{os.getpid()}" for tree in self._trees()]
        for cgroup in self._cgroups:
            self._sweep(cgroup.parent)
            cgroup.mkdir()
        self._log = folder / "systemd.log"
        with self._log.open("w", encoding="utf-8") as log:
            self._process = spawn(["unshare", "--mount", "sh", "-c", script, "sh", *map(str, self._cgroups)],
                                  stdout=log, stderr=subprocess.STDOUT, env=self._environment)
        self._await()

    @staticmethod
    def _trees():
        """v2's, and in the hybrid layout also the one that systemd has of v1."""
        hybrid = pathlib.Path("/sys/fs/cgroup/systemd")
        return [root(), *([hybrid] if hybrid.is_dir() else [])]

    @staticmethod
    def _clear(cgroup):
        """Ends what is in it, and removes it."""
        with contextlib.suppress(OSError):  # v1 has no such file; its processes are those of v2
            (cgroup / "cgroup.kill").write_text("1", encoding="ascii")
        for _ in range(100):
            for path in sorted(cgroup.glob("**/"), reverse=True):
                with contextlib.suppress(OSError):
                    path.rmdir()
            if not cgroup.exists():
                return
            time.sleep(0.01)

    def _sweep(self, tree):
        """What a killed run left behind."""
        for cgroup in tree.glob(CGROUP + "*"):
            if not pathlib.Path("/proc", cgroup.name.removeprefix(CGROUP)).exists():
                self._clear(cgroup)

    def _await(self):
        for _ in range(100):
            if self._process.poll() is not None:
                break
            if (self._folder / "run/systemd/private").exists():
                return
            time.sleep(0.05)
        raise StandError(f"systemd does not begin: {self._log.read_text(encoding='utf-8')[-800:]}")

    def install(self, command, log, environment):
        """The unit, with this command and environment; what it prints goes to `log`."""
        lines = [line for line in UNIT.read_text(encoding="utf-8").splitlines() if not line.startswith(OWN_WAY)]
        own = ["ExecStart=" + " ".join(command), *(f"Environment={k}={v}" for k, v in environment.items()),
               f"StandardOutput=append:{log}", f"StandardError=append:{log}"]
        lines.insert(lines.index("[Service]") + 1, "\n".join(own))
        (self._units / UNIT.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.systemctl("daemon-reload")

    def systemctl(self, *words):
        """systemctl's answer; returns once the unit is in the state asked for."""
        done = subprocess.run(["systemctl", "--user", *words], capture_output=True, text=True, timeout=30,
                              env=self._environment, check=False)
        if done.returncode != 0:
            raise StandError(f"systemctl {' '.join(words)}: {done.stderr.strip()}\n" + self._status())
        return done.stdout

    def _status(self):
        return subprocess.run(["systemctl", "--user", "status", "--no-pager", UNIT.name], capture_output=True,
                              text=True, timeout=10, env=self._environment, check=False).stdout

    def property(self, name):
        return self.systemctl("show", UNIT.name, "--value", "--property", name).strip()

    def close(self):
        stop(self._process, 8)
        for cgroup in self._cgroups:
            self._clear(cgroup)


class Service:
    """Looks like the process of the unit."""

    def __init__(self, manager, command, log, environment):
        self._manager = manager
        manager.install(command, log, environment)
        manager.systemctl("start", UNIT.name)

    @property
    def pid(self):
        return int(self._manager.property("MainPID"))

    @property
    def starts(self):
        """Those that systemd made of itself, and the first."""
        return 1 + int(self._manager.property("NRestarts"))

    def poll(self):
        return None

    def send_signal(self, number):
        os.kill(self.pid, number)

    def terminate(self):
        self._manager.systemctl("stop", UNIT.name)

    kill = terminate

    def wait(self, _timeout=10):
        return 0


class ManagedCandor(GuardedCandor):
    """A candord of whom `manager` takes care."""

    def __init__(self, folder, settings, manager, **options):
        self._manager = manager
        super().__init__(folder, settings, **options)

    def _start(self, command):
        # A copy: the build may lie where the unit's syntax divides its path, or under what this systemd hides.
        program = self._folder / "candord"
        shutil.copy(command[0], program)
        self.guard = Service(self._manager, [str(program), *command[1:]], self.log, self.watched())
        return self.guard
