# SPDX-License-Identifier: Apache-2.0
"""Detection latency: from the fault to a watching gRPC client, in its parts."""

import json
import statistics
import subprocess
import threading
import time

from e2e.stand.shell import StandError
from e2e.stand.watch import Watch

from . import processes
from .figures import table
from .sidecar import Callers
from .wire import bench_binary

WAIT_LIMIT = 1.0  # the setting `response_timeout`: how long a side may take before the attempt has stalled
SIZES = {"quick": {"rates": (10,), "times": 1, "watchers": (1, 100), "changes": 100},
         "full": {"rates": (3, 10), "times": 3, "watchers": (1, 10, 100, 1000), "changes": 400}}


def _until_healthy(stage, rate):
    for _ in range(120):
        stage.node.ask(f"run 0.5 {rate}")
        if stage.daemon.state() == "HEALTHY":
            return
    raise StandError(f"not HEALTHY after a minute of good attempts: {stage.daemon.verdict().detail}")


def _fault(rate):
    """The node goes mute while attempts go on; all times in seconds from then."""
    with Callers("delay") as stage:
        watch = Watch(stage.daemon.address)
        try:
            _until_healthy(stage, rate)
            stage.node.ask("mute")
            began = time.time()
            load = threading.Thread(target=stage.node.ask, args=(f"run 8 {rate}",))
            load.start()
            notified = watch.await_status("NOT_SERVING", 10, since=began)
            verdict = stage.daemon.verdict()
            load.join()
        finally:
            watch.close()
    if notified is None:
        raise StandError(f"no alarm within 10 s at {rate} attempts/s: {verdict.detail}")
    decided = verdict.since.ToNanoseconds() / 1e9
    return {"rate": rate, "detector": verdict.detector, "total_s": notified - began, "wait_limit_s": WAIT_LIMIT,
            "evidence_s": decided - began - WAIT_LIMIT, "publish_ms": 1000 * (notified - decided)}


def _publish(size):
    """Changes by an operator's order, to 1 and to many watchers."""
    out = []
    with Callers("publish", limits={"watches_per_peer": 20000}) as stage:
        alone = processes.memory_mib(stage.daemon.pid)
        for watchers in size["watchers"]:
            cpu = processes.cpu_seconds(stage.daemon.pid)
            done = subprocess.run([bench_binary("publish_bench"), stage.daemon.address, stage.daemon.admin,
                                   str(watchers), str(size["changes"])], capture_output=True, text=True, timeout=120,
                                  check=False)
            if done.returncode != 0:
                raise StandError(done.stderr.strip() or "publish_bench failed")
            cpu = processes.cpu_seconds(stage.daemon.pid) - cpu
            out.append(json.loads(done.stdout) | {
                "cpu_us_per_told": 1e6 * cpu / (watchers * size["changes"]),
                "kib_per_watcher": 1024 * (processes.memory_mib(stage.daemon.pid, "VmHWM") - alone) / watchers})
    return out


def measure(which):
    size = SIZES[which]
    return {"faults": [_fault(rate) for rate in size["rates"] for _ in range(size["times"])],
            "publish": _publish(size)}


def tables(result):
    rows = []
    for rate in dict.fromkeys(f["rate"] for f in result["faults"]):
        of = [f for f in result["faults"] if f["rate"] == rate]
        middle = {name: statistics.median(f[name] for f in of)
                  for name in ("total_s", "wait_limit_s", "evidence_s", "publish_ms")}
        rows.append([rate, len(of), of[0]["detector"], f"{middle['total_s']:.2f} s", f"{middle['wait_limit_s']:.2f} s",
                     f"{middle['evidence_s']:.2f} s", f"{middle['publish_ms']:.1f} ms"])
    text = table("From a node's silence to NOT_SERVING at a watching client, medians", [
                 "attempts/s", "times", "detector", "in all", "wait limit", "evidence", "publish"], rows)
    rows = [[p["watchers"], p["changes"], f"{p['first_p50']:.2f}", f"{p['first_p99']:.2f}", f"{p['last_p50']:.2f}",
             f"{p['last_p99']:.2f}", f"{p['cpu_us_per_told']:.0f}"] for p in result["publish"]]
    title = "From a decision to the watching clients, ms (the override's RPC included)"
    return text + "\n" + table(title, [
        "watchers", "changes", "first notified p50", "p99", "last notified p50", "p99", "candord us/notification"], rows)


def goals(result):
    one = next(p for p in result["publish"] if p["watchers"] == 1)
    return [("decision to a watching client, p99", f"{one['first_p99']:.1f} ms", "50 ms", one["first_p99"] < 50)]
