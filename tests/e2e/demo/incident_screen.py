# SPDX-License-Identifier: Apache-2.0
"""The scenes of the incident as a table: what LiveKit reports of each node, what Candor reports, where new rooms go."""

from .screen import INCIDENT_MINUTES, Paper

CELL = 36


class IncidentScreen(Paper):
    """Writes to a stream; colours only where a person looks."""

    def title(self, text):
        self.line(text)

    def show(self, scene):
        if "act" in scene:
            self._act(scene)
        elif "note" in scene:
            self.wrapped(f"{scene['t']:5.1f}  -- ", scene["note"])
        elif "nodes" in scene:
            self._second(scene)
        else:
            self._end(scene["acts"])

    def _act(self, scene):
        self.line("")
        self.line(f"==== {scene['act']}")
        head = f"{'page':<5}{'Redis':<14}{'Candor':<10}{'rooms':>5}"
        self.line(f"{'':>5}  " + "".join(f"{'node ' + name:<{CELL}}" for name in "abc") + "joins without media")
        self.line(f"{'s':>5}  " + f"{head:<{CELL}}" * 3)

    def _second(self, scene):
        cells = [self.word(node["health"], 5) + self.word(node["row"], 14) + self.word(node["candor"] or "-", 10)
                 + f"{node['rooms']:>5}  " for node in scene["nodes"].values()]
        self.line(f"{scene['t']:5.0f}  {''.join(cells)}{scene['failed']} of {scene['joins']}")

    def _end(self, acts):
        self.line("")
        self._row("", list(acts))
        for text, of in (
                ("joins in the {window:.0f} s after the node turned gray", "{joins}"),
                ("of them without media", "{failed}"),
                ("of those of the last {late:.0f} s", "{late_failed} of {late_joins}"),
                ("the node's own page, asked then, answered OK", "{said_ok} of {asked}")):
            self._row(text.format(**next(iter(acts.values()))), [of.format(**act) for act in acts.values()])
        self.line("Seconds from the first harmed join to")
        self._row("  Candor's verdict FAILING", [self._seconds(act["verdict"]) for act in acts.values()])
        self._row("  the last room placed on the node", [
            "it goes on" if self._goes_on(act) else self._seconds(act["room"]) for act in acts.values()])
        self._row("  the page by Alertmanager", [self._seconds(act["page"]) for act in acts.values()])
        self.line(f"In the incident of 2 June 2026 people found and removed the node after {INCIDENT_MINUTES} minutes.")
        for name, act in acts.items():
            if self._goes_on(act):
                many = act["late_failed"] / act["late"] * 60 * INCIDENT_MINUTES
                self.line(f"At the rate of the last {act['late']:.0f} s {name} these would be {many:.0f} joins without media.")

    @staticmethod
    def _goes_on(act):
        """Whether rooms were still placed on the node at the end; one may be while a heartbeat has overwritten its row."""
        return act["rooms_at_the_end"] > 1

    def _row(self, text, values):
        self.line(f"{text:<52}" + "".join(f"{value:>18}" for value in values))

    @staticmethod
    def _seconds(value):
        return "never" if value is None else f"{value:.1f}"
