// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay.h"

namespace candor::cli {

const char* const kReplaySummary = "When would Candor have known, had it watched the node of this capture?";

const char* const kReplayHelp =
    R"(Answers: when would it have known? Feed it a capture of an incident, or of a quiet day to see that it
stays quiet. Nothing is sent anywhere, and the same capture always gets the same answer.

Capture on the node (or on a mirror port of it); 128 bytes of each packet are enough, and keep the media
itself out of the file:
    tcpdump -i eth0 -s 128 -w incident.pcap udp
Capture on one interface, not on 'any': a packet seen twice looks like one that was sent twice. On busy
nodes name the media ports: tcpdump ... 'udp portrange 20000-30000'.

Then say which side the node is: --node takes the addresses that the node has in the capture, and networks
of such addresses; it may be repeated. Inside a container or behind NAT that is the inner address, as
tcpdump shows it; an address that is not there is an error that names the busiest ones. A packet between two
of the node's addresses is sent by one and received by the other. Example:
    candorctl replay incident.pcap --node 10.0.0.5
    candorctl replay incident.pcap --node 10.0.0.5,192.0.2.0/28 --node 2001:db8::5 --ports 20000-30000
    zcat incident.pcap.gz | candorctl replay - --node 10.0.0.5 -o json

A mirror's envelope and a tunnel are read through, up to six deep: VXLAN (UDP 4789, 4790, 8472), Geneve (6081),
GRE, NVGRE, PPTP, ERSPAN I to III, TZSP (37008), IP-in-IP, EtherIP, MPLS with IP and Ethernet in it, PPPoE, and
VLAN tags anywhere. A packet is its innermost IP packet's, so --node is the address inside; a copy of it inside
something else counts once. What is encrypted or not read (ESP, WireGuard, L2TP, GTP-U, MACsec, ...) is named.

What the answer means:
  verdict   the changes of state, on the capture's clock: UNKNOWN until enough attempts were seen, HEALTHY,
            DEGRADED, FAILING (with the reason), PROBATION (let back in a little at a time)
  funnel    how far the attempts came: offered, answered, nominated, secured, active
  waiting_on      who waiting_on the next packet when an attempt stalled: the node, its peer, or the path between

One client network counts for at most a quarter of an alarm. Where all clients come from one network (a
test, a SIP trunk, a TURN relay), say so with --trusted, or an alarm is held back for want of witnesses.

No verdict comes from a capture that cannot tell of the node: without a packet of --node, with packets of one
direction only, or cut before what is read of nine packets in ten. Stamps that no clock makes are read over and
counted, and so is a clock that was set while the capture ran.

JSON: -o json prints one object a line: {"type":"verdict",...} at each change of state, with --attempts an
{"type":"attempt",...} for each attempt, and {"type":"summary",...} last. Times are seconds since 1970.

Exit codes: 0 the capture was read whole, whatever the verdict; 1 bad arguments, or a capture that cannot tell
of --node ("unusable" in the summary); 2 the file cannot be read, is no capture, or is damaged (what came
before the damage is judged and printed all the same); 3 the counts of the attempts do not add up, a fault of
Candor's own.)";

}  // namespace candor::cli
