# SPDX-License-Identifier: Apache-2.0
"""gRPC's client-side health checking (gRFC A17) in Python: `PACE_MS TARGET...`, calls in turn.

Prints a line of JSON for each call: {"t": Unix time, "who": target, or "error": text}.
"""

import json
import sys
import time

import grpc

from stand import stubs

CONFIG = {"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "media"}}


def main(pace, *targets):
    messages, service = stubs.load(stubs.NODE_HEALTH)
    channel = grpc.insecure_channel(f"ipv4:{','.join(targets)}",
                                    options=[("grpc.service_config", json.dumps(CONFIG))])
    stub = service.NodeHealthStub(channel)
    while True:
        event = {"t": time.time()}
        try:
            info = stub.GetInfo(messages.GetInfoRequest(), timeout=2, wait_for_ready=True)
            event["who"] = info.listening[0]
        except grpc.RpcError as error:
            event["error"] = error.details()
        print(json.dumps(event), flush=True)
        time.sleep(int(pace) / 1000)


if __name__ == "__main__":
    main(*sys.argv[1:])
