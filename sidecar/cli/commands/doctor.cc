// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/host_checks.h"
#include "cli/commands/info_checks.h"
#include "cli/commands/node_call.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: why do Candor's probes not see this node, and what is the remediation? Calls candord, then checks the
host that candorctl runs on; needs no privileges, and works without a candord too.

Example:    candorctl doctor
            candorctl doctor -o json | jq -r 'select(.grade!="OK").remediation'
JSON:       {"check":"btf","grade":"OK|WARN|FAIL","text":"...","remediation":"..."} a line
Exit codes: 0 no check is FAIL; 6 a check is FAIL, with --strict also WARN; 1 bad arguments;
            2 candord cannot be reached; 3 candord was reached, and the call failed)";

struct Flags {
  bool strict = false;
};

const char* GradeName(Grade grade) {
  return grade == Grade::kOk ? "OK" : grade == Grade::kWarn ? "WARN" : "FAIL";
}

Hue GradeHue(Grade grade) {
  return grade == Grade::kOk ? Hue::kGreen : grade == Grade::kWarn ? Hue::kYellow : Hue::kRed;
}

// Texts of findings are sentences of ours with paths and values of the host's in them.
void Show(const Finding& finding, Session& session) {
  if (session.json()) {
    session.out << JsonObject({{"check", finding.check},
                               {"grade", GradeName(finding.grade)},
                               {"text", finding.text},
                               {"remediation", finding.remediation}})
                << "\n";
    return;
  }
  session.out << session.style.Paint(GradeHue(finding.grade), fmt::format("{:<4}", GradeName(finding.grade)))
              << fmt::format("  {:<16}  {}\n", finding.check, Printable(finding.text));
  if (!finding.remediation.empty())
    session.out << fmt::format("{:24}remediation: {}\n", "", Printable(finding.remediation));
}

Finding Daemon(const Answer<pb::Info>& info, const Session& session) {
  if (!info)
    return {"candord", Grade::kFail, info.error().message, "start candord, then candorctl doctor again"};
  std::string up;
  if (info->has_uptime()) {
    up = ", up " + Age(FromProto(info->uptime()));
  } else if (info->has_started_at()) {
    up = ", up " + Age(session.now() - FromProto(info->started_at()));
  }
  return {"candord", Grade::kOk,
          fmt::format("candord {} answers at {}{}", Printable(info->version()), session.address, up), ""};
}

int RunDoctor(const Flags& flags, Session& session) {
  const Answer<pb::Info> info = CallNode(session, &pb::NodeHealth::Stub::GetInfo);
  std::vector<Finding> findings = {Daemon(info, session)};
  if (info) {
    for (Finding& finding : CheckInfo(*info)) findings.push_back(std::move(finding));
  }
  for (Finding& finding : CheckHost(session.environment.read_host(), info.has_value())) {
    findings.push_back(std::move(finding));
  }
  Grade worst = Grade::kOk;
  for (const Finding& finding : findings) {
    Show(finding, session);
    worst = std::max(worst, finding.grade);
  }
  if (!info) return info.error().exit_code;
  return worst >= (flags.strict ? Grade::kWarn : Grade::kFail) ? kExitFindings : kExitOk;
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_flag("--strict", flags->strict, "exit 6 on WARN too");
  return [flags](Session& session) { return RunDoctor(*flags, session); };
}

}  // namespace

Command DoctorCommand() {
  return {"doctor", "Why do the probes not see this node, and what is the remediation?", kHelp, Declare};
}

}  // namespace candor::cli
