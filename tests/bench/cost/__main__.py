# SPDX-License-Identifier: Apache-2.0
"""Measures what Candor costs and prints tables; see scripts/bench --help."""

import argparse
import json
import os
import pathlib
import sys
import time

from e2e.stand.shell import StandError

from . import growth, live, live_tables, processes, program, seen_by_all, sidecar, delay
from .figures import table
from .variants import available

PARTS = ("program", "live", "sidecar", "delay")
LIVE = {"quick": {"traffic": ((10000, 1),), "dense": 60, "rounds": 7},
        "full": {"traffic": ((100, 1), (10000, 1), (100000, 1), (10000, 1000)), "dense": 150, "rounds": 11}}
# What a test may ask on a shared machine: the goals with room for noise. Only ratios within one run.
MARGIN = 1.5


def _arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{' | '.join(PARTS)}; without any: all of them")
    parser.add_argument("--quick", action="store_true", help="about two minutes: fewer rounds and sizes")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE",
                        help="writes every figure there as well; parts not measured now are kept from there")
    parser.add_argument("--results", type=pathlib.Path, metavar="FILE", help="writes the tables there as well")
    parser.add_argument("--check", action="store_true", help="fails when a ratio is far from its goal")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown part {', '.join(sorted(unknown))}; expected {', '.join(PARTS)}")
    return arguments


def _live(which):
    """The variants on every traffic, and what sees all packets of the machine."""
    size, (_, missing) = LIVE[which], available()
    results = [row for remotes, sockets in size["traffic"] for row in live.measure(remotes, sockets, size)]
    elsewhere = seen_by_all.measure(size["rounds"])
    return {"variants": results, "others": elsewhere, "missing": missing}


def _earlier(path):
    """The parts that an earlier run left in the file."""
    if path is None or not path.exists():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return {part: found[part] for part in PARTS if part in found}


def _measure(parts, which):
    measured = {}
    steps = {"program": program.measure, "live": _live, "sidecar": sidecar.measure, "delay": delay.measure}
    for part in parts:
        began = time.monotonic()
        measured[part] = steps[part](which)
        print(f"[{part}: {time.monotonic() - began:.0f} s]", file=sys.stderr, flush=True)
    return measured


def _text(measured):
    out, goals = [], []
    if "program" in measured:
        out.append(program.tables(*measured["program"]))
        goals += program.goals(*measured["program"])
    if "live" in measured:
        out.append(live_tables.tables(measured["live"]["variants"]))
        out.append(seen_by_all.tables(measured["live"]["others"], measured["live"]["missing"]))
        goals += live_tables.goals(measured["live"]["variants"])
    if "sidecar" in measured:
        out.append(sidecar.tables(measured["sidecar"]))
        goals += sidecar.goals(measured["sidecar"])
    if "delay" in measured:
        out.append(delay.tables(measured["delay"]))
        goals += delay.goals(measured["delay"])
    out.append(growth.tables(growth.model(measured.get("sidecar"), measured.get("program"), measured.get("delay"))))
    words = {True: "yes", False: "NO"}
    rows = [[what, figure, goal, words.get(reached, reached)] for what, figure, goal, reached in goals]
    out.append(table("Goals", ["what", "measured", "goal", "reached"], rows))
    return "\n".join(out)


def _far_off(measured):
    """Ratios within one run that are past their goal by more than noise explains."""
    wrong = []
    if "program" in measured:
        rows = measured["program"][0]
        for prefix, most in ((program.MEDIA, 3), *((free, 1.3) for free in program.FREE)):
            worst = max((r for r in rows if r["case"].startswith(prefix)), key=lambda r: r["ratio_p10"])
            if worst["ratio_p10"] > most * MARGIN:
                wrong.append(f"{worst['case']} costs {worst['ratio_p10']:.2f} times the floor; the goal is {most}")
    if "live" in measured:
        wrong += live_tables.far_off(measured["live"]["variants"])
    if "sidecar" in measured:
        wrong += [f"{s['lost_events']} events were lost" for s in measured["sidecar"]["samples"] if s["lost_events"]]
    return wrong


def main():
    arguments = _arguments()
    if os.geteuid() != 0:
        sys.exit("scripts/bench: must be root: it loads BPF programs and makes network namespaces")
    os.setpriority(os.PRIO_PROCESS, 0, -15)  # the less others cut in, the less there is to average out
    which = "quick" if arguments.quick else "full"
    heading = f"Machine: {processes.machine()}. Command: `scripts/bench{' --quick' if arguments.quick else ''}`."
    print(heading, flush=True)
    try:
        measured = _earlier(arguments.json) | _measure(arguments.parts or PARTS, which)
    except StandError as error:
        sys.exit(f"scripts/bench: {error}")
    text = _text(measured)
    print(text)
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": processes.machine(), **measured}, indent=1), encoding="utf-8")
    if arguments.results:
        arguments.results.write_text(f"# What Candor costs\n\n{heading}\n\n{text}", encoding="utf-8")
    wrong = _far_off(measured) if arguments.check else []
    if wrong:  # what else the machine does seldom disturbs twice
        print(f"measured again: {'; '.join(wrong)}", flush=True)
        wrong = _far_off(_measure(arguments.parts or PARTS, which))
    for line in wrong:
        print(f"FAR OFF ITS GOAL: {line}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
