# SPDX-License-Identifier: Apache-2.0
"""Python modules from .proto files, made in a folder that goes with the process."""

import functools
import importlib
import pathlib
import shutil
import sys
import tempfile

from .shell import run

PROTO = pathlib.Path(__file__).resolve().parents[3] / "proto"
HEALTH = PROTO / "grpc/health/v1/health.proto"
NODE_HEALTH = PROTO / "candor/v1/node_health.proto"


@functools.cache
def _folder():
    folder = tempfile.TemporaryDirectory(prefix="candor-stubs-")
    sys.path.insert(0, folder.name)
    return folder


@functools.cache
def load(proto):
    """The message module and the stub module of one .proto; Candor's own import one another."""
    out = _folder().name
    plugin = shutil.which("grpc_python_plugin")
    # Not for gRPC's: a folder `grpc` would hide the library.
    root = PROTO if PROTO / "candor" in proto.parents else proto.parent
    run("protoc", f"-I{root}", f"--python_out={out}", f"--grpc_out={out}", f"--plugin=protoc-gen-grpc={plugin}",
        *map(str, sorted(proto.parent.glob("*.proto"))))
    module = ".".join(proto.relative_to(root).with_suffix("").parts)
    return importlib.import_module(f"{module}_pb2"), importlib.import_module(f"{module}_pb2_grpc")
