// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/cli/commands/admin_test.cc.
#include "cli/commands/admin.h"
#include "cli/commands/commands.h"
#include "cli/commands/flags.h"
#include "cli/render/enum_names.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: how do I set the state of this node myself? For a limited time, over verdict, blindness and
self-report; a drain has precedence. Serving: healthy, degraded, probation. Not serving: failing.
Uses candord's admin socket, on the node itself, without TCP or TLS; `candorctl transitions` shows who did it.
Confirmed once the override is on disk.

Example:    candorctl override healthy --for 30m --reason 'load test with broken clients'
            candorctl override --clear
JSON:       one candor.v1.Verdict, as it is from now on
Exit codes: 0 on disk and in force on every interface; 1 bad arguments; 2 cannot be reached, no admin
            socket or no permission; 3 refused, not in force: longer than the setting
            admin.longest_override, or the state file cannot be written; 7 sent, not confirmed:
            candorctl status shows whether it is in force)";

struct Flags {
  std::string state;
  std::string limit;
  std::string reason;
  bool clear = false;
  std::shared_ptr<bool> allow_unsaved;
};

std::string CheckState(const std::string& word) {
  const auto state = ParseState(word);
  const bool may = state && (*state == pb::HEALTHY || *state == pb::DEGRADED || *state == pb::PROBATION ||
                             *state == pb::FAILING);
  return may ? "" : "expected healthy, degraded, probation or failing, got '" + Printable(word) + "'";
}

OverrideCall ClearCall(const Flags& flags) {
  pb::ClearOverrideRequest request;
  request.set_allow_unsaved(*flags.allow_unsaved);
  return {[request](Client& client) { return client.Call(&pb::Admin::Stub::ClearOverride, request); },
          [](const pb::Verdict& v) { return !v.has_state_override(); }};
}

OverrideCall SetCall(const Flags& flags) {
  pb::SetOverrideRequest request;
  request.set_state(ParseState(flags.state).value());
  request.set_reason(flags.reason);
  request.set_allow_unsaved(*flags.allow_unsaved);
  const auto limit = std::chrono::ceil<std::chrono::seconds>(ParseDuration(flags.limit).value());
  request.mutable_limit()->set_seconds(limit.count());
  return {[request](Client& client) { return client.Call(&pb::Admin::Stub::SetOverride, request); },
          [request](const pb::Verdict& v) {
            return v.has_state_override() && v.state_override().state() == request.state() &&
                   v.state_override().reason() == request.reason();
          }};
}

int RunOverride(const Flags& flags, Session& session) {
  const bool all = !flags.state.empty() && !flags.limit.empty() && !flags.reason.empty();
  if (!flags.clear && !all) {
    session.err << "candorctl: expected a state with --for and --reason, or --clear\n";
    return kExitArguments;
  }
  return SendOverride(flags.clear ? ClearCall(flags) : SetCall(flags), session);
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  auto* state = app.add_option("state", flags->state, "healthy, degraded, probation or failing")
                    ->check(CLI::Validator(CheckState, ""));
  app.add_option("--for", flags->limit, "how long: 30m, 2h")
      ->check(DurationFrom(std::chrono::seconds(1), "a time of 1s or more such as 30m"));
  app.add_option("--reason", flags->reason, "why, shown with the override");
  app.add_flag("--clear", flags->clear, "end the override now")->excludes(state);
  flags->allow_unsaved = AddAllowUnsaved(app);
  return [flags](Session& session) { return RunOverride(*flags, session); };
}

}  // namespace

Command OverrideCommand() {
  return {"override", "Sets the state of this node for a limited time, over the verdict.", kHelp, Declare};
}

}  // namespace candor::cli
