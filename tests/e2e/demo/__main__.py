# SPDX-License-Identifier: Apache-2.0
"""Plays a demonstration live, or a recorded run of it where namespaces or BPF are not allowed."""

import argparse
import itertools
import json
import pathlib
import sys
import time

from .incident_screen import IncidentScreen
from .screen import Screen

DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
RECORDING, INCIDENT_RECORDING = DATA / "demo-run.jsonl", DATA / "demo-livekit-run.jsonl"
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "web"))  # where the pager of the tests is


def _frozen(_options):
    from .story import live
    return live()


def _livekit(options):
    from .incident import WITH, WITHOUT, live
    return live([WITHOUT] if options.without_candor else [WITHOUT, WITH])


# name: (its scenes, made live; its screen; its recording)
STORIES = {"frozen": (_frozen, Screen, RECORDING), "livekit": (_livekit, IncidentScreen, INCIDENT_RECORDING)}


def _arguments():
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("story", nargs="?", choices=STORIES, default="frozen")
    parser.add_argument("--without-candor", action="store_true", help="of livekit: only the act without Candor")
    parser.add_argument("--recorded", metavar="WHY", help="play the recorded run, because of this")
    parser.add_argument("--record", type=pathlib.Path, metavar="FILE", help="write the live scenes there")
    parser.add_argument("--at-once", action="store_true", help="do not keep the time of a recorded run")
    return parser.parse_args()


def _live_scenes(options):
    """(the scenes with the first already made, None), or (None, why it cannot be played here)."""
    try:
        from stand.shell import StandError
        scenes = STORIES[options.story][0](options)  # needs the packages of aiortc and gRPC
    except ImportError as error:
        return None, str(error)
    try:
        return itertools.chain([next(scenes)], scenes), None
    except (StandError, OSError) as error:
        return None, str(error)


def play_live(screen, scenes, record):
    """Shows the scenes as they come, and writes them to the path `record` if there is one."""
    screen.title("LIVE: real media servers in network namespaces of this machine")
    played = []
    for scene in scenes:
        played.append(scene)
        screen.show(scene)
    if record:
        record.write_text("".join(json.dumps(scene) + "\n" for scene in played), encoding="utf-8")


def play_recorded(screen, why, at_once, recording=RECORDING):
    """Plays the recording at its own pace, or at once; `why` is the reason for not playing live."""
    screen.title(f"RECORDED: a real run, made earlier and elsewhere, at its own pace. Not live: {why}.")
    begun = time.monotonic()
    for line in recording.read_text(encoding="utf-8").splitlines():
        scene = json.loads(line)
        if not at_once:
            time.sleep(max(0.0, begun + scene["t"] - time.monotonic()))
        screen.show(scene)
    screen.remark("This was a recorded run: nothing was measured on this machine.")


def main():
    options = _arguments()
    _, kind, recording = STORIES[options.story]
    screen = kind(sys.stdout)
    scenes, why = (None, options.recorded) if options.recorded else _live_scenes(options)
    if scenes is None:
        play_recorded(screen, why, options.at_once, recording)
    else:
        play_live(screen, scenes, options.record)


if __name__ == "__main__":
    main()
