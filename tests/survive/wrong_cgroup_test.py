# SPDX-License-Identifier: Apache-2.0
"""A candord attached where the media server's sockets are not: it says BLIND and why, never "seeing, no traffic".

All cases run beside each other, because each takes half a minute. What stands for the media server moves datagrams of no known
protocol; candord runs as users run it, with one capability on one thread.
"""

import contextlib
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from stand import bpf_fs
from stand.candor import PORT, Candor
from stand.case import Case
from stand.cgroups import Cgroup, root
from stand.shell import spawn, stop

USER = 4711  # of a media server that does not run as root; need not exist
WITHIN = 35.0  # seconds: a window of 30, which begins when the probes are attached

SERVER = """
import os, socket, sys, time
inherited, user, peer = (int(word) for word in sys.argv[1:4])
if user: os.setuid(user)
media = socket.socket(fileno=inherited) if inherited >= 0 else socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
media.setblocking(False)
if inherited < 0: media.bind(("0.0.0.0", 0))
print("open", flush=True)
sys.stdin.readline()
while True:
    media.sendto(b"opaque", ("127.0.0.1", peer))
    try: media.recv(100)
    except BlockingIOError: pass
    time.sleep(0.02)
"""
STUN = """
import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
    bytes.fromhex("00010000" "2112a442") + b"transaction.", ("127.0.0.1", int(sys.argv[1])))
"""


class Peer(threading.Thread):
    """Answers every datagram."""

    def __init__(self):
        super().__init__(daemon=True)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("0.0.0.0", 0))
        self.port = self._socket.getsockname()[1]
        self.start()

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                self._socket.sendto(*self._socket.recvfrom(100))

    def close(self):
        self._socket.close()


def join(cgroup, pid):
    (cgroup.path / "cgroup.procs").write_text(str(pid), encoding="ascii")


class Server:
    """Opens its socket, or takes one over, and only then joins the cgroup."""

    def __init__(self, cgroup, peer, user=0, inherited=None):
        number = -1 if inherited is None else inherited.fileno()
        self._process = spawn([sys.executable, "-c", SERVER, str(number), str(user), str(peer.port)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              pass_fds=[] if inherited is None else [number])
        self._process.stdout.readline()
        join(cgroup, self._process.pid)
        print("go", file=self._process.stdin, flush=True)

    def close(self):
        stop(self._process)
        self._process.stdin.close()
        self._process.stdout.close()


class Contained(Candor):
    """Alone in its cgroup and in a private cgroup namespace, which shows that cgroup as the root: Docker's default."""

    cgroup = None

    def _start(self, command):
        inner = f"umount {root()} && mount -t cgroup2 none {root()} && exec \"$@\""
        return super()._start(["sh", "-c", f"echo $$ >{self.cgroup.path}/cgroup.procs && exec \"$@\"", "sh",
                               "unshare", "--cgroup", "--mount", "sh", "-c", inner, "sh", *command])


class ProbesInTheWrongPlace(Case):
    @classmethod
    def setUpClass(cls):
        cls.stack = cls.enterClassContext(contextlib.ExitStack())
        bpf_fs.mount()
        cls.peer = cls.keep(Peer())
        cls.folder = pathlib.Path(cls.stack.enter_context(tempfile.TemporaryDirectory(prefix="candor-cgroup-")))
        cls.ports = iter(range(PORT, PORT + 8))
        cls.groups = {name: cls.keep(Cgroup(name)) for name in ("contained", "moved", "inherited", "unproven")}
        made = cls.stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        made.bind(("0.0.0.0", 0))
        cls.made = made.getsockname()[1]
        cls.keep(Server(cls.groups["moved"], cls.peer, user=USER))
        cls.keep(Server(cls.groups["inherited"], cls.peer, inherited=made))
        cls.keep(Server(cls.groups["unproven"], cls.peer))
        Contained.cgroup = cls.groups["contained"]
        cls.candors, cls.began = {}, {}
        cls.start("contained", Contained, cgroup="auto")
        cls.start("moved", cgroup=str(cls.groups["moved"].path))
        cls.start("inherited", cgroup=str(cls.groups["inherited"].path), ports=f"{cls.made}-{cls.made}")
        cls.start("unproven", cgroup=str(cls.groups["unproven"].path))
        cls.start("root", cgroup="auto")

    @classmethod
    def keep(cls, part):
        cls.stack.callback(part.close)
        return part

    @classmethod
    def start(cls, name, kind=Candor, **settings):
        cls.candors[name] = cls.keep(kind(cls.folder, {"source": "bpf"} | settings, port=next(cls.ports)))
        cls.began[name] = time.time()  # its probes are attached

    def await_info(self, name, what, within):
        while time.time() - self.began[name] < within:
            info = self.candors[name].info()
            if what(info):
                self.say(f"{name}: {info.blindness_code or 'a warning'} {time.time() - self.began[name]:.1f} s after attaching")
                return info
            time.sleep(0.2)
        self.fail(f"{name}: {self.candors[name].notes()}")

    def assert_is_blind(self, name, code, *words):
        info = self.await_info(name, lambda i: i.blindness_code, WITHIN)
        self.say(info.blindness_text)
        self.assertEqual(info.blindness_code, code)
        for word in words:
            self.assertIn(word, info.blindness_text)
        self.assertEqual(self.candors[name].state(), "BLIND")
        doctor = self.candors[name].ctl("doctor")
        self.assertIn(f"blind ({code})", doctor.communicate(timeout=10)[0])
        self.assertNotEqual(doctor.returncode, 0)

    def assert_sees_again(self, name):
        """With the first packet of a media protocol at a socket that was made in the cgroup."""
        join_and = f"echo $$ >{self.groups[name].path}/cgroup.procs && exec \"$@\""
        subprocess.run(["sh", "-c", join_and, "sh", sys.executable, "-c", STUN, str(self.peer.port)], check=True, timeout=10)
        sent = time.time()
        while self.candors[name].info().blindness_code and time.time() - sent < 5:
            time.sleep(0.1)
        self.assertEqual(self.candors[name].info().blindness_code, "")
        self.say(f"{name}: sees {time.time() - sent:.1f} s after the first packet at a socket in the cgroup")

    def test_1_a_container_with_a_cgroup_namespace_of_its_own(self):
        self.assert_is_blind("contained", "cgroup_namespace", "--cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup:ro")
        self.assert_sees_again("contained")

    def test_2_a_socket_made_before_its_process_moved_into_the_cgroup(self):
        self.assert_is_blind("moved", "sockets_outside_cgroup", f"user {USER}", "Restart the media server")
        self.assert_sees_again("moved")

    def test_3_a_socket_that_another_process_made_as_systemd_does(self):
        self.assert_is_blind("inherited", "sockets_outside_cgroup", f"port {self.made}", "systemd makes the socket")

    def test_4_without_a_proof_it_is_a_warning_and_doctor_has_it(self):
        info = self.await_info("unproven", lambda i: any("saw none of them" in w for w in i.warnings), WITHIN)
        self.assertEqual(info.blindness_code, "")
        doctor = self.candors["unproven"].ask("doctor")
        self.assertRegex(doctor, r"(?i)warn.*saw none of them")

    def test_5_at_the_root_every_socket_is_seen(self):
        info = self.candors["root"].info()
        self.assertEqual(info.blindness_code, "")
        self.assertFalse([w for w in info.warnings if "saw none" in w])
        packets = next(c.value for c in info.counters if c.name == "packets")
        self.assertGreater(packets, 1000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
