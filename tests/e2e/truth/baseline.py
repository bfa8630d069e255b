# SPDX-License-Identifier: Apache-2.0
"""The learned baseline that each row begins with: the state file that a candord left which watched the same server
and the same clients for a while, as after a restart or an upgrade."""

import pathlib
import shutil
import subprocess
import sys
import time

from stand.build import BUILD

FOLDER = BUILD / "tests/e2e/truth"
SECONDS = 220  # of one piece; each goes on from the one before
PIECES = 2


def file_of(row):
    """One for each server: a baseline does not depend on who the clients are."""
    return FOLDER / f"{'two' if row.two else row.server.partition('-')[0]}.state"


def lacking(rows):
    """A row for each server that has no baseline yet."""
    return list({file_of(row): row for row in reversed(rows) if not file_of(row).exists()}.values())[::-1]


def learn(row):
    """Makes the file."""
    made = file_of(row)
    FOLDER.mkdir(parents=True, exist_ok=True)
    part = made.with_suffix(".part")
    part.unlink(missing_ok=True)
    for piece in range(PIECES):
        print(f"[learning the baseline of {made.stem}, part {piece + 1} of {PIECES}: {SECONDS} s]", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "truth.baseline", row.name, str(part)], check=True, timeout=SECONDS + 60,
                       cwd=pathlib.Path(__file__).resolve().parents[1])
    part.rename(made)


def main():
    from . import catalogue
    from .stages import stage_of
    row, file = catalogue.named(sys.argv[1]), pathlib.Path(sys.argv[2])
    with stage_of(row, file if file.exists() else None) as stage:
        stage.start_clients(seconds=2 * SECONDS)
        time.sleep(SECONDS)
        print(f"{stage.candor.state()}: {stage.candor.verdict().detail}", file=sys.stderr)
        stage.candor.close()  # writes its state
        shutil.copyfile(stage.state_file, file)


if __name__ == "__main__":
    main()
