# SPDX-License-Identifier: Apache-2.0
"""Candor beside the node: the daemon under test, and questions to it."""

import json
import os
import subprocess
import time

import grpc

from . import stubs
from .build import binary, library
from .shell import StandError, spawn, stop

PORT = 7460
TARGET = f"127.0.0.1:{PORT}"


class Candor:
    """candord with these settings. `folder` takes its configuration and its log. It runs as users run it, under its
    filter of system calls; close() fails when the filter refused one (tests/daemon/refused_calls.c).

    `rights` are all capabilities that it gets, as setpriv spells them; None: those of the test. In another `namespace`
    it listens on `host`.
    """

    NO_ANSWER = grpc.RpcError

    def __init__(self, folder, settings, port=PORT, rights=None, host="127.0.0.1", namespace=None):
        self.target, self._namespace = f"{host}:{port}", namespace
        self._config = folder / f"candor-{port}.yaml"
        listen = {"http": [], "haproxy_agent": []} | settings.get("listen", {}) | {"grpc": [self.target]}
        config = {"state_file": "off", "pin": "off", "admin": {"socket": "off"}} | settings | {"listen": listen}
        self._write(config)
        self.log = folder / f"candord-{port}.log"
        self._refused = folder / f"refused-{port}"
        self._refused.write_text("", encoding="ascii")  # not what another one on this port left
        limits = [] if rights is None else ["setpriv", f"--bounding-set=-all,{rights}"]
        self._process = self._start([*limits, binary("candord"), "--config", str(self._config)])
        self._channel = grpc.insecure_channel(self.target)
        self._messages, service = stubs.load(stubs.NODE_HEALTH)
        self._stub = service.NodeHealthStub(self._channel)
        self._await_sight()

    def _write(self, config):
        self._config.write_text(json.dumps(config, indent=2), encoding="ascii")  # JSON is YAML

    def configured(self):
        """Its configuration."""
        return json.loads(self._config.read_text(encoding="ascii"))

    def change(self, **settings):
        """In its configuration, for the next time that it is read."""
        self._write(self.configured() | settings)

    def _start(self, command):
        with self.log.open("a", encoding="utf-8") as log:
            return spawn(command, self._namespace, stdout=log, stderr=subprocess.STDOUT, env=os.environ | self.watched())

    def watched(self, before=""):
        """The environment in which calls that the filter refuses are recorded; `before` is another library to be put there."""
        return {"LD_PRELOAD": ":".join(filter(None, [library("refused_calls"), before])),
                "CANDOR_TEST_REFUSED": str(self._refused)}

    def _await_sight(self):
        """Waits until the probes are attached: what came before would be missing for a good reason."""
        reason = "nothing"
        for _ in range(150):
            if self._process.poll() is not None:
                raise StandError(f"candord ended at once: {self.log.read_text(encoding='utf-8')[-800:]}")
            try:
                info = self.info()
                if not info.blindness_code:
                    return
                reason = info.blindness_text
            except grpc.RpcError as error:
                reason = error.details()
            time.sleep(0.1)
        raise StandError(f"candord sees nothing after 15 s: {reason}")

    def info(self):
        return self._stub.GetInfo(self._messages.GetInfoRequest(), timeout=1)

    def notes(self):
        """Its notes for people, warnings first."""
        info = self.info()
        return [*info.warnings, *info.notes]

    def verdict(self):
        return self._stub.GetVerdict(self._messages.GetVerdictRequest(), timeout=2)

    def name_of(self, state):
        return self._messages.State.Name(state)

    def state(self):
        return self.name_of(self.verdict().state)

    def attempts(self, since=0.0):
        """Every attempt in the history whose first packet came since then, newest first."""
        answer = self._stub.ListAttempts(self._messages.ListAttemptsRequest(page_size=1000), timeout=2)
        if answer.more:
            raise StandError("more than 1000 attempts: the load is too large for this question")
        return [a for a in answer.attempts if a.first.ToNanoseconds() / 1e9 >= since]

    def phase(self, attempt):
        return self._messages.Phase.Name(attempt.phase)

    def outcome(self, attempt):
        return self._messages.Outcome.Name(attempt.outcome)

    def ctl(self, *arguments):
        """Starts candorctl; its standard output is a pipe of lines."""
        command = [binary("candorctl"), "--address", self.target, *arguments]
        return spawn(command, stdout=subprocess.PIPE, text=True)

    def ask(self, *arguments):
        """What candorctl prints, whatever it thinks of the node."""
        return self.ctl(*arguments).communicate(timeout=10)[0]

    def signal(self, number):
        self._process.send_signal(number)

    def close(self):
        self._channel.close()
        stop(self._process)
        # A program of on_transition may try what it likes.
        lines = {line for line in self._refused.read_text(encoding="ascii").splitlines() if line.startswith("candord ")}
        if lines:
            raise AssertionError(f"candord's filter refused what candord does: {', '.join(sorted(lines))}")
