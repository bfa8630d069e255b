// SPDX-License-Identifier: Apache-2.0
#include "attempt/running_service.h"

#include <algorithm>

namespace candor {
namespace {

using std::chrono::seconds;

// Voice has 10 packets a second at least. Listeners send a receiver report a second at most, and DTX of Opus
// two and a half packets.
constexpr double kLeastPackets = 4;
constexpr Duration kGoesOn = seconds(2);      // the peer's last packet is younger
constexpr Duration kSuspicious = seconds(2);  // longer than any gap in media but pauses
constexpr Duration kLeastSpan = seconds(2);   // to tell the rate of packets

uint32_t PacketsIn(const Attempt& a) {
  uint32_t packets = 0;
  for (const FlowState& s : a.states()) packets += s.media_packets[CANDOR_IN];
  return packets;
}

}  // namespace

Service RunningService::Look(const Attempt& a, Time now, Duration silence) {
  const Time last_in = a.last_media_in(), last_out = std::max(a.last_media_out(), a.active_at());
  one_way_since_ = Time{};
  if (last_in - last_out < kSuspicious || now - last_in > kGoesOn) {
    silent_at_ = Time{};
    return now - last_in <= kGoesOn ? Service::kBothWays : Service::kUnknown;
  }
  if (silent_at_ == Time{}) {
    silent_at_ = last_in;
    packets_in_ = PacketsIn(a);
    return Service::kUnknown;
  }
  const Duration span = last_in - silent_at_;
  if (last_in - last_out < silence || span < kLeastSpan) return Service::kUnknown;
  const auto packets = static_cast<double>(PacketsIn(a) - packets_in_);
  if (packets < kLeastPackets * Seconds(span)) return Service::kUnknown;
  one_way_since_ = last_out;
  return Service::kNodeSilent;
}

}  // namespace candor
