# SPDX-License-Identifier: Apache-2.0
"""A gRPC client of grpc.health.v1 alone: `PROTO TARGET check|watch|list [NAME]`.

It runs as a process of its own, because two versions of one .proto cannot live in one.
"""

import itertools
import json
import pathlib
import sys

import grpc

from . import stubs


def ask(proto, target, method, name=""):
    """Yields the answers as plain values; a refusal as {"code": ...}."""
    messages, health = stubs.load(proto)
    status = messages.HealthCheckResponse.ServingStatus.Name
    with grpc.insecure_channel(target) as channel:
        stub = health.HealthStub(channel)
        try:
            if method == "list":
                answer = stub.List(messages.HealthListRequest(), timeout=5)
                yield {service: status(one.status) for service, one in answer.statuses.items()}
            elif method == "check":
                yield status(stub.Check(messages.HealthCheckRequest(service=name), timeout=5).status)
            else:
                stream = stub.Watch(messages.HealthCheckRequest(service=name), timeout=5)
                yield from (status(answer.status) for answer in itertools.islice(stream, 1))
        except grpc.RpcError as error:
            yield {"code": error.code().name}


if __name__ == "__main__":
    for answer in ask(pathlib.Path(sys.argv[1]), *sys.argv[2:]):
        print(json.dumps(answer))
