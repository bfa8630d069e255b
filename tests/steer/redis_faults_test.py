#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever happens to Redis: LiveKit's own word stands within 5 s, candord says so and answers, and it goes on
steering afterwards. Prints the seconds."""

import pathlib
import signal
import subprocess
import time
import unittest

from stand import Candor, Nodes, Redis, SERVING, SHUTTING_DOWN, free_port, state_of


class Faults(unittest.TestCase):
    def start(self, address=None, settings="", redis=None):
        self.redis = redis or Redis()
        self.addCleanup(self.redis.remove)
        self.connect()
        self.addCleanup(lambda: self.nodes.stop())
        self.candor = Candor(address or f"'unix:{self.redis.socket}'", 0, settings)
        self.addCleanup(self.candor.stop)
        self.candor.await_state("ready")

    def connect(self):
        self.client = self.redis.client()
        self.nodes = Nodes(self.redis.client(), 4)

    def steer(self):
        self.candor.fail()
        self.candor.await_state("steering")
        self.assertEqual(self.state(), SHUTTING_DOWN)

    def state(self):
        return state_of(self.client("HGET", "nodes", "ND_0"))

    def await_serving(self, seconds=5):
        start = time.monotonic()
        while self.state() != SERVING:
            self.assertLess(time.monotonic() - start, seconds)
            time.sleep(0.01)
        return time.monotonic() - start

    def unavailable(self, what, words):
        """`words`: of the reason, once candord has connected anew."""
        took = self.candor.await_state("unavailable", seconds=5)
        end = time.monotonic() + 5
        while words not in (text := self.candor.status()["text"]):
            self.assertLess(time.monotonic(), end, text)
            time.sleep(0.05)
        before = time.monotonic()
        self.assertEqual(self.candor.ctl("status", "-o", "json").returncode, 0)
        answer = time.monotonic() - before
        print(f"{what}: candord says so after {took:.2f} s ({text}), and answers in {answer:.2f} s")
        self.assertLess(answer, 1.5)

    def test_down_and_back(self):
        self.start()
        self.steer()
        self.nodes.stop()
        self.redis.stop()
        self.unavailable("down", "cannot connect")
        self.redis.start()
        self.connect()
        self.assertEqual(self.state(), SERVING)
        print(f"steers {self.candor.await_state('steering', seconds=5):.2f} s after Redis is back")

    def test_frozen(self):
        self.start()
        self.steer()
        self.redis.process.send_signal(signal.SIGSTOP)
        self.unavailable("frozen", "in time")
        self.redis.process.send_signal(signal.SIGCONT)
        print(f"steers {self.candor.await_state('steering', seconds=5):.2f} s after Redis goes on")

    def test_read_only(self):
        self.start()
        self.steer()
        # As a replica without a master it refuses writes, LiveKit's too: its rows stay as they are.
        self.client("REPLICAOF", "127.0.0.1", "1")
        start = time.monotonic()
        while self.candor.status()["state"] not in ("unavailable", "no_node"):
            self.assertLess(time.monotonic() - start, 7)
            time.sleep(0.05)
        print(f"read-only: {self.candor.status()['text']}")
        self.client("REPLICAOF", "NO", "ONE")
        self.candor.await_state("steering", seconds=5)

    def test_wrong_password(self):
        self.start()
        self.steer()
        self.client("CONFIG", "SET", "requirepass", "new")  # connections that are open stay
        self.client("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        self.unavailable("password", "NOAUTH")
        self.nodes.stop()
        self.client("CONFIG", "SET", "requirepass", "")
        self.connect()
        self.candor.await_state("steering", seconds=5)

    def test_rights_taken_away(self):
        self.start()
        self.candor.await_state("ready")
        self.client("ACL", "SETUSER", "default", "-hset")
        other = self.redis.client()
        # It is tried out once a minute; a new connection is not needed for it.
        self.candor.fail()
        self.unavailable("rights", "can't run this command")
        other("ACL", "SETUSER", "default", "+hset")
        self.candor.await_state("steering", seconds=5)

    def test_tls_and_a_user_of_its_own(self):
        redis = Redis()
        folder = pathlib.Path(redis.folder)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=redis",
                        "-addext", "subjectAltName=DNS:redis.test", "-keyout", folder / "key", "-out",
                        folder / "cert"], check=True, capture_output=True)
        port = free_port()
        client = redis.client()
        for name, value in (("tls-cert-file", folder / "cert"), ("tls-key-file", folder / "key"),
                            ("tls-ca-cert-file", folder / "cert"), ("tls-auth-clients", "no"), ("tls-port", port)):
            client("CONFIG", "SET", name, value)
        acl = pathlib.Path(__file__).resolve().parents[2] / "scripts/packaging/livekit/redis.acl"
        rights = next(line for line in acl.read_text().splitlines() if line.startswith("user "))
        client("ACL", "SETUSER", *rights.replace(">PASSWORD", ">secret").split()[1:])
        (folder / "password").write_text("secret\n")
        access = f"username: candor, password_file: {folder}/password, tls: {{enabled: true, ca: {folder}/cert"
        self.start(f"'127.0.0.1:{port}'", f"{access}, name: redis.test}}", redis)
        self.steer()
        print("TLS: steers with the published rights alone")
        other = Candor(f"'127.0.0.1:{port}'", 1, f"{access}}}")
        self.addCleanup(other.stop)
        other.await_state("unavailable")
        self.assertIn("certificate", other.status()["text"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
