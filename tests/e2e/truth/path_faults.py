# SPDX-License-Identifier: Apache-2.0
"""Faults of the node's network stack and of the path beyond it: each a block that heals at its end."""

import contextlib
import ipaddress
import os
import pathlib
import subprocess
import sys
import time

from stand import faults
from stand.network import NODE, PEERS, ROUTER
from stand.shell import StandError, run

from .stages import SIGNALLING

DTLS = faults.DTLS
SOURCE = pathlib.Path(__file__).with_name("refuse.bpf.c")
PIN = "/sys/fs/bpf/truth-refuse"
CONNTRACK = "/proc/sys/net/netfilter/nf_conntrack_"
# The machine's own network namespace: opened before this process has left it.
MACHINE = f"/proc/{os.getpid()}/fd/{os.open('/proc/self/ns/net', os.O_RDONLY)}"
LARGE = 280  # bytes; these servers' certificates are small, so the hole is narrower than a real one; checks pass it
DEAD_ROUTER = "10.99.0.253"

# In the clients' namespace: its device computes checksums itself no longer, so that a changed one is a wrong one.
CHECKSUMS_BY_SOFTWARE = """
import array, fcntl, socket, struct
value = array.array("B", struct.pack("II", 0x17, 0))  # ETHTOOL_STXCSUM
request = struct.pack("16sP", b"media0", value.buffer_info()[0])
fcntl.ioctl(socket.socket(), 0x8946, request)  # SIOCETHTOOL
"""


@contextlib.contextmanager
def _rules(execute, chains, family="inet"):
    execute("nft", "-f", "-", stdin=f"table {family} truth {{\n{chains}\n}}\n")
    try:
        yield
    finally:
        execute("nft", "delete", "table", family, "truth")


def _drop(execute, hook, *what):
    rules = "\n".join(f"{one} counter drop;" for one in what)
    return _rules(execute, f"chain fault {{ type filter hook {hook} priority 0;\n{rules}\n}}")


def firewall_drops_in(stage):
    return _drop(run, "input", f"udp dport {stage.media_ports}")


def firewall_drops_out(stage):
    return _drop(run, "output", f"udp sport {stage.media_ports}")


def firewall_drops_dtls_in(stage):
    return _drop(run, "input", f"udp dport {stage.media_ports} {DTLS}")


def firewall_drops_dtls_out(stage):
    return _drop(run, "output", f"udp sport {stage.media_ports} {DTLS}")


def firewall_drops_ipv6_in(stage):
    return _drop(run, "input", f"meta nfproto ipv6 udp dport {stage.media_ports}")


def security_group(stage):
    """Beyond the node: nothing of the media comes or goes."""
    return _drop(stage.network.router.run, "forward", f"udp dport {stage.media_ports}", f"udp sport {stage.media_ports}")


def dtls_lost_beyond(stage):
    return _drop(stage.network.router.run, "forward", f"udp sport {stage.media_ports} {DTLS}")


def dtls_of_most_lost_beyond(stage):
    """Of six in ten connections: of the same ones all the time, as where some of the ways to the node are broken."""
    return _drop(stage.network.router.run, "forward",
                 f"udp sport {stage.media_ports} {DTLS} jhash ip daddr . udp dport mod 10 < 6")


def media_of_most_dropped(stage):
    """DTLS and SRTP of six in ten connections never come to the server; their checks do."""
    return _drop(run, "input", f"udp dport {stage.media_ports} @th,64,8 20-191 jhash ip saddr . udp sport mod 10 < 6")


def mtu_black_hole(stage):
    """Large packets of the node end beyond it, and no ICMP tells it."""
    return _drop(stage.network.router.run, "forward", f"udp sport {stage.media_ports} meta length > {LARGE}")


def loss_of_30_percent(stage):
    return _drop(stage.network.router.run, "forward", f"udp sport {stage.media_ports} numgen random mod 100 < 30",
                 f"udp dport {stage.media_ports} numgen random mod 100 < 30")


def _network_of(address):
    """The addresses of a client network: one, where clients are of the peers' own network."""
    return f"{address}/32" if address == PEERS else str(ipaddress.ip_network(f"{address}/24", strict=False))


def one_network_out(stage):
    """The provider of one client network: what its clients send and get is lost."""
    address = _network_of(stage.addresses[0])
    return _drop(stage.network.router.run, "forward", f"ip saddr {address} meta l4proto udp",
                 f"ip daddr {address} meta l4proto udp")


def one_network_blocks_udp(stage):
    """The firewall of one client network lets no UDP out."""
    return _of_one_network(stage, "")


def one_network_loses_dtls(stage):
    """The firewall of one client network lets no DTLS out: checks pass."""
    return _of_one_network(stage, DTLS)


def _of_one_network(stage, what):
    """Drops what comes from there: from the peers' namespace itself, or from a home behind it."""
    rule = f"ip saddr {_network_of(stage.addresses[0])} meta l4proto udp {what} counter drop;"
    return _rules(stage.network.peers.run, "\n".join(f"chain {hook} {{ type filter hook {hook} priority 0; {rule} }}"
                                                     for hook in ("output", "forward")))


def stale_dnat(stage):
    """An address translation from before, to a port where nobody is."""
    return _rules(run, f"""chain fault {{ type nat hook prerouting priority -100;
                       ip daddr {NODE} udp dport {stage.media_ports} dnat to {NODE}:29999; }}""", "ip")


@contextlib.contextmanager
def wrong_checksums(stage):
    """Something on the way writes other checksums."""
    run("nsenter", f"--net={stage.network.peers.path}", sys.executable, "-c", CHECKSUMS_BY_SOFTWARE)
    with _rules(stage.network.router.run, f"""chain fault {{ type filter hook forward priority 0;
                ip daddr {NODE} udp dport {stage.media_ports} udp checksum set 0xbad1; }}"""):
        yield


@contextlib.contextmanager
def _routes(stage, *route):
    for address in stage.addresses:
        run("ip", "route", "replace", *[part.format(_network_of(address)) for part in route])
    try:
        yield
    finally:
        for network in sorted({_network_of(address) for address in stage.addresses}):
            run("ip", "route", "del", network)


@contextlib.contextmanager
def reverse_path_filter(stage):
    """The way back to the clients is another device, and the filter is strict; signalling is not concerned."""
    run("ip", "link", "add", "other0", "type", "veth", "peer", "name", "other1")
    for device in ("other0", "other1"):
        run("ip", "link", "set", device, "up")
    run("ip", "address", "add", "10.98.0.1/24", "dev", "other0")
    try:
        with _routes(stage, "{}", "dev", "other0"):
            run("sysctl", "-qw", "net.ipv4.conf.media0.rp_filter=1")
            yield
            run("sysctl", "-qw", "net.ipv4.conf.media0.rp_filter=0")
    finally:
        run("ip", "link", "del", "other0")


@contextlib.contextmanager
def no_route(_stage):
    """Only the signalling's peer keeps a route."""
    run("ip", "route", "add", f"{SIGNALLING}/32", "via", ROUTER)
    run("ip", "route", "del", "default")
    try:
        yield
    finally:
        run("ip", "route", "add", "default", "via", ROUTER)


def dead_neighbour(stage):
    """The next hop to the clients answers no ARP."""
    return _routes(stage, "{}", "via", DEAD_ROUTER)


@contextlib.contextmanager
def full_send_queue(_stage):
    """UDP of the device gets 8 kbit/s and a queue of two packets; rtpengine's control port does not."""
    for command in ("qdisc add dev media0 root handle 1: htb default 10",
                    "class add dev media0 parent 1: classid 1:10 htb rate 10gbit",
                    "class add dev media0 parent 1: classid 1:20 htb rate 8kbit ceil 8kbit",
                    "qdisc add dev media0 parent 1:20 pfifo limit 2",
                    "filter add dev media0 parent 1: prio 1 protocol ip u32 match ip sport 2223 0xffff flowid 1:10",
                    "filter add dev media0 parent 1: prio 2 protocol ip u32 match ip protocol 17 0xff flowid 1:20"):
        run("tc", *command.split())
    try:
        yield
    finally:
        run("tc", "qdisc", "del", "dev", "media0", "root")


def _refusing(stage):
    """The object with the programs that refuse UDP, built for this stage."""
    built = stage.folder / "refuse.bpf.o"
    multiarch = subprocess.run(["gcc", "-print-multiarch"], capture_output=True, text=True, check=False).stdout.strip()
    run("clang", "-O2", "-g", "-target", "bpf", "-idirafter", f"/usr/include/{multiarch}", "-c", str(SOURCE),
        "-o", str(built))
    return str(built)


@contextlib.contextmanager
def cgroup_program_drops_out(stage):
    built = _refusing(stage)
    pathlib.Path(PIN).mkdir()
    run("bpftool", "prog", "loadall", built, PIN)
    where = [str(stage.cgroup.path), "egress", "pinned", f"{PIN}/refuse_cgroup"]
    run("bpftool", "cgroup", "attach", *where, "multi")
    try:
        yield
    finally:
        run("bpftool", "cgroup", "detach", *where)
        for pin in pathlib.Path(PIN).iterdir():
            pin.unlink()
        pathlib.Path(PIN).rmdir()


@contextlib.contextmanager
def tc_program_drops_out(stage):
    built = _refusing(stage)
    run("tc", "qdisc", "add", "dev", "media0", "clsact")
    try:
        run("tc", "filter", "add", "dev", "media0", "egress", "bpf", "da", "obj", built, "sec", "tc")
        yield
    finally:
        run("tc", "qdisc", "del", "dev", "media0", "clsact")


@contextlib.contextmanager
def xdp_program_drops_in(stage):
    built = _refusing(stage)
    run("ip", "link", "set", "dev", "media0", "xdpgeneric", "obj", built, "sec", "xdp")
    try:
        yield
    finally:
        run("ip", "link", "set", "dev", "media0", "xdpgeneric", "off")


def _of_the_machine(name):
    return run("nsenter", f"--net={MACHINE}", "cat", CONNTRACK + name).strip()


def _limit_conntrack(value):
    run("nsenter", f"--net={MACHINE}", "sh", "-c", f"echo {value} > {CONNTRACK}max")


@contextlib.contextmanager
def conntrack_full(_stage):
    """The limit is the machine's: the fault is not made where anything else on it is tracked. TCP is not tracked."""
    if _of_the_machine("count") != "0":
        raise StandError("connections of the machine itself are tracked: its limit is left alone")
    before = _of_the_machine("max")
    with _rules(run, """chain in { type filter hook prerouting priority -300; meta l4proto tcp notrack; }
                        chain out { type filter hook output priority -300; meta l4proto tcp notrack; }
                        chain fault { type filter hook input priority 0; ct state invalid counter drop; }"""):
        time.sleep(1.5)  # the calls that run are tracked, both ways
        try:
            _limit_conntrack(3)
            yield
        finally:
            _limit_conntrack(before)
