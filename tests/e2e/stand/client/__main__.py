# SPDX-License-Identifier: Apache-2.0
"""Makes attempts at a steady pace and prints what each saw, a line of JSON per event."""

import argparse
import asyncio
import collections
import itertools
import json
import random
import signal
import sys
import urllib.parse

import aiohttp

from .attempt import Attempt, Manner
from .janus_api import EchoSession
from .scanner import scan
from .whip import WhipSession

SESSIONS = {"janus": EchoSession, "whip": WhipSession}


def _arguments():
    parser = argparse.ArgumentParser(prog="stand.client", description=__doc__)
    parser.add_argument("--api", required=True, help="the node's HTTP API, with its base path")
    parser.add_argument("--signalling", choices=SESSIONS, default="janus", help="what the API speaks")
    parser.add_argument("--from", dest="addresses", required=True, help="own addresses, in turn")
    parser.add_argument("--rate", type=float, default=3.0, help="attempts a second")
    parser.add_argument("--seconds", type=float, default=10.0, help="for how long attempts are begun")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds until a client gives up")
    parser.add_argument("--hold", type=float, default=3.0, help="seconds for which an active call is held")
    parser.add_argument("--manners", default="good", help="of the clients, in turn")
    parser.add_argument("--relay", help="URI of a TURN server, which is then the only way to the node")
    parser.add_argument("--random", type=int, default=0, help="1: they come at random (a Poisson process)")
    parser.add_argument("--signal-from", help="own address of the signalling, as of a proxy before the node's API")
    parser.add_argument("--scan", type=int, default=0, help="packets of a scanner beside the attempts")
    return parser.parse_args()


async def _try(attempt, options):
    """Each client has a connection of its own for its signalling."""
    own = (options.signal_from, 0) if options.signal_from else None
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=own),
                                     timeout=aiohttp.ClientTimeout(total=5)) as http:
        await attempt.run(SESSIONS[options.signalling](http, options.api), options.timeout, options.hold)


async def _load(options):
    lately = collections.deque(maxlen=6)

    def report(event):
        if event["e"] == "offer":
            lately.append((event["port"], event["key"]))
        print(json.dumps(event), flush=True)

    loop = asyncio.get_running_loop()
    addresses = itertools.cycle(options.addresses.split(","))
    manners = itertools.cycle(Manner(name) for name in options.manners.split(","))
    tasks = []
    if options.scan:
        node = urllib.parse.urlparse(options.api).hostname
        pace = options.scan / options.seconds
        tasks.append(loop.create_task(scan(node, lately, next(addresses), options.scan, pace)))
    home = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, home.set)
    due = loop.time()
    for number in range(round(options.rate * options.seconds)):
        await asyncio.sleep(due - loop.time())
        due += random.expovariate(options.rate) if options.random else 1 / options.rate
        if home.is_set():
            break
        attempt = Attempt(number, next(addresses), next(manners), report, options.relay)
        tasks.append(loop.create_task(_try(attempt, options)))
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(_load(_arguments()))
    sys.exit(0)
