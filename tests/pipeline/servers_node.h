// SPDX-License-Identifier: Apache-2.0
//
// A node with several media servers for the tests of pipeline/servers.h.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "flow/flow_table.h"
#include "pipeline/pipeline.h"
#include "tests/packets/packets.h"

namespace candor {

// A node whose servers are told apart by the local port: port 10000 + n is the socket of the cgroup n. Its
// clients come from many networks. Packets go through the real flow table.
class ServersNode final : public FlowSource {
 public:
  explicit ServersNode(PipelineOptions options = {})
      : pipeline_(options, [this](uint64_t id) { return Cgroup(id); }) {
    pipeline_.Begin(now_ - std::chrono::minutes(2));
  }

  // Clients of the server in cgroup `n` join `joins` times a second, and the server answers or is frozen.
  struct Load {
    uint64_t cgroup = 1;
    double joins = 3;
    bool frozen = false;
  };
  void Run(double seconds, const std::vector<Load>& loads) {
    for (int tick = 0; tick < static_cast<int>(seconds * 4); ++tick) {
      for (const Load& load : loads) {
        double& due = due_[load.cgroup];
        for (due += load.joins / 4; due >= 1; due -= 1) Join(load);
      }
      now_ += std::chrono::milliseconds(250);
      RepeatChecks();
      pipeline_.Tick(now_, *this);
      if (on_tick) on_tick();
    }
  }
  // One check that nobody answers.
  void Forge(uint64_t cgroup) { Send(NextClient(cgroup), CANDOR_IN, Check("XXXX:x", 1, false)); }

  Pipeline& pipeline() { return pipeline_; }
  const Verdict& verdict() const { return pipeline_.verdict(); }
  ServerStatus Server(std::string_view name) const {
    for (const ServerStatus& s : pipeline_.servers()) {
      if (s.name == name) return s;
    }
    return {};
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const ServerStatus& s : pipeline_.servers()) names.push_back(s.name);
    return names;
  }
  double now() const { return Seconds(now_.time_since_epoch()); }
  Time time() const { return now_; }

  Result<size_t> Poll(Duration, const std::function<void(const FlowEvent&)>&) override { return 0; }
  bool Lookup(const FlowKey& key, FlowState* state) override {
    if (!table_.Lookup(key, state)) return false;
    state->cgroup_id = CgroupOf(key);
    return true;
  }
  void Forget(const FlowKey& key) override { table_.Forget(key); }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    table_.ForEach(visit);
  }
  NodeActivity Activity() override { return table_.activity(); }
  SocketCounts Sockets() override { return sockets; }
  CgroupInfo Cgroup(uint64_t id) override { return {paths[id], {"server"}, 1, removed.contains(id)}; }
  SourceHealth Health() const override { return {}; }

  std::map<uint64_t, std::string> paths{{1, "/system.slice/janus.service"},
                                        {2, "/system.slice/rtpengine.service"}};
  std::set<uint64_t> removed;                // cgroups
  std::map<uint64_t, uint64_t> deployed_as;  // the cgroup that has the port of another one now
  SocketCounts sockets;
  std::function<void()> on_tick;

 private:
  struct Waiting {
    FlowKey key{};
    std::string username;
    Time next{};
    int sent = 1;
  };

  uint64_t CgroupOf(const FlowKey& key) const {
    const uint64_t first = key.local_port - 10000u;
    const auto now = deployed_as.find(first);
    return now == deployed_as.end() ? first : now->second;
  }

  FlowKey NextClient(uint64_t cgroup) {
    ++clients_;
    const std::string peer =
        "198." + std::to_string(clients_ % 40) + ".7." + std::to_string(clients_ % 250 + 1);
    return KeyOf("192.0.2.1", static_cast<uint16_t>(10000 + cgroup), peer.c_str(),
                 static_cast<uint16_t>(20000 + clients_ % 40000));
  }

  void Join(const Load& load) {
    const FlowKey key = NextClient(load.cgroup);
    const std::string username = "N" + std::to_string(clients_) + ":c" + std::to_string(clients_);
    Send(key, CANDOR_IN, Check(username, 1, true));
    if (load.frozen) return waiting_.push_back({key, username, now_ + std::chrono::milliseconds(500), 1});
    const Bytes finished = DtlsRecord(22, 1, Bytes(40, 9));
    Send(key, CANDOR_OUT, CheckAnswer(1));
    Send(key, CANDOR_IN, Handshake(1, 0));
    Send(key, CANDOR_OUT, Handshake(2, 0) + Handshake(14, 1));
    Send(key, CANDOR_IN, Handshake(16, 1) + DtlsRecord(20, 0, {1}) + finished);
    Send(key, CANDOR_OUT, DtlsRecord(20, 0, {1}) + finished);
    Send(key, CANDOR_IN, Rtp(7, 100));
    Send(key, CANDOR_OUT, Rtp(8, 200));
  }

  // RFC 8489 section 6.2.1: the intervals double.
  void RepeatChecks() {
    for (Waiting& w : waiting_) {
      if (w.next > now_ || w.sent > 6) continue;
      Send(w.key, CANDOR_IN, Check(w.username, 1, true));
      w.next = now_ + std::chrono::milliseconds(500 << w.sent);
      ++w.sent;
    }
  }

  void Send(const FlowKey& key, candor_dir dir, const Bytes& payload) {
    const Bytes ip = Udp(key, dir, payload);
    FlowEvent event;
    if (!table_.Packet(now_, dir, ip, ip.size(), 1, &event)) return;
    event.flow.cgroup_id = CgroupOf(key);
    pipeline_.OnFlow(event);
  }

  FlowTable table_{FlowTableOptions{}};
  Time now_ = TimeFromNanos(1'000'000'000'000);
  Pipeline pipeline_;
  std::map<uint64_t, double> due_;
  std::deque<Waiting> waiting_;
  uint32_t clients_ = 0;
};

inline constexpr ServersNode::Load kJanus{1, 3, false}, kRtpengine{2, 3, false};

}  // namespace candor
