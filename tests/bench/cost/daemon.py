# SPDX-License-Identifier: Apache-2.0
"""candord under measurement, asked through unix sockets so that any network namespace will do."""

import json
import pathlib
import subprocess
import time

import grpc

from e2e.stand import stubs
from e2e.stand.build import binary
from e2e.stand.shell import StandError, spawn, stop

LOADS_WITHIN = 60  # seconds; the verifier takes 2 of CPU time, of which a busy machine gives little


class Daemon:
    """A candord with these settings. `folder` takes its configuration, sockets and log."""

    def __init__(self, folder, name, settings, namespace=None):
        self.address = f"unix:{folder}/{name}.sock"
        self.admin = f"{folder}/{name}-admin.sock"
        config = {"state_file": "off", "pin": "off", "admin": {"socket": self.admin}, "max_flows": 131072,
                  "load_deadline": f"{LOADS_WITHIN}s", "max_attempts": 131072} | settings | {
            "listen": {"grpc": [self.address], "http": [], "haproxy_agent": []}}
        path = folder / f"{name}.yaml"
        path.write_text(json.dumps(config), encoding="ascii")  # JSON is YAML
        self._log = folder / f"{name}.log"
        self.began = time.monotonic()
        with self._log.open("w", encoding="utf-8") as log:
            self.child = spawn([binary("candord"), "--config", str(path)], namespace=namespace, stdout=log,
                               stderr=subprocess.STDOUT)
        self.pid = self.child.pid
        self._await_socket(pathlib.Path(f"{folder}/{name}.sock"))  # a channel that came too soon waits for seconds
        self.channel = grpc.insecure_channel(self.address)
        self._messages, service = stubs.load(stubs.NODE_HEALTH)
        self._stub = service.NodeHealthStub(self.channel)
        self._await_sight()

    def _await_socket(self, path):
        while not path.exists():
            if self.child.poll() is not None or time.monotonic() - self.began > LOADS_WITHIN:
                raise StandError(f"candord does not answer: {self._log.read_text(encoding='utf-8')[-500:]}")
            time.sleep(0.005)

    def _await_sight(self):
        reason = "nothing"
        while time.monotonic() - self.began < LOADS_WITHIN:
            if self.child.poll() is not None:
                raise StandError(f"candord ended: {self._log.read_text(encoding='utf-8')[-500:]}")
            try:
                info = self.info()
                if not info.blindness_code:
                    self.sight_after = time.monotonic() - self.began
                    return
                reason = info.blindness_text
            except grpc.RpcError as error:
                reason = error.details()
            time.sleep(0.01)
        raise StandError(f"candord sees nothing after {LOADS_WITHIN} s: {reason}")

    def info(self):
        return self._stub.GetInfo(self._messages.GetInfoRequest(), timeout=5)

    def verdict(self):
        return self._stub.GetVerdict(self._messages.GetVerdictRequest(), timeout=5)

    def state(self):
        return self._messages.State.Name(self.verdict().state)

    def counters(self):
        return {c.name: c.value for c in self.info().counters}

    def close(self):
        self.channel.close()
        stop(self.child)
