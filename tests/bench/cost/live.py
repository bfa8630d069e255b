# SPDX-License-Identifier: Apache-2.0
"""Live cost: real packets between two namespaces, with one thing after the other watching them.

Programs are measured in many short slices, each between two of the floor program; what captures, in fewer and
longer ones, since a capture hands over its packets by and by. Only differences within one round are used.
"""

import contextlib
import pathlib
import statistics
import tempfile
import time

from e2e.stand.shell import StandError

from . import kernel_count, processes
from .figures import interval
from .variants import Candor, Floor, FloorAgain, Tool, Variant, available

SHORT, LONG = 1500, 6000  # packets that the peers send in one slice
SETTLE = 0.15  # seconds in which a tool works off what it has buffered
IDLE = 1.0  # seconds in which it is seen what the tools use without packets
COUNTED = 12  # slices in which the kernel counts
DENSE = (Variant, Floor, Candor, FloorAgain)


class Slices:
    """The slices of one variant."""

    def __init__(self, variant):
        self.variant = variant
        self.samples = []
        self.packets = 0
        self.idle = 0.0  # of the tools: CPU seconds in a second without packets
        self.cpu = processes.load_cpu()
        self.softirq = processes.softirq_thread(self.cpu)

    def _tools(self):
        return sum(map(processes.cpu_seconds, self.variant.tools()))

    def _disturbances(self):
        return processes.stolen(self.cpu), processes.interrupted(self.variant.node.child.pid)

    def run(self, packets=LONG, settle=True):
        """One slice; its CPU time is that of the load's thread, of its CPU's ksoftirqd, and what the tool uses more
        than without packets.

        The rate is what the node's thread does in a second of CPU time: on a shared machine a second of the clock
        shows how busy the others were.
        """
        began, before = time.monotonic(), self._disturbances()
        tool, behind = self._tools(), processes.cpu_seconds(self.softirq)
        answer = self.variant.node.ask(packets)
        if settle and self.variant.tools():
            time.sleep(SETTLE)
        seen = answer["received"] + answer["echoed"]
        if not seen:
            raise StandError(f"{self.variant.name}: no packet came through")
        node = answer["cpu"] + processes.cpu_seconds(self.softirq) - behind
        tool = self._tools() - tool - self.idle * (time.monotonic() - began) if settle else 0.0
        self.packets += seen
        sample = {"ns": (node + tool) / seen * 1e9, "tool_ns": tool / seen * 1e9, "user_ns": answer["user"] / seen * 1e9,
                  "rate": seen / node, "calm": self._disturbances() == before}
        self.samples.append(sample)
        return sample


def _calm(variant):
    """After many new flows at once a daemon has work left: waits for its end."""
    for _ in range(60):
        before = sum(map(processes.cpu_seconds, variant.tools()))
        time.sleep(0.25)
        if sum(map(processes.cpu_seconds, variant.tools())) - before < 0.02:
            return


def _undisturbed(rounds):
    """Rounds in which no other process took the CPU, the hypervisor neither; all of them where such are rare."""
    calm = [r for r in rounds if all(sample["calm"] for sample in r.values())]
    return calm if len(calm) >= max(9, len(rounds) // 4) else rounds


def _rounds(runs, count, **how):
    """[{variant's class: sample}], the order turned about each time."""
    out = []
    for number in range(count):
        order = runs if number % 2 == 0 else list(reversed(runs))
        out.append({type(run.variant): run.run(**how) for run in order})
    return _undisturbed(out)


def _against_floor(rounds, kind):
    """How much more a packet costs than at the floor, and the rate as a multiple of the floor's: of one floor where
    the kind is the other one, else of the mean of those in the round."""
    floors = [Floor] if kind is FloorAgain or FloorAgain not in rounds[0] else [Floor, FloorAgain]
    if kind is Floor:
        floors = [FloorAgain] if FloorAgain in rounds[0] else [Floor]
    more, rates = [], []
    for r in rounds:
        more.append(r[kind]["ns"] - statistics.mean(r[f]["ns"] for f in floors))
        rates.append(r[kind]["rate"] / statistics.mean(r[f]["rate"] for f in floors))
    return interval(more), interval(rates)


def _counted(runs):
    """{class: {program's place: ns of one run}} as the kernel counts them, medians of slices in turn."""
    found = {type(run.variant): {} for run in runs}
    with kernel_count.counting():
        for _ in range(COUNTED):
            for run in runs:
                before = kernel_count.runs(run.variant.holder())
                run.packets += sum(run.variant.node.ask(SHORT)[what] for what in ("received", "echoed"))
                after = kernel_count.runs(run.variant.holder())
                ran = [i for i in after if i in before and after[i][1] > before[i][1]]
                for place, i in enumerate(ran):
                    ns = kernel_count.ns_per_run({i: before[i]}, {i: after[i]})
                    found[type(run.variant)].setdefault(place, []).append(ns)
    return {kind: [statistics.median(of[place]) for place in sorted(of)] for kind, of in found.items()}


def _figures(run, rounds, counted):
    """`counted`: of this variant's programs, by the kernel; none for what has none."""
    kind, variant = type(run.variant), run.variant
    samples = [r[kind] for r in rounds]
    more, rate = _against_floor(rounds, kind)
    return {"variant": variant.name, "state_per_flow": variant.state, "rounds": len(rounds),
            "packets_per_s": interval([s["rate"] for s in samples]),
            "cpu_s_per_million": interval([s["ns"] / 1000 for s in samples]),
            "of_it_tool": statistics.median(s["tool_ns"] for s in samples) / 1000,
            "added_to_floor_ns": more, "rate_to_floor": rate, "counted_ns": counted,
            "missed": variant.missed(run.packets),
            "memory_mib": run.memory if isinstance(variant, Tool) else variant.memory_mib()}


def _warm_up(runs, remotes):
    for run in runs:
        answer = run.variant.node.ask(max(3 * remotes, LONG))  # plain RTP proves itself by a sequence
        run.packets += answer["received"] + answer["echoed"]
        _calm(run.variant)
    before, began = [run._tools() for run in runs], time.monotonic()
    time.sleep(IDLE)
    for run, used in zip(runs, before):
        run.idle = (run._tools() - used) / (time.monotonic() - began)


def measure(remotes, sockets, size):
    """All variants on the same traffic, in turn: size["dense"] rounds of the programs, size["rounds"] of all."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="candor-bench-")))
        runs = [Slices(stack.enter_context(kind(folder, remotes, sockets))) for kind in available()[0]]
        _warm_up(runs, remotes)
        programs = [run for run in runs if type(run.variant) in DENSE]
        dense = _rounds(programs, size["dense"], packets=SHORT, settle=False)
        counted = _counted([run for run in runs if run.variant.holder()])
        wide = _rounds([run for run in runs if type(run.variant) not in (Variant, FloorAgain)], size["rounds"])
        for run in runs:
            run.memory = run.variant.memory_mib()
        time.sleep(1.5)  # candord reads its counters once a second
        return [{"remotes": remotes, "sockets": sockets} |
                _figures(run, dense if run in programs else wide, counted.get(type(run.variant), []))
                for run in runs]


def against_nothing(remotes, rounds, started):
    """What something that sees every packet of the machine costs: `started` is a context in which it runs."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="candor-bench-")))
        run = Slices(stack.enter_context(Variant(folder, remotes, 1)))
        run.variant.node.ask(LONG)
        without = [run.run() for _ in range(rounds)]
        with started() as tool:
            run.variant.tools = lambda: [tool.pid]
            within = [run.run() for _ in range(rounds)]
        run.variant.tools = lambda: []
        without += [run.run() for _ in range(rounds)]
    base = statistics.median(sample["ns"] for sample in without)
    return {"added_ns": interval([sample["ns"] - base for sample in within]),
            "cpu_s_per_million": interval([sample["ns"] / 1000 for sample in within])}
