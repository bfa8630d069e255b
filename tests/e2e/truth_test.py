# SPDX-License-Identifier: Apache-2.0
"""The short run of the catalogue of causes (tests/e2e/truth): each row must be flagged in time, in the right state, and
no cause may be named wrongly; what clients and strangers do must be no finding."""

import json
import pathlib
import subprocess
import sys
import unittest

from truth import catalogue, table

ROWS = [row for row in catalogue.ROWS if row.short]
HOME = pathlib.Path(__file__).resolve().parent


class TheCatalogueOfCauses(unittest.TestCase):
    def test_is_told_rightly(self):
        for row in ROWS:
            with self.subTest(row.name):
                self.assert_right(row)

    def assert_right(self, row):
        done = subprocess.run([sys.executable, "-m", "truth.row", row.name], cwd=HOME, capture_output=True, text=True,
                              timeout=150, check=False)
        self.assertTrue(done.stdout.startswith("{"), done.stderr[-2000:])
        found = json.loads(done.stdout.splitlines()[-1])
        print("    " + " | ".join(table.cells(row, found)), flush=True)
        why = f"{found.get('error', '')} {found.get('history')} {found.get('why')}"
        self.assertEqual(found["detection"], "right" if row.nodes_fault else "exonerated", why)
        self.assertNotEqual(found["naming"], "wrong", why)


if __name__ == "__main__":
    unittest.main(verbosity=2)
