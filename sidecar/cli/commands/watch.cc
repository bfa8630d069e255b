// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/watch.h"

#include <fmt/format.h>

#include <thread>

#include "base/utc_text.h"
#include "cli/client/verdict_stream.h"
#include "cli/commands/commands.h"
#include "cli/commands/flags.h"
#include "cli/commands/node_call.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

using std::chrono::milliseconds;

constexpr const char* kHelp =
    R"(Answers: what changes, as it changes? A line for the current state, then one for every change of state, reason,
self-report or effective answer. A lost connection is reported and established again; when candord cannot be
reached at the start the command ends (exit 2), unless --until is given.

Example:    candorctl watch
            candorctl watch --until serving --for 30s    # wait for a node to come up
JSON:       one candor.v1.Verdict a line; 64-bit integers are strings
Exit codes: 0 the condition of --until is met; 5 the time of --for ran out; 1 bad arguments; 2 candord
            cannot be reached; 3 the call failed; without --until and --for it ends by Ctrl-C)";

constexpr milliseconds kRetry{500};

struct Flags {
  std::string until;
  std::string limit;
  std::string heartbeat = "5s";
};

class Watcher {
 public:
  Watcher(const Flags& flags, Session& session)
      : session_(session),
        until_(flags.until.empty() ? std::nullopt : ParseWaitCondition(flags.until)),
        heartbeat_(ParseDuration(flags.heartbeat).value()) {
    if (const auto limit = ParseDuration(flags.limit)) end_ = std::chrono::steady_clock::now() + *limit;
  }

  int Run() {
    for (;;) {
      auto client = Client::Connect(session_.address, std::min(session_.timeout, Left()), session_.tls);
      std::optional<int> done;
      Failure failure;
      if (client) {
        done = Follow(*client, failure);
      } else {
        failure = client.error();
        if (!until_ && !seen_) done = Report(session_, failure);
      }
      // A failure at the end of --for comes from the shortened timeout.
      if (TimeUp() && done != kExitOk) return kExitTimeUp;
      if (done) return *done;
      ReportLost(failure);
      std::this_thread::sleep_for(std::min(kRetry, Left()));
    }
  }

 private:
  // The rest of --for; an hour without it.
  milliseconds Left() const {
    if (!end_) return std::chrono::hours(1);
    return std::max(milliseconds(0),
                    std::chrono::ceil<milliseconds>(*end_ - std::chrono::steady_clock::now()));
  }
  bool TimeUp() const { return end_ && std::chrono::steady_clock::now() >= *end_; }

  // Reads one stream to its end. An exit code when the command is over, else why the stream ended.
  std::optional<int> Follow(Client& client, Failure& failure) {
    VerdictStream stream(client.stub<pb::NodeHealth::Stub>(), heartbeat_, session_.server);
    const milliseconds silence = heartbeat_ + session_.timeout;
    bool first = true;
    for (;;) {
      pb::Verdict verdict;
      const milliseconds wait = std::min(silence, Left());
      switch (stream.Next(std::chrono::system_clock::now() + wait, &verdict)) {
        case VerdictStream::Event::kVerdict:
          ReportReconnected();
          Show(verdict, first);
          first = false;
          if (!session_.out) return kExitOutput;
          if (until_ && (*until_)(verdict)) return kExitOk;
          break;
        case VerdictStream::Event::kQuiet:
          if (TimeUp()) return kExitTimeUp;
          if (wait < silence) break;
          failure = {kExitRpc, fmt::format("no heartbeat from {} for {} ms; candord is stopped or overloaded",
                                           Printable(session_.address), silence.count())};
          return std::nullopt;
        case VerdictStream::Event::kEnded:
          return Ended(client, stream.status(), failure);
      }
      if (TimeUp()) return kExitTimeUp;
    }
  }

  // Retries a stream that ended because candord stopped, not one that was refused.
  std::optional<int> Ended(const Client& client, const grpc::Status& status, Failure& failure) {
    failure = client.Explain(status);
    const bool passing = status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                         status.error_code() == grpc::StatusCode::CANCELLED;
    if (!passing) return Report(session_, failure);
    failure.message = fmt::format("the stream from {} ended{}", Printable(session_.address),
                                  status.ok() ? "" : ": " + Printable(status.error_message()));
    return std::nullopt;
  }

  void Show(const pb::Verdict& verdict, bool first_of_stream) {
    // Heartbeats repeat the sequence; after a reconnect any value is possible: candord may have restarted.
    if (!first_of_stream && verdict.sequence() == sequence_) return;
    // Of one server the changes of others are left out.
    const bool gap = !first_of_stream && session_.server.empty() && verdict.sequence() > sequence_ + 1;
    const uint64_t missed = gap ? verdict.sequence() - sequence_ - 1 : 0;
    session_.out << (session_.json() ? ToJson(verdict) : RenderChange(verdict, missed, session_.style))
                 << "\n"
                 << std::flush;
    sequence_ = verdict.sequence();
    seen_ = true;
  }

  void ReportLost(const Failure& failure) {
    if (lost_since_) return;
    lost_since_ = std::chrono::steady_clock::now();
    session_.err << FormatUtc(session_.now()) << "  lost: " << failure.message << "; retrying" << std::endl;
  }

  void ReportReconnected() {
    if (!lost_since_) return;
    session_.err << FormatUtc(session_.now()) << "  reconnected after "
                 << Age(std::chrono::steady_clock::now() - *lost_since_) << std::endl;
    lost_since_.reset();
  }

  Session& session_;
  std::optional<WaitCondition> until_;
  milliseconds heartbeat_;
  std::optional<std::chrono::steady_clock::time_point> end_;
  uint64_t sequence_ = 0;
  bool seen_ = false;
  std::optional<std::chrono::steady_clock::time_point> lost_since_;
};

std::string CheckWaitCondition(const std::string& word) {
  if (ParseWaitCondition(word)) return "";
  std::string expected = "expected serving, not-serving";
  for (const std::string& state : StateWords()) expected += ", " + state;
  return expected + "; got '" + Printable(word) + "'";
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("--until", flags->until, "end when this is met: serving, not-serving, or a state")
      ->check(CLI::Validator(CheckWaitCondition, ""));
  app.add_option("--for", flags->limit, "end after this time: 30s, 5m")
      ->check(DurationFrom(milliseconds(1), "a duration such as 30s or 5m"));
  app.add_option(
         "--heartbeat", flags->heartbeat,
         "how often candord repeats an unchanged verdict; without a verdict for this time plus --timeout the "
         "connection is lost")
      ->check(DurationFrom(milliseconds(100), "a duration of 100ms or more"))
      ->capture_default_str();
  return [flags](Session& session) { return Watcher(*flags, session).Run(); };
}

}  // namespace

std::optional<WaitCondition> ParseWaitCondition(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower == "serving") return WaitCondition([](const pb::Verdict& v) { return v.serving(); });
  if (lower == "not-serving") return WaitCondition([](const pb::Verdict& v) { return !v.serving(); });
  const auto state = ParseState(word);
  if (!state) return std::nullopt;
  return WaitCondition([state](const pb::Verdict& v) { return v.state() == *state; });
}

std::string RenderChange(const pb::Verdict& v, uint64_t missed, const Style& style) {
  const std::string at = v.has_judged_at() ? FormatUtc(FromProto(v.judged_at())) : "not judged yet      ";
  std::string line =
      at + "  " + style.Paint(StateHue(v.state()), fmt::format("{:<9}", StateName(v.state()))) + "  " +
      style.Paint(ServingHue(v.serving()), fmt::format("{:<11}", ServingName(v.serving()))) +
      fmt::format("  node {:<13}  {}", SelfReportName(v.self().answer()), Printable(v.reason()));
  if (!v.detail().empty()) line += ": " + Printable(v.detail());
  if (v.servers_size() > 1) {
    for (const pb::ServerSummary& s : v.servers()) {
      if (!s.gone()) line += fmt::format("; {} {}", Printable(s.name()), StateName(s.state()));
    }
  }
  if (missed > 0) line += fmt::format(" ({} before this one not received)", Counted(missed, "change"));
  return line;
}

Command WatchCommand() {
  Command command = {"watch", "What changes, as it changes? Also waits for a state in scripts.", kHelp,
                     Declare};
  command.by_server = true;
  return command;
}

}  // namespace candor::cli
