# SPDX-License-Identifier: Apache-2.0
"""Whether what Candor said of a cause is right. Pure: from what a row expects and what was observed."""

import re

BLAMES = ("DEGRADED", "FAILING")
ALL_WELL = ("HEALTHY", "UNKNOWN")
# Words that localise a fault. In a row whose truth is another one they are wrong, whatever the cause code says.
FORGED = re.compile(r"\bforged\b")
STUCK = re.compile(r"\bfrozen\b|\bstack trace\b")
# Causes of which these words are right.
STUCK_CODES = frozenset({"frozen", "not_reading", "starved_cpu", "throttled", "send_queue_full", "blocked_disk",
                         "one_socket", "receive_buffer"})


def is_flag(seen, states):
    """Whether this state is a flag where these states are expected. UNKNOWN is one by its reason only."""
    return seen["state"] in BLAMES or ("UNKNOWN" in states and seen["state"] == "UNKNOWN" and
                                       seen["reason"] == "attempts_ceased")


def flagged_after(history, states, harmed):
    """Seconds from the first harmed join to the first flag, which can have come a little earlier; None: no flag.
    `history` is [{t, state, reason, code, words}], each since its `t`."""
    first = next((seen["t"] for seen in history if is_flag(seen, states)), None)
    return None if first is None else max(0.0, first - harmed)


def detection(row, history, harmed):
    """right | late | missed | weak (flagged in another state than is expected) for the node's causes, exonerated | blamed
    for the clients'."""
    if not row.nodes_fault:
        return "exonerated" if all(seen["state"] in row.states for seen in history) else "blamed"
    after = flagged_after(history, row.states, harmed)
    if after is None:
        return "missed"
    if not any(is_flag(seen, row.states) and seen["state"] in row.states for seen in history):
        return "weak"
    return "right" if after <= row.within else "late"


def naming(row, history):
    """right | wrong | none: of the last cause code that was named, and of words that localise."""
    named = [seen["code"] for seen in history if seen["code"]]
    words = " ".join(seen["words"] for seen in history if seen["state"] in BLAMES)
    if row.nodes_fault and FORGED.search(words):
        return "wrong"
    if STUCK.search(words) and not row.codes & STUCK_CODES:
        return "wrong"
    if not named:
        return "none"
    return "right" if named[-1] in row.codes else "wrong"
