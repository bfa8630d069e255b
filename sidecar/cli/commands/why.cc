// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/why.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utc_text.h"
#include "cli/commands/commands.h"
#include "cli/commands/node_call.h"
#include "cli/render/drop_text.h"
#include "cli/render/explain.h"
#include "cli/render/json.h"
#include "cli/render/table.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: what is the verdict based on, which side is waited on, and when would it clear?
A detector is one kind of evidence; it fires when its score (how much likelier the evidence is with a fault than at
the baseline, as a natural logarithm) reaches its threshold (what chance alone reaches as often as the configured
false alarms).
The media detectors (no_rtp_to_senders and so on) compare what active attempts carry with the baseline of this
node; they are listed once that baseline is known.
Socket evidence (receive_drops, failed_sends) is the kernel's count of what UDP sockets in the watched
processes' network namespaces lose; it can only make a node DEGRADED. The drop reasons are the kernel's (for
the followed ports).

Example:    candorctl why
JSON:       one candor.v1.Verdict, as GetVerdict returns it; 64-bit integers are strings
Exit codes: 0 candord answered; 1 bad arguments; 2 cannot be reached; 3 call failed)";

constexpr size_t kBarCells = 20;

std::string Heading(const char* title, const Style& style) {
  return "\n" + style.Paint(Hue::kBold, title) + "\n";
}

std::string Sentence(const pb::Verdict& v, WallTime now, const Style& style) {
  std::string out =
      style.Paint(StateHue(v.state()), StateName(v.state())) + ": " + StateMeaning(v.state()) + ".\n";
  const std::string at = v.has_since() ? " (since " + FormatUtc(FromProto(v.since())) + ")" : "";
  out += fmt::format("  For {}{}. Reason: {}.\n", StateAge(v, now), at,
                     v.reason().empty() ? "none given" : Printable(v.reason()));
  out += Paragraph(Printable(v.detail()), 2);
  const SelfReportComparison self = CompareWithSelfReport(v);
  out += "  " + style.Paint(self.disagree ? Hue::kRed : Hue::kPlain, self.sentence) + ".\n";
  out += fmt::format("  The effective answer is {}.\n",
                     style.Paint(ServingHue(v.serving()), ServingName(v.serving())));
  const std::string stale = StaleWarning(v, now);
  if (!stale.empty()) out += "  " + style.Paint(Hue::kYellow, stale) + ".\n";
  return out;
}

std::string Blindness(const pb::Verdict& v, const Style& style) {
  if (v.blindness_code().empty()) return "";
  return Heading("Probes", style) + Paragraph("The probes cannot see, " + Printable(v.blindness_code()) +
                                                  ": " + Printable(v.blindness_text()),
                                              2);
}

std::string CausePart(const pb::Verdict& v, const Style& style) {
  const pb::Cause& cause = v.cause();
  if (cause.code().empty() && cause.text().empty()) return "";
  std::string out = Heading("Cause", style);
  const std::string name = CauseName(cause);
  out += name.empty() ? "  No single cause is named.\n" : "  " + style.Paint(Hue::kBold, name) + "\n";
  out += Paragraph(Printable(cause.text()), 2);
  for (const std::string& measurement : cause.chain()) out += Paragraph("- " + Printable(measurement), 4);
  if (!cause.remediation().empty() && cause.remediation() != v.remediation()) {
    out += Paragraph("Remediation of the cause: " + Printable(cause.remediation()), 2);
  }
  return out;
}

std::string Evidence(const pb::Verdict& v, const Style& style) {
  std::string out = Heading("Evidence", style);
  if (v.counted() == 0) return out + "  No attempt counts at present.\n";
  out += fmt::format("  {} of {} failed, over {}, from {}.\n", Thousands(v.failed()),
                     Counted(v.counted(), "counted attempt"), Age(FromProto(v.window())),
                     Counted(v.networks(), "client network"));
  out += fmt::format("  Baseline failure rate: {}. Most likely rate now: {}.\n",
                     Percent(v.baseline_failure_rate()), Percent(v.severity()));
  return out;
}

// "receive_drops: 1,204 of 20,113 datagrams lost (6.0 %) over 12 s"
std::string Losses(const pb::Verdict& v) {
  std::string out;
  for (const pb::SocketLoss& s : v.sockets()) {
    if (s.tried() == 0) continue;
    const double share = static_cast<double>(s.lost()) / static_cast<double>(s.tried());
    out +=
        fmt::format("  {}: {} of {} ({}) over {}, more than 1 % in {} of {}.\n", Printable(s.name()),
                    Thousands(s.lost()), Counted(s.tried(), "datagram"), Percent(share),
                    Age(FromProto(s.window())), Thousands(s.bad_seconds()), Counted(s.seconds(), "second"));
  }
  const bool quiet = std::none_of(v.sockets().begin(), v.sockets().end(),
                                  [](const pb::SocketLoss& s) { return s.tried() > 0; });
  return quiet ? out + "  Too few recent datagrams to measure losses.\n" : out;
}

std::string Sockets(const pb::Verdict& v, WallTime now, const Style& style) {
  const std::string heading = Heading("Sockets", style);
  if (!v.sockets_unavailable().empty()) {
    return heading + Paragraph("No socket evidence: " + Printable(v.sockets_unavailable()) + ".", 2);
  }
  const std::string reasons = v.has_drops() ? DropLines(v.drops(), now) : "";
  // Nothing was read yet, or candord is an older version.
  if (v.sockets().empty()) return reasons.empty() ? "" : heading + reasons;
  return heading + Losses(v) + reasons;
}

std::string WaitingOnPart(const pb::Verdict& v, const Style& style) {
  if (v.failed() == 0) return "";
  std::string out = Heading("Waiting on", style);
  out += fmt::format("  Of the failed: node {}, peer {}, path {}, none {}.\n", Thousands(v.waiting_on_node()),
                     Thousands(v.waiting_on_peer()), Thousands(v.waiting_on_path()),
                     Thousands(v.waiting_on_none()));
  if (v.stuck_phase() != pb::PHASE_UNSPECIFIED) {
    out += fmt::format("  Most of them reached the phase: {}.\n", PhaseName(v.stuck_phase()));
  }
  return out;
}

std::string Detectors(const pb::Verdict& v, const Style& style) {
  if (v.detectors().empty()) return "";
  Table table(
      {{"DETECTOR"}, {"SCORE/THRESHOLD"}, {"SCORE", true}, {"THRESHOLD", true}, {"BASELINE", true}, {""}}, 2);
  for (const pb::Detector& c : v.detectors()) {
    const bool fired = c.threshold() > 0 && c.score() >= c.threshold();
    std::string note = fired ? "FIRED" : "";
    if (c.name() == v.detector()) note += note.empty() ? "decides" : ", decides";
    if (!c.prevents()) note += note.empty() ? "degrades only" : ", degrades only";
    table.Add({{Printable(c.name())},
               {Bar(c.score(), c.threshold(), kBarCells), fired ? Hue::kRed : Hue::kPlain},
               {fmt::format("{:.1f}", c.score())},
               {fmt::format("{:.1f}", c.threshold())},
               {Percent(c.baseline_failure_rate())},
               {note, fired ? Hue::kRed : Hue::kPlain}});
  }
  return Heading("Detectors", style) + table.Render(style);
}

std::string Examples(const pb::Verdict& v, WallTime now, const Style& style) {
  if (v.examples().empty()) return "";
  Table table(
      {{"ID", true}, {"WEIGHT", true}, {"AGE", true}, {"PHASE"}, {"WAITING ON"}, {"OUTCOME"}, {"PEER"}}, 2);
  for (const pb::Attempt& a : v.examples()) {
    table.Add({{std::to_string(a.id())},
               {fmt::format("{:+.2f}", a.weight())},
               {a.has_first() ? Age(now - FromProto(a.first())) : "?"},
               {PhaseName(a.phase())},
               {WaitingOnName(a.waiting_on()), WaitingOnHue(a.waiting_on())},
               {OutcomeName(a.outcome()), OutcomeHue(a.outcome())},
               {Printable(a.peer())}});
  }
  return Heading("Attempts with the largest weight", style) + table.Render(style);
}

std::string Ignored(const pb::Verdict& v, const Style& style) {
  std::string out = Heading("Not counted, since start", style);
  const auto row = [&out](uint64_t n, const char* why) {
    if (n > 0) out += fmt::format("  {} {}\n", Thousands(n), why);
  };
  row(v.ignored_retry(), "repeats from an address whose failure is counted already");
  row(v.ignored_unacknowledged(), "never acknowledged by the node, so possibly forged");
  row(v.ignored_capped(), "above the limit per network: a quarter of an alarm");
  if (v.ignored_retry() + v.ignored_unacknowledged() + v.ignored_capped() == 0) out += "  Nothing.\n";
  return out;
}

std::string Clearing(const pb::Verdict& v, const Style& style) {
  if (v.state() == pb::HEALTHY) return "";
  std::string out = Heading("When it clears", style);
  const auto wait = FromProto(v.clears_in());
  if (wait.count() > 0)
    return out + fmt::format("  In {} at the earliest, if the evidence allows.\n", Age(wait));
  return out + "  As soon as the evidence allows.\n";
}

std::string Remediation(const pb::Verdict& v, const Style& style) {
  if (v.remediation().empty()) return "";
  return Heading("What to do", style) + Paragraph(Printable(v.remediation()), 2);
}

// The server's own word beside that of the sockets.
std::string ReportedJoins(const pb::Verdict& v, const Style& style) {
  if (!v.has_reported_joins()) return "";
  const pb::ReportedJoins& r = v.reported_joins();
  std::string out = Heading("The media server's own counters", style);
  if (r.begun() == 0 && r.signalled() == 0 && !r.unavailable().empty())
    return out + Paragraph(Printable(r.unavailable()) + ".", 2);
  out += fmt::format("  Since its start: {} signalled, {} begun, {} came up, {} resumed, {} given up.\n",
                     Thousands(r.signalled()), Counted(r.begun(), "join"), Thousands(r.up()),
                     Thousands(r.resumed()), Thousands(r.cancelled()));
  if (!r.unavailable().empty()) return out + Paragraph("Not judged: " + Printable(r.unavailable()) + ".", 2);
  out +=
      fmt::format("  Usually at least {} of the joins come up, with {:.1f} attempts each at the sockets.\n",
                  Percent(r.usual_share()), r.usual_attempts());
  if (r.window().seconds() == 0 && r.window().nanos() == 0) return out + "  Nothing differs from that now.\n";
  out +=
      fmt::format("  Within {}: {} begun, {} came up (usually {:.0f}), {} at the sockets (usually {:.0f}).\n",
                  Age(FromProto(r.window())), Counted(r.window_begun(), "join"), Thousands(r.window_up()),
                  r.window_expected(), Counted(r.window_attempts(), "attempt"),
                  static_cast<double>(r.window_begun()) * r.usual_attempts());
  return out +
         fmt::format(
             "  Evidence: {:.1f} by the server's counters, {:.1f} by the sockets; it fires at {:.1f}.\n",
             r.score(), r.socket_score(), r.threshold());
}

std::string Steering(const pb::Verdict& v, const Style& style) {
  if (!v.has_steering()) return "";
  const pb::Steering& s = v.steering();
  std::string out = Heading("Steering of the LiveKit cluster", style) + Paragraph(SteeringText(v), 2);
  if (s.heartbeats() == 0) return out;
  return out + fmt::format("  Since start: {} seen while not serving, {}, {} overtaken, {} of Redis.\n",
                           Counted(s.heartbeats(), "heartbeat"), Counted(s.rewrites(), "rewrite"),
                           Thousands(s.overtaken()), Counted(s.errors(), "error"));
}

int RunWhy(Session& session) {
  const auto verdict = CallNode(session, &pb::NodeHealth::Stub::GetVerdict, VerdictRequestOf(session));
  if (!verdict) return Report(session, verdict.error());
  session.out << (session.json() ? ToJson(*verdict) + "\n"
                                 : RenderWhy(*verdict, NodeNow(*verdict, session.now()), session.style));
  return kExitOk;
}

}  // namespace

std::string RenderWhy(const pb::Verdict& v, WallTime now, const Style& style) {
  return Sentence(v, now, style) + CausePart(v, style) + Blindness(v, style) + Evidence(v, style) +
         WaitingOnPart(v, style) + Sockets(v, now, style) + ReportedJoins(v, style) + Detectors(v, style) +
         Examples(v, now, style) + Ignored(v, style) + Clearing(v, style) + Steering(v, style) +
         Remediation(v, style);
}

Command WhyCommand() {
  Command command = {"why", "What is the verdict based on, which side is waited on, and when would it clear?",
                     kHelp, [](CLI::App&) -> Command::Run { return RunWhy; }};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
