# SPDX-License-Identifier: Apache-2.0
"""What a process has used so far, by /proc."""

import os
import pathlib


def cpu_seconds(pid):
    """CPU time of all live threads of a process, to the nanosecond; 0.0 when it is gone."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(task.read_text(encoding="ascii").split()[0])
        except (OSError, IndexError):
            continue
    return total / 1e9


def memory_mib(pid, field="VmRSS"):
    """VmRSS or VmHWM in MiB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def map_bytes(pid):
    """Bytes that the kernel accounts for each BPF map a process holds: {name: bytes}, by fdinfo and bpftool's id."""
    sizes = {}
    for info in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir():
        try:
            fields = dict(line.split(":", 1) for line in info.read_text(encoding="ascii").splitlines() if ":" in line)
        except OSError:
            continue
        if "map_id" in fields and "memlock" in fields:
            sizes[int(fields["map_id"])] = (int(fields["map_type"]), int(fields["max_entries"]), int(fields["memlock"]))
    return sizes


def interrupted(pid):
    """How often another process has taken the CPU from a process of one thread."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(text.split("nonvoluntary_ctxt_switches:")[1].split()[0])


def stolen(cpu):
    """Ticks that the hypervisor has taken from a CPU."""
    for line in pathlib.Path("/proc/stat").read_text(encoding="ascii").splitlines():
        if line.startswith(f"cpu{cpu} "):
            return int(line.split()[8])
    return 0


def load_cpu():
    """The CPU on which the load runs: packets and caches stay in one place."""
    return max(os.sched_getaffinity(0))


def softirq_thread(cpu):
    """The process id of ksoftirqd, where the kernel works off a CPU's packets when it falls behind."""
    for comm in pathlib.Path("/proc").glob("[0-9]*/comm"):
        try:
            if comm.read_text(encoding="ascii").strip() == f"ksoftirqd/{cpu}":
                return int(comm.parent.name)
        except OSError:
            continue
    return 0


def machine():
    """This machine in one line."""
    lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    mib = int(pathlib.Path("/proc/meminfo").read_text(encoding="ascii").split()[1]) // 1024
    release = pathlib.Path("/proc/sys/kernel/osrelease").read_text(encoding="ascii").strip()
    load = pathlib.Path("/proc/loadavg").read_text(encoding="ascii").split()[0]
    return f"{len(models)} x {models[0] if models else 'CPU'}, {mib} MiB, Linux {release}, load {load} at the start"
