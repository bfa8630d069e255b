// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/info_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "cli/render/drop_text.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

struct LossRemediation {
  std::string_view counter;
  const char* text;
};

constexpr const char* kRaiseFlowLimit = "raise max_flows in candord's configuration and restart it";
constexpr const char* kUnparsedHint =
    "harmless in small numbers; if it grows, report it to the project with a capture";

constexpr std::array<LossRemediation, 7> kLosses = {{
    {"unparsed", kUnparsedHint},
    {"stun_attributes_cut", kUnparsedHint},
    {"stun_username_cut", kUnparsedHint},
    {"extension_headers_cut", kUnparsedHint},
    {"fragments",
     "keep the media path's MTU whole: media servers should not send datagrams above 1200 bytes"},
    {"flows_refused", kRaiseFlowLimit},
    {"events_lost",
     "give candord more CPU; lost events are repaired from the flow map, so verdicts come late"},
}};

// Null when the counter is not of losses. The endings are for losses that a newer candord counts.
const char* RemediationOf(std::string_view counter) {
  for (const LossRemediation& remediation : kLosses) {
    if (remediation.counter == counter) return remediation.text;
  }
  for (const char* end : {"_lost", "_refused", "_cut", "_dropped", "_evicted", "_failed"}) {
    if (counter.ends_with(end)) return "see the notes of this candord's version";
  }
  return nullptr;
}

uint64_t PacketsOf(const pb::Info& info) {
  for (const pb::Counter& counter : info.counters()) {
    if (counter.name() == "packets") return counter.value();
  }
  return 0;
}

}  // namespace

Finding CheckSource(const pb::Info& info) {
  const std::string target = info.source_target().empty() ? "" : " on " + Printable(info.source_target());
  const std::string text = Printable(info.source()) + target;
  if (info.source() == "bpf") return {"source", Grade::kOk, text, ""};
  if (info.source() == "pcap") {
    return {"source", Grade::kWarn,
            text + ": a live capture copies every packet and may lose some under load",
            "give candord CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON, so that it uses BPF"};
  }
  if (info.source().empty()) {
    return {"source", Grade::kFail, "candord has no source of packets", "see candord's log for the reason"};
  }
  return {"source", Grade::kWarn, text + ": not a live source of this node", "run candord with source: auto"};
}

Finding CheckProbes(const pb::Info& info) {
  if (info.blindness_code().empty()) return {"probes", Grade::kOk, "the probes see", ""};
  // By contract the text ends with its remediation.
  return {"probes", Grade::kFail, fmt::format("blind ({})", Printable(info.blindness_code())),
          info.blindness_text().empty() ? "see candord's log" : Printable(info.blindness_text())};
}

std::vector<Finding> CheckNotes(const pb::Info& info) {
  std::vector<Finding> findings;
  for (const std::string& warning : info.warnings())
    findings.push_back({"warning", Grade::kWarn, Printable(warning), ""});
  for (const std::string& note : info.notes()) findings.push_back({"note", Grade::kOk, Printable(note), ""});
  return findings;
}

std::vector<Finding> CheckDrops(const pb::Info& info) {
  std::vector<Finding> findings;
  const uint64_t packets = PacketsOf(info);
  for (const pb::Counter& counter : info.counters()) {
    const char* remediation = RemediationOf(counter.name());
    if (remediation == nullptr || counter.value() == 0) continue;
    findings.push_back(
        {"drops", Grade::kWarn,
         fmt::format("{} {}: {} ({} seen)", Printable(counter.name()), Thousands(counter.value()),
                     Printable(counter.help()), Counted(packets, "packet")),
         remediation});
  }
  if (findings.empty()) {
    findings.push_back(
        {"drops", Grade::kOk, fmt::format("nothing lost in {}", Counted(packets, "packet")), ""});
  }
  return findings;
}

Finding CheckFlowMap(const pb::Info& info) {
  const std::string text =
      fmt::format("{} of {} used, {} evicted since start", Thousands(info.flows_open()),
                  Counted(info.flows_max(), "entry", "entries"), Counted(info.flows_evicted(), "flow"));
  // Nine tenths full; written so that no product can overflow.
  const bool full = info.flows_max() > 0 && info.flows_open() >= info.flows_max() - info.flows_max() / 10;
  if (info.flows_evicted() > 0 || full) return {"flow_map", Grade::kWarn, text, kRaiseFlowLimit};
  return {"flow_map", Grade::kOk, text, ""};
}

Finding CheckSockets(const pb::Info& info) {
  if (!info.has_sockets()) return {"sockets", Grade::kWarn, "this candord has no socket evidence", ""};
  const pb::SocketEvidence& s = info.sockets();
  if (!s.unavailable().empty()) {
    // By contract the reason ends with its remediation, where it has one.
    return {"sockets", Grade::kWarn, "no socket evidence: " + Printable(s.unavailable()), ""};
  }
  return {"sockets", Grade::kOk,
          fmt::format("socket evidence of {}: {} of {} dropped, {} of {} failed",
                      Counted(s.namespaces(), "network namespace"),
                      Thousands(s.dropped_full() + s.dropped_memory()),
                      Counted(s.received() + s.dropped_full() + s.dropped_memory(), "received datagram"),
                      Thousands(s.unsent_full() + s.unsent_refused()),
                      Counted(s.sent() + s.unsent_full() + s.unsent_refused(), "send")),
          ""};
}

Finding CheckDropReasons(const pb::Info& info) {
  const pb::DropEvidence& drops = info.sockets().drops();
  if (!info.sockets().has_drops()) {
    return {"drop_reasons", Grade::kWarn, "this candord does not count the kernel's drop reasons", ""};
  }
  if (!drops.unavailable().empty()) {
    return {"drop_reasons", Grade::kWarn, "no drop reasons: " + Printable(drops.unavailable()), ""};
  }
  return {"drop_reasons", Grade::kOk, "the kernel reports drop reasons: " + DropSummary(drops), ""};
}

Finding CheckSessions(const pb::Info& info) {
  const pb::SessionEvidence& s = info.sessions();
  if (!s.unavailable().empty()) {
    return {"sessions", Grade::kWarn, "no count of accepted sessions: " + Printable(s.unavailable()), ""};
  }
  std::string text =
      fmt::format("{} on {}", Counted(s.accepted(), "TCP connection accepted", "TCP connections accepted"),
                  Counted(static_cast<uint64_t>(s.ports_size()), "port"));
  if (s.uncounted() > 0)
    text += fmt::format(", {} of them on ports beyond the bound", Thousands(s.uncounted()));
  return {"sessions", Grade::kOk, text, ""};
}

Finding CheckSteering(const pb::Steering& s) {
  const std::string text = Printable(s.state()) + ": " + Printable(s.text());
  // By contract the text ends with the remediation, where there is one.
  const bool bad = s.state() == "unavailable" || s.state() == "no_node" || s.state() == "held_back";
  return {"livekit", bad ? Grade::kWarn : Grade::kOk, text, ""};
}

std::vector<Finding> CheckInfo(const pb::Info& info) {
  std::vector<Finding> findings = {CheckSource(info), CheckProbes(info), CheckFlowMap(info),
                                   CheckSockets(info), CheckDropReasons(info)};
  if (info.has_steering()) findings.push_back(CheckSteering(info.steering()));
  if (info.has_sessions()) findings.push_back(CheckSessions(info));  // an older candord has none
  for (Finding& finding : CheckDrops(info)) findings.push_back(std::move(finding));
  for (Finding& finding : CheckNotes(info)) findings.push_back(std::move(finding));
  return findings;
}

}  // namespace candor::cli
