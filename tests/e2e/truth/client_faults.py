# SPDX-License-Identifier: Apache-2.0
"""What strangers do beside the clients: each a block that ends at its end."""

import contextlib

from stand.build import BUILD
from stand.network import NODE
from stand.shell import StandError

A_SECOND = 1000  # forged packets


def forged_checks(*ports, sources):
    """Checks that no client made, from so many addresses, to these ports of the node."""
    @contextlib.contextmanager
    def fault(stage):
        program = next(BUILD.glob("tests/survive/survive_flood"), None)
        if program is None:
            raise StandError(f"survive_flood is not built in {BUILD}")
        floods = [stage.network.spawn_peer([str(program), "checks", NODE, str(port), "60", str(sources),
                                            str(A_SECOND // len(ports))]) for port in ports]
        try:
            yield
        finally:
            for flood in floods:
                flood.kill()
                flood.wait()
                flood.stdout.close()
    return fault


@contextlib.contextmanager
def clients_go_home(stage):
    """Nobody calls any more: the calls that run end, and no other begins."""
    stage.usual_load.send_home()
    yield
