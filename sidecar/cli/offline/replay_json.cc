// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_json.h"

#include <fmt/format.h>

#include "cli/offline/replay_encapsulations.h"

namespace candor::cli {
namespace {

// Length of the well-formed UTF-8 sequence at the front of `s`; 0: none (RFC 3629 section 4).
size_t Utf8Length(std::string_view s) {
  const auto at = [&](size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  const auto tail = [&](size_t i) { return (at(i) & 0xc0u) == 0x80u; };
  const unsigned a = at(0), b = at(1);
  if (a < 0x80) return 1;
  if (a >= 0xc2 && a <= 0xdf) return tail(1) ? 2 : 0;
  if (a >= 0xe0 && a <= 0xef) {
    const bool in_range = !(a == 0xe0 && b < 0xa0) && !(a == 0xed && b >= 0xa0);
    return tail(1) && tail(2) && in_range ? 3 : 0;
  }
  if (a >= 0xf0 && a <= 0xf4) {
    const bool in_range = !(a == 0xf0 && b < 0x90) && !(a == 0xf4 && b >= 0x90);
    return tail(1) && tail(2) && tail(3) && in_range ? 4 : 0;
  }
  return 0;
}

std::string JsonMilliseconds(Duration d) {
  return fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(d).count());
}

const char* JsonBool(bool b) { return b ? "true" : "false"; }

// What the summary tells of the capture beside the node.
std::string CaptureFields(const ReplayReport& r) {
  const IntakeCounts& n = r.intake;
  return fmt::format(
      R"("in":{},"out":{},"within_node":{},"copies":{},"inside":{},"not_read":{},"too_deep":{},"no_payload":{},)"
      R"("payload_cut":{},"timestamps":{{"invalid":{},"outliers":{},"clock_set_back":{},"gaps":{}}},)"
      R"("flows_missing_out":{},"flows_missing_in":{},"unusable":{})",
      n.in, n.out, n.within, n.copies, JsonInside(n.wrapped), JsonNotRead(n.wrapped), n.wrapped.too_deep,
      n.payload.none, n.payload.cut, r.timestamps.invalid.count, r.timestamps.outliers.count,
      r.timestamps.clock_set_back.count, r.timestamps.gaps.count, r.asymmetry.missing_out,
      r.asymmetry.missing_in, r.unusable ? JsonString(JsonName(*r.unusable)) : "null");
}

}  // namespace

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t n = Utf8Length(text);
    const auto c = static_cast<unsigned char>(text.front());
    if (n == 0) {
      out += "\\ufffd";
    } else if (c < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", c);
    } else if (c == '"' || c == '\\') {
      out += {'\\', static_cast<char>(c)};
    } else {
      out += text.substr(0, n);
    }
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out + "\"";
}

std::string JsonTime(Time t) {
  const uint64_t micros = NanosOf(t) / 1000;
  return fmt::format("{}.{:06}", micros / 1000000, micros % 1000000);
}

std::string VerdictLine(const ReplayChange& c) {
  const Verdict& v = c.verdict;
  return fmt::format(R"({{"type":"verdict","t":{},"state":{},"reason":{},"detail":{},"serving":{}}})",
                     JsonTime(v.at), JsonString(Name(v.state)), JsonString(v.reason), JsonString(v.detail),
                     JsonBool(c.serving));
}

std::string AttemptLine(const AttemptView& a) {
  const std::string active = a.active == Time{} ? "null" : JsonMilliseconds(a.active - a.first);
  return fmt::format(R"({{"type":"attempt","key":{},"first":{},"active_ms":{},"phase":{},"waiting_on":{},)"
                     R"("outcome":{},"peer":{}}})",
                     JsonString(a.key), JsonTime(a.first), active, JsonString(Name(a.phase)),
                     JsonString(Name(a.waiting_on)), JsonString(Name(a.outcome)),
                     JsonString(a.peer.ToString()));
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
      failing ? JsonTime(*failing) : "null", JsonString(Name(r.FinalState())), r.intake.of_node,
      r.intake.not_of_node, r.intake.not_ip + r.intake.unknown_link, r.intake.cut, r.timestamps.late.count,
      r.lost, CaptureFields(r), r.span.damage ? JsonString(r.span.damage->message) : "null");
}

}  // namespace candor::cli
