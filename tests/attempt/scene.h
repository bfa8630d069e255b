// SPDX-License-Identifier: Apache-2.0
//
// A simulated node: packets go through the real flow table into the real tracker, and the test sets the time.
// Times are seconds from the start of the scene.
#pragma once

#include <string>
#include <vector>

#include "attempt/attempt_tracker.h"
#include "attempt/lost_flows.h"
#include "flow/flow_table.h"
#include "tests/packets/packets.h"

namespace candor {

class Scene final : public FlowSource {
 public:
  explicit Scene(AttemptOptions options = {}, double start = 0)
      : tracker_(options, [this](const AttemptEvent& e) { events_.push_back(e); }),
        lost_(LostFlowsOptions{}, &tracker_),
        now_(start) {
    tracker_.Begin(At(-kLongAgo));
  }
  // The source begins to observe now: what it sees first may be older.
  Scene& BeginNow() {
    tracker_.Begin(At(now_));
    return *this;
  }

  Scene& In(const FlowKey& k, const Bytes& payload) { return Packet(k, CANDOR_IN, payload); }
  Scene& Out(const FlowKey& k, const Bytes& payload) { return Packet(k, CANDOR_OUT, payload); }
  // The kernel drops the packet: on the way in before a socket and its hook, on the way out before the hook.
  Scene& Drop(const FlowKey& k, candor_dir dir, const Bytes& payload,
              candor_drop_reason reason = CANDOR_DROP_NETFILTER) {
    const Bytes ip = Udp(k, dir, payload);
    LostPacket p;
    p.at = At(now_), p.direction = dir, p.reason = reason;
    p.length = static_cast<uint16_t>(ip.size());
    p.captured = static_cast<uint16_t>(std::min(ip.size(), p.head.size()));
    std::copy_n(ip.begin(), p.captured, p.head.begin());
    lost_.OnPacket(p);
    return *this;
  }
  // Lets time pass, ticking as the pipeline does.
  Scene& Wait(double seconds) {
    for (const double end = now_ + seconds; now_ < end - 1e-9;) {
      now_ = std::min(end, now_ + 0.25);
      tracker_.Tick(At(now_), *this);
    }
    return *this;
  }
  // Time passes without a tick.
  Scene& Skip(double seconds) {
    now_ += seconds;
    return *this;
  }

  // The flow map is full and evicts this flow.
  Scene& Evict(const FlowKey& k) {
    table_.Forget(k);
    return *this;
  }

  AttemptTracker& tracker() { return tracker_; }
  const LostFlows& lost() const { return lost_; }
  const std::vector<AttemptEvent>& events() const { return events_; }
  size_t Count(AttemptEvent::Kind kind) const {
    size_t n = 0;
    for (const AttemptEvent& e : events_) n += e.kind == kind ? 1 : 0;
    return n;
  }
  // The newest attempt under this key (ufrag or port).
  AttemptView Find(const std::string& key) const {
    for (const AttemptView& v : tracker_.Attempts(1000)) {
      if (v.key == key) return v;
    }
    return {};
  }
  AttemptCounts counts() const { return tracker_.counts(); }
  size_t flows() const { return table_.size(); }
  size_t looks() const { return looks_; }  // of flows, so far

  Result<size_t> Poll(Duration, const std::function<void(const FlowEvent&)>&) override { return 0; }
  bool Lookup(const FlowKey& key, FlowState* state) override {
    ++looks_;
    return table_.Lookup(key, state);
  }
  void Forget(const FlowKey& key) override { table_.Forget(key); }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    table_.ForEach(visit);
  }
  NodeActivity Activity() override { return table_.activity(); }
  SourceHealth Health() const override { return {}; }

 private:
  static constexpr double kLongAgo = 100;  // scenes are about what is new

  static Time At(double seconds) { return TimeFromNanos(1'000'000'000'000) + FromSeconds(seconds); }

  Scene& Packet(const FlowKey& k, candor_dir dir, const Bytes& payload) {
    const Bytes ip = Udp(k, dir, payload);
    FlowEvent event;
    if (table_.Packet(At(now_), dir, ip, ip.size(), 1, &event)) lost_.Learn(event), tracker_.OnFlow(event);
    return *this;
  }

  FlowTable table_{FlowTableOptions{}};
  std::vector<AttemptEvent> events_;
  AttemptTracker tracker_;
  LostFlows lost_;
  double now_;
  size_t looks_ = 0;
};

// The packets of one client until it is active.
struct Client {
  FlowKey key;
  std::string username;  // as the client sends it: node's ufrag first

  Scene& Ice(Scene& s, uint8_t transaction = 1) const {
    return s.In(key, Check(username, transaction, true)).Out(key, CheckAnswer(transaction));
  }
  // The client is the DTLS client.
  Scene& Dtls(Scene& s) const {
    const Bytes finished = DtlsRecord(22, 1, Bytes(40, 9));
    return s.In(key, Handshake(1, 0))
        .Out(key, Handshake(2, 0) + Handshake(14, 1))
        .In(key, Handshake(16, 1) + DtlsRecord(20, 0, {1}) + finished)
        .Out(key, DtlsRecord(20, 0, {1}) + finished);
  }
  Scene& Media(Scene& s) const { return s.In(key, Rtp(7, 100)).Out(key, Rtp(8, 200)); }
  Scene& Up(Scene& s) const {
    Ice(s);
    Dtls(s);
    return Media(s);
  }
};

}  // namespace candor
