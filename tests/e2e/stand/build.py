# SPDX-License-Identifier: Apache-2.0
"""The build under test."""

import os
import pathlib

from .shell import StandError

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("CANDOR_BINARY_DIR", ROOT / ".build/release"))


def library(name):
    """One that is put before a program (LD_PRELOAD); the build must have been done."""
    found = next(BUILD.glob(f"tests/*/lib{name}.so"), None)
    if found is None:
        raise StandError(f"lib{name}.so is not built in {BUILD}")
    return str(found)


def binary(name):
    """A program of this build; the build must have been done."""
    found = next((path for path in BUILD.glob(f"sidecar/*/{name}") if path.is_file()), None)
    if found is None:
        raise StandError(f"{name} is not built in {BUILD}")
    return str(found)
