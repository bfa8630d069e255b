// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_json.h"

#include <fmt/format.h>

#include "base/json_quote.h"
#include "cli/offline/replay_encapsulations.h"

namespace candor::cli {
namespace {

std::string JsonMilliseconds(Duration d) {
  return fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(d).count());
}

const char* JsonBool(bool b) { return b ? "true" : "false"; }

// Fields of the summary about the capture.
std::string CaptureFields(const ReplayReport& r) {
  const IntakeCounts& n = r.intake;
  return fmt::format(
      R"("in":{},"out":{},"within_node":{},"copies":{},"inside":{},"not_read":{},"too_deep":{},"no_payload":{},)"
      R"("payload_cut":{},"timestamps":{{"invalid":{},"outliers":{},"clock_set_back":{},"gaps":{}}},)"
      R"("flows_missing_out":{},"flows_missing_in":{},"unusable":{})",
      n.in, n.out, n.within, n.copies, JsonInside(n.encapsulations), JsonNotRead(n.encapsulations),
      n.encapsulations.too_deep, n.payload.none, n.payload.cut, r.timestamps.invalid.count,
      r.timestamps.outliers.count, r.timestamps.clock_set_back.count, r.timestamps.gaps.count,
      r.asymmetry.missing_out, r.asymmetry.missing_in,
      r.unusable ? JsonQuoted(JsonName(*r.unusable)) : "null");
}

}  // namespace

std::string JsonTime(Time t) {
  const uint64_t micros = NanosOf(t) / 1000;
  return fmt::format("{}.{:06}", micros / 1000000, micros % 1000000);
}

std::string VerdictLine(const ReplayChange& c) {
  const Verdict& v = c.verdict;
  return fmt::format(R"({{"type":"verdict","t":{},"state":{},"reason":{},"detail":{},"serving":{}}})",
                     JsonTime(v.at), JsonQuoted(Name(v.state)), JsonQuoted(v.reason), JsonQuoted(v.detail),
                     JsonBool(c.serving));
}

std::string AttemptLine(const AttemptView& a) {
  const std::string active = a.active == Time{} ? "null" : JsonMilliseconds(a.active - a.first);
  return fmt::format(R"({{"type":"attempt","key":{},"first":{},"active_ms":{},"phase":{},"waiting_on":{},)"
                     R"("outcome":{},"peer":{}}})",
                     JsonQuoted(a.key), JsonTime(a.first), active, JsonQuoted(Name(a.phase)),
                     JsonQuoted(Name(a.waiting_on)), JsonQuoted(Name(a.outcome)),
                     JsonQuoted(a.peer.ToString()));
}

std::string SummaryLine(const ReplayReport& r) {
  const AttemptCounts& c = r.counts;
  const auto stalled = [&](WaitingOn o) { return c.stalled[static_cast<size_t>(o)]; };
  const auto failing = r.FirstFailing();
  return fmt::format(
      R"({{"type":"summary","packets":{},"unparsed":{},"attempts":{},"active":{},)"
      R"("stalled":{{"node":{},"peer":{},"path":{},"none":{}}},"left":{},"refused":{},"pending":{},"unanswered":{},)"
      R"("early_drop":{},"late_active":{},"replaced":{},"first_failing":{},"final_state":{},"of_node":{},"not_of_node":{},)"
      R"("not_ip":{},"cut":{},"out_of_order":{},"lost":{},{},"damage":{}}})",
      r.intake.captured, r.health.counters[CANDOR_C_UNPARSED], c.attempts, c.active,
      stalled(WaitingOn::kNode), stalled(WaitingOn::kPeer), stalled(WaitingOn::kPath),
      stalled(WaitingOn::kNone), c.left, c.refused, c.pending, c.unanswered, c.early_drop, c.late, c.replaced,
      failing ? JsonTime(*failing) : "null", JsonQuoted(Name(r.FinalState())), r.intake.of_node,
      r.intake.not_of_node, r.intake.not_ip + r.intake.unknown_link, r.intake.cut, r.timestamps.late.count,
      r.lost, CaptureFields(r), r.span.damage ? JsonQuoted(r.span.damage->message) : "null");
}

}  // namespace candor::cli
