# SPDX-License-Identifier: Apache-2.0
"""Janus as the media server: its echo test, its HTTP API, two event loops."""

import json
import pathlib
import subprocess
import time
import urllib.request

from .network import NODE
from .shell import StandError, spawn, stop

LIBRARIES = next(iter(pathlib.Path("/usr/lib").glob("*/janus")), pathlib.Path("/usr/lib/janus"))
API = f"http://{NODE}:8088/janus"
INFO = "http://127.0.0.1:8088/janus/info"

SERVER = f"""
general: {{
  configs_folder = "@FOLDER@"
  plugins_folder = "{LIBRARIES}/plugins"
  transports_folder = "{LIBRARIES}/transports"
  events_folder = "{LIBRARIES}/events"
  loggers_folder = "{LIBRARIES}/loggers"
  debug_level = 3
  event_loops = 2
}}
media: {{
  ipv6 = false
  rtp_port_range = "20000-30000"
}}
nat: {{
  ice_enforce_list = "{NODE}"
  ignore_mdns = true
}}
"""

HTTP = """
general: { json = "compact"  base_path = "/janus"  http = true  port = 8088  https = false }
admin: { admin_http = false  admin_https = false }
"""


def _disable_all_but(folder, kept):
    names = sorted(path.name for path in (LIBRARIES / folder).glob("*.so") if path.name != kept)
    return f'{folder}: {{ disable = "{",".join(names)}" }}\n'


class Janus:
    """One Janus in a cgroup, on the node's address. `folder` takes its configuration and its log."""

    def __init__(self, folder, cgroup):
        config = SERVER.replace("@FOLDER@", str(folder))
        config += _disable_all_but("plugins", "libjanus_echotest.so")
        config += _disable_all_but("transports", "libjanus_http.so")
        (folder / "janus.jcfg").write_text(config, encoding="ascii")
        (folder / "janus.transport.http.jcfg").write_text(HTTP, encoding="ascii")
        self.log = folder / "janus.log"
        with self.log.open("w", encoding="utf-8") as log:
            self._process = spawn(["janus", "--disable-colors", "-F", str(folder)], cgroup=cgroup, stdout=log,
                                  stderr=subprocess.STDOUT)
        self._await_answer()

    def _await_answer(self):
        for _ in range(100):
            if self._process.poll() is not None:
                raise StandError(f"Janus ended at once: {self.log.read_text(encoding='utf-8')[-500:]}")
            if self.says_ok():
                return
            time.sleep(0.1)
        raise StandError("Janus did not answer within 10 s")

    def says_ok(self):
        """The node's self-report: does its API answer as a healthy server's does?"""
        try:
            with urllib.request.urlopen(INFO, timeout=1) as answer:
                return answer.status == 200 and json.load(answer)["janus"] == "server_info"
        except OSError:
            return False

    def threads(self):
        """Thread id to name, as the kernel knows them."""
        tasks = pathlib.Path(f"/proc/{self._process.pid}/task")
        return {int(task.name): (task / "comm").read_text(encoding="utf-8").strip()
                for task in tasks.iterdir()}

    def close(self):
        stop(self._process)
