# SPDX-License-Identifier: Apache-2.0
"""Children that print JSON, a line per event, each read by a thread as it comes."""

import json
import threading
import time

from .shell import StandError, stop


class JsonLines:
    """The events of a child, or of several, each with the Unix time at which it was read. Safe from any thread."""

    def __init__(self, *children):
        self.children = children
        self._changed = threading.Condition()
        self._events = []
        self._readers = [threading.Thread(target=self._read, args=(child,), daemon=True) for child in children]
        for reader in self._readers:
            reader.start()

    def _read(self, child):
        for line in child.stdout:
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
        """Waits until every child has ended by itself, well."""
        for child, reader in zip(self.children, self._readers):
            if child.wait(timeout) != 0:
                raise StandError(f"status {child.returncode} of {' '.join(child.args)}")
            reader.join(5)

    def close(self):
        for child, reader in zip(self.children, self._readers):
            stop(child)
            reader.join(5)
            child.stdout.close()
