// SPDX-License-Identifier: Apache-2.0
//
// The media servers of the node, each with a judge of its own, and the node's verdict. With one server the
// node's verdict is that server's, unchanged. Pure but for the reader of cgroups; one thread.
//
// Which cgroups are servers: the configured ones, and every other one from its first acknowledged attempt on,
// so that forged packets to the ports of a resolver make no server of it. Before that its attempts are judged
// apart and shown nowhere, unless no server is known at all. At most ServersOptions::most are held; what is
// beyond them, and attempts that no server can be named for, is the server "other".
//
// A server keeps what its judge has learned under its name: when it restarts into a new cgroup of that name,
// when it is gone for a long time, and across restarts of candord (Save, Restore). A container has another
// name after each deployment: it takes the place of the one of its kind whose cgroup was removed.
//
// False alarms: of `known` servers each has its equal part of JudgeOptions::false_alarms_per_month; of those
// that are found the n-th has 1/n of it, so two of them have 1.5 times the allowance together and four 2.1
// times.
//
// Tested in tests/pipeline/servers_test.cc.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "attempt/attempt_tracker.h"
#include "base/result.h"
#include "pipeline/node_verdict.h"
#include "pipeline/recent_sockets.h"
#include "pipeline/server_facts.h"
#include "pipeline/server_finder.h"
#include "pipeline/server_options.h"
#include "verdict/judge.h"
#include "verdict/server_status.h"

namespace candor {

struct MediaServer {
  MediaServer(uint32_t number, std::string called, const JudgeOptions& options)
      : id(number), name(std::move(called)), role(options.role), judge(options) {}
  const uint32_t id;
  std::string name;  // empty: the only one, of which no cgroup is known
  std::string cgroup;
  uint64_t cgroup_id = 0;  // its newest; 0: none yet in this process
  const Role role;
  bool configured = false;
  bool drives_node = true;  // as configured
  bool shown = false;       // a server, and no mere receiver of packets
  bool weighty = false;     // has the share that drives the node
  double acknowledged = 0;  // attempts lately, decayed
  Time last_attempt{};
  RecentSockets sockets;
  Time facts_at{}, watched_at{};  // the last request for all local facts, for any
  Judge judge;
};

class Servers {
 public:
  Servers(ServersOptions options, JudgeOptions judge, CgroupReader reader);
  Servers(const Servers&) = delete;
  Servers& operator=(const Servers&) = delete;

  // For AttemptTracker: the server of the attempt that begins with this flow.
  AttemptServer ServerOf(const FlowEvent& e, AttemptTracker& tracker);
  // Both: whether the node's state or reason differs from the last call that returned true.
  bool Observe(const AttemptEvent& e);
  bool Tick(Time now, FlowSource& source, AttemptTracker& tracker);

  // The node's.
  const Verdict& verdict() const;
  // Those that are shown, in order of appearance, and then those that are gone. None while the only one has
  // no name.
  std::vector<ServerStatus> Statuses(const AttemptTracker& tracker) const;
  std::vector<std::string> Notes() const;

  std::vector<ServerBaseline> Save() const;
  // Continues from what Save() gave `age` before `now`. The error is that of the first baseline that cannot
  // be read; the others are restored all the same.
  Result<void> Restore(const std::vector<ServerBaseline>& saved, Duration age, Time now);
  void ResetBaselines();

  // Calls `visit` for every server, with its judge: for evidence that has the cgroup or the port of a server,
  // and for evidence of the whole node where `only` is true.
  template <class Visit>
  void ForEach(const Visit& visit) {
    for (const auto& s : servers_) visit(*s);
  }
  // The local facts that are due at `now`, to be read off this thread: each second, in full while something
  // is wrong, else now and then, so that growth is known; in between of the processes alone. `ports`: the
  // configured ones.
  std::vector<ServerFactsRequest> DueFacts(PortRange ports, Time now);
  void ObserveFacts(const ServerFacts& read);
  // What the node's media server itself counts. Where there are several it is not known whose it is.
  void ObserveReportedJoins(const ReportedJoins& read);
  // The one whose verdict is the node's; null: there are several.
  MediaServer* Only() const;
  // The server that a socket of this cgroup and local UDP or TCP port belongs to; null: it is not known.
  MediaServer* Find(uint64_t cgroup_id, uint16_t port, Time now);

 private:
  struct Remembered {
    std::string text;
    Time at{};
  };

  MediaServer* ById(uint32_t id) const;
  MediaServer* ByName(std::string_view name) const;
  MediaServer& Add(std::string name, const JudgeOptions& options);
  MediaServer& AddFound(std::string name);
  MediaServer* ReplacedBy(const std::string& name, uint16_t port);
  MediaServer* Named(const FoundServer& found, uint16_t port, AttemptTracker* tracker);
  MediaServer* ByPort(uint16_t port) const;
  MediaServer& Other();
  void RememberPort(uint16_t port, const MediaServer& s);
  bool EvictHidden(AttemptTracker& tracker);
  void DropGone(Time now, AttemptTracker& tracker);
  void Remember(std::string name, Remembered baseline);
  void ObserveShapes(Time now, const AttemptTracker& tracker);
  SessionCounts SessionsOf(const MediaServer& s, const SessionCounts& all, Time now);
  void Weigh(Time now);
  double ShareOf(const MediaServer& s) const;
  bool Drives(const MediaServer& s) const;
  size_t Shown() const;
  void Combine();
  bool Changed();
  Result<void> RestoreOne(const ServerBaseline& b, Duration age, Time now);

  const ServersOptions options_;
  const JudgeOptions judge_options_;
  ServerFinder finder_;
  std::vector<std::unique_ptr<MediaServer>> servers_;  // never empty
  MediaServer* other_ = nullptr;                       // among them
  Judge sockets_;  // of the node's sockets only, whose losses belong to no server where there are several
  Verdict combined_;
  std::map<std::string, Remembered, std::less<>> remembered_;
  struct PortSpan {
    uint16_t min = 65535, max = 0;
  };
  std::unordered_map<uint16_t, uint32_t> port_owners_;  // the server whose socket had the port last
  std::map<uint32_t, PortSpan> spans_;                  // of the ports of each
  uint32_t next_id_ = 1;
  uint64_t beyond_ = 0;  // attempts of cgroups beyond `most`
  Time sessions_at_{}, weighed_{}, shaped_{}, now_{};
  State reported_state_ = State::kUnknown;
  std::string reported_reason_;
};

}  // namespace candor
