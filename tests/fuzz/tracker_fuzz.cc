// SPDX-License-Identifier: Apache-2.0
//
// Any packets at any times through flow table, tracker and judge, with lost events as from a full ring.
#include <algorithm>

#include "attempt/lost_flows.h"
#include "attempt_laws.h"
#include "check.h"
#include "flow/flow_table.h"
#include "packet_script.h"
#include "targets.h"
#include "verdict/judge.h"
#include "verdict_laws.h"

namespace candor::fuzz {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(250);

AttemptOptions SmallBounds() {
  AttemptOptions options;
  options.max_attempts = 6;
  options.history = 4;
  options.max_lost = 3;
  return options;
}

JudgeOptions SmallJudge() {
  JudgeOptions options;
  options.max_attempts = 4;
  return options;
}

class Node final : public FlowSource {
 public:
  Node()
      : laws_(SmallBounds()), judge_(SmallJudge()), tracker_(SmallBounds(), [this](const AttemptEvent& e) {
          Check(laws_.BrokenBy(e));
          judge_.Observe(e);
        }) {}

  void Step(const ScriptedPacket& packet) {
    Wait(kGaps[packet.gap]);
    size_t wire_length = 0;
    const Bytes ip = IpOf(packet, &wire_length);
    if (packet.lost && packet.segments > 1) return Drop(packet.dir, ip, wire_length);
    FlowEvent event;
    const bool reported = table_.Packet(now_, packet.dir, ip, wire_length, packet.segments, &event);
    if (reported && !packet.lost) tracker_.OnFlow(event);
    Check(laws_.BrokenIn(tracker_));
  }
  // The kernel drops it before the hook.
  void Drop(candor_dir dir, const Bytes& ip, size_t wire_length) {
    LostPacket p;
    p.at = now_, p.direction = dir;
    p.reason = dir == CANDOR_IN ? CANDOR_DROP_NETFILTER : CANDOR_DROP_QDISC;
    p.length = static_cast<uint16_t>(std::min<size_t>(wire_length, UINT16_MAX));
    p.captured = static_cast<uint16_t>(std::min(ip.size(), p.head.size()));
    std::copy_n(ip.begin(), p.captured, p.head.begin());
    lost_.OnPacket(p);
    Check(laws_.BrokenIn(tracker_));
  }
  // After a loss the daemon passes every flow to the tracker again; a repetition must change nothing.
  void Reconcile() {
    for (int i = 0; i < 2; ++i) {
      ForEach([&](const FlowKey& key, const FlowState& state) { tracker_.OnFlow({now_, key, state}); });
      Check(laws_.BrokenIn(tracker_));
    }
  }
  void Wait(Duration gap) {
    // Long silences in longer strides: only deadlines pass.
    const Duration stride = gap > std::chrono::seconds(10) ? 8 * kTick : kTick;
    for (const Time end = now_ + gap; now_ < end;) {
      now_ = std::min(end, now_ + stride);
      Tick();
    }
  }

  Result<size_t> Poll(Duration, const std::function<void(const FlowEvent&)>&) override { return 0; }
  bool Lookup(const FlowKey& key, FlowState* state) override { return table_.Lookup(key, state); }
  void Forget(const FlowKey& key) override { table_.Forget(key); }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    table_.ForEach(visit);
  }
  NodeActivity Activity() override { return table_.activity(); }
  SourceHealth Health() const override { return {}; }

 private:
  void Tick() {
    tracker_.Tick(now_, *this);
    judge_.ObserveNode(Activity());
    const Verdict before = judge_.verdict();
    judge_.Tick(now_);
    Check(BrokenIn(judge_.verdict()));
    Check(BrokenBetween(before, judge_.verdict()));
  }

  FlowTable table_{{.max_flows = 24}};
  AttemptLaws laws_;
  Judge judge_;
  AttemptTracker tracker_;
  LostFlows lost_{{.max_flows = 8, .max_of_address = 16, .port_min = 1}, &tracker_};
  Time now_ = TimeFromNanos(1'000'000'000'000);
};

}  // namespace

void Tracker(Input input) {
  Node node;
  PacketScript script(input);
  ScriptedPacket packet;
  while (script.Next(&packet)) node.Step(packet);
  node.Reconcile();
  node.Wait(std::chrono::seconds(75));  // every attempt ends and is forgotten
}

}  // namespace candor::fuzz
