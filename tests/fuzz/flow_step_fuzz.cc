// SPDX-License-Identifier: Apache-2.0
//
// Any packets at any times through the flow table, hence through the very state machine of the kernel.
#include <cstring>

#include "check.h"
#include "flow/flow_table.h"
#include "flow_laws.h"
#include "packet_script.h"
#include "targets.h"

namespace candor::fuzz {
namespace {

constexpr size_t kMaxFlows = 12;  // small, so that eviction runs too

void Step(FlowTable* table, const ScriptedPacket& packet, Time now) {
  const FlowKey key = KeyOf(packet);
  FlowState before{}, after{};
  const bool known = table->Lookup(key, &before);
  const Counters counted = table->counters();

  size_t wire_length = 0;
  const Bytes ip = IpOf(packet, &wire_length);
  FlowEvent event;
  const bool reported = table->Packet(now, packet.dir, ip, wire_length, packet.segments, &event);

  Check(BrokenBetween(counted, table->counters()));
  Check(table->size() <= kMaxFlows, "the table keeps its bound");
  const bool there = table->Lookup(key, &after);
  Check(there || !known, "a packet does not end its own flow");
  Check(there || !reported, "a reported flow is in the table");
  if (!there) return;
  Check(BrokenIn(after, now));
  Check(BrokenBetween(before, after, reported));
  if (!reported) return;
  Check(event.at == now && FlowKeyEqual()(event.key, key), "an event names its packet");
  Check(std::memcmp(&event.flow, &after, sizeof after) == 0, "an event carries the whole new state");
}

}  // namespace

void FlowStep(Input input) {
  FlowTable table({.max_flows = kMaxFlows});
  PacketScript script(input);
  ScriptedPacket packet;
  Time now = TimeFromNanos(1'000'000'000'000);
  while (script.Next(&packet)) {
    now += kGaps[packet.gap];
    Step(&table, packet, now);
  }
  const uint64_t begun = table.counters()[CANDOR_C_FLOWS_NEW];
  Check(begun == table.size() + table.evicted(), "every flow is there or was evicted and counted");
}

}  // namespace candor::fuzz
