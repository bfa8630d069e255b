// SPDX-License-Identifier: Apache-2.0
#include "attempt/peer_reports.h"

#include <algorithm>

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Voice has 10 packets a second at least. Slower is comfort noise, or the node's own reports on a port that
// RTP and RTCP share.
constexpr double kLeastPackets = 4;                 // a second
constexpr Duration kLeastSpan = milliseconds(700);  // to tell the rate
// Of steady sending without a report that more was received: longer than reports are apart (RFC 3550 section
// 6.2: 7.5 s at most), and than a path takes to recover.
constexpr Duration kUnheard = seconds(8), kSending = seconds(10);
constexpr uint32_t kReports = 2;
constexpr Duration kStale = seconds(30);  // reports of less than a minute apart may lag by so much

// The time of `tick`, which is at most 73 minutes back.
Time TimeOf(uint16_t tick, Time now) {
  const uint64_t ns = NanosOf(now);
  const auto age = static_cast<uint16_t>((ns >> CANDOR_REPORT_SHIFT) - tick);
  const uint64_t back = static_cast<uint64_t>(age) << CANDOR_REPORT_SHIFT;
  return TimeFromNanos(ns > back ? ns - back : 0);
}

}  // namespace

// A call may have its RTCP on a flow of its own, and flows that it no longer uses.
PeerReports::Seen PeerReports::SeenOf(const Attempt& a) {
  Seen out;
  uint64_t newest = 0;
  for (const FlowState& s : a.states()) {
    if ((s.flags & CANDOR_F_RTP_OUT) != 0) out.sent += s.media_packets[CANDOR_OUT];
    if (s.reports_new == 0 && s.reports_none == 0) continue;
    out.news += s.reports_new;
    out.none += s.reports_none;
    out.any = true;
    if (s.last_in_ns >= newest) newest = s.last_in_ns, out.tick = s.report_tick;
  }
  return out;
}

// Of less than a second the rate is not known: the time goes on to the next look-up.
void PeerReports::NoteSending(const Seen& s, Time now) {
  if (looked_ != Time{} && now - looked_ < kLeastSpan) return;
  const bool sends = looked_ != Time{} && static_cast<double>(static_cast<int32_t>(s.sent - last_.sent)) >=
                                              kLeastPackets * Seconds(now - looked_);
  if (!sends) sending_since_ = now, nones_ = 0;
  last_.sent = s.sent;
  looked_ = now;
}

void PeerReports::NoteNothing(const Seen& s, Time now) {
  if (s.none == 0 || s.none == last_.none) return;
  if (none_since_ == Time{}) none_since_ = TimeOf(s.tick, now);
  newest_none_ = now;
  nones_ += s.none > last_.none ? s.none - last_.none : 1;
}

Received PeerReports::Nothing(Time now) {
  unheard_since_ = Time{};
  if (none_since_ == Time{} || now - newest_none_ > kStale) return Received::kUnknown;
  const Time since = std::max(none_since_, sending_since_);
  if (nones_ < kReports || newest_none_ - since < kUnheard || now - sending_since_ < kSending)
    return Received::kUnknown;
  unheard_since_ = since;
  return Received::kNothing;
}

Received PeerReports::Look(const Attempt& a, Time now) {
  const Seen s = SeenOf(a);
  if (!s.any) {
    NoteSending(s, now);
    return Received::kUnknown;
  }
  const bool more = s.news != last_.news;
  if (more) {
    none_since_ = unheard_since_ = Time{};
    nones_ = 0;
    last_.none = 0;
  }
  NoteNothing(s, now);
  NoteSending(s, now);  // what came in a pause of the node says nothing
  last_.news = s.news, last_.none = s.none;
  if (more && s.none == 0) return Received::kMore;
  const Received nothing = Nothing(now);
  return more ? Received::kMore : nothing;
}

}  // namespace candor
