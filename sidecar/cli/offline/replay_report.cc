// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_report.h"

namespace candor::cli {

std::optional<Time> ReplayReport::FirstFailing() const {
  for (const ReplayChange& c : changes) {
    if (c.verdict.state == State::kFailing) return c.verdict.at;
  }
  return std::nullopt;
}

void FillReport(const FileSource& source, const AttemptTracker& tracker, ReplayReport* report) {
  report->last = source.now();
  report->intake = source.counts();
  report->unknown_link_type = source.intake().unknown_link_type();
  report->health = source.Health();
  report->name = report->health.target;
  report->timestamps = source.timestamps();
  report->asymmetry = source.Asymmetry();
  report->lost = source.lost();
  report->unusable = WhyUnusable(source);
  if (report->unusable) {
    report->changes.clear();
    return;
  }
  report->counts = tracker.counts();
  tracker.ForEachAttempt([&](const AttemptView& a) { report->attempts.push_back(a); });
}

}  // namespace candor::cli
