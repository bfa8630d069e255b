// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a record of the event ring: an event with valid fields, or an error.
#include <cstring>
#include <vector>

#include "check.h"
#include "probe/maps/event_ring.h"
#include "targets.h"

namespace candor::fuzz {
namespace {

void CheckShown(const Endpoint& e) {
  const auto again = IpAddress::Parse(e.address.ToString());
  Check(again && *again == e.address, "an address reads back as it was shown");
}

void CheckEvent(const FlowEvent& e, const candor_event& raw) {
  Check(NanosOf(e.at) == raw.time_ns, "the time is the record's");
  Check(std::memcmp(&e.key, &raw.key, sizeof raw.key) == 0, "the key is the record's");
  Check(std::memcmp(&e.flow, &raw.flow, sizeof raw.flow) == 0, "the state is the record's");
  Check(e.flow.phase <= CANDOR_PHASE_ACTIVE && e.flow.waiting_on <= CANDOR_WAITING_ON_PATH,
        "phase and side have a name");
  Check(UfragText(e.flow).size() == e.flow.ufrag_len, "a ufrag is shown as long as it was kept");
  for (const char c : UfragText(e.flow)) Check(c >= ' ' && c <= '~' && c != '"', "a ufrag can be printed");
  CheckShown(LocalOf(e.key));
  CheckShown(RemoteOf(e.key));
}

}  // namespace

void Ring(Input input) {
  // A copy of exactly this size, so that reading past it is seen.
  const std::vector<uint8_t> record(input.begin(), input.end());
  const auto event = DecodeEvent(record.data(), record.size());
  candor_event raw{};
  const bool whole = record.size() >= sizeof raw;
  if (whole) std::memcpy(&raw, record.data(), sizeof raw);
  if (!event) return Check(!event.error().message.empty(), "an error says what is wrong");
  Check(whole && raw.kind == CANDOR_EVENT_FLOW, "only whole records of a known kind are events");
  CheckEvent(*event, raw);
}

}  // namespace candor::fuzz
