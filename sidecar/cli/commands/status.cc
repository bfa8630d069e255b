// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/status.h"

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/commands/node_call.h"
#include "cli/render/explain.h"
#include "cli/render/json.h"
#include "cli/render/override_text.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: may this node take new connections, since when, and why?

Example:    candorctl status
            candorctl status -o json | jq -r .state
JSON:       one candor.v1.Verdict, as GetVerdict returns it; 64-bit integers are strings
Exit codes: 0 candord answered, whatever the answer; 1 bad arguments; 2 cannot be reached; 3 call failed
            (for the answer as an exit code use candorctl probe))";

std::string Row(const char* title, const std::string& text) {
  return fmt::format("  {:<9} {}\n", title, text);
}

std::string Headline(const pb::Verdict& v, WallTime now, const Style& style) {
  std::string line = "  " + style.Paint(ServingHue(v.serving()), ServingName(v.serving())) + "   " +
                     style.Paint(StateHue(v.state()), StateName(v.state())) + " for " + StateAge(v, now);
  if (!v.reason().empty()) line += ": " + Printable(v.reason());
  return line + "\n";
}

std::string Sentences(const pb::Verdict& v, WallTime now, const Style& style) {
  std::string out = Paragraph(v.detail().empty() ? StateMeaning(v.state()) : Printable(v.detail()), 2);
  const SelfReportComparison self = CompareWithSelfReport(v);
  out += self.disagree ? "\n" + style.Paint(Hue::kRed, "  !! " + self.sentence) + "\n"
                       : Paragraph(self.sentence, 2);
  const std::string stale = StaleWarning(v, now);
  if (!stale.empty()) out += style.Paint(Hue::kYellow, "  !! " + stale) + "\n";
  return out;
}

std::string CauseRow(const pb::Verdict& v) {
  const std::string name = CauseName(v.cause());
  return name.empty() ? "" : Row("cause", name);
}

std::string FunnelRows(const pb::Funnel& f) {
  std::string out = Row(
      "attempts", fmt::format("{} offered > {} acknowledged > {} active, since start", Thousands(f.offered()),
                              Thousands(f.acknowledged()), Thousands(f.active())));
  out += Row("stalled", fmt::format("waiting on node {}, peer {}, path {}, none {}",
                                    Thousands(f.stalled_node()), Thousands(f.stalled_peer()),
                                    Thousands(f.stalled_path()), Thousands(f.stalled_none())));
  out +=
      Row("other", fmt::format("left {}, refused {}, unanswered {}, early drop {}, replaced {}, evicted {}",
                               Thousands(f.left()), Thousands(f.refused()), Thousands(f.unanswered()),
                               Thousands(f.early_drop()), Thousands(f.replaced()), Thousands(f.evicted())));
  if (f.lost_here() > 0)
    out += Row("dropped", Thousands(f.lost_here()) + " waited for packets that this node dropped");
  out += Row("open", fmt::format("offered {}, answered {}, nominated {}, secured {}, active {}",
                                 Thousands(f.open_offered()), Thousands(f.open_answered()),
                                 Thousands(f.open_nominated()), Thousands(f.open_secured()),
                                 Thousands(f.open_active())));
  return out;
}

std::string SourceRows(const pb::Verdict& v, const Answer<pb::Info>& info, const Style& style) {
  std::string out;
  if (info) {
    const std::string target = info->source_target().empty() ? "" : " on " + Printable(info->source_target());
    out += Row("source", fmt::format("{}{}; {} of {} open; candord {}", Printable(info->source()), target,
                                     Thousands(info->flows_open()), Counted(info->flows_max(), "flow"),
                                     Printable(info->version())));
    // What the source does not see limits what the figures mean.
    for (const std::string& warning : info->warnings()) out += Row("warning", Printable(warning));
    for (const std::string& note : info->notes()) out += Row("note", Printable(note));
  } else {
    out += Row("source", "unknown: " + info.error().message);
  }
  if (v.blindness_code().empty()) return out + Row("probes", style.Paint(Hue::kGreen, "seeing"));
  return out + Row("probes", style.Paint(Hue::kMagenta, "BLIND, " + Printable(v.blindness_code())) + ": " +
                                 Printable(v.blindness_text()));
}

// Where there are several servers; those that are gone are listed by candorctl servers.
std::string ServerRows(const pb::Verdict& v, const Style& style) {
  std::string out;
  if (!v.server().empty()) return Row("server", Printable(v.server()));
  for (const pb::ServerSummary& s : v.servers()) {
    if (s.gone()) continue;
    out += Row("server", fmt::format("{}  {}  {}: {}", Printable(s.name()),
                                     style.Paint(StateHue(s.state()), StateName(s.state())),
                                     ServingName(s.serving()), Printable(s.reason())));
  }
  return out;
}

std::string SteeringRow(const pb::Verdict& v) {
  const std::string text = SteeringText(v);
  return text.empty() ? "" : Row("livekit", text);
}

std::string NextStep(const pb::Verdict& v) {
  if (v.state() == pb::BLIND || !v.blindness_code().empty()) return Row("next", "candorctl doctor");
  if (v.state() == pb::HEALTHY) return "";
  return Row("next", "candorctl why");
}

int RunStatus(Session& session) {
  auto client = Connect(session);
  if (!client) return Report(session, client.error());
  const auto verdict = client->Call(&pb::NodeHealth::Stub::GetVerdict, VerdictRequestOf(session));
  if (!verdict) return Report(session, verdict.error());
  if (session.json()) {
    session.out << ToJson(*verdict) << "\n";
    return kExitOk;
  }
  const auto info = client->Call(&pb::NodeHealth::Stub::GetInfo, pb::GetInfoRequest());
  session.out << RenderStatus(*verdict, info, NodeNow(*verdict, session.now()), session.style);
  return kExitOk;
}

}  // namespace

std::string RenderStatus(const pb::Verdict& verdict, const Answer<pb::Info>& info, WallTime now,
                         const Style& style) {
  return Headline(verdict, now, style) + OverrideLines(verdict, now, style) + Sentences(verdict, now, style) +
         CauseRow(verdict) + "\n" + FunnelRows(verdict.funnel()) + ServerRows(verdict, style) +
         SourceRows(verdict, info, style) + SteeringRow(verdict) + NextStep(verdict);
}

Command StatusCommand() {
  Command command = {"status", "May this node take new connections, since when, and why? One screen.", kHelp,
                     [](CLI::App&) -> Command::Run { return RunStatus; }};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
