# SPDX-License-Identifier: Apache-2.0
"""How the costs grow, and where one node ends: a model of straight lines through what was measured."""

from .figures import table

GIB = 2**30


def _slope(points):
    """Least squares of [(x, y)]; None without two different x."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    below = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / below if below else None


def model(sidecar=None, program=None, delay=None):
    """[(what, value)], both strings, from the parts that were measured."""
    out = []
    if sidecar:
        out += _of_sidecar(sidecar["samples"], sidecar["maps"])
    if program:
        out += _of_program(program[0])
    if delay:
        watchers = [(p["watchers"], p["last_p50"]) for p in delay["publish"]]
        slope = _slope(watchers)
        if slope is not None:
            out.append(("each further watcher delays the last notification by", f"{1000 * slope:.0f} us"))
        out.append(("memory of one watcher", f"{delay['publish'][-1]['kib_per_watcher']:.0f} KiB"))
    return out


def _of_sidecar(samples, maps):
    lowest = min(s["rate"] for s in samples)
    idle = [s for s in samples if s["rate"] == lowest]
    user = (_slope([(s["flows"], s["rss_mib"]) for s in idle]) or 0) * 2**20
    kernel = maps.get("flows", 0) / 131072
    cpu_of_flow = _slope([(s["flows"], s["cpu_percent"] / 100) for s in idle]) or 0
    per_attempt = _slope([(s["rate"], s["cpu_percent"] / 100) for s in samples if s["flows"] == idle[0]["flows"]]) or 0
    out = [("memory of one flow, kernel and candord", f"{kernel:.0f} + {user:.0f} bytes")]
    if kernel + user > 0:
        out.append(("flows per GiB", f"{GIB / (kernel + user):,.0f}"))
    if per_attempt > 0:
        out += [("CPU time of candord for one attempt", f"{1e6 * per_attempt:.0f} us"),
                ("attempts a second that one core bears", f"{1 / per_attempt:,.0f}")]
    if cpu_of_flow > 0:
        out.append(("open flows that one core bears, without new attempts", f"{1 / cpu_of_flow:,.0f}"))
    return out


def _of_program(rows):
    media = {r["flows"]: r["ns"] for r in rows if r["case"] == "active SRTP in"}
    once = {r["flows"]: r["ns"] for r in rows if r["case"] == "once: active SRTP in"}
    few, many = min(media), max(media)
    return [(f"an active flow's packet, {few} to {many} flows, warm caches",
             f"{media[few]:.0f} to {media[many]:.0f} ns"),
            ("the same, one packet of each flow in turn (cold caches)", f"{once[few]:.0f} to {once[many]:.0f} ns")]


def tables(lines):
    return table("Where one node ends: straight lines through the above", ["what", "figure"], lines) if lines else ""
