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
MAKE_PAGES = PACKAGING / "man/make-pages"


def rendered(path):
    """The page as text, and the warnings of groff."""
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-cbou", path], capture_output=True, text=True,
                          timeout=60, check=False)
    # Dashes that can be pasted come out as such in UTF-8 too.
    return done.stdout.replace("\N{MINUS SIGN}", "-"), done.stderr


class ManualPages(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_of_candord_has_every_flag_and_every_setting(self):
        run(MAKE_PAGES, CANDORD, self.folder)
        text, warnings = rendered(self.folder / "candord.8")
        self.assertEqual(warnings, "")
        flags = re.findall(r"--[a-z-]+", run(CANDORD, "--help"))
        settings = re.findall(r"^ *([a-z_0-9]+):", run(CANDORD, "--print-config", "--config", "/dev/null"), re.M)
        self.assertGreater(len(flags), 10)
        self.assertGreater(len(settings), 30)
        for word in flags + settings:
            self.assertIn(word, text)
        self.assertIn("eBPF health monitor for WebRTC and SIP media servers", text)

    def test_of_candorctl_has_a_page_for_every_command(self):
        run(MAKE_PAGES, CANDORCTL, self.folder)
        commands = re.findall(r"^  ([a-z-]+) ", run(CANDORCTL, "--help").split("Subcommands:")[1], re.M)
        pages = sorted(self.folder.glob("*.1"))
        self.assertEqual([p.name for p in pages],
                         sorted(["candorctl.1"] + [f"candorctl-{command}.1" for command in commands]))
        self.assertGreater(len(pages), 15)
        for page in pages:
            text, warnings = rendered(page)
            self.assertEqual(warnings, "", page.name)
            self.assertIn("exit codes".upper(), text.upper(), page.name)
            self.assertIn(f"{page.stem} - ", text)

    def test_the_build_installs_the_pages_of_both_programs(self):
        for component in ("daemon", "cli"):
            run("cmake", f"-DCMAKE_INSTALL_PREFIX={self.folder}", "-P", BUILD / "sidecar" / component / "cmake_install.cmake")
        for page in ("man8/candord.8", "man1/candorctl.1", "man1/candorctl-status.1"):
            self.assertTrue((self.folder / "share/man" / page).is_file(), page)

    def test_scripts_are_clean(self):
        run("shellcheck", MAKE_PAGES)


if __name__ == "__main__":
    unittest.main(verbosity=2)
