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

// What a load balancer would have been told: the node's own word, overridden downward only. A capture is
// never blind and nobody drains it.
bool Serving(State state, bool self_report_ok) { return state != State::kFailing && self_report_ok; }

// Notes every change of state; `tell` hears of each, once the capture has shown that it can tell of the node.
class Changes {
 public:
  Changes(const FileSource& source, bool self_report_ok, std::function<void(const ReplayChange&)> tell)
      : source_(source), self_report_ok_(self_report_ok), tell_(std::move(tell)) {}

  void Note(const Verdict& v) {
    if (all_.empty() || all_.back().verdict.state != v.state) {
      all_.push_back({v, Serving(v.state, self_report_ok_)});
      // The very first verdict may be from before the first tick, and then has no time of its own.
      if (v.at == Time{}) all_.back().verdict.at = source_.now();
    }
    if (source_.counts().Judgeable()) TellAll();
  }
  void TellAll() {
    for (; told_ < all_.size(); ++told_) tell_(all_[told_]);
  }
  std::vector<ReplayChange> Take() { return std::move(all_); }

 private:
  const FileSource& source_;
  bool self_report_ok_;
  std::function<void(const ReplayChange&)> tell_;
  std::vector<ReplayChange> all_;
  size_t told_ = 0;
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
      source, pipeline, plan.pipeline.judge.tick, [&](const Verdict& v) { changes.Note(v); },
      [&] { progress.Show(source.bytes_read()); });
  if (!WhyUnusable(source)) changes.TellAll();
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
  const auto complain = [&](const std::string& what) { err << "candorctl replay: " << what; };
  const auto plan = MakePlan(arguments);
  if (!plan) {
    complain(Printable(plan.error().message) + "\n");
    return kReplayBadArguments;
  }
  const auto source = FileSource::Open(plan->source);
  if (!source) {
    complain(Printable(source.error().message) + "\n");
    return kReplayDamaged;
  }
  const ReplayReport report = Replay(*plan, **source, arguments, out, err);
  if (!report.unusable || arguments.json) Print(report, arguments, out);
  if (report.unusable) {
    complain(ExplainUnusable(*report.unusable, **source));
  } else if (const std::string doubts = RenderWarnings(report); !doubts.empty()) {
    complain(doubts);
  }
  if (!report.counts.AddsUp()) {
    complain(SumsFault(report.counts));
    return kReplayInternalError;
  }
  if (report.span.damage) {
    complain(Printable(report.span.damage->message) + "; what came before was read\n");
    return kReplayDamaged;
  }
  return report.unusable ? kReplayBadArguments : kReplayComplete;
}

}  // namespace candor::cli
