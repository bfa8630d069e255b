#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An override that was answered outlives kill -9 at any moment after the answer; and a take-over.

  durable_overrides_test.py PATH_OF_CANDORD PATH_OF_CANDORCTL [ROUNDS [SEED]]

Each round starts candord, compares what is in force with what it must be, requests one change, and kills candord: in
half of the rounds right after the answer, in the others at a random moment after the request was sent. A change
that was not answered may hold or not. candord watches through a capture of an interface that does not exist, so
that no kernel is touched; all other settings are the default ones, the filter of system calls among them.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

CANDORD, CANDORCTL = sys.argv[1], sys.argv[2]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 200
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 12
LANES = 4
failures = []


class Node:
    """Successive candords with one state file."""

    def __init__(self, folder):
        self.folder = folder
        self.grpc = f"unix:{folder}/grpc.sock"
        with open(f"{folder}/candor.yaml", "w") as config:
            config.write("listen: {http: [], haproxy_agent: []}\n")
        self.process = None
        self.started = []

    def start(self, *more, wait=True):
        process = subprocess.Popen(
            [CANDORD, "--source", "pcap:nosuchif0", "--config", f"{self.folder}/candor.yaml", "--listen", self.grpc,
             "--admin-socket", f"{self.folder}/admin.sock", "--state-file", f"{self.folder}/state", *more],
            stderr=subprocess.PIPE, text=True)
        self.started.append(process)
        if wait:
            self.await_line(process, "gRPC on")
        self.process = process
        return process

    @staticmethod
    def await_line(process, words):
        seen = []
        for line in process.stderr:
            seen.append(line)
            if words in line:
                return
        raise RuntimeError(f"candord ended without '{words}': {''.join(seen)}")

    def kill(self, process=None, how=signal.SIGKILL):
        process = process or self.process
        process.send_signal(how)
        process.wait()
        process.stderr.close()

    def kill_all(self):
        for process in self.started:
            if process.poll() is None:
                self.kill(process)

    def ctl(self, *arguments, timeout="20s"):
        """A started candorctl."""
        return subprocess.Popen([CANDORCTL, "--address", self.grpc, "--admin", f"{self.folder}/admin.sock",
                                 "--timeout", timeout, *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def in_force(self):
        """(reason of the drain, state and reason of the override), each None where there is none."""
        ran = self.ctl("status", "-o", "json")
        out, err = ran.communicate(timeout=30)
        if ran.returncode != 0:
            raise RuntimeError(f"status: {err}")
        verdict = json.loads(out)
        drain, forced = verdict.get("drain"), verdict.get("state_override")
        return (drain and drain["reason"], forced and (forced["state"], forced["reason"]))


def order_of(number, chance):
    """Arguments of candorctl, and what is in force after it, given what was before."""
    kind = chance.choice(["drain", "undrain", "override", "clear"])
    reason = f"round-{number}"
    if kind == "drain":
        return ["drain", "--reason", reason], lambda before: (reason, before[1])
    if kind == "undrain":
        return ["undrain"], lambda before: (None, before[1])
    if kind == "clear":
        return ["override", "--clear"], lambda before: (before[0], None)
    state = chance.choice(["HEALTHY", "DEGRADED", "FAILING"])
    return (["override", state.lower(), "--for", "1h", "--reason", reason],
            lambda before: (before[0], (state, reason)))


def give(node, arguments, number, chance, where):
    """Requests the change and kills candord; whether it was answered before."""
    cut = number % 2 == 1
    # Now and then candorctl itself is waited for, to see what it says of a candord that is gone.
    patient = number % 10 == 1
    ran = node.ctl(*arguments, timeout="300ms" if patient else "20s")
    if cut:
        time.sleep(chance.uniform(0, 0.15))
    else:
        _, err = ran.communicate(timeout=30)
        time.sleep(chance.choice([0, 0, chance.uniform(0, 0.005)]))
    code = ran.poll()
    node.kill()
    if not cut and code != 0:
        failures.append(f"{where}: {arguments} failed with {code}: {err}")
    if code is None and not patient:
        ran.kill()
    out, err = ran.communicate(timeout=30) if cut else ("", "")
    if cut and patient and ran.returncode not in (0, 2, 7):
        failures.append(f"{where}: exit {ran.returncode} of a cut change: {out}{err}")
    return ran.returncode == 0


def lane(name, rounds, counts):
    chance = random.Random(f"{SEED} {name}")
    folder = tempfile.mkdtemp(prefix="candor-changes-")
    node = Node(folder)
    may_be = [(None, None)]
    try:
        for number in range(rounds):
            node.start()
            now = node.in_force()
            if now not in may_be:
                failures.append(f"lane {name} round {number}: in force is {now}, expected one of {may_be}")
            arguments, after = order_of(f"{name}-{number}", chance)
            answered = give(node, arguments, number, chance, f"lane {name} round {number}")
            counts["answered" if answered else "cut"] += 1
            may_be = [after(now)] if answered else [now, after(now)]
    except Exception as trouble:  # of a thread: told at the end
        failures.append(f"lane {name}: {trouble}")
    finally:
        node.kill_all()
        shutil.rmtree(folder)


def take_over():
    """A drain that the previous candord accepts while the next one starts holds in the next one."""
    folder = tempfile.mkdtemp(prefix="candor-changes-")
    node = Node(folder)
    try:
        before = node.start()
        after = node.start("--take-over", wait=False)
        time.sleep(1.5)  # it has read the state, and knows nothing of the node yet
        ran = node.ctl("drain", "--reason", "during the take-over")
        out, err = ran.communicate(timeout=30)
        if ran.returncode != 0:
            failures.append(f"take-over: the drain failed: {out}{err}")
        node.await_line(after, "gRPC on")
        ran = node.ctl("undrain")
        out, err = ran.communicate(timeout=30)
        if ran.returncode != 3 or "another candord uses" not in err or "NOT in force" not in err:
            failures.append(f"take-over: an change to a candord that does not own the file: {ran.returncode} {err}")
        node.kill(before, signal.SIGTERM)
        end = time.monotonic() + 10
        while node.in_force()[0] != "during the take-over":
            if time.monotonic() > end:
                failures.append(f"take-over: in force is {node.in_force()}")
                break
            time.sleep(0.1)
        node.kill(after)
        node.start()
        if node.in_force()[0] != "during the take-over":
            failures.append(f"take-over: after a restart in force is {node.in_force()}")
    except Exception as trouble:
        failures.append(f"take-over: {trouble}")
    finally:
        node.kill_all()
        shutil.rmtree(folder)


def main():
    counts = {"answered": 0, "cut": 0}
    began = time.monotonic()
    threads = [threading.Thread(target=take_over)]
    threads += [threading.Thread(target=lane, args=(n, ROUNDS // LANES, counts)) for n in range(LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"seed {SEED}: {counts['answered']} answered, {counts['cut']} cut, in "
          f"{time.monotonic() - began:.0f} s")
    if counts["answered"] < ROUNDS // 2 or counts["answered"] + counts["cut"] != ROUNDS:
        failures.append(f"too few changes were answered to tell: {counts}")
    for failure in failures:
        print(f"FAILED: {failure}")
    sys.exit(1 if failures else 0)


main()
