# SPDX-License-Identifier: Apache-2.0
"""HAProxy takes a node out and back, by its agent-check and by its HTTP check, under traffic."""

import http.server
import pathlib
import socket
import tempfile
import threading
import time
import unittest
import urllib.request

from node_stand import NodeStand, free_port, run, running, wait_for

CONFIG = """
global
    stats socket {folder}/stats.sock mode 600 level admin
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend all
    bind 127.0.0.1:{front}
    default_backend media
backend media
    balance roundrobin
    option httpchk
    http-check send meth GET uri /readyz
    http-check expect status 200
    server sick 127.0.0.1:{sick} weight 100 {check}
    server well 127.0.0.1:{well} weight 100
"""
BY_AGENT = "agent-check agent-port {agent} agent-inter 100ms"
BY_HTTP = "check port {http} inter 100ms fall 1 rise 1"


class Backend:
    """A media node's signalling, in small: it says its name, and remembers when it was last asked."""

    def __init__(self, name):
        backend = self
        self.last = 0.0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                backend.last = time.monotonic()
                self.send_response(200)
                self.send_header("Content-Length", str(len(name)))
                self.end_headers()
                self.wfile.write(name.encode())

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Traffic:
    """A hundred requests a second at the front; counts who answered."""

    def __init__(self, port):
        self.answers, self.errors = [], []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(f"http://127.0.0.1:{port}/",), daemon=True)
        self._thread.start()

    def _run(self, url):
        while not self._stop.wait(0.01):
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:
                    self.answers.append((time.monotonic(), answer.read().decode()))
            except OSError as error:
                self.errors.append(str(error))

    def share_of_sick(self, seconds):
        """Of the requests in the next `seconds`."""
        since = time.monotonic()
        time.sleep(seconds)
        names = [name for t, name in list(self.answers) if t >= since]
        return names.count("sick") / max(1, len(names))

    def close(self):
        self._stop.set()
        self._thread.join()


class HAProxy(unittest.TestCase):
    def bring_up(self, check):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.node = self.enterContext(NodeStand())
        self.node.tell("state HEALTHY ok")
        self.sick, well = Backend("sick"), Backend("well")
        self.addCleanup(self.sick.close)
        self.addCleanup(well.close)
        front = free_port()
        check = check.format(agent=self.node.port("agent"), http=self.node.port("http"))
        config = self.folder / "haproxy.cfg"
        config.write_text(CONFIG.format(folder=self.folder, front=front, sick=self.sick.port, well=well.port,
                                        check=check), encoding="ascii")
        run("haproxy", "-c", "-f", config)
        self.enterContext(running(["haproxy", "-db", "-f", config], self.folder / "log"))
        self.assertTrue(wait_for((self.folder / "stats.sock").exists))
        self.await_status("UP", "no check")
        self.traffic = Traffic(front)
        self.addCleanup(self.traffic.close)
        self.assertGreater(self.traffic.share_of_sick(1), 0.4)

    def stat(self, *fields):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.folder / "stats.sock"))
            s.sendall(b"show stat\n")
            text = b"".join(iter(lambda: s.recv(65536), b"")).decode()
        lines = text.lstrip("# ").splitlines()
        row = next(line for line in lines if line.startswith("media,sick,"))
        named = dict(zip(lines[0].split(","), row.split(",")))
        return tuple(named[field] for field in fields)

    def await_status(self, *wanted):
        self.assertTrue(wait_for(lambda: self.stat("status")[0] in wanted, 5), (wanted, self.stat("status")))

    def assert_taken_out_and_back(self, out="DOWN"):
        told = time.monotonic()
        self.node.tell("state FAILING node_owed 12 15 0.9")
        self.await_status(out, "DOWN (agent)")
        time.sleep(1)
        print(f"    told FAILING to the last request at the sick node: {self.sick.last - told:+.3f} s")
        self.assertLess(self.sick.last - told, 1.0)
        self.assertEqual(self.traffic.share_of_sick(1), 0)
        self.node.tell("state HEALTHY ok")
        self.await_status("UP", "no check")
        self.assertGreater(self.traffic.share_of_sick(1), 0.4)
        self.assertEqual(self.traffic.errors, [], "nobody was turned away")

    def test_takes_a_node_out_and_back_by_its_agent_and_logs_why(self):
        self.bring_up(BY_AGENT)
        self.assert_taken_out_and_back()
        self.node.tell("state FAILING node_owed 12 15 0.9")
        self.await_status("DOWN (agent)")
        self.assertIn("node_owed 12/15", (self.folder / "log").read_text(encoding="utf-8"))

    def test_takes_a_node_out_and_back_by_its_http_check(self):
        self.bring_up(BY_HTTP)
        self.assert_taken_out_and_back()

    def test_gives_a_harmed_node_its_share_and_a_drained_one_none_until_it_is_ready_again(self):
        self.bring_up(BY_AGENT)
        self.node.tell("state DEGRADED slow_setup 5 10 0.5")
        share = wait_for(lambda: 0.25 < (s := self.traffic.share_of_sick(1)) < 0.42 and s)
        self.assertTrue(share, "half the weight of the other one is a third of the requests")
        self.node.tell("state PROBATION let_back_in")
        self.assertTrue(wait_for(lambda: self.traffic.share_of_sick(1) < 0.12), "5 % is one in 21")
        self.node.tell("state DRAINING drained")
        self.await_status("DRAIN", "DRAIN (agent)")
        self.assertEqual(self.traffic.share_of_sick(1), 0)
        self.node.tell("state HEALTHY ok")
        self.assertTrue(wait_for(lambda: self.traffic.share_of_sick(1) > 0.4), "up alone would not end a drain")
        self.assertEqual(self.traffic.errors, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
