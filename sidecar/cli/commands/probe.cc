// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/client/client.h"
#include "cli/commands/commands.h"
#include "cli/render/enum_names.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

constexpr const char* kHelp =
    "Answers, as an exit code: may new connections come here? For the exec checks of load balancers and\n"
    "orchestrators; asks grpc.health.v1 as grpc_health_probe does. Never restart a node by this answer: use\n"
    "it for readiness only.\n"
    "Services: \"\" and media (the effective answer), self (what the node says), sensor (do the probes "
    "see).\n"
    "\n"
    "Example:    candorctl probe --timeout 500ms\n"
    "            candorctl probe --service media --strict\n"
    "JSON:       {\"service\":\"...\",\"status\":\"SERVING\",\"state\":\"HEALTHY\",\"reason\":\"...\"}; "
    "state and reason are\n"
    "            empty when NodeHealth did not answer\n"
    "Exit codes: 0 serving (while BLIND with a warning on stderr); 1 bad arguments; 2 cannot connect within\n"
    "            --timeout; 3 the call failed, e.g. an unknown service; 4 not serving, with --strict also\n"
    "            DEGRADED and PROBATION";

struct Flags {
  std::string service;
  bool strict = false;
};

// Whose answer it is while Candor itself sees nothing.
void WarnIfBlind(bool serving, const Answer<pb::Verdict>& verdict, Session& session) {
  if (!verdict || verdict->state() != pb::BLIND) return;
  const auto said = verdict->self().answer();
  const bool node_is_well = said == pb::SelfReport::OK || said == pb::SelfReport::NOT_CONFIGURED;
  session.err << "warning: Candor is blind (" << Printable(verdict->blindness_code()) << "): this is the "
              << (!serving && node_is_well ? "setting blind_policy" : "node's own word")
              << "; run candorctl doctor\n";
}

int Judge(const Flags& flags, bool serving, const Answer<pb::Verdict>& verdict, Session& session) {
  WarnIfBlind(serving, verdict, session);
  if (!serving) return kExitNotServing;
  if (!verdict) {
    // Another health server may stand here: without --strict its own word is enough.
    return flags.strict ? Report(session, verdict.error()) : kExitOk;
  }
  const pb::State state = verdict->state();
  const bool weak = state == pb::DEGRADED || state == pb::PROBATION;
  return flags.strict && weak ? kExitNotServing : kExitOk;
}

void Show(const Flags& flags, const std::string& status, const Answer<pb::Verdict>& verdict,
          Session& session) {
  const std::string state = verdict ? StateName(verdict->state()) : "";
  const std::string reason = verdict ? verdict->reason() : "";
  if (session.json()) {
    session.out << JsonObject(
                       {{"service", flags.service}, {"status", status}, {"state", state}, {"reason", reason}})
                << "\n";
    return;
  }
  session.out << "status: " << status;
  if (verdict) session.out << " (" << state << (reason.empty() ? "" : ": ") << Printable(reason) << ")";
  session.out << "\n";
}

int RunProbe(const Flags& flags, Session& session) {
  auto client = Connect(session);
  if (!client) return Report(session, client.error());
  HealthCheckRequest request;
  request.set_service(flags.service);
  const auto check = client->Call(&Health::Stub::Check, request);
  if (!check) {
    session.err << "candorctl: service '" << Printable(flags.service)
                << "' (candord has \"\", media, self, sensor):\n";
    return Report(session, check.error());
  }
  const auto verdict = client->Call(&pb::NodeHealth::Stub::GetVerdict, pb::GetVerdictRequest());
  const std::string status = HealthCheckResponse::ServingStatus_Name(check->status());
  Show(flags, status.empty() ? "UNKNOWN" : status, verdict, session);
  return Judge(flags, check->status() == HealthCheckResponse::SERVING, verdict, session);
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("--service", flags->service, "the health service to ask for; empty is the node as a whole");
  app.add_flag("--strict", flags->strict, "DEGRADED and PROBATION are not good enough (exit 4)");
  return [flags](Session& session) { return RunProbe(*flags, session); };
}

}  // namespace

Command ProbeCommand() {
  return {"probe", "As an exit code: may new connections come here? (grpc_health_probe's codes)", kHelp,
          Declare};
}

}  // namespace candor::cli
