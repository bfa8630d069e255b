// SPDX-License-Identifier: Apache-2.0
#include "flow/drop_reasons.h"

namespace candor {
namespace {

struct Row {
  std::string_view name, help, cure;
  bool in, out;
};

constexpr std::string_view kSeeCgroup = "see which BPF programs are attached: bpftool cgroup tree";

constexpr std::array<Row, CANDOR_DROP_MAX> kRows = {{
    {"none", "it is not known", "", false, false},
    {"receive_buffer", "the socket's receive buffer was full",
     "the media server reads too slowly, or its buffers are too small: look for CPU starvation, throttling "
     "and "
     "blocked event loops first, then raise net.core.rmem_max and the server's receive buffers",
     true, false},
    {"udp_memory", "all memory for UDP was used up",
     "raise net.ipv4.udp_mem, and look for a socket that nobody reads: ss -uanmp", true, false},
    {"netfilter", "a firewall rule or conntrack's full table refused it", "", true,
     true},  // by direction, below
    {"checksum", "its UDP checksum was wrong",
     "look for broken checksum offload on the sending side or in an overlay: ethtool -K DEVICE tx off there "
     "tells",
     true, false},
    {"no_socket", "no socket had its port",
     "compare the ports that the media server advertises with those that it has bound (ss -uanp), and look "
     "for "
     "stale NAT entries after a restart",
     true, false},
    {"socket_filter", "a BPF program of its socket or cgroup refused it", kSeeCgroup, true, false},
    {"source", "its sender's address cannot come this way (reverse-path filter, martian)",
     "routing is asymmetric, or an address is wrong: see net.ipv4.conf.*.rp_filter and ip route get", true,
     false},
    {"policy", "an IPsec policy refused it", "see ip xfrm policy", true, false},
    {"tc_ingress", "a tc filter or BPF program dropped it on the way in",
     "see tc filter show dev DEVICE ingress, and bpftool net", true, false},
    {"qdisc", "the device's queue was full or refused it",
     "the link is slower than the media, or the queue too short: see tc -s qdisc", false, true},
    {"tc_egress", "a tc filter or BPF program dropped it on the way out",
     "see tc filter show dev DEVICE egress, and bpftool net", false, true},
    {"neighbour", "the next hop's link address could not be resolved (IPv4; of IPv6 kernels do not tell it)",
     "see ip neigh: the gateway, or a peer in the local network, answers neither ARP nor neighbour discovery",
     false, true},
    {"cgroup_egress", "a BPF program of its cgroup refused to send it", kSeeCgroup, false, true},
    {"device", "the device was down, or its ring full", "see ip -s link", false, true},
}};

const Row& RowOf(candor_drop_reason r) { return kRows.at(static_cast<size_t>(r)); }

constexpr std::string_view kFirewallIn =
    "see the rules for input and prerouting (nft list ruleset, iptables-save), and whether conntrack's table "
    "is full (dmesg)";
constexpr std::string_view kFirewallOut =
    "see the rules for output and postrouting (nft list ruleset, iptables-save), and whether conntrack's "
    "table "
    "is full (dmesg)";

}  // namespace

std::string_view DropName(candor_drop_reason r) { return RowOf(r).name; }
std::string_view DropHelp(candor_drop_reason r) { return RowOf(r).help; }

std::string_view DropCure(candor_drop_reason r, candor_dir direction) {
  if (r == CANDOR_DROP_NETFILTER) return direction == CANDOR_IN ? kFirewallIn : kFirewallOut;
  return RowOf(r).cure;
}

bool DropCounts(candor_drop_reason r, candor_dir direction) {
  return direction == CANDOR_IN ? RowOf(r).in : RowOf(r).out;
}

std::string_view DirectionName(candor_dir direction) { return direction == CANDOR_IN ? "in" : "out"; }

}  // namespace candor
