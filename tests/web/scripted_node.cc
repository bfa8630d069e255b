// SPDX-License-Identifier: Apache-2.0
//
// The real HTTP and agent ports over a SnapshotStore whose state comes from standard input, for tests with
// other programs (curl, HAProxy, Prometheus) that need no probes and no call. It runs as candord does:
// without capabilities, under the filter of system calls.
//
//   scripted_node HTTP_ADDRESS AGENT_ADDRESS
//
// Prints "listening HTTP AGENT" and then "did WORD" for each line it reads:
//   state STATE [REASON [FAILED COUNTED [SEVERITY]]]     FAILING waiting_on_node 12 15 0.9; with a cause
//   server NAME STATE                                    a media server of the node
//   self ANSWER                                          ok, down, unreachable, pending, not_configured
//   blind CODE | see                                     what the probes do
//   traffic N                                            N attempts became active, N are stalled
//   stall | tick                                         what the pipeline does
// Ends at the end of input.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "web/web_server.h"
#ifdef CANDOR_CONFINED  // where candord is built
#include "tests/daemon/confine.h"
#endif

namespace candor::web {
namespace {

State StateNamed(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(State::kBlind); ++i) {
    if (Name(static_cast<State>(i)) == name) return static_cast<State>(i);
  }
  return State::kUnknown;
}

SelfAnswer AnswerNamed(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(SelfAnswer::kUnreachable); ++i) {
    if (Name(static_cast<SelfAnswer>(i)) == name) return static_cast<SelfAnswer>(i);
  }
  return SelfAnswer::kPending;
}

class Script {
 public:
  explicit Script(SnapshotStore& snapshots) : snapshots_(snapshots) {
    now_.source.kind = "bpf";
    now_.self.answer = SelfAnswer::kOk;
    now_.verdict.detectors = {{"waiting_on_node", 0, 9, 0.02, true}};
    now_.source.flows_max = 65536;
    now_.source.sockets.counts.at = MonotonicNow();  // read, without losses
    now_.source.sockets.unavailable.clear();
    now_.source.sockets.drops.unavailable.clear();
  }
  Duration tick_age() const { return stalled_ ? Duration(std::chrono::minutes(1)) : Duration(0); }

  // Whether the line is a command.
  bool Do(const std::string& line) {
    std::istringstream in(line);
    std::string word, text;
    in >> word >> text;
    if (word == "state") {
      SetState(StateNamed(text), in);
    } else if (word == "server") {
      ServerStatus s;
      s.id = static_cast<uint32_t>(now_.servers.size() + 1);
      s.name = text;
      in >> text;
      s.verdict.state = StateNamed(text);
      now_.servers.push_back(std::move(s));
    } else if (word == "self") {
      now_.self.answer = AnswerNamed(text);
    } else if (word == "blind") {
      now_.source.blindness = {text, "by script"};
    } else if (word == "see") {
      now_.source.blindness = {};
    } else if (word == "traffic") {
      AddTraffic(std::stoul(text));
    } else if (word == "stall" || word == "tick") {
      stalled_ = word == "stall";
    } else {
      return false;
    }
    Publish();
    return true;
  }

 private:
  void SetState(State state, std::istringstream& rest) {
    Verdict& v = now_.verdict;
    v.state = state;
    v.reason = "scripted", v.failed = v.counted = 0, v.severity = 0;
    rest >> v.reason >> v.failed >> v.counted >> v.severity;
    v.score = v.severity > 0 ? 5 : 0;
    v.since = MonotonicNow();
    v.cause = {};
    if (state == State::kFailing) v.cause.code = "frozen", v.cause.measured = true;
  }
  void AddTraffic(size_t n) {
    for (size_t i = 0; i < n; ++i) {
      now_.counts.concluded.Add(Outcome::kActive, Phase::kActive, WaitingOn::kNone);
      now_.counts.concluded.Add(Outcome::kStalled, Phase::kNominated, WaitingOn::kNode);
      now_.counts.setup.Add(std::chrono::milliseconds(300));
    }
  }
  void Publish() {
    now_.verdict.at = MonotonicNow();
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    now_.to_wall = wall - now_.verdict.at.time_since_epoch();
    snapshots_.Publish(now_);
  }

  SnapshotStore& snapshots_;
  Snapshot now_;
  std::atomic<bool> stalled_ = false;
};

int Run(const char* http, const char* agent) {
  SnapshotStore snapshots;
  Script script(snapshots);
  WebOptions options;
  options.http_listen = {http};
  options.agent_listen = {agent};
  AboutProcess about;
  about.version = CANDOR_VERSION;
  about.started_at = std::chrono::system_clock::now();
  about.since_tick = [&] { return script.tick_age(); };
  const auto server = WebServer::Start(options, snapshots, std::move(about));
  if (!server) {
    std::cerr << "scripted_node: " << server.error().message << "\n";
    return 2;
  }
  std::cout << "listening " << (*server)->http().front() << " " << (*server)->agent().front() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << (script.Do(line) ? "did " : "unknown ") << line << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace candor::web

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "scripted_node HTTP_ADDRESS AGENT_ADDRESS\n";
    return 1;
  }
#ifdef CANDOR_CONFINED
  candor::daemon::ConfineOrExit();
#endif
  return candor::web::Run(argv[1], argv[2]);
}
