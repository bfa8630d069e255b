// SPDX-License-Identifier: Apache-2.0
//
// Sends packets through the flow table, 20 ms apart, and reads the state of one flow.
#pragma once

#include "flow/flow_table.h"
#include "flow/state_machine.h"
#include "tests/packets/packets.h"

namespace candor {

class Wire {
 public:
  explicit Wire(FlowTableOptions options = {}) : table_(options) {}

  Wire& In(const Bytes& payload) { return Ip(CANDOR_IN, Udp(key, CANDOR_IN, payload)); }
  Wire& Out(const Bytes& payload) { return Ip(CANDOR_OUT, Udp(key, CANDOR_OUT, payload)); }
  Wire& Ip(candor_dir dir, const Bytes& ip, uint16_t segments = 1) {
    return Seen(dir, ip, ip.size(), segments);
  }
  // As in a capture with a snap length: the first `seen` bytes of the payload.
  Wire& Cut(candor_dir dir, const Bytes& payload, size_t seen) {
    const Bytes ip = Udp(key, dir, payload);
    return Seen(dir, Bytes(ip.begin(), ip.end() - static_cast<ptrdiff_t>(payload.size() - seen)), ip.size(),
                1);
  }
  Wire& Wait(uint64_t ms) {
    now_ns_ += ms * 1'000'000;
    return *this;
  }
  // `ms` after the wire's beginning.
  Wire& At(uint64_t ms, candor_dir dir, const Bytes& payload) {
    now_ns_ = 1'000'000'000 + ms * 1'000'000 - 20'000'000;
    return Ip(dir, Udp(key, dir, payload));
  }
  Wire& Nominated() { return In(Check("node:peer", 1, true)).Out(CheckAnswer(1)); }

  FlowState flow() const {
    FlowState f{};
    table_.Lookup(key, &f);
    return f;
  }
  bool has(uint32_t flags) const { return (flow().flags & flags) == flags; }
  // The side that the flow waits on; `waiting_on` in the state is that of the last event.
  int waiting_on_now() const {
    const FlowState f = flow();
    return candor_waiting_on_now(&f);
  }
  int phase() const { return flow().phase; }
  uint64_t count(candor_counter c) const { return table_.counters()[c]; }
  size_t flows() const { return table_.size(); }
  int events() const { return events_; }
  uint64_t now() const { return now_ns_; }

  FlowKey key = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);

 private:
  Wire& Seen(candor_dir dir, const Bytes& bytes, size_t length, uint16_t segments) {
    now_ns_ += 20'000'000;
    FlowEvent e;
    events_ += table_.Packet(TimeFromNanos(now_ns_), dir, bytes, length, segments, &e) ? 1 : 0;
    return *this;
  }

  FlowTable table_;
  uint64_t now_ns_ = 1'000'000'000;
  int events_ = 0;
};

}  // namespace candor
