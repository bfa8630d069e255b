# SPDX-License-Identifier: Apache-2.0
"""A child that prints JSON, a line per event, read by a thread as it comes."""

import json
import threading
import time

from .shell import StandError, stop


class JsonLines:
    """The events of a child, each with the Unix time at which it was read. Safe from any thread."""

    def __init__(self, child):
        self.child = child
        self._changed = threading.Condition()
        self._events = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.child.stdout:
            event = json.loads(line)
            with self._changed:
                self._events.append((time.time(), event))
                self._changed.notify_all()

    def all(self):
        """[(read at, event)], oldest first."""
        with self._changed:
            return list(self._events)

    def wait_for(self, happened, timeout):
        """Waits until `happened([event])`; whether it did within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: happened([event for _, event in self._events]), timeout)

    def await_end(self, timeout=60.0):
        """Waits until the child has ended by itself, well."""
        if self.child.wait(timeout) != 0:
            raise StandError(f"status {self.child.returncode} of {' '.join(self.child.args)}")
        self._reader.join(5)

    def close(self):
        stop(self.child)
        self._reader.join(5)
        self.child.stdout.close()
