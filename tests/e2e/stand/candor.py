# SPDX-License-Identifier: Apache-2.0
"""Candor beside the node: the daemon under test, and questions to it."""

import json
import os
import pathlib
import subprocess
import time

import grpc

from . import janus, stubs
from .shell import StandError, spawn, stop

TARGET = "127.0.0.1:7460"
BUILD = pathlib.Path(os.environ.get("CANDOR_BINARY_DIR", stubs.PROTO.parent / ".build/release"))


def binary(name):
    """A program of this build; the build must have been done."""
    found = next((path for path in BUILD.glob(f"sidecar/*/{name}") if path.is_file()), None)
    if found is None:
        raise StandError(f"{name} is not built in {BUILD}")
    return str(found)


class Candor:
    """candord on the media server's cgroup. `folder` takes its configuration and its log."""

    def __init__(self, folder, cgroup, trusted_sources=()):
        config = {"source": "bpf", "cgroup": str(cgroup.path), "ports": "20000-30000",
                  "trusted_sources": list(trusted_sources), "self_report": {"http": janus.INFO},
                  "listen": {"grpc": [TARGET]}}
        path = folder / "candor.yaml"
        path.write_text(json.dumps(config, indent=2), encoding="ascii")  # JSON is YAML
        self.log = folder / "candord.log"
        with self.log.open("w", encoding="utf-8") as log:
            self._process = spawn([binary("candord"), "--config", str(path)], stdout=log,
                                  stderr=subprocess.STDOUT)
        self._channel = grpc.insecure_channel(TARGET)
        self._messages, service = stubs.load(stubs.NODE_HEALTH)
        self._stub = service.NodeHealthStub(self._channel)
        self._await_sight()

    def _await_sight(self):
        """Waits until the probes are attached: what came before would be missing for a good reason."""
        said = "nothing"
        for _ in range(150):
            if self._process.poll() is not None:
                raise StandError(f"candord ended at once: {self.log.read_text(encoding='utf-8')[-800:]}")
            try:
                info = self._stub.GetInfo(self._messages.GetInfoRequest(), timeout=1)
                if not info.blindness_code:
                    return
                said = info.blindness_text
            except grpc.RpcError as error:
                said = error.details()
            time.sleep(0.1)
        raise StandError(f"candord sees nothing after 15 s: {said}")

    def verdict(self):
        return self._stub.GetVerdict(self._messages.GetVerdictRequest(), timeout=2)

    def state(self):
        return self._messages.State.Name(self.verdict().state)

    def attempts(self):
        """Every attempt that Candor still knows, newest first."""
        answer = self._stub.ListAttempts(self._messages.ListAttemptsRequest(page_size=1000), timeout=2)
        if answer.more:
            raise StandError("more than 1000 attempts: the load is too large for this question")
        return list(answer.attempts)

    def phase(self, attempt):
        return self._messages.Phase.Name(attempt.phase)

    def outcome(self, attempt):
        return self._messages.Outcome.Name(attempt.outcome)

    def ctl(self, *arguments):
        """Starts candorctl; its standard output is a pipe of lines."""
        return spawn([binary("candorctl"), "--address", TARGET, *arguments], stdout=subprocess.PIPE, text=True)

    def signal(self, number):
        self._process.send_signal(number)

    def close(self):
        self._channel.close()
        stop(self._process)
