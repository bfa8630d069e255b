// SPDX-License-Identifier: Apache-2.0
#include "selfreport/livekit_joins.h"

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
  const auto n = static_cast<uint64_t>(sample.value);
  if (*state == "signal_connected") c->signalled += n;
  if (*state == "rtc_init") c->begun += n;
  if (*state == "rtc_active") c->active += n;
  if (*state == "rtc_success") c->success = c->success.value_or(0) + n;
  if (*state == "rtc_canceled") c->cancelled += n;
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
