# SPDX-License-Identifier: Apache-2.0
"""The table of what Candor survives, a row for each fault of Candor itself."""

import json
import time

from stand.build import BUILD
from stand.network import NODE


class Table:
    """Rows of (fault, what the node's media did, what clients saw, seconds to recover, what Candor reports)."""

    HEAD = ("fault of Candor itself", "the node's media", "callers of Check saw", "seconds to recover",
            "Candor reports")

    def __init__(self):
        self.rows = []

    def add(self, *cells):
        self.rows.append(tuple(cell.replace("|", "/") for cell in cells))

    def text(self):
        lines = [" | ".join(cells) for cells in (self.HEAD, ("---",) * len(self.HEAD), *self.rows)]
        return "\n".join(f"| {line} |" for line in lines)


class Flood:
    """A child among the peers that sends what flood.cc makes."""

    # Packets a second. Of new flows what candord promises to bear; of checks and answers to them no more, since
    # the media server must read each of them and has a life too.
    RATES = {"flows": 100_000, "checks": 30_000, "replies": 30_000}

    def __init__(self, stage, kind, port, seconds, sources):
        program = next(BUILD.glob("tests/survive/survive_flood"))
        numbers = (port, seconds, sources, self.RATES[kind])
        self._child = stage.network.spawn_peer([str(program), kind, NODE, *map(str, numbers)])

    def result(self):
        """Waits for its end: how many were `sent` and `refused`, in how many `seconds`."""
        line = self._child.stdout.readline()
        return json.loads(line)

    def close(self):
        self._child.kill()
        self._child.wait()
        self._child.stdout.close()


def until(happened, seconds=10.0):
    """When it happened, looked at every 20 ms; None when it did not in time."""
    end = time.time() + seconds
    while time.time() < end:
        if happened():
            return time.time()
        time.sleep(0.02)
    return None
