// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a capture file, through the reader, the link layers, the packet parser and the flow table.
// Invariants: time never runs backwards, every packet is counted once, an error names its place, and reading
// in slices gives the same as reading at once.
#include "check.h"
#include "flow_laws.h"
#include "replay/file_source.h"
#include "targets.h"

namespace candor::fuzz {
namespace {

constexpr size_t kMaxFlows = 64;          // small, so that eviction runs too
constexpr Time kEndOfTime = Time::max();  // a capture may hold any time until 2200

struct Read {
  bool opened = false;
  size_t events = 0;
  std::string error;
  IntakeCounts counts;
  Counters counters{};
};

void CheckSource(const FileSource& source, size_t size) {
  const IntakeCounts& n = source.counts();
  Check(n.captured == n.of_node + n.not_of_node + n.not_ip + n.cut + n.unknown_link,
        "every packet is counted once");
  Check(n.copies <= n.of_node && n.within <= n.of_node && n.tunnel_endpoints <= n.not_of_node &&
            n.in + n.out == n.of_node + n.within,
        "what is said of some packets is said of no more than there are");
  Check(source.Health().flows_open <= kMaxFlows, "the table keeps its bound");
  Check(source.bytes_read() <= size, "no more is read than there is");
}

// Reads all of it, `slice` of capture time after the other.
Read ReadAll(Input input, Duration slice) {
  FileSourceOptions options{"fuzz", {IpAddress::V4(0x0a630001), IpAddress::V4(0x7f000001)}, {}};
  options.table.max_flows = kMaxFlows;
  const auto source = FileSource::FromMemory(std::move(options), {input.begin(), input.end()});
  Read out;
  out.opened = source.has_value();
  if (!source) {
    out.error = source.error().message;
    return out;
  }
  Time last{};
  const auto sink = [&](const FlowEvent& e) {
    Check(e.at >= last, "time never runs backwards");
    Check(e.flow.phase != CANDOR_PHASE_NONE, "a flow without a phase is not reported");
    Check(BrokenIn(e.flow, e.at));
    last = e.at;
    ++out.events;
  };
  for (auto time = (*source)->NextTime(); time && *time; time = (*source)->NextTime()) {
    const Time limit = slice == Duration(0) ? kEndOfTime : **time + slice;
    if (!(*source)->PollUntil(limit, sink)) break;
  }
  const auto end = (*source)->NextTime();
  if (!end) out.error = end.error().message;
  CheckSource(**source, input.size());
  out.counts = (*source)->counts();
  out.counters = (*source)->Health().counters;
  return out;
}

}  // namespace

void Capture(Input input) {
  const Read once = ReadAll(input, Duration(0));
  Check(once.error.empty() || once.error.find("at byte ") != std::string::npos,
        "damage is named with its place");
  Check(once.opened || !once.error.empty(), "a file that is not read is an error");
  const Read sliced = ReadAll(input, std::chrono::seconds(1));
  Check(once.events == sliced.events && once.error == sliced.error && once.counters == sliced.counters &&
            once.counts.captured == sliced.counts.captured,
        "slices add up to the whole");
}

}  // namespace candor::fuzz
