// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/client/client.h"
#include "cli/commands/commands.h"
#include "cli/render/json.h"
#include "cli/render/text.h"
#include "cli/render/top_screen.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    "Answers: how is this node doing, right now and while I look? Verdict, funnel, who owes, set-up times "
    "and\n"
    "the client networks with most failures, drawn anew every second. q ends it.\n"
    "\n"
    "Example:    candorctl top\n"
    "            candorctl top --once | less\n"
    "JSON:       with --once: one candor.v1.Verdict\n"
    "Exit codes: 0 ended by q or Ctrl-C; 1 bad arguments, or no terminal; 2 cannot be reached at the start;\n"
    "            3 call failed at the start";

struct Sample {
  std::chrono::steady_clock::time_point at;
  pb::Verdict verdict;
  pb::ListAttemptsResponse attempts;
};

Answer<Sample> Fetch(Client& client) {
  const auto verdict = client.Call(&pb::NodeHealth::Stub::GetVerdict, pb::GetVerdictRequest());
  if (!verdict) return tl::make_unexpected(verdict.error());
  pb::ListAttemptsRequest request;
  request.set_page_size(1000);
  auto attempts = client.Call(&pb::NodeHealth::Stub::ListAttempts, request);
  // A smaller limits.page than that: then with the page it allows by default.
  if (!attempts) attempts = client.Call(&pb::NodeHealth::Stub::ListAttempts, pb::ListAttemptsRequest());
  if (!attempts) return tl::make_unexpected(attempts.error());
  return Sample{std::chrono::steady_clock::now(), *verdict, *attempts};
}

// candord's clock now: what it said, and what has passed since.
WallTime NodeNowOf(const Sample& seen, const Session& session) {
  if (!seen.verdict.has_now()) return session.now();
  return FromProto(seen.verdict.now()) + (std::chrono::steady_clock::now() - seen.at);
}

int RunOnce(Session& session) {
  auto client = Connect(session);
  if (!client) return Report(session, client.error());
  const auto seen = Fetch(*client);
  if (!seen) return Report(session, seen.error());
  if (session.json()) {
    session.out << ToJson(seen->verdict) << "\n";
  } else {
    constexpr TerminalSize kWhole{1000, 1000};
    session.out << RenderTop(seen->verdict, seen->attempts, NodeNow(seen->verdict, session.now()), kWhole,
                             session.style)
                << "\n";
  }
  return kExitOk;
}

int RunLive(std::chrono::milliseconds every, Session& session) {
  // Before the connection has threads: they inherit which signals are blocked.
  std::unique_ptr<Terminal> terminal =
      session.environment.open_terminal ? session.environment.open_terminal() : nullptr;
  if (!terminal) {
    session.err << "candorctl: top needs a terminal; --once prints one screen without\n";
    return kExitArguments;
  }
  auto client = Connect(session);
  auto seen = client ? Fetch(*client) : tl::make_unexpected(client.error());
  if (!seen) {
    terminal.reset();  // an error must stand on the screen that stays
    return Report(session, seen.error());
  }
  Sample last = *seen;
  for (;;) {
    TerminalSize size = terminal->Size();
    if (!seen && size.rows > 1) --size.rows;
    std::string screen =
        RenderTop(last.verdict, last.attempts, NodeNowOf(last, session), size, session.style);
    if (!seen) screen = session.style.Paint(Hue::kRed, "!! " + seen.error().message) + "\n" + screen;
    terminal->Show(screen);
    const auto key = terminal->Wait(every);
    if (key == Terminal::Key::kQuit) return kExitOk;
    if (key != Terminal::Key::kNothing) continue;
    seen = Fetch(*client);
    if (seen) last = *seen;
  }
}

std::string CheckEvery(const std::string& text) {
  const auto every = ParseDuration(text);
  if (every && *every >= std::chrono::milliseconds(100)) return "";
  return "expected a time of 100ms or more, got '" + Printable(text) + "'";
}

}  // namespace

Command TopCommand() {
  return {"top", "How is this node doing, live?", kHelp, [](CLI::App& app) -> Command::Run {
            const auto once = std::make_shared<bool>(false);
            const auto every = std::make_shared<std::string>("1s");
            app.add_flag("--once", *once, "print one screen and end");
            app.add_option("--every", *every, "how often it is drawn")
                ->check(CLI::Validator(CheckEvery, ""))
                ->capture_default_str();
            return [once, every](Session& session) {
              return *once ? RunOnce(session) : RunLive(ParseDuration(*every).value(), session);
            };
          }};
}

}  // namespace candor::cli
