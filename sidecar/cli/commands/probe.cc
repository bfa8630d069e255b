// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/node_call.h"
#include "cli/render/enum_names.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

constexpr const char* kHelp =
    R"(Answers, as an exit code: may new connections come here? For the exec checks of load balancers and
orchestrators; calls grpc.health.v1 as grpc_health_probe does. Do not restart a node by this answer: it is for
readiness only.
Services: "" and media (the effective answer), self (the self-report), sensor (whether the probes see), and the
name of a media server (also as --server).

Example:    candorctl probe --timeout 500ms
            candorctl probe --service media --strict
JSON:       {"service":"...","status":"SERVING","state":"HEALTHY","reason":"..."}; state and reason are
            empty when NodeHealth did not answer
Exit codes: 0 serving (while BLIND with a warning on stderr); 1 bad arguments; 2 cannot connect within
            --timeout; 3 the call failed, e.g. an unknown service; 4 not serving, with --strict also
            DEGRADED and PROBATION)";

struct Flags {
  std::string service;
  bool strict = false;
};

// While BLIND the answer comes from the self-report or from blind_policy.
void WarnIfBlind(bool serving, const Answer<pb::Verdict>& verdict, Session& session) {
  if (!verdict || verdict->state() != pb::BLIND) return;
  const auto self = verdict->self().answer();
  const bool node_is_well = self == pb::SelfReport::OK || self == pb::SelfReport::NOT_CONFIGURED;
  session.err << "warning: Candor is blind (" << Printable(verdict->blindness_code()) << "): this answer is "
              << (!serving && node_is_well ? "the setting blind_policy" : "the self-report")
              << "; run candorctl doctor\n";
}

int Judge(const Flags& flags, bool serving, const Answer<pb::Verdict>& verdict, Session& session) {
  WarnIfBlind(serving, verdict, session);
  if (!serving) return kExitNotServing;
  if (!verdict) {
    // Another health server may be here: without --strict its answer is enough.
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
  if (!flags.service.empty() && !session.server.empty()) {
    session.err << "candorctl: expected one of --service and --server\n";
    return kExitArguments;
  }
  HealthCheckRequest request;
  request.set_service(flags.service + session.server);
  const auto check = client->Call(&Health::Stub::Check, request);
  if (!check) {
    session.err << "candorctl: service '" << Printable(request.service())
                << "' (candord has \"\", media, self, sensor):\n";
    return Report(session, check.error());
  }
  const auto verdict = client->Call(&pb::NodeHealth::Stub::GetVerdict, VerdictRequestOf(session));
  const std::string status = HealthCheckResponse::ServingStatus_Name(check->status());
  Show(flags, status.empty() ? "UNKNOWN" : status, verdict, session);
  return Judge(flags, check->status() == HealthCheckResponse::SERVING, verdict, session);
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("--service", flags->service, "the health service; empty: the node as a whole");
  app.add_flag("--strict", flags->strict, "DEGRADED and PROBATION exit with 4");
  return [flags](Session& session) { return RunProbe(*flags, session); };
}

}  // namespace

Command ProbeCommand() {
  Command command = {"probe", "As an exit code: may new connections come here? (grpc_health_probe's codes)",
                     kHelp, Declare};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
