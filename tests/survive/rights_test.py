# SPDX-License-Identifier: Apache-2.0
"""The privileges that candord keeps after loading, as /proc shows them, and that they suffice."""

import pathlib
import subprocess
import time
import unittest

from guard import GuardedCandor
from stand.bpf_fs import MODE
from stand.build import binary
from stand.case import Case
from stand.cgroups import Cgroup
from stand.stage import Stage

NET_ADMIN = 1 << 12


class ARunningCandord(Case):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(with_candor=False))
        cls.stage.folder.chmod(0o755)
        print(f"    the BPF file system has mode {MODE}", flush=True)

    def rights(self, candor):
        """Thread name to (capabilities, seccomp mode, no_new_privs, user)."""
        out = {}
        for thread, name in candor.threads().items():
            values = [candor.status(key, thread) for key in ("CapPrm", "CapEff", "Seccomp", "NoNewPrivs", "Uid")]
            out.setdefault(name, set()).add((int(values[0], 16) | int(values[1], 16), values[2], values[3],
                                             int(values[4].split()[0])))
        return out

    def assert_confined(self, candor, kept, user):
        rights = self.rights(candor)
        self.say(f"{len(candor.threads())} threads; {next(n for n in candor.notes() if 'capabilities' in n)}")
        self.assertEqual(rights.pop("candor-priv"), {(kept, "2", "1", user)})
        self.assertTrue(rights)
        for name, found in rights.items():
            self.assertEqual(found, {(0, "2", "1", user)}, name)

    def assert_it_works(self, candor):
        load = self.stage.load(seconds=3)
        load.await_end()
        time.sleep(1)
        self.assert_every_attempt_was_seen_active(candor, load, 9)
        sockets = candor.info().sockets
        self.assertEqual(sockets.unavailable, "")
        self.assertGreater(sockets.received, 9)

    def test_1_keeps_one_capability_on_one_thread(self):
        candor = self.stage.start_candor("bpf", kind=GuardedCandor)
        self.assertIn("librefused_calls", pathlib.Path(f"/proc/{candor.pid}/maps").read_text(encoding="utf-8"),
                      "what tells of calls that the filter refuses")
        self.assert_confined(candor, NET_ADMIN, 0)
        self.assert_it_works(candor)
        candor.close()

    def of_nobody(self, pin):
        """Settings of a candord that becomes the user nobody. The state goes where that user may write; the pins are given
        to it."""
        state = self.stage.folder / "of-nobody"
        state.mkdir(exist_ok=True)
        state.chmod(0o777)
        return {"user": "nobody", "reattach": False, "state_file": str(state / "state"), "pin": pin}

    def test_2_keeps_none_and_becomes_nobody_when_told_so(self):
        candor = self.stage.start_candor("bpf", kind=GuardedCandor, more=self.of_nobody("/sys/fs/bpf/candor-nobody"))
        self.assert_confined(candor, 0, 65534)
        self.assert_it_works(candor)
        self.assert_takes_over_after_a_kill(candor)
        self.assert_confined(candor, 0, 65534)
        candor.close()

    def assert_takes_over_after_a_kill(self, candor):
        starts = candor.guard.starts
        candor.kill()
        self.assertIsNotNone(candor.await_sight(starts + 1))
        self.assertIn("took over the probes", " ".join(candor.notes()))

    def test_3_needs_three_capabilities_to_start(self):
        candor = self.stage.start_candor("bpf", kind=GuardedCandor, rights="+bpf,+net_admin,+perfmon")
        self.assert_confined(candor, NET_ADMIN, 0)
        self.assert_it_works(candor)
        candor.close()

    def test_4_leaves_nothing_in_the_kernel_after_a_clean_end(self):
        group = Cgroup("clean")
        candor = self.stage.start_candor("bpf", kind=GuardedCandor, more={
            "cgroup": str(group.path), "pin": "/sys/fs/bpf/candor-clean"})
        pins = pathlib.Path("/sys/fs/bpf/candor-clean")
        self.assertTrue(list(pins.glob("*/v*/link_ingress")))
        candor.stop()
        self.assertEqual(list(pins.glob("*")), [])
        group.close()

    def test_6_takes_over_as_nobody_what_it_pinned_as_root(self):
        pin = "/sys/fs/bpf/candor-changed"
        candor = self.stage.start_candor("bpf", kind=GuardedCandor, more={"pin": pin})
        candor.change(**self.of_nobody(pin))
        self.assert_takes_over_after_a_kill(candor)
        self.assert_confined(candor, 0, 65534)
        candor.close()

    def test_5_a_user_that_does_not_exist_is_refused(self):
        done = subprocess.run([binary("candord"), "--config", "/dev/stdin"], input="user: no-such-user\n",
                              capture_output=True, text=True, timeout=10, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no user no-such-user", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
