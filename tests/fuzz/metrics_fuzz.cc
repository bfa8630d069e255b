// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a page of metrics: what is read lies within the page, and written again it is read as the
// same.
#include <cmath>
#include <string>

#include "check.h"
#include "selfreport/livekit_joins.h"
#include "selfreport/metrics_text.h"
#include "targets.h"
#include "verdict/reported_joins_detector.h"

namespace candor::fuzz {
namespace {

bool Within(std::string_view piece, std::string_view page) {
  return piece.data() >= page.data() && piece.data() + piece.size() <= page.data() + page.size();
}

std::string Escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? "\\n" : std::string(1, c);
  }
  return out;
}

// Without its number.
std::string Written(const MetricSample& s) {
  std::string out = std::string(s.name) + "{";
  for (const auto& [name, value] : s.labels) out += std::string(name) + "=\"" + Escaped(value) + "\",";
  return out + "}";
}

// A server with a usual history, then counters that anybody may have written, and back, again and again.
void Judged(ReportedJoins wild) {
  ReportedJoinsDetector detector(0.01);
  ReportedJoins usual{.unavailable = "", .at = {}, .run = wild.run};
  for (int second = 1; second <= 120; ++second) {
    const Time now(std::chrono::seconds{second});
    usual.begun += 5, usual.up += 5;
    for (int i = 0; i < 5; ++i) detector.Offered();
    ReportedJoins& read = second > 100 && second % 3 == 0 ? wild : usual;
    read.at = now;
    detector.Observe(read);
    detector.Advance(now, false);
    const ReportedJoinEvidence e = detector.Evidence(now);
    Check(e.usual_share >= 0 && e.usual_share <= 1, "a share is one");
    Check(std::isfinite(e.score) && std::isfinite(e.socket_score) && std::isfinite(e.expected),
          "figures are finite");
  }
}

}  // namespace

void Metrics(Input input) {
  const std::string page(input.begin(), input.end());
  std::string again;
  size_t samples = 0;
  const auto read = ReadMetrics(page, [&](const MetricSample& s) {
    ++samples;
    Check(!s.name.empty() && Within(s.name, page), "a name is a piece of the page");
    for (const auto& [name, value] : s.labels)
      Check(!name.empty() && Within(name, page), "so is that of a label");
    const std::string written = Written(s);
    const auto once_more = ReadMetrics(written + " 1", [&](const MetricSample& t) {
      Check(Written(t) == written && t.value == 1, "what is written again is read as the same");
    });
    Check(once_more.has_value(), "and is no error");
    again += written + " 1\n";
  });
  size_t samples_again = 0;
  Check(ReadMetrics(again, [&](const MetricSample&) { ++samples_again; }).has_value(),
        "all of them together");
  Check(samples == samples_again, "are as many");
  const auto joins = LiveKitJoins(page);
  Check(!joins || read.has_value(), "no counters are taken from a page that is none");
  Check(!joins || joins->unavailable.empty(), "what was read is available");
  if (joins) Judged(*joins);
}

}  // namespace candor::fuzz
