// SPDX-License-Identifier: Apache-2.0
#include "flow/drop_reasons.h"

namespace candor {
namespace {

// A reason is counted in the directions that have a remediation.
struct Row {
  std::string_view name, help;
  std::string_view in, out;  // remediations by direction
};

constexpr std::string_view kSeeCgroup = "see which BPF programs are attached: bpftool cgroup tree";

constexpr std::array<Row, CANDOR_DROP_MAX + 1> kRows = {{
    {"none", "it is not known", "", ""},
    {"receive_buffer", "the socket's receive buffer was full",
     "the media server reads too slowly, or its buffers are too small: look for CPU starvation, "
     "throttling and blocked event loops first, then raise net.core.rmem_max and the server's receive "
     "buffers",
     ""},
    {"udp_memory", "all memory for UDP was used up",
     "raise net.ipv4.udp_mem, and look for a socket that no process reads: ss -uanmp", ""},
    {"netfilter", "a firewall rule or conntrack's full table refused it",
     "see the rules for input and prerouting (nft list ruleset, iptables-save), and whether conntrack's "
     "table is full (dmesg)",
     "see the rules for output and postrouting (nft list ruleset, iptables-save), and whether conntrack's "
     "table is full (dmesg)"},
    {"checksum", "its UDP checksum was wrong",
     "look for broken checksum offload on the sending side or in an overlay: test there with ethtool -K "
     "DEVICE tx off",
     ""},
    {"no_socket", "no socket had its port",
     "compare the ports that the media server advertises with those that it has bound (ss -uanp), and "
     "look for stale NAT entries after a restart",
     ""},
    {"socket_filter", "a BPF program of its socket or cgroup refused it", kSeeCgroup, ""},
    {"source", "its sender's address cannot come this way (reverse-path filter, martian)",
     "routing is asymmetric, or an address is wrong: see net.ipv4.conf.*.rp_filter and ip route get", ""},
    {"policy", "an IPsec policy refused it", "see ip xfrm policy", ""},
    {"tc_ingress", "a tc filter or BPF program dropped it on the way in",
     "see tc filter show dev DEVICE ingress, and bpftool net", ""},
    {"qdisc", "the device's queue was full or refused it", "",
     "the link is slower than the media, or the queue too short: see tc -s qdisc"},
    {"tc_egress", "a tc filter or BPF program dropped it on the way out", "",
     "see tc filter show dev DEVICE egress, and bpftool net"},
    {"neighbour",
     "the next hop's link address could not be resolved (IPv4 only: kernels do not report it for IPv6)", "",
     "see ip neigh: the gateway, or a peer in the local network, answers neither ARP nor neighbour "
     "discovery"},
    {"cgroup_egress", "a BPF program of its cgroup refused to send it", "", kSeeCgroup},
    {"device", "the device was down, or its ring full", "", "see ip -s link"},
    {"route", "there is no route or local address for its destination",
     "the address that clients send to is not one of this node, or no longer: compare the media server's "
     "advertised address with ip address, and see ip route get and net.ipv6.conf.*.disable_ipv6",
     "see ip route get ADDRESS and ip rule"},
    {"backlog", "the CPU's queue of received packets was full",
     "one CPU takes in more than it can: spread the device's interrupts (RSS, RPS), or raise "
     "net.core.netdev_max_backlog",
     ""},
    {"xdp", "an XDP program dropped it", "see ip link show dev DEVICE, and bpftool net", ""},
    {"memory", "the kernel had no memory for the packet",
     "see free memory and vm.min_free_kbytes: atomic allocations fail",
     "see free memory and vm.min_free_kbytes: atomic allocations fail"},
    {"not_delivered", "the capture does not show why",
     "look at what stands between the wire and the socket: firewall rules (nft list ruleset), reverse-path "
     "filter, closed ports, receive buffers",
     "look at what stands between the socket and the wire: a full queue (tc -s qdisc), tc filters, the next "
     "hop's address (ip neigh)"},
}};

const Row& RowOf(candor_drop_reason r) { return kRows.at(static_cast<size_t>(r)); }

}  // namespace

std::string_view DropName(candor_drop_reason r) { return RowOf(r).name; }
std::string_view DropHelp(candor_drop_reason r) { return RowOf(r).help; }

std::string_view DropRemediation(candor_drop_reason r, candor_dir direction) {
  return direction == CANDOR_IN ? RowOf(r).in : RowOf(r).out;
}

bool IsDropCounted(candor_drop_reason r, candor_dir direction) {
  return !DropRemediation(r, direction).empty();
}

std::string_view DirectionName(candor_dir direction) { return direction == CANDOR_IN ? "in" : "out"; }

}  // namespace candor
