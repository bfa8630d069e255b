// SPDX-License-Identifier: Apache-2.0
#include "verdict/cause_codes.h"

namespace candor {
namespace {

struct Row {
  std::string_view name, remediation;
};

constexpr std::array<Row, kCauseCodes> kRows = {{
    {"", ""},
    {"dropped_netfilter_in",
     "Look at the firewall of this node for what comes in, before the media server: nft list ruleset, "
     "iptables-save; and at conntrack's table (dmesg)."},
    {"dropped_netfilter_out",
     "Look at the firewall of this node for what goes out, before the media server: nft list ruleset, "
     "iptables-save; and at conntrack's table (dmesg). A restart of the media server does not help."},
    {"dropped_no_socket",
     "Compare the ports that the media server advertises with those that it has bound (ss -uanp), and look "
     "for stale NAT rules and conntrack entries after a restart (conntrack -L -p udp, conntrack -D)."},
    {"dropped_source",
     "Routing is asymmetric, or an address is wrong: see net.ipv4.conf.*.rp_filter and ip route get."},
    {"dropped_checksum",
     "Look for broken checksum offload on the sending side, in this node's device or in an overlay: test "
     "with "
     "ethtool -K DEVICE rx off tx off."},
    {"dropped_policy", "See ip xfrm policy, and the security module's log."},
    {"dropped_tc", "See tc filter show dev DEVICE ingress and egress, and bpftool net."},
    {"dropped_qdisc", "The link is slower than the media, or its queue too short: see tc -s qdisc."},
    {"dropped_neighbour",
     "See ip neigh: the gateway, or a peer in the local network, answers neither ARP nor neighbour "
     "discovery. "
     "Look at the switch and at the gateway."},
    {"dropped_cgroup",
     "See which BPF programs are attached to the media server's cgroup: bpftool cgroup tree."},
    {"dropped_device", "See ip -s link: the device is down, or its ring is full."},
    {"dropped_route",
     "Compare the addresses that the media server advertises with ip address, and see ip route get CLIENT."},
    {"dropped_backlog",
     "One CPU takes in more packets than it can: raise net.core.netdev_max_backlog, and spread receiving "
     "over "
     "more CPUs (RSS, RPS)."},
    {"dropped_xdp", "See ip link show dev DEVICE, and bpftool net."},
    {"dropped_memory", "See free memory and vm.min_free_kbytes: the kernel cannot allocate packets."},
    {"dropped_not_delivered_in",
     "Between this node's device and its socket packets are lost: look at its firewall, its routing and its "
     "NAT rules."},
    {"dropped_not_delivered_out",
     "Between this node's socket and its device packets are lost: look at its firewall and its queues."},
    {"receive_buffer",
     "Look for CPU starvation, throttling and blocked event loops first; then raise net.core.rmem_max and "
     "the "
     "media server's receive buffers."},
    {"udp_memory", "Raise net.ipv4.udp_mem, and look for a socket that no process reads: ss -uanmp."},
    {"conntrack_full",
     "Raise net.netfilter.nf_conntrack_max, or exempt the media ports from connection tracking (notrack)."},
    {"frozen",
     "Find out who stopped it: a debugger, kill -STOP, a frozen cgroup (docker pause). Let it go on (kill "
     "-CONT, docker unpause), or restart it."},
    {"blocked_disk",
     "The media server waits for a disk or a network file system: see dmesg, iostat -x and /proc/PID/stack. "
     "Move its recordings and logs off that device."},
    {"throttled", "Raise the CPU limit of the media server's cgroup (CPUQuota=, limits.cpu), or remove it."},
    {"starved_cpu",
     "Something else takes the CPU from the media server: see top and steal time; give it a larger weight, "
     "or "
     "fewer sessions."},
    {"out_of_memory",
     "Look for the out-of-memory messages in dmesg: give the media server more memory, or find its leak."},
    {"restart_loop",
     "Keep new sessions off this node. The media server's own log, and journalctl -u or docker logs, say why "
     "it ends."},
    {"process_gone", "Start the media server again; its own log says why it ended."},
    {"not_reading",
     "The media server runs, but no longer reads its socket: a blocked event loop or a deadlock. Save a "
     "stack "
     "trace of all its threads, then restart it."},
    {"send_queue_full",
     "What the media server sends waits in its socket: look at the device's queue (tc -s qdisc) and at the "
     "link's speed."},
    {"descriptors_exhausted",
     "Raise the media server's limit of open files (LimitNOFILE=), and look for a leak."},
    {"ports_exhausted", "Widen the media server's port range, or send it fewer sessions."},
    {"socket_gone",
     "The media server has closed a port that its clients still use: see its log for bind errors, and what "
     "else has the port: ss -uanp. Restart it."},
    {"address_changed",
     "The node's address has changed: the media server advertises an old one. Correct its configuration and "
     "restart it."},
    {"no_route", "See ip route get CLIENT: a route was lost, or refuses."},
    {"mtu",
     "Look for a path with a smaller MTU whose ICMP messages are filtered: ping -M do -s 1400 CLIENT. Lower "
     "the device's or the DTLS handshake's MTU, or let ICMP through."},
    {"one_family",
     "Only one of IPv4 and IPv6 fails: look at its addresses, routes and firewall, or stop advertising it."},
    {"one_socket",
     "Only one socket of the media server fails: look at the worker or event loop that serves it, and "
     "restart "
     "it."},
    {"one_interface",
     "Only one of the node's addresses fails: look at its device, its routes and its firewall rules, or stop "
     "advertising it."},
    {"one_client_network", "Only one client network fails: look at the way to it, and ask its operator."},
    {"dtls_not_answered",
     "Paths are agreed on, and the media server does not answer the handshake: see its log for its "
     "certificate, its entropy and its DTLS workers; restart it."},
    {"certificate_refused",
     "Clients refuse the handshake: compare the certificate's fingerprint with the one in the signalling, "
     "and "
     "the node's clock with its validity."},
    {"turn_unauthorized",
     "Compare the TURN server's shared secret, realm and clock with those of the signalling."},
    {"turn_capacity",
     "The TURN server has no capacity left: widen its relay port range or its quotas, or send it fewer "
     "sessions."},
    {"no_arrivals_unknown",
     "Nothing on this node explains it: look at what lies before it (security group, load balancer, NAT) and "
     "at the address that the media server advertises, and try one call."},
    {"lost_beyond_node",
     "Nothing on this node explains it: look at what lies behind it on the way out (security groups and "
     "network "
     "ACLs for outgoing UDP, the provider, a NAT or firewall), and capture beyond this node."},
}};
static_assert(!kRows.back().name.empty());

const Row& RowOf(CauseCode c) { return kRows.at(static_cast<size_t>(c)); }

}  // namespace

std::string_view Name(CauseCode c) { return RowOf(c).name; }
std::string_view RemediationOf(CauseCode c) { return RowOf(c).remediation; }

CauseCode CauseCodeOf(std::string_view name) {
  for (size_t i = 1; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<CauseCode>(i);
  }
  return CauseCode::kNone;
}

CauseCode CauseCodeOf(candor_drop_reason reason, candor_dir direction) {
  using enum CauseCode;
  if (reason == kNotDelivered) return direction == CANDOR_IN ? kNotDeliveredIn : kNotDeliveredOut;
  if (!IsDropCounted(reason, direction)) return kNone;
  switch (reason) {
    case CANDOR_DROP_RECEIVE_BUFFER:
      return kReceiveBuffer;
    case CANDOR_DROP_UDP_MEMORY:
      return kUdpMemory;
    case CANDOR_DROP_NETFILTER:
      return direction == CANDOR_IN ? kDroppedNetfilterIn : kDroppedNetfilterOut;
    case CANDOR_DROP_CHECKSUM:
      return kDroppedChecksum;
    case CANDOR_DROP_NO_SOCKET:
      return kDroppedNoSocket;
    case CANDOR_DROP_SOCKET_FILTER:
    case CANDOR_DROP_CGROUP_EGRESS:
      return kDroppedCgroup;
    case CANDOR_DROP_SOURCE:
      return kDroppedSource;
    case CANDOR_DROP_POLICY:
      return kDroppedPolicy;
    case CANDOR_DROP_TC_INGRESS:
    case CANDOR_DROP_TC_EGRESS:
      return kDroppedTc;
    case CANDOR_DROP_QDISC:
      return kDroppedQdisc;
    case CANDOR_DROP_NEIGHBOUR:
      return kDroppedNeighbour;
    case CANDOR_DROP_DEVICE:
      return kDroppedDevice;
    case CANDOR_DROP_ROUTE:
      return kDroppedRoute;
    case CANDOR_DROP_BACKLOG:
      return kDroppedBacklog;
    case CANDOR_DROP_XDP:
      return kDroppedXdp;
    case CANDOR_DROP_MEMORY:
      return kDroppedMemory;
    case CANDOR_DROP_NONE:
    case CANDOR_DROP_MAX:
      break;
  }
  return kNone;
}

}  // namespace candor
