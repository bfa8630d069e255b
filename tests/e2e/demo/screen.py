# SPDX-License-Identifier: Apache-2.0
"""Scenes as a table of two columns: what the node reports, what Candor reports."""

import shutil
import textwrap

INCIDENT_MINUTES = 152  # 2 June 2026: first harm at 12:06, node removed at 14:38
COLOURS = {"OK": "32", "SERVING": "32", "DOWN": "31", "NOT_SERVING": "31"}


class Screen:
    """Writes to a stream; colours only where a person looks."""

    def __init__(self, out):
        self._out = out
        self._colourful = out.isatty()
        self._width = shutil.get_terminal_size((100, 24)).columns
        self._explained = ""  # the reason whose detail was printed last

    def title(self, text):
        self.remark(text)
        self._line("")
        self._line(f"{'':>5}  {'self-report':<14} Candor")

    def show(self, scene):
        if "note" in scene:
            self._line(f"{scene['t']:5.1f}  -- {scene['note']}")
        elif "seconds" in scene:
            self._end(scene)
        else:
            self._second(scene)

    def remark(self, text):
        self._line(text)

    def _second(self, scene):
        node, candor = self._word(scene["node"], 14), self._word(scene["candor"], 12)
        self._line(f"{scene['t']:5.0f}  {node} {candor} {scene['state']} ({scene['reason']})")
        if scene["reason"] != self._explained:
            self._explained = scene["reason"]
            for line in textwrap.wrap(scene["detail"], max(30, self._width - 35)):
                self._line(f"{'':35}{line}")

    def _end(self, scene):
        self._line("")
        self._line(f"From the first harmed caller to NOT_SERVING: {scene['seconds']:.1f} seconds. "
                   f"{scene['harmed']} callers got no media,")
        self._line(f"and the node, asked {scene['asked']} times while it was frozen, answered OK "
                   f"{scene['said_ok']} times.")
        self._line(f"In the incident of 2 June 2026 it took people {INCIDENT_MINUTES} minutes.")

    def _word(self, word, width):
        padded = f"{word:<{width}}"
        return f"\x1b[{COLOURS[word]}m{padded}\x1b[0m" if self._colourful else padded

    def _line(self, text):
        print(text, file=self._out, flush=True)
