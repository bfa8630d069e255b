# SPDX-License-Identifier: Apache-2.0
"""Plays the story live, or a recorded run of it where namespaces or BPF are not allowed."""

import argparse
import json
import pathlib
import sys
import time

from .screen import Screen

RECORDING = pathlib.Path(__file__).resolve().parents[2] / "data/demo-run.jsonl"


def _arguments():
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--recorded", metavar="WHY", nargs="?", const="asked for",
                        help="do not try to play live; say why not")
    parser.add_argument("--record", type=pathlib.Path, metavar="FILE", help="write the live scenes there")
    parser.add_argument("--at-once", action="store_true", help="do not keep the time of a recorded run")
    return parser.parse_args()


def _play_live(screen, record):
    """Plays; on failure before the first scene returns why it cannot be played here."""
    try:
        from .story import live  # needs aiortc's and gRPC's packages
        from stand.shell import StandError
    except ImportError as error:
        return str(error)
    scenes = live()
    try:
        first = next(scenes)
    except (StandError, OSError) as error:
        return str(error)
    screen.title("LIVE: a real media server in a network namespace of this machine")
    told = [first]
    screen.show(first)
    for scene in scenes:
        told.append(scene)
        screen.show(scene)
    if record:
        record.write_text("".join(json.dumps(scene) + "\n" for scene in told), encoding="utf-8")
    return None


def _play_recorded(screen, at_once):
    screen.title("RECORDED: a run made earlier on another machine, at its own pace; nothing is measured here")
    begun = time.monotonic()
    for line in RECORDING.read_text(encoding="utf-8").splitlines():
        scene = json.loads(line)
        if not at_once:
            time.sleep(max(0.0, begun + scene["t"] - time.monotonic()))
        screen.show(scene)
    print("(This was a recorded run.)")


def main():
    options = _arguments()
    screen = Screen(sys.stdout)
    why = options.recorded or _play_live(screen, options.record)
    if why:
        print(f"This cannot be played live here: {why}.", file=sys.stderr)
        _play_recorded(screen, options.at_once)


if __name__ == "__main__":
    main()
