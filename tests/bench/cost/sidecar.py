# SPDX-License-Identifier: Apache-2.0
"""The sidecar: CPU time and memory of candord by open flows and by attempts a second."""

import contextlib
import pathlib
import tempfile
import time

from . import processes
from .daemon import Daemon
from .figures import table
from .wire import DEVICE, Commanded, Group, Wire, bench_binary

TRUSTED = ["10.96.0.0/11"]  # the callers of the bench: each attempt counts for itself
# An active attempt is looked at more often while a drop would still be an early one: `early_drop` and the 8 s in
# which a silence shows. `age` waits for its end; without it the flows are young throughout.
SIZES = {"quick": {"flows": (0, 1000, 10000), "rates": (0, 10, 100), "seconds": 4, "age": 2},
         "full": {"flows": (0, 1000, 10000, 100000), "rates": (0, 1, 10, 100, 1000), "seconds": 5, "age": 42}}
MAP_NAMES = {9: "flows", 27: "ring"}  # BPF_MAP_TYPE_LRU_HASH, BPF_MAP_TYPE_RINGBUF


class Callers(contextlib.ExitStack):
    """A candord beside a node that takes calls, in namespaces and a cgroup of their own."""

    def __init__(self, name="sidecar", **settings):
        super().__init__()
        try:
            folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory(prefix="candor-bench-")))
            wire, group = self._keep(Wire()), self._keep(Group(name))
            self.daemon = self._keep(Daemon(folder, name, {
                "source": "bpf", "cgroup": str(group.path), "ports": "40000-40000",
                "trusted_sources": TRUSTED} | settings))
            self.node = self._keep(Commanded([bench_binary("attempt_node"), wire.peers.path, DEVICE, wire.mac],
                                             namespace=wire.node.path, cgroup=group))
        except BaseException:
            self.close()
            raise

    def _keep(self, part):
        self.callback(part.close)
        return part


def _wakeups(pid):
    """How often the process has gone to sleep by itself."""
    total = 0
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        text = status.read_text(encoding="ascii")
        total += int(text.split("voluntary_ctxt_switches:")[1].split()[0])
    return total


def _sample(stage, flows, rate, seconds):
    pid = stage.daemon.pid
    counters, began = stage.daemon.counters(), time.monotonic()
    cpu, wakeups = processes.cpu_seconds(pid), _wakeups(pid)
    done = stage.node.ask(f"run {seconds} {rate}")
    passed = time.monotonic() - began
    cpu, wakeups = processes.cpu_seconds(pid) - cpu, _wakeups(pid) - wakeups
    after = stage.daemon.counters()
    events, packets = (after.get(name, 0) - counters.get(name, 0) for name in ("events", "packets"))
    return {"flows": flows, "rate": rate, "attempts": done["begun"], "cpu_percent": 100 * cpu / passed,
            "wakeups_per_s": wakeups / passed, "events": events, "packets": packets,
            "packets_per_s": packets / passed, "lost_events": after.get("ring_full", 0),
            "rss_mib": processes.memory_mib(pid), "own_mib": processes.memory_mib(pid, "RssAnon"),
            "peak_mib": processes.memory_mib(pid, "VmHWM")}


def _level(flows, size):
    with Callers() as stage:
        stage.node.ask(f"open {flows}")
        stage.node.ask(f"run {size['age'] if flows else 2} 0")
        samples = [_sample(stage, flows, rate, size["seconds"]) for rate in size["rates"]]
        for sample in samples:
            sample["young"] = size["age"] < 40
        maps = {MAP_NAMES.get(kind, f"type {kind}"): size for kind, _, size in
                processes.map_bytes(stage.daemon.pid).values()}
        return samples, stage.daemon.sight_after, maps


def _first_verdict():
    """Seconds from the start of candord, under 100 attempts a second, to sight and to the first verdict."""
    with Callers() as stage:
        for _ in range(60):
            stage.node.ask("run 0.25 100")
            if stage.daemon.state() not in ("UNKNOWN", "BLIND"):
                return {"sight_s": stage.daemon.sight_after, "verdict_s": time.monotonic() - stage.daemon.began,
                        "state": stage.daemon.state()}
    return {"sight_s": stage.daemon.sight_after, "verdict_s": None, "state": "UNKNOWN"}


def measure(which):
    size, samples, sights = SIZES[which], [], []
    for flows in size["flows"]:
        level, sight, maps = _level(flows, size)
        samples += level
        sights.append(sight)
    return {"samples": samples, "maps": maps, "sight_s": sights, "start": _first_verdict()}


def tables(result):
    rows = []
    for s in result["samples"]:
        per_attempt = f"{s['events'] / s['attempts']:.1f}" if s["attempts"] else f"{s['events']} in all"
        flows = f"{s['flows']}{', young' if s['flows'] and s['young'] else ''}"
        rows.append([flows, s["rate"], f"{s['cpu_percent']:.2f} %", f"{s['wakeups_per_s']:.0f}",
                     f"{s['packets_per_s']:.0f}", per_attempt, s["lost_events"], f"{s['rss_mib']:.1f}",
                     f"{s['own_mib']:.1f}"])
    text = table("candord by open flows and attempts a second", [
        "open flows", "attempts/s", "of one core", "wake-ups/s", "packets/s", "events per attempt", "events lost",
        "RSS MiB", "of it its own"], rows)
    start = result["start"]
    found = start["verdict_s"] is not None
    verdict = f"{start['verdict_s']:.1f} s ({start['state']})" if found else "none within 15 s"
    maps = ", ".join(f"{name} {size / 2**20:.1f} MiB" for name, size in sorted(result["maps"].items()))
    return (text + f"\nFrom its start to sight {start['sight_s']:.2f} s, to the first verdict at 100 attempts/s"
            f" {verdict}. Kernel maps, bounded by max_flows 131072: {maps}.\n")


def goals(result):
    out = []
    small = [s for s in result["samples"] if s["flows"] == 10000]
    if small:
        peak = max(s["rss_mib"] for s in small if s["rate"] <= 100)
        own = max(s["own_mib"] for s in small if s["rate"] <= 100)
        out.append(("candord's memory with 10,000 open flows", f"{peak:.1f} MiB, {own:.1f} without the files it maps",
                    "32 MiB", peak < 32))
    usual = [s for s in result["samples"] if s["flows"] == 1000 and s["rate"] == 10]
    if usual:
        cpu = usual[0]["cpu_percent"]
        age = "young " if usual[0]["young"] else ""
        out.append((f"candord at 1,000 {age}flows, 10 attempts/s", f"{cpu:.2f} % of a core", "0.5 %", cpu < 0.5))
    quiet = [s for s in result["samples"] if s["flows"] and s["rate"] == 0]
    if quiet:
        events = sum(s["events"] for s in quiet)
        out.append(("ring events of media packets alone", f"{events} of {sum(s['packets'] for s in quiet)}", "none",
                    events == 0))
    return out
