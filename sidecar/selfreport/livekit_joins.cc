// SPDX-License-Identifier: Apache-2.0
#include "selfreport/livekit_joins.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "selfreport/metrics_text.h"

namespace candor {
namespace {

constexpr std::string_view kJoins = "livekit_participant_join_total";
constexpr std::string_view kParticipants = "livekit_participant_total";  // from the start, without a join
constexpr double kMost = 9e15;                                           // below it whole numbers are exact

struct Counts {
  uint64_t signalled = 0, begun = 0, active = 0, cancelled = 0;
  std::optional<uint64_t> success;
};

void Add(const MetricSample& sample, Counts* c) {
  const std::string* state = sample.Label("state");
  if (state == nullptr || !(sample.value >= 0) || sample.value > kMost) return;
  // At most kMost, however many samples there are.
  const auto add = [n = sample.value](uint64_t sum) {
    return static_cast<uint64_t>(std::min(static_cast<double>(sum) + n, kMost));
  };
  if (*state == "signal_connected") c->signalled = add(c->signalled);
  if (*state == "rtc_init") c->begun = add(c->begun);
  if (*state == "rtc_active") c->active = add(c->active);
  if (*state == "rtc_success") c->success = add(c->success.value_or(0));
  if (*state == "rtc_canceled") c->cancelled = add(c->cancelled);
}

}  // namespace

Result<ReportedJoins> LiveKitJoins(std::string_view page) {
  Counts counts;
  ReportedJoins out;
  bool of_livekit = false;
  const auto read = ReadMetrics(page, [&](const MetricSample& sample) {
    if (sample.name != kJoins && sample.name != kParticipants) return;
    of_livekit = true;
    if (const std::string* node = sample.Label("node_id")) out.run = *node;
    if (sample.name == kJoins) Add(sample, &counts);
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!of_livekit) return Fail("the metrics have no livekit_participant_join_total: they are not LiveKit's");
  out.unavailable.clear();
  out.signalled = counts.signalled;
  out.begun = counts.begun;
  out.up = counts.success.value_or(counts.active);
  // A first success may be counted a moment before rtc_active.
  if (counts.active > out.up) out.resumed = counts.active - out.up;
  out.cancelled = counts.cancelled;
  return out;
}

}  // namespace candor
