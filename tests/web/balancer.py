# SPDX-License-Identifier: Apache-2.0
"""HAProxy in front of two backends that return their names, and the traffic that shows which one is used."""

import http.server
import socket
import threading
import time
import urllib.request

from scripted_node import free_port, run, running, wait_for

HEAD = """
global
    stats socket {folder}/stats.sock mode 600 level admin
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
"""
PAIR = """
frontend front_{name}
    bind 127.0.0.1:{front}
    default_backend {name}
backend {name}
    balance roundrobin
    option httpchk
    http-check send meth GET uri /readyz
    http-check expect status 200
    server failing 127.0.0.1:{failing} weight 100 {check}
    server healthy 127.0.0.1:{healthy} weight 100
"""
BY_AGENT = "agent-check agent-port {agent} agent-inter 100ms"
BY_HTTP = "check port {http} inter 100ms fall 1 rise 1"


class Backend:
    """Returns its name to each request; `last` is the Unix time of the last one."""

    def __init__(self, name):
        backend = self
        self.last = 0.0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                backend.last = time.time()
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
    """A hundred requests a second at the front; counts which backend answered."""

    def __init__(self, port):
        self.answers, self.errors = [], []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(f"http://127.0.0.1:{port}/",), daemon=True)
        self._thread.start()

    def _run(self, url):
        while not self._stop.wait(0.01):
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:
                    self.answers.append((time.time(), answer.read().decode()))
            except OSError as error:
                self.errors.append(str(error))

    def failing_share(self, seconds):
        """Of the requests in the next `seconds`."""
        since = time.time()
        time.sleep(seconds)
        names = [name for t, name in list(self.answers) if t >= since]
        return names.count("failing") / max(1, len(names))

    def close(self):
        self._stop.set()
        self._thread.join()


class Balancer:
    """One HAProxy; each of `checks` (name to BY_AGENT or BY_HTTP) checks the failing server of its own pair."""

    def __init__(self, context, folder, checks, **ports):
        """`context` closes what is started here when it ends; `ports`: of the failing node's Candor."""
        self._socket, self.log = folder / "stats.sock", folder / "haproxy.log"
        self.failing, self.front = {}, {}
        config = HEAD.format(folder=folder)
        for name, check in checks.items():
            pair = [Backend("failing"), Backend("healthy")]
            for backend in pair:
                context.callback(backend.close)
            self.failing[name], self.front[name] = pair[0], free_port()
            config += PAIR.format(name=name, front=self.front[name], failing=pair[0].port, healthy=pair[1].port,
                                  check=check.format(**ports))
        path = folder / "haproxy.cfg"
        path.write_text(config, encoding="ascii")
        run("haproxy", "-c", "-f", path)
        context.enter_context(running(["haproxy", "-db", "-f", path], self.log))
        if not wait_for(self._socket.exists):
            raise AssertionError(self.log.read_text(encoding="utf-8"))

    def stat(self, name, field):
        """A column of `show stat` for the failing server of that pair."""
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self._socket))
            s.sendall(b"show stat\n")
            text = b"".join(iter(lambda: s.recv(65536), b"")).decode()
        lines = text.lstrip("# ").splitlines()
        row = next(line for line in lines if line.startswith(f"{name},failing,"))
        return dict(zip(lines[0].split(","), row.split(",")))[field]
