# SPDX-License-Identifier: Apache-2.0
"""Scenes as a table of two columns: what the node reports, what Candor reports; and what every screen has."""

import shutil
import textwrap

INCIDENT_MINUTES = 152  # 2 June 2026: first harm at 12:06, node removed at 14:38
COLOURS = {"OK": "32", "SERVING": "32", "HEALTHY": "32", "DOWN": "31", "NOT_SERVING": "31", "FAILING": "31",
           "SHUTTING_DOWN": "31", "STALE": "31"}


class Paper:
    """Lines on a stream; colours only where a person looks."""

    def __init__(self, out):
        self._out = out
        self._colourful = out.isatty()
        self._width = shutil.get_terminal_size((100, 24)).columns

    def line(self, text):
        print(text, file=self._out, flush=True)

    def remark(self, text):
        self.line(text)

    def word(self, word, width):
        """Padded to this width; some words have a colour."""
        padded = f"{word:<{width}}"
        return f"\x1b[{COLOURS[word]}m{padded}\x1b[0m" if self._colourful and word in COLOURS else padded

    def wrapped(self, head, text):
        """The text behind the head, as wide as the terminal."""
        first, *rest = textwrap.wrap(text, max(30, self._width - len(head))) or [""]
        self.line(head + first)
        for line in rest:
            self.line(" " * len(head) + line)


class Screen(Paper):
    """The frozen node."""

    def __init__(self, out):
        super().__init__(out)
        self._explained = ""  # the reason whose detail was printed last

    def title(self, text):
        self.line(text)
        self.line("")
        self.line(f"{'':>5}  {'self-report':<14} Candor")

    def show(self, scene):
        if "note" in scene:
            self.line(f"{scene['t']:5.1f}  -- {scene['note']}")
        elif "seconds" in scene:
            self._end(scene)
        else:
            self._second(scene)

    def _second(self, scene):
        node, candor = self.word(scene["node"], 14), self.word(scene["candor"], 12)
        self.line(f"{scene['t']:5.0f}  {node} {candor} {scene['state']} ({scene['reason']})")
        if scene["reason"] != self._explained:
            self._explained = scene["reason"]
            for line in textwrap.wrap(scene["detail"], max(30, self._width - 35)):
                self.line(f"{'':35}{line}")

    def _end(self, scene):
        self.line("")
        self.line(f"From the first harmed caller to NOT_SERVING: {scene['seconds']:.1f} seconds. "
                   f"{scene['harmed']} callers got no media,")
        self.line(f"and the node, asked {scene['asked']} times while it was frozen, answered OK "
                   f"{scene['said_ok']} times.")
        self.line(f"In the incident of 2 June 2026 it took people {INCIDENT_MINUTES} minutes.")
