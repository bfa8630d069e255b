# SPDX-License-Identifier: Apache-2.0
"""Live cost: real packets between two namespaces, with one thing after the other watching them."""

import contextlib
import pathlib
import statistics
import tempfile
import time

from e2e.stand.shell import StandError

from . import processes
from .figures import spread, table
from .variants import Tool, Variant, available

SLICE = 8000  # packets that the peers send in one slice
HEAD = ["watched by", "k packets per CPU s of the node", "rate to floor", "CPU s / M packets",
        "of it the node's user", "of it the tool", "added ns/packet [p10 p90]", "over the floor", "missed", "MiB",
        "state per flow"]
SETTLE = 0.15  # seconds in which a tool works off what it has buffered


class Slices:
    """The slices of one variant."""

    def __init__(self, variant):
        self.variant = variant
        self.samples = []
        self.packets = 0

    def run(self, softirqs):
        """One slice; its CPU time is that of the load's thread, of ksoftirqd and of the tool.

        The rate is what the node's thread does in a second of CPU time: on a shared machine a second of the clock
        says how busy the others were.
        """
        tools, before = self.variant.tools(), {}
        for pid in (*tools, *softirqs):
            before[pid] = processes.cpu_seconds(pid)
        said = self.variant.node.ask(SLICE)
        if tools:
            time.sleep(SETTLE)
        packets = said["received"] + said["echoed"]
        if not packets:
            raise StandError(f"{self.variant.name}: no packet came through")
        behind = sum(processes.cpu_seconds(pid) - before[pid] for pid in softirqs)
        tool = sum(processes.cpu_seconds(pid) - before[pid] for pid in tools)
        self.packets += packets
        self.samples.append({"ns": (said["cpu"] + behind + tool) / packets * 1e9, "tool_ns": tool / packets * 1e9,
                             "user_ns": said["user"] / packets * 1e9, "rate": packets / (said["cpu"] + behind),
                             "lost": 1 - packets / (2 * said["sent"])})

    def column(self, name):
        return [sample[name] for sample in self.samples]


def _calm(variant):
    """After many new flows at once a daemon has work left: waits for its end."""
    for _ in range(60):
        before = sum(map(processes.cpu_seconds, variant.tools()))
        time.sleep(0.25)
        if sum(map(processes.cpu_seconds, variant.tools())) - before < 0.02:
            return


def _against(slices, other, name):
    """Slice by slice: how much more (a difference, for ns) or how many times as much (rate)."""
    pairs = zip(slices.column(name), other.column(name))
    return [a / b if name == "rate" else a - b for a, b in pairs]


def _figures(slices, nothing, floor):
    missed = slices.variant.missed(slices.packets + slices.warm)
    return {"variant": slices.variant.name, "state_per_flow": slices.variant.state,
            "packets_per_s": spread(slices.column("rate")),
            "cpu_s_per_million": spread([ns / 1000 for ns in slices.column("ns")]),
            "of_it_user": statistics.median(slices.column("user_ns")) / 1000,
            "of_it_tool": statistics.median(slices.column("tool_ns")) / 1000,
            "added_ns": spread(_against(slices, nothing, "ns")),
            "added_to_floor_ns": spread(_against(slices, floor, "ns")),
            "rate_to_floor": spread(_against(slices, floor, "rate")),
            "lost": statistics.median(slices.column("lost")), "missed": missed,
            "memory_mib": slices.variant.memory_mib() if not isinstance(slices.variant, Tool) else slices.memory}


def measure(remotes, sockets, rounds, classes=None):
    """All variants on the same traffic, in turn, `rounds` times."""
    classes = classes or available()[0]
    softirqs = processes.softirq_threads()
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="candor-bench-")))
        runs = [Slices(stack.enter_context(kind(folder, remotes, sockets))) for kind in classes]
        for run in runs:
            warm = max(3 * remotes, SLICE)  # plain RTP proves itself by a sequence
            said = run.variant.node.ask(warm)
            run.warm = said["received"] + said["echoed"]
            _calm(run.variant)
        for number in range(rounds):
            for run in runs if number % 2 == 0 else reversed(runs):
                run.run(softirqs)
        nothing, floor = runs[0], next((run for run in runs if run.variant.name == "floor program"), runs[0])
        for run in runs:
            run.memory = run.variant.memory_mib()
        time.sleep(1.5)  # candord reads its counters once a second
        return [{"remotes": remotes, "sockets": sockets} | _figures(run, nothing, floor) for run in runs]


def against_nothing(remotes, rounds, started):
    """What something that sees every packet of the machine costs: `started` is a context in which it runs."""
    softirqs = processes.softirq_threads()
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="candor-bench-")))
        run = Slices(stack.enter_context(Variant(folder, remotes, 1)))
        run.variant.node.ask(SLICE)
        without = [run.run(softirqs) or run.samples[-1] for _ in range(rounds)]
        with started() as tool:
            run.variant.tools = lambda: [tool.pid]
            within = [run.run(softirqs) or run.samples[-1] for _ in range(rounds)]
        run.variant.tools = lambda: []
        without += [run.run(softirqs) or run.samples[-1] for _ in range(rounds)]
    base = statistics.median(sample["ns"] for sample in without)
    return {"added_ns": spread([sample["ns"] - base for sample in within]),
            "cpu_s_per_million": spread([sample["ns"] / 1000 for sample in within]),
            "rate_to_nothing": statistics.median(s["rate"] for s in within)
            / statistics.median(s["rate"] for s in without)}


def tables(results):
    """Markdown of what measure() returned, a table for each kind of traffic."""
    out = []
    for key in dict.fromkeys((r["remotes"], r["sockets"]) for r in results):
        rows = []
        for r in (r for r in results if (r["remotes"], r["sockets"]) == key):
            cpu, added = r["cpu_s_per_million"], r["added_ns"]
            rows.append([
                r["variant"], f"{r['packets_per_s']['p50'] / 1000:.0f}",
                f"{100 * (r['rate_to_floor']['p50'] - 1):+.1f} %",
                f"{cpu['p50']:.3f}", f"{r['of_it_user']:.3f}", f"{r['of_it_tool']:.3f}",
                f"{added['p50']:+.0f} [{added['p10']:+.0f} {added['p90']:+.0f}]",
                f"{r['added_to_floor_ns']['p50']:+.0f}",
                "-" if r["missed"] is None else f"{100 * r['missed']:.2f} %",
                "-" if r["memory_mib"] is None else f"{r['memory_mib']:.0f}", r["state_per_flow"]])
        out.append(table(f"{key[0]} remote ports, {key[1]} socket{'s' if key[1] > 1 else ''} of the node", HEAD, rows))
    return "\n".join(out)


def _added(results, name):
    """The medians that a variant added, by traffic."""
    return {(r["remotes"], r["sockets"]): r["added_to_floor_ns"]["p50"] for r in results if r["variant"] == name}


def goals(results):
    """[(what, measured, goal, reached)]"""
    out = []
    for r in (r for r in results if r["variant"] == "Candor"):
        where = f"{r['remotes']} ports, {r['sockets']} sockets"
        lost = 100 * (1 - r["rate_to_floor"]["p50"])
        out.append((f"throughput lost against the floor, {where}", f"{lost:.1f} %", "1 %", lost <= 1))
    ours = _added(results, "Candor")
    for name in ("tcpdump -w /dev/null", "Candor by libpcap"):
        theirs = _added(results, name)
        for key in ours.keys() & theirs.keys():
            out.append((f"CPU added by {name}, times Candor's, {key[0]} ports, {key[1]} sockets",
                        f"{theirs[key]:.0f} / {ours[key]:.0f} ns", "10", theirs[key] >= 10 * ours[key]))
    return out


def far_off(results):
    """Candor must be seen to cost less than its own capture on the same traffic, noise aside.

    Not than tcpdump: that keeps nothing of a flow, while candord looks at each young one once a second, which
    in a short run weighs more than the packets do.
    """
    ours, capture = _added(results, "Candor"), _added(results, "Candor by libpcap")
    return [f"its capture added {added:.0f} ns to a packet, Candor {ours[key]:.0f} ns"
            for key, added in capture.items() if added * 1.5 < ours[key]]
