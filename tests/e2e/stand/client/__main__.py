# SPDX-License-Identifier: Apache-2.0
"""Makes attempts at a steady pace and prints what each saw, a line of JSON per event."""

import argparse
import asyncio
import collections
import itertools
import json
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
    parser.add_argument("--scan", type=int, default=0, help="packets of a scanner beside the attempts")
    return parser.parse_args()


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
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
        begun = loop.time()
        for number in range(round(options.rate * options.seconds)):
            await asyncio.sleep(begun + number / options.rate - loop.time())
            attempt = Attempt(number, next(addresses), next(manners), report, options.relay)
            session = SESSIONS[options.signalling](http, options.api)
            tasks.append(loop.create_task(attempt.run(session, options.timeout, options.hold)))
        await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(_load(_arguments()))
    sys.exit(0)
