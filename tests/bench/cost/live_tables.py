# SPDX-License-Identifier: Apache-2.0
"""What live.measure() found, as tables and against the goals."""

from .figures import table

HEAD = ["watched by", "k packets per CPU s of the node", "rate to floor [95 %]", "CPU s / M packets",
        "of it the tool", "over the floor, ns/packet [95 %]", "kernel's own count, ns in, out", "missed", "MiB",
        "state per flow"]
NOTE = ("\nIn brackets: where the median lies in 95 of 100 cases (ranks of differences within one round; rounds in"
        " which\nthe hypervisor or another process took the CPU are left out where enough others remain). A tool's CPU is"
        " what it\nuses more than without packets. The kernel's own count is of the programs alone (BPF_ENABLE_STATS)"
        " and holds about\none look at the clock.\n")
CAPTURES = ("tcpdump -w /dev/null", "Candor by libpcap")
AGAIN = "floor program again (A/A)"


def _traffic(results):
    return dict.fromkeys((r["remotes"], r["sockets"]) for r in results)


def _row(results, key, name):
    return next((r for r in results if (r["remotes"], r["sockets"]) == key and r["variant"] == name), None)


def _percent(ratio, digits=1):
    return f"{100 * (ratio - 1):+.{digits}f}"


def tables(results):
    """Markdown of what measure() returned, a table for each kind of traffic."""
    out = []
    for key in _traffic(results):
        rows = []
        for r in (r for r in results if (r["remotes"], r["sockets"]) == key):
            rate, added = r["rate_to_floor"], r["added_to_floor_ns"]
            rows.append([
                r["variant"], f"{r['packets_per_s']['p50'] / 1000:.0f}",
                f"{_percent(rate['p50'])} % [{_percent(rate['low'])} {_percent(rate['high'])}]",
                f"{r['cpu_s_per_million']['p50']:.3f}", f"{r['of_it_tool']:.3f}",
                f"{added['p50']:+.0f} [{added['low']:+.0f} {added['high']:+.0f}] of {added['samples']}",
                ", ".join(f"{ns:.0f}" for ns in r["counted_ns"]) or "-",
                "-" if r["missed"] is None else f"{100 * r['missed']:.2f} %",
                "-" if r["memory_mib"] is None else f"{r['memory_mib']:.0f}", r["state_per_flow"]])
        out.append(table(f"{key[0]} remote ports, {key[1]} socket{'s' if key[1] > 1 else ''} of the node", HEAD, rows))
    return "\n".join(out) + NOTE


def counted_over_floor(results, key):
    """Nanoseconds that Candor's programs add to the floor's by the kernel's own count, mean of both directions."""
    ours, floor = _row(results, key, "Candor"), _row(results, key, "floor program")
    if not ours or not floor or len(ours["counted_ns"]) != len(floor["counted_ns"]) or not ours["counted_ns"]:
        return None
    pairs = zip(ours["counted_ns"], floor["counted_ns"])
    return sum(a - b for a, b in pairs) / len(ours["counted_ns"])


def _throughput(results, key, where):
    rate, again = (_row(results, key, name)["rate_to_floor"] for name in ("Candor", AGAIN))
    lost, least, most = (100 * (1 - rate[what]) for what in ("p50", "high", "low"))
    noise = max(abs(100 * (1 - again[what])) for what in ("low", "high"))
    reached = True if lost <= 1 else "within noise" if least <= 1 and lost <= 1 + noise else False
    return (f"throughput lost against the floor, {where}",
            f"{lost:.1f} % [{least:.1f} {most:.1f}], A/A {_percent(again['p50'])} % [{_percent(again['low'])} "
            f"{_percent(again['high'])}]", "1 %", reached)


def _times(theirs, ours):
    """How many times as much, with the interval that both intervals leave."""
    def ratio(a, b):
        return f"{a / b:.1f}" if b > 0 else "beyond measure"
    return (f"{theirs['p50']:.0f} / {ours['p50']:.0f} ns: {ratio(theirs['p50'], ours['p50'])} "
            f"[{ratio(max(theirs['low'], 0), ours['high'])} {ratio(theirs['high'], ours['low'])}]")


def goals(results):
    """[(what, measured, goal, reached)]"""
    out = []
    for key in _traffic(results):
        where = f"{key[0]} ports, {key[1]} sockets"
        out.append(_throughput(results, key, where))
        ours, counted = _row(results, key, "Candor")["added_to_floor_ns"], counted_over_floor(results, key)
        for name in CAPTURES:
            found = _row(results, key, name)
            if found is None:
                continue
            theirs = found["added_to_floor_ns"]
            by_kernel = f"; by the kernel's count of Candor ({counted:.0f} ns) {theirs['p50'] / counted:.1f}" \
                if counted else ""
            out.append((f"CPU added by {name}, times Candor's, {where}", _times(theirs, ours) + by_kernel, "10",
                        theirs["p50"] >= 10 * ours["p50"]))
    return out


def far_off(results):
    """Candor must be seen to cost less than its own capture on the same traffic, noise aside."""
    wrong = []
    for key in _traffic(results):
        ours, capture = (_row(results, key, name)["added_to_floor_ns"] for name in ("Candor", CAPTURES[1]))
        if capture["high"] * 1.5 < ours["low"]:
            wrong.append(f"its capture added {capture['p50']:.0f} ns to a packet, Candor {ours['p50']:.0f} ns")
    return wrong
