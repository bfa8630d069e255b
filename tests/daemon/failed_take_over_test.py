#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A take-over that cannot serve an address ends with exit code 2, after its pipeline has run for seconds.

  failed_take_over_test.py PATH_OF_CANDORD

Its pipeline runs before its ports are open, and the last save of its state reads the baseline from that pipeline: the two
must end in this order. Memory that was freed is filled (MALLOC_PERTURB_), so that reading it is no accident. No kernel is
touched: candord watches through a capture of an interface that does not exist.
"""
import os
import socket
import subprocess
import sys
import tempfile
import time

CANDORD = sys.argv[1]


def main():
    with tempfile.TemporaryDirectory() as folder, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not shared: SO_REUSEPORT of candord's alone does not suffice
        taken.listen()
        port = taken.getsockname()[1]
        with open(f"{folder}/candor.yaml", "w", encoding="ascii") as config:
            config.write("listen: {http: [], haproxy_agent: []}\n")
        began = time.monotonic()
        done = subprocess.run(
            [CANDORD, "--take-over", "--source", "pcap:nosuchif0", "--config", f"{folder}/candor.yaml",
             "--listen", f"127.0.0.1:{port}", "--admin-socket", f"{folder}/admin.sock", "--state-file", f"{folder}/state"],
            env=os.environ | {"MALLOC_PERTURB_": "165"}, capture_output=True, text=True, timeout=50, check=False)
        print(f"ended with {done.returncode} after {time.monotonic() - began:.1f} s:\n{done.stderr}")
        assert done.returncode == 2, "exit code 2: an address cannot be served"
        assert f":{port}" in done.stderr, "the address is named"
        assert os.path.getsize(f"{folder}/state") > 0, "the state was saved"


main()
