# SPDX-License-Identifier: Apache-2.0
"""The build under test."""

import atexit
import functools
import os
import pathlib
import shutil
import tempfile

from .shell import StandError

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("CANDOR_BINARY_DIR", ROOT / ".build/release"))


@functools.lru_cache(maxsize=None)
def library(name):
    """One that is put before a program (LD_PRELOAD, which divides at spaces and colons: it is named by a path that
    has none); the build must have been done."""
    found = next(BUILD.resolve().glob(f"tests/*/lib{name}.so"), None)
    if found is None:
        raise StandError(f"lib{name}.so is not built in {BUILD}")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="candor-preload-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)  # its reader may have become another user
    link = folder / found.name
    link.symlink_to(found)
    return str(link)


def binary(name):
    """A program of this build; the build must have been done."""
    found = next((path for path in BUILD.glob(f"sidecar/*/{name}") if path.is_file()), None)
    if found is None:
        raise StandError(f"{name} is not built in {BUILD}")
    return str(found)
