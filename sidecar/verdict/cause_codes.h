// SPDX-License-Identifier: Apache-2.0
//
// The closed set of causes: stable names for machines and, for operators, what to do. To add one: here and in
// the table of cause_codes.cc; README.md in this folder lists them.
// Tested in tests/verdict/cause_codes_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "flow/drop_reasons.h"

namespace candor {

enum class CauseCode : uint8_t {
  kNone,
  // The kernel dropped the packets (flow/drop_reasons.h).
  kDroppedNetfilterIn,
  kDroppedNetfilterOut,
  kDroppedNoSocket,
  kDroppedSource,
  kDroppedChecksum,
  kDroppedPolicy,
  kDroppedTc,
  kDroppedQdisc,
  kDroppedNeighbour,
  kDroppedCgroup,
  kDroppedDevice,
  kDroppedRoute,
  kDroppedBacklog,
  kDroppedXdp,
  kDroppedMemory,
  kNotDeliveredIn,  // a capture at the wire has it, one at the socket has not
  kNotDeliveredOut,
  kReceiveBuffer,
  kUdpMemory,
  kConntrackFull,
  // What the machine says of the media server (facts/local_facts.h).
  kFrozen,
  kBlockedDisk,
  kThrottled,
  kStarvedCpu,
  kOutOfMemory,
  kRestartLoop,
  kProcessGone,
  kNotReading,
  kSendQueueFull,
  kDescriptorsExhausted,
  kPortsExhausted,
  kSocketGone,
  kAddressChanged,
  kNoRoute,
  // What the failing attempts have in common.
  kMtu,
  kOneFamily,
  kOneSocket,
  kOneInterface,
  kOneClientNetwork,
  kDtlsNotAnswered,
  kCertificateRefused,
  kTurnUnauthorized,
  kTurnCapacity,
  kNoArrivalsUnknown,
  kLostBeyondNode,
};
inline constexpr size_t kCauseCodes = static_cast<size_t>(CauseCode::kLostBeyondNode) + 1;

// "dropped_netfilter_in"; empty for kNone.
std::string_view Name(CauseCode c);
// What an operator can do, as sentences; empty for kNone.
std::string_view RemediationOf(CauseCode c);
// The kernel's reason for dropped packets.
constexpr bool IsDrop(CauseCode c) {
  return c >= CauseCode::kDroppedNetfilterIn && c <= CauseCode::kUdpMemory;
}
// kNone: no code of the set has this name.
CauseCode CauseCodeOf(std::string_view name);
// Of a drop that is counted in this direction; else kNone.
CauseCode CauseCodeOf(candor_drop_reason reason, candor_dir direction);

}  // namespace candor
