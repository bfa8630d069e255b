# SPDX-License-Identifier: Apache-2.0
"""What the kernel itself counts of each BPF program's running time: free of whatever else the machine does.

Counting costs two looks at the clock at each run, of which about one is in the figure; so only differences
between two programs mean something.
"""

import contextlib
import ctypes
import os
import pathlib
import platform

from e2e.stand.shell import StandError

_BPF = {"x86_64": 321, "aarch64": 280}  # the system call's number
_ENABLE_STATS = 32  # its command; all of its attributes zero: BPF_STATS_RUN_TIME
_ATTRIBUTES = 128  # bytes


@contextlib.contextmanager
def counting():
    """The kernel counts for as long as this lasts, and not a moment longer, however it ends."""
    attributes = ctypes.create_string_buffer(_ATTRIBUTES)
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.syscall(_BPF[platform.machine()], _ENABLE_STATS, attributes, ctypes.c_uint(_ATTRIBUTES))
    if descriptor < 0:
        raise StandError(f"the kernel does not count running times: {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        os.close(descriptor)


def runs(pid):
    """{program's id: (nanoseconds, runs)} of the programs that a process holds, in order of their loading."""
    found = {}
    for info in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir():
        try:
            fields = dict(line.split(":", 1) for line in info.read_text(encoding="ascii").splitlines() if ":" in line)
        except OSError:
            continue
        if "run_cnt" in fields:
            found[int(fields["prog_id"])] = (int(fields["run_time_ns"]), int(fields["run_cnt"]))
    return dict(sorted(found.items()))


def ns_per_run(before, after):
    """Nanoseconds of one run, over all programs that ran in between; None when none did."""
    passed = [(after[i][0] - before[i][0], after[i][1] - before[i][1]) for i in after if i in before]
    count = sum(runs for _, runs in passed)
    return sum(ns for ns, _ in passed) / count if count else None
