# SPDX-License-Identifier: Apache-2.0
"""Injects every cause of media failure that one machine can make and scores what Candor says; see scripts/bench truth --help."""

import argparse
import concurrent.futures
import contextlib
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import time

from stand.build import BUILD
from stand.shell import StandError

from . import baseline, catalogue, table

ROW_LIMIT = 600.0  # seconds
PACKAGE = pathlib.Path(__file__).resolve().parent


def _arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench truth", description=__doc__)
    parser.add_argument("--only", metavar="TEXT", action="append", default=[],
                        help="rows whose name (cause, server, clients) has the text; may be repeated")
    parser.add_argument("--server", choices=("janus", "pion", "livekit", "rtpengine", "coturn"), help="rows of this server only")
    parser.add_argument("--short", action="store_true", help="a few rows only")
    parser.add_argument("--each", action="store_true", help="the first row of each cause only")
    parser.add_argument("--list", action="store_true", help="prints the rows' names and ends")
    parser.add_argument("--fresh", action="store_true", help="every candord begins without a learned baseline")
    parser.add_argument("--jobs", type=int, default=1, help="rows at the same time, each on a stage of its own (1)")
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table", help="json: a line for each row")
    parser.add_argument("--results", type=pathlib.Path, metavar="FILE", help="writes the table there as well")
    parser.add_argument("--lines", type=pathlib.Path, metavar="FILE", help="appends the lines of JSON there as well")
    parser.add_argument("--lock", type=pathlib.Path, metavar="FILE",
                        help="each row takes this lock (flock), to share the machine with other runs")
    return parser.parse_args()


def _chosen(arguments):
    rows = [row for row in catalogue.ROWS if not arguments.server or row.server.startswith(arguments.server)]
    rows = [row for row in rows if not arguments.only or any(text in row.name for text in arguments.only)]
    if arguments.each:
        rows = list({(row.cause, row.two): row for row in reversed(rows)}.values())[::-1]
    return [row for row in rows if row.short or not arguments.short]


@contextlib.contextmanager
def locked(path):
    if path is None:
        yield
        return
    with path.open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    time.sleep(3)  # flock is not fair: others that wait get their turn


def _measured(row, state):
    command = [sys.executable, "-m", "truth.row", row.name, *([str(state)] if state else [])]
    try:
        done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, timeout=ROW_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return {"detection": "not made", "naming": "none", "error": f"it took more than {ROW_LIMIT:.0f} s"}
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return {"detection": "not made", "naming": "none", "error": done.stderr.strip()[-2000:] or done.stdout[-2000:]}
    return json.loads(lines[-1])


def _batches(rows, size):
    """Rows that run at the same time; those that need the machine for themselves are batches of their own."""
    together = [row for row in rows if not row.alone]
    yield from (together[at:at + size] for at in range(0, len(together), size))
    yield from ([row] for row in rows if row.alone)


def _tell(row, found, arguments):
    line = json.dumps(found)
    if arguments.lines:
        with arguments.lines.open("a", encoding="utf-8") as out:
            out.write(line + "\n")
    shown = line if arguments.output == "json" else "| " + " | ".join(table.cells(row, found)) + " |"
    print(shown, flush=True)
    print(f"[{row.name}: load {os.getloadavg()[0]:.1f}] {found.get('error', '')}", file=sys.stderr, flush=True)


def _learn(rows, pool):
    """Makes the baselines of these rows; {the file of one that could not be made: why}. Without the lock: it takes minutes,
    and nothing is measured in them."""
    def tried(row):
        try:
            baseline.learn(row)
            return None
        except (StandError, OSError) as error:
            print(f"[no baseline of {baseline.file_of(row).stem}: {error}]", file=sys.stderr, flush=True)
            return f"no baseline could be learned: {error}"

    return {baseline.file_of(row): why for row, why in zip(rows, pool.map(tried, rows)) if why}


def _run(rows, arguments):
    """The rows with what was found, in the order of the catalogue."""
    found_of = {}
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        lacking = {} if arguments.fresh else _learn(baseline.lacking(rows), pool)
        for row in rows:
            if why := lacking.get(baseline.file_of(row)):
                found_of[row] = {"name": row.name, "detection": "not made", "naming": "none", "error": why}
                _tell(row, found_of[row], arguments)
        for batch in _batches([row for row in rows if row not in found_of], arguments.jobs):
            states = [None if arguments.fresh else baseline.file_of(row) for row in batch]
            with locked(arguments.lock):
                for row, found in zip(batch, pool.map(_measured, batch, states)):
                    found_of[row] = {"name": row.name} | found
            for row in batch:
                _tell(row, found_of[row], arguments)
    return [(row, found_of[row]) for row in rows]


def main():
    arguments = _arguments()
    rows = _chosen(arguments)
    if arguments.list:
        print("\n".join(row.name for row in rows))
        return
    if os.geteuid() != 0:
        sys.exit("scripts/bench truth: must be root: it makes network namespaces and loads BPF programs")
    if not rows:
        sys.exit("scripts/bench truth: no row has this name; see --list")
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -5)
    print(f"{len(rows)} rows; build {BUILD}", file=sys.stderr)
    results = _run(rows, arguments)
    text = table.text(results) + "\n\n" + table.summary(results)
    if arguments.output == "table":
        print("\n" + text)
    else:
        print(table.summary(results), file=sys.stderr)
    if arguments.results:
        arguments.results.write_text(f"# What Candor says of every cause\n\nCommand: `scripts/bench truth`.\n\n{text}\n",
                                     encoding="utf-8")


if __name__ == "__main__":
    main()
