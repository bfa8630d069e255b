// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay.h"

#include <fmt/format.h>

#include "cli/offline/replay_attempts.h"
#include "cli/offline/replay_caveats.h"
#include "cli/offline/replay_json.h"
#include "cli/offline/replay_plan.h"
#include "cli/offline/replay_progress.h"
#include "cli/offline/replay_report.h"
#include "cli/offline/replay_table.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

// The answer for load balancers: the node's own report, which the verdict can only lower. A capture has
// neither blindness nor overrides.
bool Serving(State state, bool self_report_ok) { return state != State::kFailing && self_report_ok; }

// Collects the changes of state, and gives each to `publish` once the capture is known to be usable.
class Changes {
 public:
  Changes(const FileSource& source, bool self_report_ok, std::function<void(const ReplayChange&)> publish)
      : source_(source), self_report_ok_(self_report_ok), publish_(std::move(publish)) {}

  void Add(const Verdict& v) {
    if (all_.empty() || all_.back().verdict.state != v.state) {
      all_.push_back({v, Serving(v.state, self_report_ok_)});
      // A verdict from before the first tick has no time.
      if (v.at == Time{}) all_.back().verdict.at = source_.now();
    }
    if (source_.counts().Judgeable()) PublishAll();
  }
  void PublishAll() {
    for (; published_ < all_.size(); ++published_) publish_(all_[published_]);
  }
  std::vector<ReplayChange> Take() { return std::move(all_); }

 private:
  const FileSource& source_;
  bool self_report_ok_;
  std::function<void(const ReplayChange&)> publish_;
  std::vector<ReplayChange> all_;
  size_t published_ = 0;
};

ReplayReport Replay(const ReplayPlan& plan, FileSource& source, const ReplayArguments& arguments,
                    std::ostream& out, std::ostream& err) {
  ReplayProgress progress(err, arguments.progress, source.bytes_total());
  Changes changes(source, plan.self_report_ok, [&](const ReplayChange& c) {
    if (!arguments.json) return;
    progress.Clear();
    out << VerdictLine(c) << "\n" << std::flush;
  });
  Pipeline pipeline(plan.pipeline);
  ReplayReport report;
  report.span = DriveReplay(
      source, pipeline, plan.pipeline.judge.tick, [&](const Verdict& v) { changes.Add(v); },
      [&] { progress.Show(source.bytes_read()); });
  if (!WhyUnusable(source)) changes.PublishAll();
  report.changes = changes.Take();
  FillReport(source, pipeline.tracker(), &report);
  return report;
}

void Print(const ReplayReport& report, const ReplayArguments& arguments, std::ostream& out) {
  if (!arguments.json) {
    out << RenderReplay(report, arguments.attempts, Style{arguments.colour}) << std::flush;
    return;
  }
  if (arguments.attempts) {
    for (const AttemptView& a : report.attempts) out << AttemptLine(a) << "\n";
  }
  out << SummaryLine(report) << "\n" << std::flush;
}

}  // namespace

int RunReplay(const ReplayArguments& arguments, std::ostream& out, std::ostream& err) {
  const auto report_error = [&](const std::string& what) { err << "candorctl replay: " << what; };
  const auto plan = MakePlan(arguments);
  if (!plan) {
    report_error(Printable(plan.error().message) + "\n");
    return kReplayBadArguments;
  }
  const auto source = FileSource::Open(plan->source);
  if (!source) {
    report_error(Printable(source.error().message) + "\n");
    return kReplayDamaged;
  }
  const ReplayReport report = Replay(*plan, **source, arguments, out, err);
  if (!report.unusable || arguments.json) Print(report, arguments, out);
  if (report.unusable) {
    report_error(ExplainUnusable(*report.unusable, **source));
  } else if (const std::string warnings = RenderWarnings(report); !warnings.empty()) {
    report_error(warnings);
  }
  if (!report.counts.AddsUp()) {
    report_error(SumError(report.counts));
    return kReplayInternalError;
  }
  if (report.span.damage) {
    report_error(Printable(report.span.damage->message) + "; the packets before it were judged\n");
    return kReplayDamaged;
  }
  return report.unusable ? kReplayBadArguments : kReplayComplete;
}

}  // namespace candor::cli
