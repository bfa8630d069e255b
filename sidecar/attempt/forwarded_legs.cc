// SPDX-License-Identifier: Apache-2.0
#include "attempt/forwarded_legs.h"

#include <algorithm>

namespace candor {
namespace {

using std::chrono::seconds;

// Slower than this is RTCP, comfort noise (RFC 3389) or keep-alives, and no media that must be forwarded:
// voice has 10 packets a second at least.
constexpr double kLeastPackets = 4;
// Too short to tell the rate of packets.
constexpr Duration kLeastSpan = std::chrono::milliseconds(200);
// Both parties go on until the same time but for a look-up.
constexpr Duration kSameTime = seconds(2);

}  // namespace

void ForwardedLegs::Learn(const Attempt& a) {
  uint32_t in = 0, out = 0, packets_in = 0;
  Time last_in{}, last_out{};
  for (const FlowState& s : a.states()) {
    if ((s.flags & CANDOR_F_RTP_IN) != 0) {
      in = s.ssrc[CANDOR_IN];
      packets_in += s.media_packets[CANDOR_IN];
      last_in = std::max(last_in, TimeFromNanos(s.last_media_in_ns));
    }
    if ((s.flags & CANDOR_F_RTP_OUT) != 0) {
      out = s.ssrc[CANDOR_OUT];
      last_out = std::max(last_out, TimeFromNanos(s.last_media_out_ns));
    }
  }
  if (in == 0 && out == 0) return;
  Leg& leg = legs_[a.id()];
  if (out != 0) {
    if (leg.last_out == Time{}) leg.sent_since = last_out;
    LearnOut(a.id(), out, &leg);
  }
  leg.last_out = last_out;
  leg.ssrc_in = in;
  NoteSending(packets_in, last_in, &leg);
}

// One that has left the ring is forwarded no more, and may be another call's.
void ForwardedLegs::LearnOut(uint64_t attempt, uint32_t ssrc, Leg* leg) {
  by_ssrc_out_.emplace(ssrc, attempt);  // a recorder gets a copy later (RFC 7866)
  if (std::find(leg->ssrc_out.begin(), leg->ssrc_out.end(), ssrc) != leg->ssrc_out.end()) return;
  uint32_t& oldest = leg->ssrc_out[leg->next_out++ % kSsrcs];
  Release(attempt, oldest);
  oldest = ssrc;
}

void ForwardedLegs::Release(uint64_t attempt, uint32_t ssrc) {
  const auto out = by_ssrc_out_.find(ssrc);
  if (ssrc != 0 && out != by_ssrc_out_.end() && out->second == attempt) by_ssrc_out_.erase(out);
}

void ForwardedLegs::NoteSending(uint32_t packets_in, Time last_in, Leg* leg) {
  if (last_in == Time{}) return;
  const bool first = leg->last_in == Time{};
  const Duration span = first ? Duration(0) : Duration(last_in - leg->last_in);
  if (!first && span < kLeastSpan) return;
  const bool sends =
      first || static_cast<double>(packets_in - leg->packets_in) >= kLeastPackets * Seconds(span);
  if (!sends) {
    leg->sends_since = Time{};
  } else if (leg->sends_since == Time{}) {
    leg->sends_since = last_in;
  }
  leg->packets_in = packets_in;
  leg->last_in = last_in;
}

void ForwardedLegs::Forget(uint64_t attempt) {
  const auto leg = legs_.find(attempt);
  if (leg == legs_.end()) return;
  for (const uint32_t ssrc : leg->second.ssrc_out) Release(attempt, ssrc);
  legs_.erase(leg);
}

const ForwardedLegs::Leg* ForwardedLegs::OtherOf(const Leg& leg, uint64_t attempt) const {
  const auto other = by_ssrc_out_.find(leg.ssrc_in);
  if (leg.ssrc_in == 0 || other == by_ssrc_out_.end() || other->second == attempt) return nullptr;
  const auto found = legs_.find(other->second);
  return found == legs_.end() ? nullptr : &found->second;
}

bool ForwardedLegs::Sends(const Leg& leg, Time now) {
  return leg.sends_since != Time{} && now - leg.last_in <= kSameTime;
}

bool ForwardedLegs::OtherIsSilent(const Attempt& a) const {
  const auto found = legs_.find(a.id());
  if (found == legs_.end()) return false;
  const Leg* other = OtherOf(found->second, a.id());
  return other != nullptr && !Sends(*other, found->second.last_in);
}

bool ForwardedLegs::IsOneWay(const Attempt& a, Duration timeout) const {
  const auto found = legs_.find(a.id());
  if (found == legs_.end() || (a.media() & kRtpOut) != 0) return false;
  const Leg& leg = found->second;
  const Leg* other = OtherOf(leg, a.id());
  if (other == nullptr || leg.sends_since == Time{} || other->sends_since == Time{}) return false;
  const Time since = std::max({leg.sends_since, other->sends_since, other->sent_since});
  const Time until = std::min({leg.last_in, other->last_in, other->last_out});
  // The other leg may have been looked up a little earlier.
  return until - since >= timeout && leg.last_in - until <= kSameTime;
}

}  // namespace candor
