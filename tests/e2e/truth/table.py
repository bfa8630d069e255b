# SPDX-License-Identifier: Apache-2.0
"""The table of the catalogue, and what it comes to."""

HEAD = ("cause", "server", "clients", "whose", "joins failed", "flagged after", "FAILING after", "state", "reason", "cause named",
        "found", "named")


def _seconds(value):
    return "-" if value is None else f"{value:.1f} s"


def cells(row, found):
    named = found.get("code", "")
    if named:
        named += " (measured)" if found["measured"] else " (inferred)"
    joins = f"{found['failed']} of {found['joins']}" if "joins" in found else "-"
    return (row.cause, ("two, sick: " if row.two else "") + row.server, row.clients, "node" if row.nodes_fault else "client",
            joins, _seconds(found.get("flagged_s")), _seconds(found.get("failing_s")), found.get("state", "-"),
            found.get("reason", "-"), named or "-", found["detection"], found["naming"])


def text(results):
    """Markdown."""
    lines = [HEAD, ("---",) * len(HEAD)] + [cells(row, found) for row, found in results]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def summary(results):
    """What it comes to: of the causes, not of the rows; a cause is right where all of its rows are."""
    def causes(wanted, whose):
        by_cause = {}
        for row, found in results:
            if row.nodes_fault == whose and found["detection"] != "not made":
                by_cause.setdefault(row.cause, []).append(wanted(found))
        return sum(all(rows) for rows in by_cause.values()), len(by_cause)

    made = causes(lambda found: True, True)[1]
    in_time, _ = causes(lambda found: found["detection"] == "right", True)
    named, _ = causes(lambda found: found["naming"] == "right", True)
    wrong = {row.cause for row, found in results if found["naming"] == "wrong"}
    exonerated, clients = causes(lambda found: found["detection"] == "exonerated", False)
    not_made = sorted({row.cause for row, found in results if found["detection"] == "not made"})
    lines = [f"{made} causes of the node's: {in_time} flagged in time, {named} named rightly; {len(wrong)} causes named "
             f"wrongly{': ' + ', '.join(sorted(wrong)) if wrong else ''}.",
             f"{clients} causes of clients and strangers: {exonerated} exonerated."]
    if not_made:
        lines.append(f"Not made here: {', '.join(not_made)}.")
    return "\n".join(lines)
