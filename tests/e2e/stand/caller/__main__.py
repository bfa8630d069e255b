# SPDX-License-Identifier: Apache-2.0
"""Makes calls of two legs at a steady pace and prints what each leg saw, a line of JSON per event."""

import argparse
import asyncio
import itertools
import json
import random

from .call import Call, Manner
from .ng import Ng


def _arguments():
    parser = argparse.ArgumentParser(prog="stand.caller", description=__doc__)
    parser.add_argument("--api", required=True, help="rtpengine's ng port, HOST:PORT")
    parser.add_argument("--from", dest="addresses", required=True, help="own addresses, a call each in turn")
    parser.add_argument("--random", type=int, default=0, help="1: they come at random (a Poisson process)")
    parser.add_argument("--signal-from", help="own address of the signalling")
    parser.add_argument("--rate", type=float, default=2.0, help="calls a second")
    parser.add_argument("--seconds", type=float, default=10.0, help="for how long calls are begun")
    parser.add_argument("--ring", type=float, default=0.0, help="seconds from the signalling to the media")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds until a caller gives up")
    parser.add_argument("--hold", type=float, default=3.0, help="seconds for which an active call is held")
    parser.add_argument("--manners", default="both", help="of the calls, in turn")
    parser.add_argument("--secure", type=int, default=0, help="1: SDES-SRTP instead of RTP")
    return parser.parse_args()


async def _load(options):
    first_port = random.randrange(30000, 60000, 2)  # a later load must not seem to go on with old calls
    ng = await Ng.connect(*options.api.split(":"), options.signal_from)
    addresses = itertools.cycle(options.addresses.split(","))
    manners = itertools.cycle(Manner(name) for name in options.manners.split(","))
    loop = asyncio.get_running_loop()
    due = loop.time()
    calls = []
    for number in range(round(options.rate * options.seconds)):
        await asyncio.sleep(due - loop.time())
        due += random.expovariate(options.rate) if options.random else 1 / options.rate
        call = Call(number, ng, next(addresses), first_port + 4 * number, next(manners),
                    bool(options.secure), lambda event: print(json.dumps(event), flush=True))
        calls.append(loop.create_task(call.run(options.ring, options.timeout, options.hold)))
    await asyncio.gather(*calls)


if __name__ == "__main__":
    asyncio.run(_load(_arguments()))
