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
    """The message module and the stub module of one .proto that imports only protobuf's own."""
    out = _folder().name
    plugin = shutil.which("grpc_python_plugin")
    run("protoc", f"-I{proto.parent}", f"--python_out={out}", f"--grpc_out={out}",
        f"--plugin=protoc-gen-grpc={plugin}", str(proto))
    return (importlib.import_module(f"{proto.stem}_pb2"), importlib.import_module(f"{proto.stem}_pb2_grpc"))
