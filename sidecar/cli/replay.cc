// SPDX-License-Identifier: Apache-2.0
#include "cli/replay.h"

#include <fmt/format.h>

#include "cli/replay_attempts.h"
#include "cli/replay_json.h"
#include "cli/replay_plan.h"
#include "cli/replay_progress.h"
#include "cli/replay_report.h"
#include "cli/replay_table.h"
#include "cli/text.h"

namespace candor::cli {
namespace {

// What a load balancer would have been told: the node's own word, overridden downward only. A capture is
// never blind and nobody drains it.
bool Serving(State state, bool self_serving) { return state != State::kFailing && self_serving; }

// Notes every change of state; `tell` hears of each at once.
class Changes {
 public:
  Changes(const FileSource& source, bool self_serving, std::function<void(const ReplayChange&)> tell)
      : source_(source), self_serving_(self_serving), tell_(std::move(tell)) {}

  void Note(const Verdict& v) {
    if (!all_.empty() && all_.back().verdict.state == v.state) return;
    all_.push_back({v, Serving(v.state, self_serving_)});
    // The very first verdict may be from before the first tick, and then has no time of its own.
    if (v.at == Time{}) all_.back().verdict.at = source_.now();
    tell_(all_.back());
  }
  std::vector<ReplayChange> Take() { return std::move(all_); }

 private:
  const FileSource& source_;
  bool self_serving_;
  std::function<void(const ReplayChange&)> tell_;
  std::vector<ReplayChange> all_;
};

ReplayReport Replay(const ReplayPlan& plan, FileSource& source, const ReplayArguments& arguments,
                    std::ostream& out, std::ostream& err) {
  ReplayProgress progress(err, arguments.progress, source.bytes_total());
  Changes changes(source, plan.self_serving, [&](const ReplayChange& c) {
    if (!arguments.json) return;
    progress.Clear();
    out << VerdictLine(c) << "\n" << std::flush;
  });
  Pipeline pipeline(plan.pipeline, [&](const Verdict& v) { changes.Note(v); });
  ReplayReport report;
  report.span =
      DriveReplay(source, pipeline, plan.pipeline.judge.tick, [&] { progress.Show(source.bytes_read()); });
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

// Nothing in the capture is the node's: loudly, with what would have been there.
std::string NothingOfTheNode(const FileSource& source) {
  const IntakeCounts& n = source.counts();
  std::string node;
  for (const IpAddress& a : source.intake().node().addresses())
    node += (node.empty() ? "" : ", ") + a.ToString();
  if (n.of_node > 0) {
    return fmt::format("NOTHING WAS JUDGED: of {} packets of {} none is UDP on the node's --ports\n",
                       n.of_node, node);
  }
  std::string text =
      fmt::format("NOTHING WAS JUDGED: none of {} packets is from or to --node {}\n", n.captured, node);
  if (n.unknown_link > 0) {
    text += fmt::format("  {} packets are of link type {}, which is not read\n", n.unknown_link,
                        source.intake().strange_link());
  }
  const auto busiest = source.intake().others().Busiest(5);
  if (!busiest.empty()) text += "  the capture's busiest addresses; the node's is usually the first:\n";
  for (const AddressTally::Row& row : busiest) {
    text += fmt::format("    --node {:<39}  {} packets\n", row.address.ToString(), row.packets);
  }
  return text;
}

}  // namespace

int RunReplay(const ReplayArguments& arguments, std::ostream& out, std::ostream& err) {
  const auto complain = [&](const std::string& what) { err << "candorctl replay: " << what; };
  const auto plan = MakePlan(arguments);
  if (!plan) {
    complain(Printable(plan.error().message) + "\n");
    return kReplayArguments;
  }
  const auto source = FileSource::Open(plan->source);
  if (!source) {
    complain(Printable(source.error().message) + "\n");
    return kReplayDamaged;
  }
  const ReplayReport report = Replay(*plan, **source, arguments, out, err);
  const bool judged = report.health.counters[CANDOR_C_PACKETS] > 0;
  if (judged || arguments.json) Print(report, arguments, out);
  if (!judged) complain(NothingOfTheNode(**source));
  if (!report.counts.AddsUp()) {
    complain(SumsFault(report.counts));
    return kReplayFault;
  }
  if (report.span.damage) {
    complain(Printable(report.span.damage->message) + "; what came before was read\n");
    return kReplayDamaged;
  }
  return judged ? kReplayWhole : kReplayArguments;
}

}  // namespace candor::cli
