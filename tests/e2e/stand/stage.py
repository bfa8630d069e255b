# SPDX-License-Identifier: Apache-2.0
"""A stage: network, BPF file system, cgroup, media server and Candor, set up in order and cleared in the reverse order."""

import contextlib
import pathlib
import tempfile

from . import bpf_fs
from . import network as net
from .cgroups import Cgroup
from .coturn import Coturn
from .janus import Janus
from .json_lines import JsonLines
from .load import Load
from .network import Network


class Stage(contextlib.ExitStack):
    """`with Stage() as stage:` sets everything up; leaving the block clears everything, whatever happened.

    Without `peer_addresses` all clients share one test network, which Candor is configured to trust; with them
    each address is a client network of its own and none is trusted. `server` is the class of the media
    server, `source` is where Candor looks, with `rights` as its only capabilities. A server that is not
    `watched` is outside the cgroup that Candor looks at.
    """

    def __init__(self, peer_addresses=(), with_candor=True, server=Janus, source="bpf", rights=None,
                 watched=True, ports="20000-30000"):
        super().__init__()
        self._peer_addresses = peer_addresses
        self._with_candor = with_candor
        self._server = server
        self._source = source
        self._rights = rights
        self._watched = watched
        self._ports = ports

    def __enter__(self):
        super().__enter__()
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise
        return self

    def _set_up(self):
        self.folder = self._own_folder()
        bpf_fs.mount()
        self.network = self._keep(Network(self._peer_addresses))
        self.cgroup = self._keep(Cgroup())
        self.server = self._keep(self._server(self.folder, self.cgroup if self._watched else None))
        if self._with_candor:
            self.candor = self.start_candor(self._source, rights=self._rights)

    def _own_folder(self):
        return pathlib.Path(self.enter_context(tempfile.TemporaryDirectory(prefix="candor-e2e-")))

    def start_candor(self, source, kind=None, more=None, **options):
        """Starts a candord that looks there, with `more` settings; see Candor for the options."""
        from .candor import Candor  # gRPC makes threads; the network must be there before any
        settings = {"source": source, "cgroup": str(self.cgroup.path), "ports": self._ports,
                    "trusted_sources": [] if self._peer_addresses else net.PEER_NETWORKS,
                    "self_report": {"http": self.server.HEALTH}}
        return self._keep((kind or Candor)(self.folder, settings | (more or {}), **options))

    def __exit__(self, kind, error, trace):
        if error is not None:
            self._tell_what_candor_logged()
        return super().__exit__(kind, error, trace)

    def _tell_what_candor_logged(self):
        for log in self.folder.glob("candord-*.log"):
            print(f"--- the end of {log.name}\n{log.read_text(encoding='utf-8')[-3000:]}---", flush=True)

    def load(self, **options):
        """Starts clients; see Load."""
        return self._load(self.server, options)

    def _load(self, server, options):
        return self._keep(Load(self.network, server, **options))

    def relay(self, on_the_node=False):
        """Starts a TURN server between the clients and the media server; see Coturn."""
        return self._keep(Coturn(self.folder, self.network, self.cgroup if on_the_node else None))

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
