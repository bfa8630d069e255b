# SPDX-License-Identifier: Apache-2.0
"""A stage: network, cgroup, media server and Candor, set up in order and cleared in the reverse order."""

import contextlib
import pathlib
import tempfile

from . import network as net
from .cgroups import Cgroup
from .janus import Janus
from .json_lines import JsonLines
from .load import Load
from .network import Network


class Stage(contextlib.ExitStack):
    """`with Stage() as stage:` sets everything up; leaving the block clears everything, whatever happened.

    Without `peer_addresses` all clients share one test network, which Candor is told to trust; with them
    each address is a client network of its own and none is trusted.
    """

    def __init__(self, peer_addresses=(), with_candor=True):
        super().__init__()
        self._peer_addresses = peer_addresses
        self._with_candor = with_candor

    def __enter__(self):
        super().__enter__()
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise
        return self

    def _set_up(self):
        self.folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory(prefix="candor-e2e-")))
        self.network = self._keep(Network(self._peer_addresses))
        self.cgroup = self._keep(Cgroup())
        self.janus = self._keep(Janus(self.folder, self.cgroup))
        if self._with_candor:
            from .candor import Candor  # gRPC makes threads; the network must be there before any
            trusted = () if self._peer_addresses else (net.PEER_NETWORK,)
            self.candor = self._keep(Candor(self.folder, self.cgroup, trusted))

    def __exit__(self, kind, error, trace):
        if error is not None:
            self._tell_what_candor_logged()
        return super().__exit__(kind, error, trace)

    def _tell_what_candor_logged(self):
        log = self.folder / "candord.log"
        if log.exists():
            print(f"--- the end of candord's log\n{log.read_text(encoding='utf-8')[-3000:]}---", flush=True)

    def load(self, **options):
        """Starts clients; see Load."""
        return self._keep(Load(self.network, **options))

    def watch(self, service="media"):
        """Starts to watch a health service of Candor; see Watch."""
        from .candor import TARGET
        from .watch import Watch
        return self._keep(Watch(TARGET, service))

    def ctl_watch(self):
        """Starts `candorctl watch -o json`; see JsonLines."""
        return self._keep(JsonLines(self.candor.ctl("watch", "-o", "json")))

    def _keep(self, part):
        self.callback(part.close)
        return part
