# SPDX-License-Identifier: Apache-2.0
"""The manual pages, as man(1) reads them."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
from scripted_node import BUILD, PACKAGING, run  # noqa: E402

CANDORD = BUILD / "sidecar/daemon/candord"
CANDORCTL = BUILD / "sidecar/cli/candorctl"
PAGE = PACKAGING / "man/candord-page"


def rendered(path):
    """The page as text, and what groff complains of."""
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-cbou", path], capture_output=True, text=True,
                          timeout=60, check=False)
    # Dashes that can be pasted come out as such in UTF-8 too.
    return done.stdout.replace("\N{MINUS SIGN}", "-"), done.stderr


class ManualPages(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_of_candord_has_every_flag_and_every_setting(self):
        path = self.folder / "candord.8"
        path.write_text(run(PAGE, CANDORD), encoding="utf-8")
        text, complaints = rendered(path)
        self.assertEqual(complaints, "")
        flags = re.findall(r"--[a-z-]+", run(CANDORD, "--help"))
        settings = re.findall(r"^ *([a-z_0-9]+):", run(CANDORD, "--print-config", "--config", "/dev/null"), re.M)
        self.assertGreater(len(flags), 10)
        self.assertGreater(len(settings), 30)
        for word in flags + settings:
            self.assertIn(word, text)
        self.assertIn("eBPF health monitor for WebRTC and SIP media servers", text)

    def test_of_candorctl_read_without_a_complaint(self):
        run(CANDORCTL, "man", "--folder", self.folder)
        pages = sorted(self.folder.glob("*.1"))
        self.assertGreater(len(pages), 15)
        for page in pages:
            text, complaints = rendered(page)
            self.assertEqual(complaints, "", page.name)
            self.assertIn("candorctl", text)

    def test_scripts_are_clean(self):
        run("shellcheck", PAGE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
