// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/watch.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <thread>

#include "cli/client/verdict_stream.h"
#include "cli/commands/commands.h"
#include "cli/render/json.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

using std::chrono::milliseconds;
using Deadline = std::chrono::system_clock::time_point;

constexpr const char* kHelp =
    "Answers: what changes, as it changes? A line for every change of state, reason, self-report or "
    "effective\n"
    "answer, beginning with what is so now. After a lost connection it says so and connects again; when\n"
    "candord cannot be reached at the start it gives up (exit 2), unless --until tells it to wait.\n"
    "\n"
    "Example:    candorctl watch\n"
    "            candorctl watch --until serving --for 30s    # wait for a node to come up\n"
    "JSON:       one candor.v1.Verdict a line; 64-bit integers are strings\n"
    "Exit codes: 0 what --until asked for is so; 5 the time of --for ran out; 1 bad arguments; 2 candord\n"
    "            cannot be reached; 3 the call failed for good; without --until and --for it ends by Ctrl-C";

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
      // What fails when the time is up failed because it is up.
      if (TimeUp() && done != kExitOk) return kExitTimeUp;
      if (done) return *done;
      ReportLost(failure);
      std::this_thread::sleep_for(std::min(kRetry, Left()));
    }
  }

 private:
  // What is left of --for; a long time without it.
  milliseconds Left() const {
    if (!end_) return std::chrono::hours(1);
    return std::max(milliseconds(0),
                    std::chrono::ceil<milliseconds>(*end_ - std::chrono::steady_clock::now()));
  }
  bool TimeUp() const { return end_ && std::chrono::steady_clock::now() >= *end_; }

  // Reads one stream to its end. An exit code when the command is over, else why the stream ended.
  std::optional<int> Follow(Client& client, Failure& failure) {
    VerdictStream stream(client.node(), heartbeat_);
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

  // A stream that ends because candord went away is worth another try; one that was refused is not.
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
    // Heartbeats repeat the sequence; after a reconnect it may stand anywhere, candord may have restarted.
    if (!first_of_stream && verdict.sequence() == sequence_) return;
    const bool gap = !first_of_stream && verdict.sequence() > sequence_ + 1;
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
    session_.err << Stamp(session_.now()) << "  lost: " << failure.message << "; trying again" << std::endl;
  }

  void ReportReconnected() {
    if (!lost_since_) return;
    session_.err << Stamp(session_.now()) << "  connected again after "
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

std::string CheckTime(const std::string& text) {
  if (ParseDuration(text)) return "";
  return "expected a duration such as 30s or 5m, got '" + Printable(text) + "'";
}

std::string CheckHeartbeat(const std::string& text) {
  const auto heartbeat = ParseDuration(text);
  if (heartbeat && *heartbeat >= milliseconds(100)) return "";
  return "expected a duration of 100ms or more, got '" + Printable(text) + "'";
}

Command::Run Declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("--until", flags->until, "end when this is so: serving, not-serving, or a state")
      ->check(CLI::Validator(CheckWaitCondition, ""));
  app.add_option("--for", flags->limit, "end after this time: 30s, 5m")->check(CLI::Validator(CheckTime, ""));
  app.add_option("--heartbeat", flags->heartbeat,
                 "how often candord speaks when nothing changes; silence longer than this and --timeout "
                 "together is a lost connection")
      ->check(CLI::Validator(CheckHeartbeat, ""))
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
  const std::string at = v.has_judged_at() ? Stamp(FromProto(v.judged_at())) : "not judged yet      ";
  std::string line =
      at + "  " + style.Paint(StateHue(v.state()), fmt::format("{:<9}", StateName(v.state()))) + "  " +
      style.Paint(ServingHue(v.serving()), fmt::format("{:<11}", ServingName(v.serving()))) +
      fmt::format("  node {:<13}  {}", SelfReportName(v.self().answer()), Printable(v.reason()));
  if (!v.detail().empty()) line += ": " + Printable(v.detail());
  if (missed > 0) line += fmt::format(" ({} before this one not seen)", Counted(missed, "change"));
  return line;
}

Command WatchCommand() {
  return {"watch", "What changes, as it changes? Also waits for a state in scripts.", kHelp, Declare};
}

}  // namespace candor::cli
