# SPDX-License-Identifier: Apache-2.0
"""A BPF file system of the stand's own, where candord pins: in a mount namespace of this process, so that
nothing of it outlives the test."""

import ctypes
import os

from .shell import StandError, run

FOLDER = "/sys/fs/bpf"
# systemd and iproute2 mount it so that only root may pass; the kernel's own default is 1777.
MODE = os.environ.get("CANDOR_TEST_BPF_FS_MODE", "0700")
CLONE_NEWNS = 0x20000


def mount():
    """For this thread and all that it starts from now on: to be called before there are others."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise StandError(f"mount namespaces are not allowed here: {os.strerror(ctypes.get_errno())}")
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "bpf", "-o", f"mode={MODE}", "bpf", FOLDER)
