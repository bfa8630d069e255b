# SPDX-License-Identifier: Apache-2.0
"""Program cost: what one packet costs in the programs, beside an empty one (tests/bench/program)."""

import json

from e2e.stand.shell import StandError

from .figures import table
from .wire import bench_binary

ROUNDS = {"quick": 9, "full": 31}
MEDIA = "active SRTP"
FREE = ("TCP", "UDP outside")


def measure(size):
    """[{case, dir, flows, ns, ratio, ...}] and {flow_map_bytes, flows_max}."""
    import subprocess
    done = subprocess.run([bench_binary("program_bench"), str(ROUNDS[size])], capture_output=True, text=True,
                          timeout=280, check=False)
    if done.returncode != 0:
        raise StandError(f"program_bench: {done.stderr.strip()}")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [line for line in lines if "case" in line], next(line for line in lines if "flows_max" in line)


def tables(rows, sizes):
    """Markdown: a row for each case, a column for each number of flows."""
    flows = sorted({row["flows"] for row in rows})
    cells = {(row["case"], row["dir"], row["flows"]): row for row in rows}
    out = []
    for case, direction in dict.fromkeys((row["case"], row["dir"]) for row in rows):
        line = [case if case not in ("floor",) else f"floor program, {direction}"]
        for n in flows:
            row = cells.get((case, direction, n))
            line.append("" if row is None else f"{row['ns']:.0f} ns, x {row['ratio']:.2f}"
                        f" [{row['ratio_p10']:.2f} {row['ratio_p90']:.2f}]")
        out.append(line)
    head = ["packet", *(f"{n} flows" for n in flows)]
    text = table("One packet in the programs (BPF_PROG_TEST_RUN): median, times the floor [p10 p90]", head, out)
    per_flow = sizes["flow_map_bytes"] / sizes["flows_max"]
    return text + f"\nThe flow map takes {per_flow:.0f} bytes of kernel memory for each flow that it has room for.\n"


def goals(rows, sizes):
    """[(what, measured, goal, reached)]"""
    media = max(r["ratio"] for r in rows if r["case"].startswith(MEDIA))
    free = max(r["ratio"] for r in rows if r["case"].startswith(FREE))
    other = max(r["ratio"] for r in rows if r["case"].startswith("UDP without media"))
    floor = min(r["ns"] for r in rows if r["case"] == "floor")
    on_top = max(r["ns"] for r in rows if r["case"].startswith(MEDIA)) - floor
    per_flow = sizes["flow_map_bytes"] / sizes["flows_max"]
    return [("SRTP of an active flow, times the floor", f"{media:.2f}", "3", media <= 3),
            ("the same, on top of the floor", f"{on_top:.0f} ns", "100 ns", on_top <= 100),
            ("TCP, and UDP outside the ports, times the floor", f"{free:.2f}", "1.3", free <= 1.3),
            ("UDP without media within the ports, times the floor", f"{other:.2f}", "1.3", other <= 1.3),
            ("kernel memory for each flow", f"{per_flow:.0f} bytes", "256 bytes", per_flow <= 256)]
