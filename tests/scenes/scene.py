# SPDX-License-Identifier: Apache-2.0
"""A scene: a capture made from a seed, and the expected result of its replay."""
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Optional, Union

from scenes.packets import Capture, Random

HARMED = ("DEGRADED", "FAILING")


@dataclass
class Scene:
    """None: not asserted. Times are seconds from the capture's begin."""
    name: str
    build: Union[Callable, Path]                 # fills a Capture, or is the file
    arguments: tuple = ()
    counts: dict = field(default_factory=dict)   # of candorctl's summary: attempts, active, left, refused, stalled
    healthy: bool = False                        # never DEGRADED or FAILING, at the end HEALTHY
    calm: bool = False                           # never DEGRADED or FAILING; UNKNOWN is allowed
    failing_by: Optional[float] = None
    harmed_by: Optional[float] = None           # DEGRADED or FAILING
    harmed_after: float = 0                     # and not before
    reasons: tuple = ()                          # one of them is among the reasons while DEGRADED or FAILING
    last: Optional[str] = None                   # state at the end
    phase: Optional[str] = None                  # of the one attempt there is
    waiting_on: Optional[str] = None             # likewise
    refused_with: str = ""                       # not judged; part of the error

    def file(self, folder):
        """The capture: recorded, or made into `folder`."""
        if isinstance(self.build, Path):
            return self.build
        path = Path(folder, f"{id(self)}.pcap")
        capture = Capture()
        self.build(capture, Random(self.name))
        capture.write(path)
        return path


class Scenes(list):
    def add(self, name, build, **expected):
        counts = {k: expected.pop(k) for k in ("attempts", "active", "left", "refused", "stalled", "early_drop")
                  if k in expected}
        self.append(Scene(name, build, counts=counts, **expected))
