# SPDX-License-Identifier: Apache-2.0
"""What cannot be kept to one variant: bpftrace sees every packet of the machine, ss looks instead of counting."""

import contextlib
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

from e2e.stand.shell import StandError, spawn, stop

from . import live
from .figures import table
from .variants import Variant

SOCKETS = 10000
COUNTER = ("tracepoint:net:netif_receive_skb { @in[cpu] = count(); } "
           "tracepoint:net:net_dev_queue { @out[cpu] = count(); }")


@contextlib.contextmanager
def _bpftrace():
    """A counter of all packets. Its tracepoints need tracefs, mounted for it alone."""
    mount = "mount -t tracefs nodev /sys/kernel/tracing && exec bpftrace -e \"$0\""
    with tempfile.TemporaryFile("w+") as log:
        child = spawn(["unshare", "--mount", "sh", "-c", mount, COUNTER], stdout=log, stderr=subprocess.STDOUT)
        try:
            _await_attached(child, log)
            yield child
        finally:
            stop(child)


def _await_attached(child, log):
    output, until = "", time.monotonic() + 15
    while "Attaching" not in output:
        if child.poll() is not None or time.monotonic() > until:
            raise StandError(" ".join(output.split())[-160:] or "it did not attach within 15 s")
        time.sleep(0.1)
        log.seek(0)
        output = log.read()
    time.sleep(1)


def _counter(rounds):
    if not shutil.which("bpftrace"):
        return {"missing": "bpftrace is not installed"}
    try:
        return live.against_nothing(10000, rounds, _bpftrace)
    except StandError as error:
        return {"missing": str(error)}


def _ss(rounds):
    """`ss -u` over many sockets: CPU seconds of one look, by the children's own account."""
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        with Variant(pathlib.Path(folder), 100, SOCKETS) as node:
            looks, length = [], 0
            for _ in range(rounds):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                output = node.wire.node.run("ss", "-H", "-u", "-a", "-n", "-m")
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                looks.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
                length = len(re.findall(r"^UNCONN|^ESTAB", output, re.MULTILINE))
    if length < SOCKETS:
        raise StandError(f"ss saw {length} of {SOCKETS} sockets")
    return {"seconds_per_look": statistics.median(looks), "sockets": length}


def measure(rounds):
    return {"bpftrace": _counter(rounds), "ss": _ss(min(rounds, 7))}


def tables(others, missing):
    rows = []
    counter = others["bpftrace"]
    if "missing" in counter:
        missing = missing | {"bpftrace counter": counter["missing"]}
    else:
        added, cpu = counter["added_ns"], counter["cpu_s_per_million"]
        rows.append(["bpftrace counter of packets", f"{added['p50']:+.0f} ns/packet"
                     f" [{added['low']:+.0f} {added['high']:+.0f}], {cpu['p50']:.3f} CPU s / M packets in all", "no"])
    look = others["ss"]
    rows.append([f"`ss -u` once a second, {look['sockets']} sockets",
                 f"{100 * look['seconds_per_look']:.1f} % of a core, whatever the packets", "no: drops by socket only"])
    rows += [[name, f"not available here: {why}", "-"] for name, why in missing.items()]
    return table("Beside them", ["watched by", "cost", "state per flow"], rows)
