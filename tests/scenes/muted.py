# SPDX-License-Identifier: Apache-2.0
"""Scenes of calls that run for minutes, and whose node falls silent to some of them while their parties go on; and of what looks alike
on a healthy node: calls on hold, speakers that alternate, a conference in which nobody speaks."""
from scenes.scene import Scenes
from scenes.session import Session, client_address
from scenes.webrtc import joined

scenes = Scenes()
CALLS, MUTED = 30, 240


def long_call(capture, random, n):
    return Session(capture, random, n, port=20000 + 2 * n, peer_port=40000 + 2 * n)


def speak(s, begin, end, direction):
    s.media(begin, end, direction, step=0.2, payload_type=0)


def muted(every):
    """Thirty calls of 5 min; from 240 s on one in `every` gets nothing."""
    def build(capture, random):
        for n in range(CALLS):
            s, begin = long_call(capture, random, n), random.between(2.5, 8) if n else 0.0
            speak(s, begin, 300, "in")
            speak(s, begin + 0.05, MUTED if every and n % every == 0 else 300, "out")
    return build


scenes.add("calls run for minutes", muted(0), calm=True)
scenes.add("all running calls are muted", muted(1), harmed_by=258, harmed_after=MUTED, failing_by=275, reasons=("calls_muted",))
scenes.add("a third of the running calls is muted", muted(3), harmed_by=258, harmed_after=MUTED, failing_by=275,
           reasons=("calls_muted",))

def held_one_by_one(capture, random):
    """Each call is held for half a minute every minute or two; its party goes on sending."""
    for n in range(CALLS):
        s, begin = long_call(capture, random, n), random.between(2.5, 8) if n else 0.0
        speak(s, begin, 420, "in")
        at = begin
        while at < 420:
            talk = random.between(20, 120)
            speak(s, at, min(at + talk, 420), "out")
            at += talk + random.between(15, 40)


scenes.add("running calls are held one by one", held_one_by_one, calm=True)


def speakers_alternate(capture, random):
    """Voice activity detection without comfort noise: one side speaks, then the other."""
    for n in range(CALLS):
        s, at, turn = long_call(capture, random, n), 2.5 if n else 0.0, 0
        while at < 420:
            end = at + random.between(3, 25)
            speak(s, at, min(end, 420), "in" if turn % 2 else "out")
            at, turn = end, turn + 1


scenes.add("speakers alternate in running calls", speakers_alternate, calm=True)


def conference(capture, random):
    """Eight of thirty calls are one conference, which sends nothing while nobody speaks: half a minute every two minutes."""
    quiet = [(60, 75), (150, 180), (260, 300), (390, 420)]
    for n in range(CALLS):
        s, begin = long_call(capture, random, n), random.between(2.5, 8) if n else 0.0
        speak(s, begin, 480, "in")
        at = begin
        for pause, goes_on in quiet if n < 8 else []:
            speak(s, at, pause, "out")
            at = goes_on
        speak(s, at, 480, "out")


scenes.add("a conference falls silent now and then", conference, calm=True)


def meeting(node_mutes):
    """A room of thirty. At 240 s its five speakers stop and nothing is sent any more, or all speak and the node stops sending."""
    def build(capture, random):
        for n in range(CALLS):
            s, done = joined(capture, random, n, n * 0.7)
            speaks = 320 if node_mutes else MUTED if n < 5 else done + 1
            s.media(done + 0.02, speaks, "in", 0.2)
            s.media(done + 0.05, MUTED, "out", 0.2)
            s.reports(done + 0.5, 320, "in")
            s.reports(done + 0.4, MUTED, "out")
            s.consent(n * 0.7 + 2.5, 320)
    return build


scenes.add("a room's speakers stop, and nothing is sent", meeting(False), calm=True)
scenes.add("a room is muted", meeting(True), harmed_by=260, harmed_after=MUTED, reasons=("calls_muted",))
