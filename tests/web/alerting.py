# SPDX-License-Identifier: Apache-2.0
"""Prometheus with the shipped rules, Alertmanager, and a webhook that records the alerts."""

import http.server
import json
import shutil
import threading
import time
import urllib.parse
import urllib.request

from scripted_node import PACKAGING, free_port, running, wait_for

PROMETHEUS = """
global: {{scrape_interval: {pace}, scrape_timeout: {pace}, evaluation_interval: {pace}}}
rule_files: [candor.rules.yaml]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{manager}"]}}]
scrape_configs:
  - job_name: candor
    static_configs: [{{targets: {nodes}}}]
"""
ALERTMANAGER = """
route: {{receiver: hook, group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: hook
    webhook_configs: [{{url: "http://127.0.0.1:{hook}/", send_resolved: true}}]
"""


class Hook:
    """A webhook that records the alerts it receives."""

    def __init__(self):
        hook = self
        self.received = []  # (Unix time, alert name, status, alert)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                now = time.time()
                hook.received += [(now, a["labels"]["alertname"], a["status"], a) for a in body["alerts"]]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def first(self, name, status):
        return next((t for t in self.received if t[1:3] == (name, status)), None)

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Alerting:
    """All three for as long as `context` lasts, scraping `nodes` (HOST:PORT) and judging the rules at this pace."""

    def __init__(self, context, folder, *nodes, pace="250ms"):
        self.hook = Hook()
        context.callback(self.hook.close)
        manager = self._start_alertmanager(context, folder)
        self._start_prometheus(context, folder, nodes, manager, pace)

    def _start_alertmanager(self, context, folder):
        manager = free_port()
        config = folder / "alertmanager.yaml"
        config.write_text(ALERTMANAGER.format(hook=self.hook.port), encoding="ascii")
        argv = ["prometheus-alertmanager", f"--config.file={config}", f"--storage.path={folder}/am",
                f"--web.listen-address=127.0.0.1:{manager}", "--cluster.listen-address="]
        context.enter_context(running(argv, folder / "alertmanager.log"))
        return manager

    def _start_prometheus(self, context, folder, nodes, manager, pace):
        self.port = free_port()
        config = folder / "prometheus.yaml"
        shutil.copy(PACKAGING / "prometheus/candor.rules.yaml", folder)  # found beside the configuration
        config.write_text(PROMETHEUS.format(manager=manager, nodes=json.dumps(nodes), pace=pace), encoding="ascii")
        argv = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/tsdb",
                f"--web.listen-address=127.0.0.1:{self.port}"]
        log = folder / "prometheus.log"
        context.enter_context(running(argv, log))
        if not wait_for(lambda: self.query('sum(up{job="candor"})') == len(nodes), 30):
            raise AssertionError(log.read_text(encoding="utf-8")[-2000:])

    def query(self, expression):
        """The first value, or None."""
        url = f"http://127.0.0.1:{self.port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                result = json.load(answer)["data"]["result"]
            return float(result[0]["value"][1]) if result else None
        except OSError:
            return None  # not up yet
