# SPDX-License-Identifier: Apache-2.0
"""Everything that can happen to Candor itself, one after the other, while Janus serves calls. Prints the
table of the README. In none of them may a packet of the node be lost."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import unittest

import grpc
from guard import GuardedCandor, Mishaps
from stand import cgroups
from stand.case import Case
from stand.shell import run
from stand.stage import Stage
from table import Flood, Table, until
from observers import SINK, Caller, Metronome

PIN = "/sys/fs/bpf/candor-survive"
SETTINGS = {"max_flows": 4096, "log_level": "info"}


class WhateverHappensToCandor(Case):
    """The methods run in order of their names; each leaves candord seeing."""

    @classmethod
    def setUpClass(cls):
        cls.table = Table()
        cls.stage = cls.enterClassContext(Stage(with_candor=False))
        cls.own = cgroups.Cgroup("candord")  # for what is done to candord by its cgroup
        cls.enterClassContext(contextlib.closing(cls.own))
        cls.mishaps = Mishaps(cls.stage.folder)
        cls.candor = cls.stage.start_candor("bpf", kind=GuardedCandor, more=SETTINGS,
                                           environment=cls.mishaps.environment())
        cls.metronome = cls.enterClassContext(contextlib.closing(Metronome(cls.stage)))
        cls.load = cls.stage.load(rate=1.5, seconds=600)
        cls.load.await_count("active", 5)
        cls.caller = cls.enterClassContext(contextlib.closing(Caller(cls.candor.target)))

    @classmethod
    def tearDownClass(cls):
        sent, back = cls.metronome.result()
        print(f"\n{cls.table.text()}\n\n{sent} numbered packets through the watched cgroup, {sent - back} lost; "
              f"clients: {cls.load.summary()}", flush=True)
        lost, sorrows = sent - back, cls.load.sorrows()
        super().tearDownClass()
        if lost or sorrows or sent < 1000:
            raise AssertionError(f"media was harmed: {lost} of {sent} packets lost; {sorrows}")

    def log_line(self, word):
        """The note, blindness or log line of candord that has the word in it."""
        lines = [*self.candor.notes(), *self.candor.log.read_text(encoding="utf-8").splitlines()[::-1]]
        found = next((line for line in lines if word in line), None)
        self.assertIsNotNone(found, f"no log line has '{word}'")
        return found

    def row(self, fault, began, recovered, says, within):
        self.assertIsNotNone(recovered, f"{fault}: candord does not see again")
        time.sleep(0.1)
        saw = self.caller.answers_between(began, recovered + 0.1)
        self.table.add(fault, self.media(began), saw, f"{recovered - began:.1f}", says)
        self.say(f"{fault}: {saw}; {recovered - began:.2f} s; {says}")
        self.assertLess(recovered - began, within, fault)

    def media(self, since):
        """What the node's media did until now, by its clients."""
        self.assertEqual(self.load.sorrows(), [])
        active = [e for e in self.load.events("active") if e["t"] >= since]
        return f"goes on: {len(active)} calls came up, 0 harmed"

    def restarted(self, fault, do, says, within):
        starts, began = self.candor.guard.starts, time.time()
        do()
        recovered = self.candor.await_sight(starts + 1)
        self.assertIsNotNone(recovered, fault)
        self.row(fault, began, recovered, self.shorten(self.log_line(says)), within)

    @staticmethod
    def shorten(text):
        text = text.split(" warning ")[-1].split(" error ")[-1].split(" critical ")[-1].split(" info ")[-1]
        return text if len(text) < 110 else text[:107] + "..."

    def test_01_killed(self):
        self.restarted("kill -9", self.candor.kill, "took over the probes", 4)

    def test_02_frozen(self):
        self.restarted("SIGSTOP (systemd's watchdog kills it)", lambda: self.candor.signal(signal.SIGSTOP),
                       "took over the probes", 6)

    def test_03_out_of_memory(self):
        def starve():
            starts = self.candor.guard.starts
            run("prlimit", f"--pid={self.candor.pid}", "--data=1048576")
            host, port = self.candor.target.rsplit(":", 1)
            with contextlib.ExitStack() as held, contextlib.suppress(OSError):  # what is free already lasts a while
                for _ in range(2000):
                    if self.candor.guard.starts > starts:
                        break
                    held.enter_context(socket.create_connection((host, int(port)), timeout=1))
        self.restarted("memory limit reached", starve, "took over the probes", 10)

    def test_04_stopped_cleanly(self):
        self.restarted("clean restart (SIGTERM)", lambda: self.candor.signal(signal.SIGTERM), "stopping", 6)

    def test_05_upgraded(self):
        def upgrade():
            self.candor.change(max_flows=2048)
            self.candor.kill()
        self.restarted("killed, started with another map layout", upgrade, "replaced the probes of 1 other", 6)

    def test_06_pipeline_hangs(self):
        starts, began = self.candor.guard.starts, time.time()
        loop = [t for t, name in self.candor.threads().items() if name == "candor-pipeline"]
        (self.own.path / "cgroup.procs").write_text(str(self.candor.pid), encoding="ascii")
        with cgroups.frozen(self.own, loop):
            recovered = self.candor.await_sight(starts + 1)
        self.assertIn(4, self.candor.guard.exits, "its own watchdog ends it")
        self.row("pipeline hangs (thread frozen)", began, recovered,
                 self.shorten(self.log_line("the pipeline has stalled")), 5)

    def test_07_probes_detached(self):
        links = json.loads(run("bpftool", "--json", "link", "show"))
        mine = [link["id"] for link in links if link.get("cgroup_id") == os.stat(self.stage.cgroup.path).st_ino]
        self.assertEqual(len(mine), 2, links)
        began = time.time()
        for link in mine:
            run("bpftool", "link", "detach", "id", str(link))
        again = until(lambda: any("attached again" in n for n in self.candor.notes()) and self.candor.sees())
        self.row("probes detached by another program", began, again, self.log_line("attached again"), 3)

    def test_08_ring_overflows(self):
        """A flood of new flows makes more events than the stopped candord can read."""
        self.candor.guard.watch(30)  # on a busy machine the flood takes longer than the two seconds that are usual
        began = time.time()
        self.candor.signal(signal.SIGSTOP)
        flood = Flood(self.stage, "checks", SINK, 1.5, 60000)
        sent = flood.result()
        flood.close()
        self.candor.signal(signal.SIGCONT)
        again = until(lambda: self.candor.sees() and self.lost() > 0 and
                      any("reconciled" in n for n in self.candor.notes()))
        self.candor.guard.watch()
        self.say(f"flood: {sent}; lost events {self.lost()}")
        self.row("event ring overflows", began, again, self.log_line("reconciled"), 8)

    def lost(self):
        return next(c.value for c in self.candor.info().counters if c.name == "events_lost")

    def test_09_maps_full(self):
        began = time.time()
        flood = Flood(self.stage, "flows", SINK, 2, 60000)
        sent = flood.result()
        flood.close()
        until(self.candor.sees)
        info = self.candor.info()
        self.say(f"flood: {sent['sent'] / sent['seconds']:.0f} new flows a second; evicted {info.flows_evicted}")
        self.assertLessEqual(info.flows_open, info.flows_max)
        self.row("flow map full", began, time.time(), f"{info.flows_max} entries held, {info.flows_evicted} flows evicted and counted", 6)

    def test_10_state_file_damaged(self):
        def damage():
            self.candor.kill()
            pathlib.Path(self.candor.settings["state_file"]).write_bytes(b"candor-state 1 0 9\ngarbage")
        self.restarted("state file damaged", damage, "THE STATE FILE", 4)

    def test_11_no_bpf_file_system(self):
        def without():
            self.candor.change(pin="/tmp/candor-no-bpffs")
            self.candor.signal(signal.SIGTERM)
        self.restarted("no BPF file system", without, "not on a BPF file system", 6)
        self.candor.change(pin=PIN)

    def test_12_port_taken(self):
        began, channel = time.time(), self.candor.target
        second = subprocess.run([*self.candor.guard.command], capture_output=True, text=True, timeout=10,
                                check=False)
        self.assertEqual(second.returncode, 2, second.stderr)
        words = self.shorten(second.stderr.strip().splitlines()[-1])
        self.assertIn(channel, words)
        self.row("port taken (a second candord)", began, began, f"the second ends with 2: {words}", 1)

    def test_13_machine_slept(self):
        """CLOCK_BOOTTIME as candord reads it runs ahead by an hour: what a suspended machine looks like."""
        began = time.time()
        self.mishaps.sleep(3600)
        again = until(lambda: any("suspended for 3600 s" in n for n in self.candor.notes()))
        self.assertIn(self.candor.state(), ("UNKNOWN", "BLIND"), "what was known is out of date")
        self.row("machine suspended for an hour", began, again, self.log_line("suspended for 3600 s"), 2)

    def test_14_clock_stands_still(self):
        """Nothing is due any more, and the last answer would stay for ever. Beside the others, on a cgroup
        where nothing happens: what does would bring its own time along."""
        group = cgroups.Cgroup("timeless")
        mishaps = Mishaps(self.stage.folder / "timeless")
        other = self.stage.start_candor("bpf", kind=GuardedCandor, port=7480, more={"cgroup": str(group.path)},
                                        environment=mishaps.environment())
        caller, starts, began = Caller(other.target), other.guard.starts, time.time()
        with mishaps.stopped_clock():
            ended = until(lambda: other.guard.starts > starts)
        self.assertIsNotNone(ended, "not noticed")
        again = other.await_sight(starts + 1)
        seen = caller.answers_between(began, again)
        caller.close()
        self.assertEqual(other.guard.exits[-1], 4, "its own watchdog ends it")
        self.table.add("its clock stops", self.media(began), seen, f"{again - began:.1f}",
                       "the pipeline has stalled for more than a second: ending, to be restarted")
        self.assertIn("the pipeline has stalled", other.log.read_text(encoding="utf-8"))
        other.close()
        group.close()
        self.assertLess(again - began, 5)

    def test_15_cgroup_made_anew(self):
        """As when the media server's container starts again; beside the others, on a cgroup of its own."""
        group = cgroups.Cgroup("recreated")
        other = self.stage.start_candor("bpf", kind=GuardedCandor, port=7480, more={"cgroup": str(group.path)})
        caller = Caller(other.target)
        began = time.time()
        group.close()
        gone = until(lambda: other.info().blindness_code == "cgroup_removed")
        self.assertIsNotNone(gone, "a removed cgroup must blind")
        group = cgroups.Cgroup("recreated")
        made = time.time()
        again = until(other.sees)
        seen = caller.answers_between(began, again)
        caller.close()
        self.say(f"blind {gone - began:.2f} s after it was removed: {seen}")
        self.table.add("cgroup removed and recreated", self.media(began), seen, f"{again - made:.1f}",
                       f"BLIND (cgroup_removed) after {gone - began:.1f} s; attached again")
        other.close()
        group.close()
        self.assertLess(again - made, 1.5)

    def test_16_load_hangs(self):
        """The kernel does not return from loading the probes; beside the others, on a cgroup of its own."""
        group, mishaps = cgroups.Cgroup("hangs"), Mishaps(self.stage.folder / "hangs")
        with mishaps.hung_loads():
            began = time.time()
            other = self.stage.start_candor("bpf", kind=UnseeingCandor, port=7480,
                                            more={"cgroup": str(group.path), "load_deadline": "1s"},
                                            environment=mishaps.environment())
            caller = Caller(other.target)
            blind = until(lambda: other.blindness() == "load_timeout")
            self.assertIsNotNone(blind, "a load that does not return must blind")
            words = other.info().blindness_text
        let_go = time.time()
        again = until(other.sees)
        seen = caller.answers_between(caller.first_answer(), again)
        caller.close()
        self.assertIsNotNone(again, "what returns late is taken all the same")
        self.table.add("loading the probes hangs", self.media(began), seen, f"{again - let_go:.1f}",
                       f"BLIND (load_timeout) after {blind - began:.1f} s: {words}"[:160])
        other.close()
        group.close()


class UnseeingCandor(GuardedCandor):
    """It is not expected to see soon."""

    def _await_sight(self):
        pass

    def blindness(self):
        with contextlib.suppress(grpc.RpcError):
            return self.info().blindness_code
        return ""


if __name__ == "__main__":
    unittest.main(verbosity=2)
