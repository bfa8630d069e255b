# SPDX-License-Identifier: Apache-2.0
"""Everything that candord can do, under the system call filter that users run with. A library put
before candord (refused_calls.c) tells of each call that the filter refuses; there must be none.

It watches through a capture of an interface that does not exist, so that no kernel is touched and no right is
needed. What needs capabilities runs on the stand of tests/e2e, with the same library before candord."""

import contextlib
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

BUILD = pathlib.Path(os.environ["CANDOR_BINARY_DIR"])
CANDORD, CTL = BUILD / "sidecar/daemon/candord", BUILD / "sidecar/cli/candorctl"
REFUSED_CALLS = next(BUILD.glob("tests/daemon/*refused_calls.so"))
QUIET = {"source": "pcap:nosuchif0", "admin": {"socket": "off"}, "state_file": "off",
         "listen": {"grpc": [], "http": [], "haproxy_agent": []}}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(happened, seconds=10.0):
    """The first true answer, or the last one at the timeout."""
    end = time.monotonic() + seconds
    while not (answer := happened()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


class Node(http.server.BaseHTTPRequestHandler):
    """A node whose self-report is good."""

    def do_GET(self):  # pylint: disable=invalid-name
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Filtered(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="candor-filter-")))
        self.refused = self.folder / "refused"
        self.refused.touch()
        self.log = self.folder / "log"
        self.children = self.enterContext(contextlib.ExitStack())
        self.addCleanup(self.children.close)

    def certificate(self, name):
        """Self-signed for localhost, so it is its own CA."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.crt"],
                       check=True, capture_output=True, timeout=30)

    def use(self, name):
        for kind in ("crt", "key"):
            shutil.copyfile(self.folder / f"{name}.{kind}", self.folder / f"tls.{kind}")

    def start(self, name="candor", flags=(), environment=None, **settings):
        """candord with these settings beside QUIET; returns once it answers."""
        config = self.folder / f"{name}.yaml"
        listen = QUIET["listen"] | settings.pop("listen", {})
        config.write_text(json.dumps(QUIET | settings | {"listen": listen}), encoding="ascii")  # JSON is YAML
        before = self.text().count("gRPC on")
        with self.log.open("a", encoding="utf-8") as log:
            child = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", CANDORD, "--config", config, *flags], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env=os.environ | (environment or {}) | {
                    "LD_PRELOAD": str(REFUSED_CALLS), "CANDOR_TEST_REFUSED": str(self.refused)})
        self.children.callback(self.end, child)
        # A take-over waits for up to 12 s for what this capture never sees.
        self.assertTrue(until(lambda: self.text().count("gRPC on") > before or child.poll() is not None, 20), self.text())
        self.assertIsNone(child.poll(), self.text())
        self.assert_filtered(child.pid)
        return child

    def end(self, child):
        """A clean stop."""
        if child.poll() is None:
            child.terminate()
            self.assertEqual(child.wait(5), 0, self.text())

    def assert_filtered(self, pid):
        """The defaults of production: every thread has the filter and no capability."""
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            lines = (task / "status").read_text(encoding="ascii").splitlines()
            status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
            if status["Name"] != "candor-priv":  # which may be about to give its own up
                self.assertEqual((status["Seccomp"].strip(), int(status["CapEff"], 16)), ("2", 0), status["Name"])

    def text(self):
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def refusals(self, program="candord"):
        return sorted({line for line in self.refused.read_text(encoding="ascii").splitlines()
                       if line.startswith(program + " ")})

    def assert_nothing_was_refused(self):
        self.children.close()
        self.assertEqual(self.refusals(), [])
        self.assertNotIn("Operation not permitted", self.text())

    def ctl(self, *words, code=0, address=None):
        done = subprocess.run([CTL, *(["--address", address] if address else []), *words], capture_output=True,
                              text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout}{done.stderr}\n{self.text()}")
        return done.stdout

    def test_tls_its_rotation_and_clients_with_certificates(self):
        for name in ("one", "two", "client"):
            self.certificate(name)
        self.use("one")
        port, health = free_port(), free_port()
        candor = self.start(
            listen={"grpc": [f"localhost:{port}"], "health_only": [f"127.0.0.1:{health}"]},
            tls={"certificate": str(self.folder / "tls.crt"), "key": str(self.folder / "tls.key"),
                 "client_ca": str(self.folder / "client.crt")})

        def probe(ca, identity="client", code=0):
            shown = [] if identity is None else ["--tls-cert", self.folder / f"{identity}.crt",
                                                 "--tls-key", self.folder / f"{identity}.key"]
            self.ctl("--tls-ca", self.folder / f"{ca}.crt", *shown, "probe", code=code, address=f"localhost:{port}")

        probe("one")
        probe("one", identity=None, code=2)
        probe("one", identity="two", code=2)
        self.ctl("probe", address=f"127.0.0.1:{health}")
        in_force = self.text().count("TLS: the certificate in force ends")
        self.use("two")
        candor.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: self.text().count("TLS: the certificate in force ends") > in_force), self.text())
        probe("two")
        probe("one", code=2)
        self.use("one")  # without a request
        self.assertTrue(until(lambda: self.text().count("TLS: the certificate in force ends") > in_force + 1), self.text())
        probe("one")
        shutil.copyfile(self.folder / "two.key", self.folder / "tls.key")
        self.assertTrue(until(lambda: "NEW FILES REFUSED" in self.text()), self.text())
        probe("one")
        self.assert_nothing_was_refused()

    def test_pages_agent_and_streams(self):
        http_port, agent_port = free_port(), free_port()
        grpc = f"unix:{self.folder}/grpc"
        self.start(listen={"grpc": [grpc, "[::1]:0"], "http": [f"127.0.0.1:{http_port}", f"unix:{self.folder}/http"],
                           "haproxy_agent": [f"127.0.0.1:{agent_port}"]})
        for page in ("livez", "readyz", "metrics", "verdict"):
            for way in ([f"http://127.0.0.1:{http_port}/{page}"],
                        ["--unix-socket", self.folder / "http", f"http://candor/{page}"]):
                done = subprocess.run(["curl", "-sS", *way], capture_output=True, text=True, timeout=10, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
        with socket.create_connection(("127.0.0.1", agent_port), timeout=5) as agent:
            self.assertTrue(agent.recv(100))
        self.ctl("watch", "--for", "1s", code=5, address=grpc)
        for words in (["status"], ["why"], ["transitions"], ["attempts"], ["flows"], ["version"]):
            self.ctl(*words, address=grpc)
        self.assert_nothing_was_refused()

    def test_self_report_by_http_https_and_grpc(self):
        self.certificate("node")
        node = f"unix:{self.folder}/node"
        self.start("node", listen={"grpc": [node]})
        for secure in (False, True):
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Node)
            if secure:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.folder / "node.crt", self.folder / "node.key")
                server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.children.callback(server.server_close)
            self.children.callback(server.shutdown)
            url = f"http{'s' * secure}://localhost:{server.server_port}/"
            name = f"unix:{self.folder}/of-{'https' if secure else 'http'}"
            self.start(f"http-{secure}", listen={"grpc": [name]}, self_report={"http": url})
            # The machine's own CAs do not know this one: the handshake comes as far as that.
            self.ctl("probe", code=4 if secure else 0, address=name)
        self.assertIn("certificate", self.text())
        self.start("grpc", listen={"grpc": [f"unix:{self.folder}/of-grpc"]},
                   self_report={"grpc": node, "service": "media"})
        self.ctl("probe", address=f"unix:{self.folder}/of-grpc")
        self.assert_nothing_was_refused()

    def test_orders_state_reload_and_the_take_over(self):
        port = free_port()
        settings = {"listen": {"grpc": [f"127.0.0.1:{port}", f"unix:{self.folder}/grpc"],
                               "http": [f"unix:{self.folder}/http"]},
                    "admin": {"socket": str(self.folder / "admin")}, "state_file": str(self.folder / "state")}
        grpc = f"unix:{self.folder}/grpc"
        (self.folder / "state").write_text("damaged", encoding="ascii")
        before = self.start(**settings)
        self.assertTrue((self.folder / "state.damaged").exists())
        self.ctl("drain", "--reason", "filter", address=grpc)
        self.ctl("undrain", address=grpc)
        self.ctl("override", "healthy", "--for", "1h", "--reason", "filter", address=grpc)
        self.ctl("reset-baseline", address=grpc)
        self.ctl("reload", address=grpc)
        before.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: "SIGHUP" in self.text()))
        after = self.start(flags=["--take-over"], **settings)
        self.end(before)
        self.assertTrue(until(lambda: "HTTP on" in self.text().rsplit("gRPC on", 1)[1]), self.text())
        self.ctl("status", address=f"127.0.0.1:{port}")
        self.end(after)
        self.assertTrue((self.folder / "state").stat().st_size > 0)
        self.assert_nothing_was_refused()

    def test_under_a_service_manager(self):
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
            manager.bind(str(self.folder / "notify"))
            manager.settimeout(10)
            self.start(listen={"grpc": [f"unix:{self.folder}/grpc"]},
                       environment={"NOTIFY_SOCKET": str(self.folder / "notify")})
            self.assertEqual(manager.recv(100), b"READY=1")
            self.assertEqual(manager.recv(100), b"WATCHDOG=1")
            self.children.close()
        self.assert_nothing_was_refused()

    def test_a_program_of_on_transition_runs_and_its_refused_calls_are_reported(self):
        """A report here shows that the test would report candord's calls too."""
        hook = self.folder / "hook"
        hook.write_text(f'#!/bin/sh\ncat >>"{self.folder}/verdict"\ntouch "{self.folder}/touched"\nmount --help >/dev/null\n'
                        f'umount "{self.folder}" 2>"{self.folder}/umount"\n', encoding="ascii")
        hook.chmod(0o755)
        self.start(listen={"grpc": [f"unix:{self.folder}/grpc"]}, on_transition=[str(hook)])
        self.assertTrue(until((self.folder / "umount").exists), self.text())
        self.assertTrue(until(lambda: self.refusals("umount")), self.refused.read_text(encoding="ascii"))
        self.assertIn("BLIND", (self.folder / "verdict").read_text(encoding="utf-8"))
        self.assertTrue((self.folder / "touched").exists())
        self.assert_nothing_was_refused()


if __name__ == "__main__":
    unittest.main(verbosity=2)
