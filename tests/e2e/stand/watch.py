# SPDX-License-Identifier: Apache-2.0
"""The answers of Candor as a load balancer gets them: grpc.health.v1 Watch."""

import threading
import time

import grpc

from . import stubs


class Watch:
    """Notes every answer of one health service with its Unix time, until closed."""

    def __init__(self, target, service="media"):
        messages, health = stubs.load(stubs.HEALTH)
        self._name = messages.HealthCheckResponse.ServingStatus.Name
        self._channel = grpc.insecure_channel(target)
        self._answers = health.HealthStub(self._channel).Watch(messages.HealthCheckRequest(service=service))
        self._changed = threading.Condition()
        self._history = []
        self._error = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        try:
            for answer in self._answers:
                with self._changed:
                    self._history.append((time.time(), self._name(answer.status)))
                    self._changed.notify_all()
        except grpc.RpcError as error:
            with self._changed:
                if error.code() is not grpc.StatusCode.CANCELLED:
                    self._error = error
                self._changed.notify_all()

    def history(self):
        """[(Unix time, "SERVING")], oldest first. Raises what ended the stream, if not close()."""
        with self._changed:
            if self._error is not None:
                raise self._error
            return list(self._history)

    def await_status(self, status, timeout, since=0.0):
        """When the answer first was `status` at or after `since`; None if not within `timeout` seconds."""
        def found():
            return self._error or next((t for t, s in self._history if s == status and t >= since), None)
        with self._changed:
            self._changed.wait_for(found, timeout)
        return next((t for t, s in self.history() if s == status and t >= since), None)

    def close(self):
        self._answers.cancel()
        self._reader.join(5)
        self._channel.close()
