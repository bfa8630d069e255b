# SPDX-License-Identifier: Apache-2.0
"""Kamailio's own dispatcher, driven by scripts/packaging/kamailio/candor-dispatcher, under a stream of INVITEs."""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
from scripted_node import PACKAGING, ScriptedNode, free_port, running, wait_for  # noqa: E402

DISPATCHER = PACKAGING / "kamailio/candor-dispatcher"
MODULES = next(pathlib.Path("/usr/lib").glob("*/kamailio/modules"), pathlib.Path("/usr/lib/kamailio/modules"))
# What the fragment that is shipped does with its dispatcher, without transactions: no one answers here.
CONFIG = """#!KAMAILIO
debug=2
log_stderror=yes
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:{port}
mpath="{modules}/"
loadmodule "sl.so"
loadmodule "ctl.so"
loadmodule "dispatcher.so"
modparam("ctl", "binrpc", "unix:{folder}/ctl")
modparam("dispatcher", "list_file", "{folder}/dispatcher.list")
request_route {{
    if (!ds_select_dst("1", "4")) {{
        sl_send_reply("503", "No media node");
        exit;
    }}
    forward();
}}
"""
INVITE = ("INVITE sip:echo@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{n}\r\n"
          "From: <sip:a@test>;tag=1\r\nTo: <sip:echo@test>\r\nCall-ID: {n}@test\r\nCSeq: 1 INVITE\r\n"
          "Max-Forwards: 10\r\nContent-Length: 0\r\n\r\n")


class Destination:
    """A media node's SIP side, in small: it records when requests come."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.uri = f"sip:127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked = []  # Unix times
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def _take(self):
        while self._socket.recv(65536).startswith(b"INVITE"):
            self.asked.append(time.time())

    def close(self):
        self._socket.sendto(b"enough", self._socket.getsockname())
        self._thread.join()
        self._socket.close()


class Kamailio(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.node = self.enterContext(ScriptedNode())
        self.node.tell("state HEALTHY ok")
        self.failing, self.healthy = Destination(), Destination()
        self.addCleanup(self.failing.close)
        self.addCleanup(self.healthy.close)
        self.start_kamailio()
        self.stop = threading.Event()
        for each in (self.call, self.follow):
            thread = threading.Thread(target=each, daemon=True)
            thread.start()
            self.addCleanup(thread.join)
        self.addCleanup(self.stop.set)

    def start_kamailio(self):
        self.port = free_port()
        config = self.folder / "kamailio.cfg"
        config.write_text(CONFIG.format(port=self.port, modules=MODULES, folder=self.folder), encoding="ascii")
        (self.folder / "dispatcher.list").write_text(f"1 {self.failing.uri}\n1 {self.healthy.uri}\n", encoding="ascii")
        kamcmd = self.folder / "kamcmd"  # the real one, at this Kamailio's own socket
        kamcmd.write_text(f'#!/bin/sh\nexec /usr/sbin/kamcmd -s "unix:{self.folder}/ctl" "$@"\n', encoding="ascii")
        kamcmd.chmod(0o755)
        log = self.folder / "log"
        self.enterContext(running(["kamailio", "-DD", "-E", "-f", config, "-Y", self.folder, "-w", self.folder], log))
        self.assertTrue(wait_for((self.folder / "ctl").exists), log.read_text(encoding="utf-8")[-2000:])

    def call(self):
        """A hundred calls a second."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            n = 0
            while not self.stop.wait(0.01):
                n += 1
                s.sendto(INVITE.format(port=s.getsockname()[1], n=n).encode(), ("127.0.0.1", self.port))

    def follow(self):
        """The hook, as a timer would run it, but four times a second."""
        environment = os.environ | {"PATH": f"{self.folder}:{os.environ['PATH']}"}
        while not self.stop.wait(0.25):
            subprocess.run([DISPATCHER, f"http://{self.node.http}", "1", self.failing.uri], env=environment,
                           capture_output=True, timeout=10, check=False)

    def assert_both_are_asked(self):
        since = time.time()
        both = wait_for(lambda: all(any(t > since for t in d.asked) for d in (self.failing, self.healthy)))
        self.assertTrue(both, (self.folder / "log").read_text(encoding="utf-8")[-2000:])

    def test_sends_no_call_to_a_failing_node_and_comes_back(self):
        self.assert_both_are_asked()
        failed = time.time()
        self.node.tell("state FAILING waiting_on_node 12 15 0.9")
        wait_for(lambda: time.time() - self.failing.asked[-1] > 1.5)
        last = self.failing.asked[-1] - failed
        print(f"    FAILING to the last request at the failing node: {last:+.3f} s")
        self.assertLess(last, 2.0)
        self.assertGreater(sum(t > self.failing.asked[-1] for t in self.healthy.asked), 50, "calls go elsewhere")
        self.node.tell("state PROBATION let_back_in")
        self.assert_both_are_asked()


if __name__ == "__main__":
    unittest.main(verbosity=2)
