# SPDX-License-Identifier: Apache-2.0
"""Scenes of rooms: who comes together is alike, silent listeners or a room that waits for its host."""
import math

from scenes.scene import Scenes
from scenes.session import Twin
from scenes.webrtc import OUTSIDE_STUN, data_only, joined, publisher, subscriber

scenes = Scenes()
VERSIONS = (Twin(12), Twin(13))


def rooms(muted, speakers, waiting, largest, data):
    """A share of rooms where only the first `speakers` send RTP, and a share that waits for its host for 15 s."""
    def build(capture, random):
        number, begin = 0, 0.0
        while number < 500:
            size, is_muted = 2 + random.below(largest), random.between(0, 1) < muted
            waits = random.between(0, 1) < waiting
            for place in range(size):
                at, number = begin + place * 0.4 + random.between(0, 0.3), number + 1
                s, done = joined(capture, random, number, at, VERSIONS[number % 2])
                if data:
                    s.data(done + 0.02, "in", 53)
                    s.data(done + 0.03, "out", 60)
                if waits:
                    s.media(begin + size * 0.4 + 15, at + 25, "out")
                else:
                    takes_part(s, done, at + 25, not is_muted or place < speakers, place or not speakers)
                s.consent(at + 2.5, at + 25)
            begin += random.between(3, 9)
    return build


def takes_part(s, begin, end, speaks, hears):
    if speaks:
        s.media(begin + 0.02, end, "in", 0.5)
    s.media(begin + (0.05 if hears else 4), end, "out", 0.5)
    s.reports(begin + 0.5, end, "in")
    s.reports(begin + 0.4, end, "out")


for data in (False, True):
    what = "with data channels" if data else "without data channels"
    for muted, speakers, waiting in ((0.3, 1, 0), (0, 1, 0.2), (0.3, 1, 0.2), (0.1, 1, 0.05)):
        scenes.add(f"rooms of up to 9, {muted:.0%} muted, {waiting:.0%} wait, {what}",
                   rooms(muted, speakers, waiting, 8, data), calm=True)
    scenes.add(f"rooms of up to 31, 30% muted, {what}", rooms(0.3, 1, 0, 30, data), calm=True)


def media_after(twin, part, client, lag):
    def build(capture, random):
        for n in range(70):
            s, done = joined(capture, random, n, float(n), twin, client)
            part(s, done + lag + random.between(0, 1), n + 30, False)
            s.consent(n + 2.5, n + 30)
    return build


for name, twin in OUTSIDE_STUN.items():
    for part in (publisher, subscriber, data_only):
        scenes.add(f"nothing for 6 s, then {part.__name__}, DTLS {name}", media_after(twin, part, "in", 6),
                   attempts=70, active=70, healthy=True)


def listeners_wait(every, twin):
    """Every n-th listener waits for a speaker, and sends empty receiver reports meanwhile."""
    def build(capture, random):
        for n in range(90):
            s, done = joined(capture, random, n, float(n), twin)
            if n % every == 0:
                s.reports(done + 0.1, n + 30, "in")
            else:
                subscriber(s, done, n + 30, False)
            s.consent(n + 2.5, n + 30)
    return build


for name, twin in OUTSIDE_STUN.items():
    for every in (3, 4, 8):
        scenes.add(f"every {every}th listener waits, DTLS {name}", listeners_wait(every, twin), attempts=90,
                   healthy=True)


def first_room_waits(twin):
    def build(capture, random):
        for n in range(80):
            s, done = joined(capture, random, n, n * 0.5, twin)
            publisher(s, max(12.0, done) if n < 20 else done, n * 0.5 + 30, False)
            s.consent(n * 0.5 + 2.5, n * 0.5 + 30)
    return build


for name, twin in OUTSIDE_STUN.items():
    scenes.add(f"the first room waits for its host, DTLS {name}", first_room_waits(twin), attempts=80, active=80,
               healthy=True)


def media_at_random(mean):
    def build(capture, random):
        for n in range(150):
            s, done = joined(capture, random, n, float(n), VERSIONS[n % 2])
            begin = done - mean * math.log(1 - random.between(0, 0.999))
            end = max(n + 20, begin + 5)
            (publisher, subscriber, data_only)[n % 3](s, begin, end, False)
            s.consent(n + 2.5, end)
    return build


for mean in (1, 2, 4):
    scenes.add(f"media after {mean} s on average", media_at_random(mean), attempts=150, active=150, healthy=True)
