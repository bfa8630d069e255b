# SPDX-License-Identifier: Apache-2.0
"""The learned baseline that each row begins with: the state file that a candord left which watched the same server
and the same clients for a while, as after a restart or an upgrade."""

import os
import pathlib
import shutil
import subprocess
import sys
import time

from stand.build import BUILD
from stand.shell import StandError

FOLDER = BUILD / "tests/e2e/truth"
SECONDS = 220  # of one piece; each goes on from the one before
PIECES = 2
SET_UP_WITHIN = 180  # seconds that a piece may take besides, on a busy machine


def file_of(row):
    """One for each server: a baseline does not depend on who the clients are."""
    return FOLDER / f"{'two' if row.two else row.server.partition('-')[0]}.state"


def lacking(rows):
    """A row for each server that has no baseline yet."""
    return list({file_of(row): row for row in reversed(rows) if not file_of(row).exists()}.values())[::-1]


def learn(row):
    """Makes the file, all at once: runs side by side may make the same one. Raises StandError where it cannot be made."""
    made = file_of(row)
    FOLDER.mkdir(parents=True, exist_ok=True)
    part = made.with_name(f"{made.stem}.{os.getpid()}.part")
    part.unlink(missing_ok=True)  # of an earlier process with this id
    try:
        for piece in range(PIECES):
            print(f"[learning the baseline of {made.stem}, part {piece + 1} of {PIECES}: {SECONDS} s]",
                  file=sys.stderr, flush=True)
            _watch_for_a_piece(row, part)
        part.replace(made)
    finally:
        part.unlink(missing_ok=True)


def _watch_for_a_piece(row, part):
    """In a process of its own because it takes a network namespace."""
    command, limit = [sys.executable, "-m", "truth.baseline", row.name, str(part)], SECONDS + SET_UP_WITHIN
    try:
        done = subprocess.run(command, cwd=pathlib.Path(__file__).resolve().parents[1], stderr=subprocess.PIPE, text=True,
                              timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        raise StandError(f"learning took more than {limit} s") from None
    print(done.stderr, end="", file=sys.stderr, flush=True)
    if done.returncode != 0:
        raise StandError((done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1])


def main():
    from . import catalogue
    from .stages import stage_of
    row, file = catalogue.named(sys.argv[1]), pathlib.Path(sys.argv[2])
    try:
        with stage_of(row, file if file.exists() else None) as stage:
            stage.start_clients(seconds=2 * SECONDS)
            time.sleep(SECONDS)
            print(f"{stage.candor.state()}: {stage.candor.verdict().detail}", file=sys.stderr)
            stage.candor.close()  # writes its state
            shutil.copyfile(stage.state_file, file)
    except StandError as error:
        sys.exit(f"StandError: {error}")


if __name__ == "__main__":
    main()
