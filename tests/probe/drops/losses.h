// SPDX-License-Identifier: Apache-2.0
//
// Ways to lose real datagrams, for a process in its own network namespace. Each returns the number lost;
// negative: the loss could not be caused.
#pragma once

#include <cstdint>

namespace candor::losses {

// The followed ports of the tests; each loss has one, as source where it is on the way out.
constexpr uint16_t kFirstPort = 7000, kLastPort = 7099;
constexpr uint16_t kOutside = 7100;

// `family`: AF_INET or AF_INET6.
int64_t OverflowReceiveBuffer(int family);
int64_t FirewallOnTheWayOut(int family);
int64_t FirewallOnTheWayIn(int family);
int64_t FirewallOnSegments(int family);  // one send of several datagrams (UDP_SEGMENT)
int64_t ClosedPort(int family);
int64_t ClosedPortOutside(int family);
int64_t WrongChecksum(int family);
int64_t SocketFilter(int family);
int64_t FullQueue(int family);
int64_t SilentNeighbour(int family);  // takes some four seconds
int64_t UnknownAddress(int family);   // no address of the node, and no route; IPv4: as on Linux 6.1
int64_t ChecksRefused(int family);    // STUN checks with the user name "node:peer" to a firewalled port
// A flood of datagrams to a closed port, and then kSends to a firewalled one.
int64_t RefusedAfterFlood(int family);
int64_t CheckAfterMedia(int family);  // a flood of RTP to a firewalled port, then kSends checks; all
int64_t RefusedByCgroup(int family);  // where a program of the cgroup refuses
int64_t SpoofedSource(int);           // from another machine; IPv4
int64_t ForwardedAndRefused(int);     // on its way from one other machine to another; IPv4

// For measuring, many at once: of FirewallOnTheWayOut, of ClosedPortOutside, and of datagrams that wait in a
// socket that is closed, which the kernel drops for a reason that is not counted.
int64_t Flood(int family);
int64_t FloodOutside(int family);
int64_t PurgedQueues(int family);

}  // namespace candor::losses
