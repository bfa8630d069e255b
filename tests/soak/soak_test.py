#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A run of calls, faults of the node, and faults of Candor, at random from a seed; nothing may leak, be lost,
or be judged wrongly.

  soak_test.py [--seconds N] [--seed S]     180 seconds, a seed of the clock's

Needs what the end-to-end tests need. --seconds 3600 runs an hour.
"""
import argparse
import collections
import datetime
import json
import pathlib
import random
import signal
import sys
import time

import grpc
from guard import GuardedCandor
from stand.faults import event_loops_frozen
from stand.kernel import candors
from stand.shell import run
from stand.stage import Stage
from observers import Caller

PIN = "/sys/fs/bpf/candor-soak"
SETTINGS = {"pin": PIN, "keep_pins": True, "idle": "10s", "max_flows": 4096}
IDLE = 10.0
SICK_WITHIN = 6.0  # seconds from the freeze to NOT_SERVING, at two attempts a second
WELL_WITHIN = 60.0
RSS_GROWTH_KB = 40_000  # of one life of candord; arenas of gRPC's threads fill in its first seconds
FD_GROWTH = 24
PAUSE = 3.0
BUILDS = 5  # in one run: each loads programs, and this kernel hangs when many are freed in a burst
AT_WORK = 10.0  # by then a new candord has seen the node bring up some twenty attempts


class Soak:
    """One run. Errors are collected, not raised: the report lists all of them."""

    def __init__(self, stage, seconds, seed):
        self.stage, self.random = stage, random.Random(seed)
        self.until = time.time() + seconds
        self.wrong, self.done, self.seen = [], collections.Counter(), set()
        self.wrong_at = []
        self.failing = []  # [began, ended or None] of the node's faults
        self.candor = stage.start_candor("bpf", kind=GuardedCandor, more=SETTINGS)
        self.caller = Caller(self.candor.target)
        self.life = None
        self.kernel = candors()
        self.load = stage.load(rate=2, seconds=seconds)
        self.load.await_count("active", 20)

    def note_attempts(self):
        try:
            self.seen |= {a.key for a in self.candor.attempts()}
        except grpc.RpcError:
            pass  # it is being started; what it sees is asked for later

    def measure(self):
        """Memory and descriptors of this life of candord, against what they were when it was five seconds old."""
        folder = pathlib.Path(f"/proc/{self.candor.pid}")
        try:
            now = (self.candor.guard.starts, int(self.candor.status("VmRSS").split()[0]), len(list(folder.glob("fd/*"))))
        except (OSError, StopIteration):
            return
        if self.life is None or self.life[0] != now[0]:
            self.life = now
            return
        if now[1] - self.life[1] > RSS_GROWTH_KB or now[2] - self.life[2] > FD_GROWTH:
            self.wrong.append(f"leak: memory {self.life[1]} to {now[1]} kB, descriptors {self.life[2]} to {now[2]}")
            self.life = now

    def calm(self, seconds):
        end = time.time() + seconds
        while time.time() < min(end, self.until):
            time.sleep(1)
            self.note_attempts()
            self.measure()

    def restart(self, number, forget=False):
        starts = self.candor.guard.starts
        self.candor.signal(number)
        if forget:
            pathlib.Path(self.candor.settings["state_file"]).unlink(missing_ok=True)
        if self.candor.await_sight(starts + 1) is None:
            self.say_wrong(f"not seeing again after signal {number}")

    def upgrade(self):
        """Another build of the same maps: what it watches for is compiled into the programs."""
        self.candor.change(ports=f"20000-{30000 + self.done['kill -9, then another build']}")
        self.restart(signal.SIGKILL)
        if not any("replaced the programs" in note for note in self.candor.notes()):
            self.say_wrong(f"another build did not take over the flows: {list(self.candor.notes())}")

    def stop_and_go(self):
        self.candor.signal(signal.SIGSTOP)
        time.sleep(1)
        self.candor.signal(signal.SIGCONT)

    def sicken(self):
        """The node freezes; Candor must say so, and go on saying so if it is killed meanwhile."""
        if self.failing:  # a second alarm within the hour would be held ten times as long, and rightly
            self.done["kill -9 and state lost"] += 1
            self.restart(signal.SIGKILL, forget=True)
            self.calm(AT_WORK)
        with event_loops_frozen(self.stage) as began:
            self.failing.append([began, None])
            self.await_status("NOT_SERVING", began, SICK_WITHIN)
            if self.random.random() < 0.5:
                self.done["kill -9 while the node is failing"] += 1
                self.restart(signal.SIGKILL)
                self.await_status("NOT_SERVING", time.time(), SICK_WITHIN)
        healed = time.time()
        self.await_status("SERVING", healed, WELL_WITHIN)
        self.failing[-1][1] = time.time()

    def say_wrong(self, text, at=None):
        at = at or time.time()
        self.wrong_at.append(at)
        self.wrong.append(f"{time.strftime('%H:%M:%S', time.gmtime(at))} {text}")

    def print_log_around(self):
        """The answers of candord in the minute before each error, and just after."""
        for line in self.candor.log.read_text(encoding="utf-8").splitlines():
            try:
                at = datetime.datetime.fromisoformat(line.split(" ", 1)[0]).timestamp()
            except ValueError:
                continue  # another thread's words
            if any(wrong - 60 <= at <= wrong + 10 for wrong in self.wrong_at):
                print(line[:300])

    def await_status(self, status, since, within):
        end = time.time() + within
        while time.time() < end:
            if any(a == status for _, a in self.caller.answers(since)):
                return
            self.note_attempts()
            time.sleep(0.1)
        self.say_wrong(f"{status} was not answered within {within:g} s: {self.candor.verdict().detail}")

    def step(self):
        steps = {"kill -9": lambda: self.restart(signal.SIGKILL), "clean restart": lambda: self.restart(signal.SIGTERM),
                 "SIGSTOP for a second": self.stop_and_go, "reload": lambda: self.candor.signal(signal.SIGHUP),
                 "kill -9, then another build": self.upgrade, "node frozen": self.sicken}
        names = list(steps)
        if self.done["kill -9, then another build"] >= BUILDS:
            names.remove("kill -9, then another build")
        if self.until - time.time() < 2 * SICK_WITHIN + WELL_WITHIN or len(self.load.events("active")) < 25:
            names.remove("node frozen")  # it must have the time to be seen and to heal
        # Once in every run, and where chance wills it.
        name = "node frozen" if not self.failing and "node frozen" in names else self.random.choice(names)
        self.done[name] += 1
        steps[name]()
        self.calm(PAUSE + self.random.random() * 5)

    def run(self):
        while time.time() < self.until - 5:
            self.step()
        self.load.await_end(60)
        self.calm(0)
        self.note_attempts()
        self.check_attempts()
        self.check_verdicts()
        self.check_what_is_left()

    def check_attempts(self):
        """Those that Janus never answered while it was frozen reached no socket of its, and are no attempts."""
        made = {e["key"] for e in self.load.events("offer") if not self.while_sick(e["t"])}
        for key in sorted(made - self.seen):
            self.wrong.append(f"attempt lost: {key}")
        self.done["attempts"] = len(made)

    def while_sick(self, t):
        return any(began - 2 <= t <= (ended or t) for began, ended in self.failing)

    def check_verdicts(self):
        for t, answer in self.caller.answers():
            if answer == "NOT_SERVING" and not self.while_sick(t) and t > self.load.began:
                recent = [(b, e) for b, e in self.failing if abs(b - t) < 300]
                return self.say_wrong(f"NOT_SERVING although the node was healthy; failing {recent}", t)

    def check_what_is_left(self):
        time.sleep(IDLE + 8)  # the tracker looks at what is settled every five seconds
        left = candors()
        if left != self.kernel:
            self.wrong.append(f"in the kernel: {self.kernel} at first, {left} in the end")
        flows = json.loads(run("bpftool", "--json", "map", "dump", "pinned", self.flow_map()))
        if len(flows) > 5:
            self.wrong.append(f"{len(flows)} flows are left in the map")
        self.done["flows left"] = len(flows)

    def flow_map(self):
        return str(next(pathlib.Path(PIN).glob("*/v*/flows")))

    def report(self, seed, seconds):
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.done.items()))
        leaks = [w for w in self.wrong if w.startswith(("leak", "in the kernel")) or "flows are left" in w]
        print(f"soak: seed {seed}, {seconds:g} s: {counts}; leaks: {'; '.join(leaks) or 'none'}; "
              f"lost: {sum(w.startswith('attempt lost') for w in self.wrong)}; clients: {self.load.summary()}")
        for line in self.wrong:
            print(f"  WRONG: {line}")
        if self.wrong:
            self.print_log_around()

    def close(self):
        self.caller.close()
        run("rm", "-rf", PIN)  # keep_pins left them there


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=float, default=180)
    ask.add_argument("--seed", type=int, default=int(time.time()))
    arguments = ask.parse_args()
    print(f"soak: seed {arguments.seed}", flush=True)
    with Stage(with_candor=False) as stage:
        soak = Soak(stage, arguments.seconds, arguments.seed)
        stage.callback(soak.close)
        soak.run()
        soak.report(arguments.seed, arguments.seconds)
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
