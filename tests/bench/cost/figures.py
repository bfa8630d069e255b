# SPDX-License-Identifier: Apache-2.0
"""Samples, medians and tables."""

import math
import statistics


def interval(samples):
    """Median with the interval that holds the true one in 95 of 100 cases, whatever the distribution: the ranks
    between which half of n coins fall."""
    ordered, n = sorted(samples), len(samples)
    half = 0.98 * math.sqrt(n)
    low, high = max(0, math.floor(n / 2 - half)), min(n - 1, math.ceil(n / 2 + half) - 1)
    return {"p50": statistics.median(ordered), "low": ordered[low], "high": ordered[max(low, high)], "samples": n}


def table(title, head, rows):
    """A Markdown table under a heading; the cells are strings."""
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]
    def line(cells):
        return "| " + " | ".join(str(c).ljust(w) for c, w in zip(cells, widths)) + " |"
    rule = "|" + "|".join("-" * (w + 2) for w in widths) + "|"
    return "\n".join([f"### {title}", "", line(head), rule, *(line(row) for row in rows), ""])
