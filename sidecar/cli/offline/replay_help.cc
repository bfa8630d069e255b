// SPDX-License-Identifier: Apache-2.0
//
// The help of `candorctl replay`. Tested by tests/cli/offline/replay_test.cc.
#include "cli/offline/replay.h"

namespace candor::cli {

const char* const kReplaySummary = "When would Candor have reported a fault of the node in this capture?";

const char* const kReplayHelp =
    R"(Reads a capture of an incident, or of a quiet day, and prints the verdicts that Candor would have published. It
sends nothing; the same capture always gives the same result.

Capture on the node or on a mirror port of it. 128 bytes of each packet are enough, and keep the media out of
the file:
    tcpdump -i eth0 -s 128 -w incident.pcap udp
Capture on one interface, not on 'any': a packet captured twice looks like a retransmission. On busy nodes give
the media ports: tcpdump ... 'udp portrange 20000-30000'.

--node takes the addresses of the node in the capture, and networks of such addresses; it may be repeated.
Inside a container or behind NAT that is the inner address, as tcpdump shows it; for an address that is not in
the capture the error lists those with the most packets. A packet between two addresses of the node is sent by
one and received by the other. Examples:
    candorctl replay incident.pcap --node 10.0.0.5
    candorctl replay incident.pcap --node 10.0.0.5,192.0.2.0/28 --node 2001:db8::5 --ports 20000-30000
    zcat incident.pcap.gz | candorctl replay - --node 10.0.0.5 -o json

Encapsulations of mirrors and tunnels are decoded, up to six of a packet: VXLAN (UDP 4789, 4790, 8472), Geneve
(6081), GRE, NVGRE, PPTP, ERSPAN I to III, TZSP (37008), IP-in-IP, EtherIP, MPLS with IP or Ethernet inside,
PPPoE, and VLAN tags anywhere. The innermost IP packet counts, so that --node is the address inside; a copy of it
in another encapsulation counts once. Encrypted and other encapsulations (ESP, WireGuard, L2TP, GTP-U, MACsec,
...) are listed.

The result:
  verdict     the changes of state, on the clock of the capture: UNKNOWN until there were enough attempts, HEALTHY,
              DEGRADED, FAILING (with the reason), PROBATION (traffic returns step by step)
  funnel      the attempts that reached each phase: offered, answered, nominated, secured, active
  waiting on  the side that did not send the next packet of a stalled attempt: the node, its peer, or the path
              between them

With --socket-capture, FILE is the wire's, and the second capture is of the same time at the node's sockets, behind
its firewall. A packet in that only the wire has was dropped before a socket; one out that only the sockets have was
dropped behind them. Attempts whose packets were dropped so wait on the node ("not_delivered": captures do not show
the reason; candord reads it from the kernel).

One client network counts for at most a quarter of an alarm. Where all clients come from one network (a test, a
SIP trunk, a TURN relay), name it with --trusted; otherwise an alarm is held back for lack of other networks.

There is no verdict for a capture without evidence of the node: without a packet of --node, with packets of one
direction only, or with nine in ten packets truncated before the end of what is read of them. Invalid timestamps,
and a clock that was set during the capture, are corrected and counted.

JSON: -o json prints one object a line: {"type":"verdict",...} at each change of state, with --attempts an
{"type":"attempt",...} for each attempt, and {"type":"summary",...} last. Times are seconds since 1970.

Exit codes: 0 the capture was read to its end, with any verdict; 1 bad arguments, or a capture without evidence of
--node ("unusable" in the summary); 2 the file cannot be read, is not a capture, or is damaged (the packets before
the damage are judged and printed); 3 the counts of the attempts do not add up, a bug of Candor.)";

}  // namespace candor::cli
