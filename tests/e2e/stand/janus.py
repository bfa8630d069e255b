# SPDX-License-Identifier: Apache-2.0
"""Janus as the media server: its echo test, its HTTP API, two event loops."""

import json
import pathlib

from .network import NODE
from .server import Server

LIBRARIES = next(iter(pathlib.Path("/usr/lib").glob("*/janus")), pathlib.Path("/usr/lib/janus"))
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
  rtp_port_range = "@PORTS@"
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


class Janus(Server):
    """One Janus in a cgroup, on the node's address. `folder` takes its configuration and its log."""

    CLIENT = ("stand.client", "--signalling", "janus", "--api", f"http://{NODE}:8088/janus")
    HEALTH = "http://127.0.0.1:8088/janus/info"

    def __init__(self, folder, cgroup, ports="20000-30000"):
        config = SERVER.replace("@FOLDER@", str(folder)).replace("@PORTS@", ports)
        config += _disable_all_but("plugins", "libjanus_echotest.so")
        config += _disable_all_but("transports", "libjanus_http.so")
        (folder / "janus.jcfg").write_text(config, encoding="ascii")
        (folder / "janus.transport.http.jcfg").write_text(HTTP, encoding="ascii")
        super().__init__(folder, cgroup, ["janus", "--disable-colors", "-F", str(folder)])


    def is_well(self, answer):
        return json.loads(answer)["janus"] == "server_info"
