// SPDX-License-Identifier: Apache-2.0
#include "daemon/transition_log.h"

#include <fmt/format.h>

namespace candor::daemon {
namespace {

Severity SeverityOf(State s) {
  switch (s) {
    case State::kFailing:
      return Severity::kError;
    case State::kDegraded:
    case State::kProbation:
    case State::kBlind:
      return Severity::kWarning;
    case State::kUnknown:
    case State::kHealthy:
    case State::kDraining:
      break;
  }
  return Severity::kInfo;
}

std::string WithoutFigures(std::string text) {
  if (text.find("HTTP") == std::string::npos)
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text;
}

std::string_view Answer(bool serving) { return serving ? "SERVING" : "NOT_SERVING"; }

}  // namespace

std::vector<LogLine> TransitionLog::Lines(const Snapshot& next) {
  std::vector<LogLine> out;
  Self(next.self, out);
  Source(next.source, out);
  Servers(next, out);
  State(next, out);
  first_ = false;
  return out;
}

void TransitionLog::State(const Snapshot& next, std::vector<LogLine>& out) {
  const Verdict shown = next.shown();
  const bool same = shown.state == state_ && shown.reason == reason_ && shown.cause.code == cause_;
  if (!first_ && same && next.serving == serving_) return;
  std::string text = first_ || shown.state == state_
                         ? std::string(Name(shown.state))
                         : fmt::format("{} -> {}", Name(state_), Name(shown.state));
  text += fmt::format(", answering {}: {}", Answer(next.serving), shown.reason);
  if (!shown.cause.code.empty()) {
    text += fmt::format(", cause {} ({})", shown.cause.code, shown.cause.measured ? "measured" : "inferred");
  }
  if (!shown.detail.empty()) text += ": " + shown.detail;
  if (!shown.remediation.empty()) text += " Remediation: " + shown.remediation;
  out.push_back({SeverityOf(shown.state), std::move(text)});
  state_ = shown.state;
  reason_ = shown.reason;
  cause_ = shown.cause.code;
  serving_ = next.serving;
}

// Where there are several; of the only one the node's line says it.
void TransitionLog::Servers(const Snapshot& next, std::vector<LogLine>& out) {
  if (next.servers.size() < 2) return;
  for (const ServerStatus& s : next.servers) {
    auto& [state, reason] = servers_[s.name];
    if (state == s.verdict.state && reason == s.verdict.reason) continue;
    const bool appears = reason.empty();
    const std::string from = appears || state == s.verdict.state ? "" : fmt::format("{} -> ", Name(state));
    out.push_back({SeverityOf(s.verdict.state),
                   fmt::format("server {}: {}{}: {}: {}", s.name, from, Name(s.verdict.state),
                               s.verdict.reason, s.verdict.detail)});
    state = s.verdict.state;
    reason = s.verdict.reason;
  }
}

void TransitionLog::Source(const SourceHealth& next, std::vector<LogLine>& out) {
  const bool observing = IsObserving(next);
  if (observing && !observing_) {
    out.push_back({Severity::kInfo, fmt::format("watching {} through {}", next.target, next.kind)});
    for (const std::string& warning : next.warnings) out.push_back({Severity::kWarning, warning});
    for (const std::string& note : next.notes) out.push_back({Severity::kInfo, "note: " + note});
  }
  observing_ = observing;  // blindness is a change of state, logged by State()
}

void TransitionLog::Self(const SelfReport& next, std::vector<LogLine>& out) {
  if (next.answer != self_) {
    const bool bad = next.answer == SelfAnswer::kDown || next.answer == SelfAnswer::kUnreachable;
    out.push_back({bad ? Severity::kWarning : Severity::kInfo,
                   fmt::format("self-report: {} -> {}{}{}", Name(self_), Name(next.answer),
                               next.detail.empty() ? "" : ", " + next.detail,
                               next.target.empty() ? "" : " (" + next.target + ")")});
  }
  self_ = next.answer;
}

std::optional<LogLine> MetricsPageLog::Line(const std::string& unavailable) {
  std::string now = WithoutFigures(unavailable);
  if (last_ == now) return std::nullopt;
  last_ = std::move(now);
  if (unavailable.empty()) return LogLine{Severity::kInfo, "self_report.prometheus: its counters are read"};
  return LogLine{Severity::kWarning, "self_report.prometheus: " + unavailable};
}

}  // namespace candor::daemon
