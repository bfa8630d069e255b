// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/commands.h"
#include "cli/commands/flags.h"
#include "cli/commands/node_call.h"
#include "cli/render/json.h"
#include "cli/render/text.h"
#include "cli/render/top_screen.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: how is this node doing now, and while this runs? Verdict, funnel, sides waited on, set-up times and
the client networks with most failures, drawn every second. q ends it.

Example:    candorctl top
            candorctl top --once | less
JSON:       with --once: one candor.v1.Verdict
Exit codes: 0 ended by q or Ctrl-C; 1 bad arguments, or no terminal; 2 cannot be reached at the start;
            3 call failed at the start)";

struct Sample {
  std::chrono::steady_clock::time_point at;
  pb::Verdict verdict;
  pb::ListAttemptsResponse attempts;
};

Answer<Sample> Fetch(Client& client, const Session& session) {
  const auto verdict = client.Call(&pb::NodeHealth::Stub::GetVerdict, VerdictRequestOf(session));
  if (!verdict) return tl::make_unexpected(verdict.error());
  pb::ListAttemptsRequest request;
  request.set_page_size(1000);
  request.set_server(session.server);
  auto attempts = client.Call(&pb::NodeHealth::Stub::ListAttempts, request);
  // The setting limits.page may be smaller: then the default page.
  if (!attempts) {
    request.set_page_size(0);
    attempts = client.Call(&pb::NodeHealth::Stub::ListAttempts, request);
  }
  if (!attempts) return tl::make_unexpected(attempts.error());
  return Sample{std::chrono::steady_clock::now(), *verdict, *attempts};
}

// candord's clock now: its time in the sample, and what has passed since.
WallTime NodeNowOf(const Sample& sample, const Session& session) {
  if (!sample.verdict.has_now()) return session.now();
  return FromProto(sample.verdict.now()) + (std::chrono::steady_clock::now() - sample.at);
}

int RunOnce(Session& session) {
  auto client = Connect(session);
  if (!client) return Report(session, client.error());
  const auto sample = Fetch(*client, session);
  if (!sample) return Report(session, sample.error());
  if (session.json()) {
    session.out << ToJson(sample->verdict) << "\n";
  } else {
    constexpr TerminalSize kWhole{1000, 1000};
    session.out << RenderTop(sample->verdict, sample->attempts, NodeNow(sample->verdict, session.now()),
                             kWhole, session.style)
                << "\n";
  }
  return kExitOk;
}

int RunLive(std::chrono::milliseconds every, Session& session) {
  // Before the connection starts threads: they inherit the blocked signals.
  std::unique_ptr<Terminal> terminal =
      session.environment.open_terminal ? session.environment.open_terminal() : nullptr;
  if (!terminal) {
    session.err << "candorctl: top needs a terminal; --once prints one screen without one\n";
    return kExitArguments;
  }
  auto client = Connect(session);
  auto sample = client ? Fetch(*client, session) : tl::make_unexpected(client.error());
  if (!sample) {
    terminal.reset();  // the error must be on the main screen
    return Report(session, sample.error());
  }
  Sample last = *sample;
  for (;;) {
    TerminalSize size = terminal->Size();
    if (!sample && size.rows > 1) --size.rows;
    std::string screen =
        RenderTop(last.verdict, last.attempts, NodeNowOf(last, session), size, session.style);
    if (!sample) screen = session.style.Paint(Hue::kRed, "!! " + sample.error().message) + "\n" + screen;
    terminal->Show(screen);
    const auto key = terminal->Wait(every);
    if (key == Terminal::Key::kQuit) return kExitOk;
    if (key != Terminal::Key::kNothing) continue;
    sample = Fetch(*client, session);
    if (sample) last = *sample;
  }
}

}  // namespace

Command TopCommand() {
  Command command = {"top", "How is this node doing, live?", kHelp, [](CLI::App& app) -> Command::Run {
                       const auto once = std::make_shared<bool>(false);
                       const auto every = std::make_shared<std::string>("1s");
                       app.add_flag("--once", *once, "print one screen and end");
                       app.add_option("--every", *every, "time between two drawings")
                           ->check(DurationFrom(std::chrono::milliseconds(100), "a time of 100ms or more"))
                           ->capture_default_str();
                       return [once, every](Session& session) {
                         return *once ? RunOnce(session) : RunLive(ParseDuration(*every).value(), session);
                       };
                     }};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
